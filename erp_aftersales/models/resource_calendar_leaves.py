# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        """Who falls ill now leaves behind what cannot wait (D1)."""
        leaves = super().create(vals_list)
        leaves._aftersales_hand_over()
        return leaves

    def write(self, vals):
        """A leave that is moved to today is one that begins now (D1)."""
        result = super().write(vals)
        if vals.keys() & {"date_from", "date_to", "resource_id"}:
            self._aftersales_hand_over()
        return result

    def _aftersales_hand_over(self):
        """Give on the tickets of those who are away by these leaves now.

        A leave that begins later is found by the cron when it begins.
        """
        now = fields.Datetime.now()
        running = self.filtered(
            lambda leave: leave.resource_id and leave.date_from <= now < leave.date_to
        )
        if running:
            users = running.resource_id.user_id
            self.env["helpdesk.ticket"]._aftersales_take_over(users)
