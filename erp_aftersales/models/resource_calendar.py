# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


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
