# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ResourceCalendar(models.Model):
    """Working time that changes moves the deadlines that are counted in it (L1)."""

    _inherit = "resource.calendar"

    def write(self, vals):
        """Other hours or another zone: the clocks in it are looked at again."""
        result = super().write(vals)
        if vals.keys() & {"tz", "attendance_ids", "leave_ids", "global_leave_ids"}:
            self._aftersales_clocks_turn()
        return result

    def _aftersales_clocks_turn(self):
        """Have the next watch look at the open tickets whose clock runs in these."""
        if self:
            domain = [("aftersales_clock_calendar_id", "in", self.ids)]
            self.env["helpdesk.ticket"]._aftersales_clock_turns(domain)


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
