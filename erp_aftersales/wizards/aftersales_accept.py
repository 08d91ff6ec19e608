# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesAccept(models.TransientModel):
    """Write down what the customer said on the phone or by e-mail (R25, E3)."""

    _name = "aftersales.accept"
    _description = "Record an Acceptance"
    _inherit = ["aftersales.said.mixin"]

    partner_id = fields.Many2one(string="Accepted by")
    currency_id = fields.Many2one(related="ticket_id.aftersales_currency_id")
    accepted_amount = fields.Monetary(
        related="ticket_id.aftersales_accepted_amount", string="Accepted so far"
    )
    waiting_amount = fields.Monetary(
        related="ticket_id.aftersales_waiting_amount", string="Waits for acceptance"
    )
    amount = fields.Monetary(
        string="Up to",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Before tax, for all work of the ticket beyond the allowance. Proposed is "
        "what it costs by now. This amount replaces the one accepted so far.",
    )
    note = fields.Text(help="How the customer said so; posted on the ticket.")

    @api.model_create_multi
    def create(self, vals_list):
        """Its fields show what only those who may see the ticket may know."""
        wizards = super().create(vals_list)
        wizards.ticket_id.check_access("read")
        return wizards

    @api.depends("ticket_id")
    def _compute_amount(self):
        beyond = self.ticket_id._aftersales_beyond()
        for wizard in self:
            wizard.amount = max(beyond.get(wizard.ticket_id.id, 0.0), 0.0)

    def action_confirm(self):
        """Record the acceptance, and the note beside it."""
        self.ensure_one()
        self.ticket_id.action_aftersales_accept(self.amount, self.partner_id)
        if self.note:
            self.ticket_id.message_post(body=self.note)
        return {"type": "ir.actions.act_window_close"}
