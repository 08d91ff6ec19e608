# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

REASONS_SHOWN = 3
# By what has to happen first, and the kind of charge that waits for it.
CAUSES = {"price": "unrated", "quotation": "quoted", "acceptance": "overage"}


class ContractContract(models.Model):
    """What could not be billed: why, since when, and where that is put right."""

    _inherit = "contract.contract"

    aftersales_unbilled_cause = fields.Selection(
        [
            ("failed", "The run failed"),
            ("price", "No price"),
            ("quotation", "Waits for a quotation"),
            ("acceptance", "Waits for the customer"),
        ],
        string="Cause",
        compute="_compute_aftersales_unbilled",
        groups="base.group_user",
    )
    aftersales_unbilled_reason = fields.Text(
        string="Why",
        compute="_compute_aftersales_unbilled",
        groups="base.group_user",
        help="What the last run said, or what the first waiting charges wait for.",
    )
    aftersales_unbilled_since = fields.Date(
        string="Since",
        compute="_compute_aftersales_unbilled",
        groups="base.group_user",
        help="Day of the failed run, or of the oldest work that waits.",
    )

    @api.depends(
        "invoice_generation_error",
        "invoice_generation_error_date",
        "aftersales_has_problem",
        "charge_ids.state",
        "charge_ids.amount",
        "charge_ids.kind",
    )
    @api.depends_context("lang", "tz")
    def _compute_aftersales_unbilled(self):
        waiting = self._aftersales_waiting_charges()
        for contract in self:
            charges = waiting.get(contract, self.env["aftersales.charge"])
            failed = contract._failed_in_this_run()
            since = min(charges.mapped("date"), default=False)
            reason = contract._aftersales_waiting_reason(charges)
            if failed:
                moment = contract.invoice_generation_error_date
                since = fields.Datetime.context_timestamp(contract, moment).date()
                reason = contract.invoice_generation_error
            contract.aftersales_unbilled_since = since
            contract.aftersales_unbilled_reason = reason
            contract.aftersales_unbilled_cause = (
                "failed" if failed else contract._aftersales_waiting_cause(charges)
            )

    def _aftersales_waiting_charges(self):
        """The charges that wait, by contract, the oldest first."""
        charges = self.env["aftersales.charge"].search(
            [("contract_id", "in", self.ids), ("state", "=", "waiting")],
            order="date, id",
        )
        return dict(charges.grouped("contract_id").items())

    @api.model
    def _aftersales_waiting_cause(self, charges):
        kinds = set(charges.mapped("kind"))
        causes = (cause for cause, kind in CAUSES.items() if kind in kinds)
        return next(causes, "acceptance" if charges else False)

    @api.model
    def _aftersales_waiting_reason(self, charges):
        wording = self.env["aftersales.wording"]
        lines = [wording._problem(charge) for charge in charges[:REASONS_SHOWN]]
        if len(charges) > REASONS_SHOWN:
            more = len(charges) - REASONS_SHOWN
            lines.append(self.env._("and %(count)s more", count=more))
        return "\n".join(lines)

    def action_aftersales_cause(self):
        """Open what has to be put right: the contract, the ticket or the prices."""
        self.ensure_one()
        if self.aftersales_unbilled_cause == "failed":
            return self.action_view_invoice_generation_error()
        charges = self._aftersales_waiting_charges().get(self)
        if not charges:
            return self.action_aftersales_waiting()
        if self.aftersales_unbilled_cause == "price":
            return self._action_aftersales_prices(charges)
        if len(charges.ticket_id) == 1:
            return charges[:1].action_open_ticket()
        return self.action_aftersales_waiting()

    def _action_aftersales_prices(self, charges):
        """The prices that may be missing, for who may add one; else the charges.

        A price is added to the standard card: a published plan has the prices it was
        sold with.
        """
        rates = self.env["aftersales.plan.rate"]
        if charges.timesheet_id and rates.has_access("create"):
            return self.env["ir.actions.actions"]._for_xml_id(
                "erp_aftersales.aftersales_plan_rate_action_card"
            )
        return self.action_aftersales_waiting()

    def action_aftersales_waiting(self):
        """Open the charges of these contracts that wait."""
        return self.env["aftersales.charge"]._action_list(
            [("contract_id", "in", self.ids), ("state", "=", "waiting")]
        )
