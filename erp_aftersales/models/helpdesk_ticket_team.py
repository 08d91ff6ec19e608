# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class HelpdeskTicketTeam(models.Model):
    """A team has hours: its people are called in them (L5, D1)."""

    _inherit = "helpdesk.ticket.team"

    aftersales_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Team hours",
        check_company=True,
        groups="base.group_user",
        help="When the team works. Its leader is warned in these hours, and tickets "
        "that come in outside them go to who is on duty. Empty: the company's hours.",
    )

    def _aftersales_hours(self):
        """The calendar of a team's hours; of no team, the current company's."""
        return self.aftersales_calendar_id or (
            (self.company_id or self.env.company).resource_calendar_id
        )
