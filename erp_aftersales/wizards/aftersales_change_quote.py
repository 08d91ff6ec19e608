# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ..trial import taken_back

DAY = timedelta(days=1)
AS_BILLED = {
    "invoice_partner_id": "partner_invoice_id",
    "payment_term_id": "payment_term_id",
    "fiscal_position_id": "fiscal_position_id",
}


class AftersalesChange(models.TransientModel):
    """A renewal may be offered first: the customer's signature carries it out (C8)."""

    _inherit = "aftersales.change"

    def action_quote(self):
        """Make a quotation of the renewal for each contract, and open them."""
        self.ensure_one()
        if self.kind != "renewal":
            raise UserError(
                self.env._("Only a renewal is quoted. Confirm the change instead.")
            )
        self._check_filled("date_to")
        lines = taken_back(self.env, self._quoted)
        orders = self.env["sale.order"].create(
            [
                contract._aftersales_quotation_values(lines[contract.id])
                | self._renewal_values(contract)
                for contract in self.contract_ids
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        action.update(domain=[("id", "in", orders.ids)], context={"create": False})
        if len(orders) == 1:
            action.update(res_id=orders.id, view_mode="form", views=[(False, "form")])
        return action

    def _quoted(self):
        """Renew, and tell the lines of each quotation, by contract id."""
        contracts = self.contract_ids
        firsts = {
            contract.id: contract.date_end + DAY
            for contract in contracts.filtered("date_end")
        }
        self._change()
        return self.env["aftersales.offer"]._renewals(contracts, firsts)

    def _renewal_values(self, contract):
        """The terms that the customer signs, with the taxes that will be billed."""
        plan = self.plan_id or contract._aftersales_plan_on(contract.date_end)
        billed = {
            theirs: contract[name].id
            for name, theirs in AS_BILLED.items()
            if contract[name]
        }
        return billed | {
            "aftersales_renews_id": contract.id,
            "aftersales_renew_from": contract.date_end + DAY,
            "aftersales_renew_until": self.date_to,
            "aftersales_renew_increase": self.increase,
            "aftersales_renew_plan_id": plan.id,
        }
