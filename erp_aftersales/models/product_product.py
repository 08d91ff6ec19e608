# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

PACK_UNITS = [("hour", "Hours"), ("incident", "Incidents")]


class ProductProduct(models.Model):
    """A product may be a prepaid pack: selling it grants hours or incidents (R9)."""

    _inherit = "product.product"

    aftersales_pack_unit = fields.Selection(
        PACK_UNITS,
        string="Prepaid pack of",
        help="Confirming an order with this product gives the customer's contract so "
        "many hours or incidents. Empty: it is no pack.",
    )
    aftersales_pack_quantity = fields.Float(
        string="Pack quantity",
        digits=0,
        aggregator=None,
        help="Hours or incidents that one unit of the product gives.",
    )
    aftersales_pack_months = fields.Integer(
        string="Valid for (months)",
        aggregator=None,
        help="From the day the order is confirmed. 0: without end.",
    )
    aftersales_pack_service_ids = fields.Many2many(
        "aftersales.service",
        string="Pays for",
        help="Services that the pack pays for. Empty: all services.",
    )

    @api.constrains(
        "aftersales_pack_unit", "aftersales_pack_quantity", "aftersales_pack_months"
    )
    def _check_aftersales_pack(self):
        for product in self.filtered("aftersales_pack_unit"):
            if product.aftersales_pack_quantity <= 0:
                raise ValidationError(
                    self.env._(
                        "'%s' is a prepaid pack of nothing: enter how many hours or "
                        "incidents one unit gives, or make it no pack.",
                        product.display_name,
                    )
                )
            if product.aftersales_pack_months < 0:
                raise ValidationError(
                    self.env._(
                        "The pack '%s' is valid for less than no time: enter the "
                        "months, or 0 for a pack without end.",
                        product.display_name,
                    )
                )
