# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from ..trial import taken_back


class SaleOrder(models.Model):
    """The customer signs a quotation with the contract that it makes beside it (C6)."""

    _inherit = "sale.order"

    def action_quotation_send(self):
        """Put the contract on the order's page before the customer is asked to sign."""
        for order in self:
            if order.aftersales_sells_plan and order.state in ("draft", "sent"):
                order._aftersales_post_draft()
        return super().action_quotation_send()

    def _action_confirm(self):
        """Put the contract that was made on the order's page."""
        result = super()._action_confirm()
        for order in self.filtered("aftersales_sells_plan"):
            contract = order.aftersales_contract_id
            if contract.aftersales_sale_line_id.order_id == order:
                order._aftersales_post_paper(
                    self.env._("The contract, as it was signed."),
                    contract._aftersales_pdf(),
                )
        return result

    def _aftersales_post_draft(self):
        """Make the contract as a trial, print it, and take it back."""
        if self.aftersales_awaits_terms:
            return

        def trial():
            self._aftersales_sell_plans()
            return self.aftersales_contract_id._aftersales_pdf()

        self._aftersales_post_paper(
            self.env._("The contract that this quotation makes when it is signed."),
            taken_back(self.env, trial),
        )

    def _aftersales_post_paper(self, body, paper):
        """:param paper: name and content of the file"""
        self.message_post(
            body=body, attachments=[paper], subtype_xmlid="mail.mt_comment"
        )
