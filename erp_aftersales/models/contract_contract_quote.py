# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import UserError


class ContractContract(models.Model):
    """Quotations for what a contract does not bill by the meter (A4, A5)."""

    _inherit = "contract.contract"

    def action_aftersales_quote_training(self):
        """Ask what training the customer wants, and price it."""
        return self._aftersales_quote_action("training")

    def action_aftersales_quote_development(self):
        """Ask what is to be developed, and how it is paid."""
        return self._aftersales_quote_action("development")

    def _aftersales_quote_action(self, what):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"erp_aftersales.aftersales_quote_{what}_action"
        )
        return action | {"context": {"default_contract_id": self.id}}

    def _aftersales_make_quotation(self, lines, tickets=None):
        """Make a quotation of this contract's customer, and open it.

        :param list lines: values of its lines, with the prices that were decided
        :param tickets: that it is for, may be empty
        """
        self.ensure_one()
        values = self._aftersales_quotation_values(lines)
        values["ticket_ids"] = [Command.set(tickets.ids if tickets else [])]
        order = self.env["sale.order"].create(values)
        return {
            "type": "ir.actions.act_window",
            "res_model": order._name,
            "res_id": order.id,
            "view_mode": "form",
        }

    def _aftersales_quotation_values(self, lines):
        """Values of a quotation for this contract's customer."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "pricelist_id": self._aftersales_quoting_pricelist().id,
            "user_id": self.env.uid,
            "aftersales_contract_id": self.id,
            # Told apart from the product's price, so that nothing replaces it.
            "order_line": [
                Command.create({"technical_price_unit": 0, **line}) for line in lines
            ],
        }

    def _aftersales_quoting_pricelist(self):
        """A price list in the contract's currency: its own, else any of the company."""
        currency, pricelists = self.currency_id, self.env["product.pricelist"]
        found = self.pricelist_id
        if found.currency_id != currency:
            found = pricelists.search(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", (self.company_id.id, False)),
                ],
                limit=1,
            )
        if not found and currency != self.company_id.currency_id:
            raise UserError(
                self.env._(
                    "Contract %(contract)s is in %(currency)s, and there is no price "
                    "list in it: make one, so that a quotation can be in %(currency)s.",
                    contract=self.display_name,
                    currency=currency.name,
                )
            )
        return found
