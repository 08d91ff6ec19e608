# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesEstimateAnswer(models.TransientModel):
    """Notes what the customer said to an estimate by phone or e-mail (E3)."""

    _name = "aftersales.estimate.answer"
    _description = "Answer to an Estimate"
    _inherit = ["aftersales.said.mixin"]

    estimate_text = fields.Char(
        related="ticket_id.aftersales_estimate_text", string="Estimate"
    )
    accepts = fields.Boolean(readonly=True)
    note = fields.Text(help="How and when it was said; of a refusal: why.")

    @api.model_create_multi
    def create(self, vals_list):
        """Answers are noted by those who serve the ticket."""
        wizards = super().create(vals_list)
        wizards.ticket_id.check_access("write")
        return wizards

    def action_confirm(self):
        """Confirm or cancel the estimate, as the customer said."""
        self.ensure_one()
        if not self.accepts and not (self.note or "").strip():
            raise UserError(self.env._("Note why the customer declined."))
        # Only the order of a ticket that the user serves; checked again behind it.
        order = self.ticket_id.sudo().aftersales_estimate_id
        if not order:
            raise UserError(
                self.env._("Ticket %s has no estimate.", self.ticket_id.number)
            )
        order.sudo(False)._aftersales_answer(self.accepts, self.partner_id, self.note)
        return {"type": "ir.actions.act_window_close"}
