# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class HelpdeskTicketMerge(models.TransientModel):
    """A ticket is merged once, or its customer's consent would count again (R25)."""

    _inherit = "helpdesk.ticket.merge"

    def merge_tickets(self):
        """Refuse tickets that are part of another one already."""
        self._check_aftersales_not_merged()
        return super().merge_tickets()

    def _check_aftersales_not_merged(self):
        # Where a ticket went is only named; it may be hidden from whoever merges.
        wizard = self.sudo()
        tickets = wizard.ticket_ids
        if not self.create_new_ticket:
            tickets |= wizard.dst_ticket_id
        for ticket in tickets.filtered("aftersales_merged_into_id")[:1]:
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s is part of ticket %(into)s already: merge the "
                    "others into that one.",
                    ticket=ticket.number,
                    into=ticket.aftersales_merged_into_id.number,
                )
            )
