# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..models.aftersales_charge import MODES


class AftersalesEstimateLine(models.TransientModel):
    """Hours of a grade, and what the engine says that they cost (E3)."""

    _name = "aftersales.estimate.line"
    _description = "Part of an Estimate"
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        "aftersales.estimate", required=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    name = fields.Char(string="What", help="In the customer's words.")
    service_id = fields.Many2one("aftersales.service", required=True)
    service_mode = fields.Selection(
        MODES, string="Mode", required=True, default="remote"
    )
    grade_id = fields.Many2one("aftersales.grade")
    hours = fields.Float(required=True, aggregator=None)
    amount = fields.Monetary(readonly=True, aggregator=None)
    why = fields.Text(string="Price", readonly=True)

    def _draft(self):
        """The work that this line stands for, in the words of the preview."""
        self.ensure_one()
        return self.env["aftersales.preview.work"]._draft(
            self.wizard_id.ticket_id._origin,
            round(self.hours * 60),
            self.grade_id,
            service=self.service_id,
            mode=self.service_mode,
        )
