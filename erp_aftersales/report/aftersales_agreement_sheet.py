# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class AftersalesAgreementSheet(models.AbstractModel):
    """What is agreed, with what writes its days and amounts in one language."""

    _name = "aftersales.agreement.sheet"
    _inherit = "aftersales.statement.sheet"
    _description = "After-sales: price lists and contracts to print"

    @api.model
    def _of_contracts(self, contracts):
        """The sheets of contracts, each in its customer's language, in their order.

        As many queries for many contracts as for few, a language.
        """
        sheets = {}
        for lang, of_lang in contracts.grouped(self._lang).items():
            sheets |= self._in(lang)._in_one_language(of_lang)
        return [sheets[contract.id] for contract in contracts]

    @api.model
    def _in_one_language(self, contracts):
        """The sheets of contracts by id, in the language of the context."""
        contracts = contracts.with_env(self.env)
        agreed = self.env["aftersales.agreement"]._agreements(contracts)
        return {
            contract.id: {
                **self._sheet(contract, contract, []),
                "agreed": agreed[contract.id],
            }
            for contract in contracts
        }

    @api.model
    def _lang(self, contract):
        return (contract.invoice_partner_id or contract.partner_id).lang
