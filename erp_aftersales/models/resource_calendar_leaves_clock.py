# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        """A holiday of all; a person's own leave stops no clock."""
        leaves = super().create(vals_list)
        leaves._aftersales_clocks_turn()
        return leaves

    def write(self, vals):
        """The holiday moves; its old days work again."""
        self._aftersales_clocks_turn()
        result = super().write(vals)
        self._aftersales_clocks_turn()
        return result

    def unlink(self):
        """The holiday is none any more."""
        self._aftersales_clocks_turn()
        return super().unlink()

    def _aftersales_clocks_turn(self):
        holidays = self.filtered(lambda leave: not leave.resource_id)
        holidays.calendar_id._aftersales_clocks_turn()
        companies = holidays.filtered(lambda leave: not leave.calendar_id).company_id
        if companies:
            self.env["helpdesk.ticket"]._aftersales_clock_turns(
                [
                    ("aftersales_clock_calendar_id", "!=", False),
                    ("company_id", "in", companies.ids),
                ]
            )
