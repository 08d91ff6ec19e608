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
