# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesSaidMixin(models.AbstractModel):
    """A dialogue that notes what somebody of a ticket's customer said (R25, E3)."""

    _name = "aftersales.said.mixin"
    _description = "What a Customer Said"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    commercial_partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id", string="Customer"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Who said so",
        required=True,
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
    )

    @api.depends("ticket_id")
    def _compute_partner_id(self):
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.partner_id = ticket.partner_id or ticket.contract_id.partner_id
