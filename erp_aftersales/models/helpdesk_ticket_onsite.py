# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class HelpdeskTicket(models.Model):
    """A visit at the customer is logged with its travel (A7, A10)."""

    _inherit = "helpdesk.ticket"

    def action_aftersales_onsite_visit(self):
        """Open the dialogue that logs an on-site visit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("On-site visit"),
            "res_model": "aftersales.onsite.visit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }
