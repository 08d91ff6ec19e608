# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ContractContract(models.Model):
    """What a contract promises is what the clocks of its open tickets show (L6)."""

    _inherit = "contract.contract"

    def write(self, vals):
        """The contract's own calendar stands above its plan's, from now on (L1)."""
        result = super().write(vals)
        if "aftersales_calendar_id" in vals:
            self.env["helpdesk.ticket"]._aftersales_follow_contracts(self)
        return result
