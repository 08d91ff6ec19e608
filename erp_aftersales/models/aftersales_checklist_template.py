# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AftersalesChecklistTemplate(models.Model):
    """What has to be done whenever a periodic service is due (D3)."""

    _name = "aftersales.checklist.template"
    _description = "Checklist"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: used by all companies."
    )
    item_ids = fields.One2many(
        "aftersales.checklist.item", "template_id", string="Items", copy=True
    )
