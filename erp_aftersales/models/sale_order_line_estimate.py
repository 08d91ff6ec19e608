# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrderLine(models.Model):
    """A line of an estimate keeps the hours that its price was made of (E3)."""

    _inherit = "sale.order.line"

    aftersales_estimated_hours = fields.Float(
        string="Estimated hours", readonly=True, aggregator=None
    )
