# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesCandidates(models.TransientModel):
    """All who could take a ticket, best first, each with what counted (D1)."""

    _name = "aftersales.candidates"
    _description = "Who Could Take It?"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    user_id = fields.Many2one(related="ticket_id.user_id", string="Has it now")
    reason = fields.Char(related="ticket_id.aftersales_dispatch_reason")
    line_ids = fields.One2many("aftersales.candidates.line", "wizard_id", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Its fields show what only those who may see the ticket may know."""
        wizards = super().create(vals_list)
        wizards.ticket_id.check_access("read")
        return wizards

    @api.model
    def _for_ticket(self, ticket):
        """The dialogue of a ticket, with everybody who is in a team of its company."""
        wizard = self.create({"ticket_id": ticket.id})
        dispatch = self.env["aftersales.dispatch"]
        candidates, job = dispatch._ranking(ticket)
        wizard.line_ids = self.env["aftersales.candidates.line"].create(
            [
                {
                    "wizard_id": wizard.id,
                    "sequence": place,
                    "user_id": each.person.user,
                    "team_id": each.team,
                    "fits": each.fits,
                    "presence": each.presence.state,
                    "tickets": each.person.tickets,
                    "load": each.person.load,
                    "args": dispatch._about(ticket.sudo(), job, each, candidates),
                }
                for place, each in enumerate(candidates)
            ]
        )
        return wizard
