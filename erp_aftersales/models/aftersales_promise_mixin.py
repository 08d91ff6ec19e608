# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class AftersalesPromiseMixin(models.AbstractModel):
    """A row that says what a contract promises: its open tickets follow it (L6)."""

    _name = "aftersales.promise.mixin"
    _description = "Row with a Promise of a Contract"

    @api.model_create_multi
    def create(self, vals_list):
        """What is promised now moves the deadlines of open tickets."""
        rows = super().create(vals_list)
        rows._aftersales_move_deadlines(rows.contract_id)
        return rows

    def write(self, vals):
        """What is promised now moves the deadlines of open tickets."""
        result = super().write(vals)
        self._aftersales_move_deadlines(self.contract_id)
        return result

    def unlink(self):
        """What was promised before is promised again."""
        contracts = self.contract_id
        result = super().unlink()
        self._aftersales_move_deadlines(contracts.exists())
        return result

    @api.model
    def _aftersales_move_deadlines(self, contracts):
        self.env["helpdesk.ticket"]._aftersales_follow_contracts(contracts)
