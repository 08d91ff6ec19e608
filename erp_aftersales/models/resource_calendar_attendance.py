# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        """More working time."""
        rows = super().create(vals_list)
        rows.calendar_id._aftersales_clocks_turn()
        return rows

    def write(self, vals):
        """Other working time."""
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._aftersales_clocks_turn()
        return result

    def unlink(self):
        """Less working time."""
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._aftersales_clocks_turn()
        return result
