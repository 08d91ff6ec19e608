# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _aftersales_worked_days(self):
        """First and last day of work by ticket id; the day it came in, without work."""
        # All work counts, also what the caller may not see.
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["date:min", "date:max"]
            )
        )
        days = {ticket.id: (first, last) for ticket, first, last in groups}
        for ticket in self:
            if ticket.id not in days:
                day = ticket.company_id._aftersales_day(ticket.received_at)
                days[ticket.id] = (day, day)
        return days
