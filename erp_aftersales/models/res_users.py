# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Who cannot log in any more leaves their tickets to somebody else (D1)."""
        result = super().write(vals)
        if vals.get("active") is False:
            self.env["helpdesk.ticket"]._aftersales_take_over(self)
        return result
