# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

PRESENCES = [
    ("here", "At work"),
    ("duty", "On duty"),
    ("off", "Off"),
    ("away", "Away"),
]


class AftersalesCandidatesLine(models.TransientModel):
    """Somebody who could take a ticket, or not, and why."""

    _name = "aftersales.candidates.line"
    _description = "Candidate for a Ticket"
    _order = "sequence, id"

    wizard_id = fields.Many2one("aftersales.candidates", required=True)
    sequence = fields.Integer()
    user_id = fields.Many2one("res.users", string="Person", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    fits = fields.Boolean(readonly=True)
    presence = fields.Selection(PRESENCES, string="Now", readonly=True)
    tickets = fields.Integer(string="Open tickets", readonly=True)
    load = fields.Integer(
        readonly=True,
        help="Open tickets weighted: 1 for low, 2 for medium, 3 for high, 5 for very "
        "high priority, double when a promise is at risk or missed, 1 when it waits "
        "for the customer.",
    )
    args = fields.Json(readonly=True)
    why = fields.Char(string="Reasons", compute="_compute_why")

    @api.depends_context("lang", "tz")
    @api.depends("args")
    def _compute_why(self):
        dispatch = self.env["aftersales.dispatch"]
        dispatch._warm([line.args or {} for line in self])
        for line in self:
            line.why = line.args and dispatch._join(", ", dispatch._reasons(line.args))

    def action_assign(self):
        """Give the ticket to this person: a person's choice, which stays."""
        self.ensure_one()
        ticket = self.wizard_id.ticket_id
        ticket.action_aftersales_assign(self.user_id, self.args)
        if ticket.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        # Who sees only their own tickets has given this one away.
        xmlid = "helpdesk_mgmt.helpdesk_ticket_action"
        return self.env["ir.actions.act_window"]._for_xml_id(xmlid)
