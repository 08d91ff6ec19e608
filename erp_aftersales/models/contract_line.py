# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractLine(models.Model):
    _inherit = "contract.line"

    aftersales_kind = fields.Selection(
        [("fee", "Fee"), ("usage", "Usage")],
        string="After-sales",
        readonly=True,
        index="btree_not_null",
        help="Fee: billed by the plan's fee row. Usage: bills the open charges of its"
        " period. Empty: an ordinary contract line.",
    )
    aftersales_fee_id = fields.Many2one(
        "aftersales.plan.fee",
        string="Fee row",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.depends(
        "aftersales_fee_id",
        "contract_id.installation_ids.metric_ids.value",
        "contract_id.installation_ids.metric_ids.date",
    )
    def _compute_price_unit(self):
        """A fee line shows what its period costs by today's metrics (R20)."""
        result = super()._compute_price_unit()
        fees = self.filtered("aftersales_fee_id")
        prices = self.env["aftersales.billing"]._fee_prices(fees) if fees else {}
        for line in fees:
            line.price_unit = prices.get(line.id, 0)
        return result

    def _prepare_invoice_line(self):
        """Mark the line's place: billing puts the charges there (R14).

        The period is read here because it moves on as soon as the invoice's values
        are made.
        """
        vals = super()._prepare_invoice_line()
        if vals and self.aftersales_kind:
            first, last, _due = self._get_period_to_invoice(
                self.last_date_invoiced, self.recurring_next_date
            )
            vals["aftersales_place"] = (self._origin.id, first, last)
        return vals

    def _insert_markers(self, first_date_invoiced, last_date_invoiced):
        """A text without markers is itself: a run need not look for its language."""
        if self.env.context.get("aftersales_run") and "#" not in (self.name or ""):
            return self.name
        return super()._insert_markers(first_date_invoiced, last_date_invoiced)

    def _update_last_date_invoiced(self):
        """In a run the lines of all contracts move on together."""
        run = self.env.context.get("aftersales_run")
        if run is None:
            return super()._update_last_date_invoiced()
        run.advanced.append(self)
        return None

    @api.model
    def _aftersales_advance(self, run):
        """Move the lines on that a run has billed: one write for each last day."""
        lines, run.advanced = self.browse().concat(*run.advanced), []
        for last, of_day in lines.grouped("next_period_date_end").items():
            of_day.last_date_invoiced = last

    def renew(self):
        """A contract under a plan is renewed as a whole: term, fees and usage (C8)."""
        ours = self.filtered("aftersales_kind")
        for line in ours:
            line.contract_id._aftersales_renew_by_itself(
                line._get_renewal_new_date_end()
            )
        return ours | super(ContractLine, self - ours).renew()

    # What becomes of lines of fees when terms change (R22)

    def _aftersales_follow(self, start, end):
        """Run on these days; what of them was charged is not due again."""
        self.ensure_one()
        if (self.date_start, self.date_end or None) == (start, end) and (
            not self.is_canceled
        ):
            return
        vals = {"date_start": start, "date_end": end or False, "is_canceled": False}
        last = self._aftersales_charged_until(start, end)
        if self.last_date_invoiced or last:
            vals["last_date_invoiced"] = last
        self.write(vals)

    def _aftersales_charged_until(self, start, end):
        """The day up to which its days have charges, without a gap."""
        charges = self.env["aftersales.charge"].search_fetch(
            [
                ("contract_id", "=", self.contract_id.id),
                ("fee_id", "=", self.aftersales_fee_id.id),
                ("kind", "in", ("fee", "unrated")),
            ],
            ["date_start", "date_end"],
        )
        days = [(charge.date_start, charge.date_end) for charge in charges]
        life = self.env["aftersales.life"]
        return life._charged_until(start, end or None, days) or False

    def _aftersales_drop(self):
        """Take lines away that nothing asks for; what leads to invoices is canceled."""
        # sudo: only whether an invoice relies on a line is asked for
        charged = (
            self.env["aftersales.charge"]
            .sudo()
            ._read_group(
                [
                    ("contract_id", "in", self.contract_id.ids),
                    ("fee_id", "in", self.aftersales_fee_id.ids),
                    ("state", "=", "invoiced"),
                ],
                ["contract_id", "fee_id"],
            )
        )
        billed = self.filtered(
            lambda line: (
                line.last_date_invoiced
                or (line.contract_id, line.aftersales_fee_id) in charged
            )
        )
        billed.filtered(lambda line: not line.is_canceled).write(
            {"is_canceled": True, "is_auto_renew": False}
        )
        (self - billed).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invoiced(self):
        """OCA finds a contract's invoices by its lines: losing one loses them."""
        invoiced = self.filtered("last_date_invoiced").filtered("aftersales_kind")
        if invoiced:
            raise UserError(
                self.env._(
                    "The line %(line)s of contract %(contract)s has been invoiced and"
                    " leads to its invoices. Set an end date instead of deleting it.",
                    line=invoiced[0].name,
                    contract=invoiced[0].contract_id.display_name,
                )
            )
