# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AftersalesChecklistItem(models.Model):
    """One thing to do."""

    _name = "aftersales.checklist.item"
    _description = "Item of a Checklist"
    _order = "sequence, id"

    template_id = fields.Many2one(
        "aftersales.checklist.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
