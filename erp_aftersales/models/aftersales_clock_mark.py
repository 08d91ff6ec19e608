# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

CLOCK_STATES = [("running", "Running"), ("paused", "Paused"), ("closed", "Closed")]


class AftersalesClockMark(models.Model):
    """A moment at which a ticket's clock began to run, to pause, or was closed (L4).

    Marks are written by the ticket as it changes, and say who caused it (L7).
    """

    _name = "aftersales.clock.mark"
    _description = "Mark on a Ticket's Clock"
    _order = "ticket_id, at, id"
    _rec_name = "state"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    at = fields.Datetime(string="Since", required=True)
    state = fields.Selection(CLOCK_STATES, required=True)
    stage_id = fields.Many2one("helpdesk.ticket.stage", ondelete="set null")
    user_id = fields.Many2one("res.users", string="By", ondelete="set null")
