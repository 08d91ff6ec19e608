# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .product_product import PACK_UNITS

SALE_FIELDS = (
    "aftersales_plan_id",
    "aftersales_pack_unit",
    "aftersales_pack_quantity",
    "aftersales_pack_months",
    "aftersales_pack_service_ids",
)


class ProductTemplate(models.Model):
    """Shows and edits the plan or pack of a product that has one variant."""

    _inherit = "product.template"

    aftersales_plan_id = fields.Many2one(
        "aftersales.plan",
        string="Sells the plan",
        compute="_compute_aftersales_sale",
        inverse="_inverse_aftersales_sale",
        search="_search_aftersales_plan_id",
        domain="[('state', '=', 'published')]",
        help="Confirming an order with this product makes a contract under the plan. "
        "Its fees are billed by the contract, not by the order.",
    )
    aftersales_pack_unit = fields.Selection(
        PACK_UNITS,
        string="Prepaid pack of",
        compute="_compute_aftersales_sale",
        inverse="_inverse_aftersales_sale",
        search="_search_aftersales_pack_unit",
        help="Confirming an order with this product gives the customer's contract so "
        "many hours or incidents. Empty: it is no pack.",
    )
    aftersales_pack_quantity = fields.Float(
        string="Pack quantity",
        digits=0,
        compute="_compute_aftersales_sale",
        inverse="_inverse_aftersales_sale",
        help="Hours or incidents that one unit of the product gives.",
    )
    aftersales_pack_months = fields.Integer(
        string="Valid for (months)",
        compute="_compute_aftersales_sale",
        inverse="_inverse_aftersales_sale",
        help="From the day the order is confirmed. 0: without end.",
    )
    aftersales_pack_service_ids = fields.Many2many(
        "aftersales.service",
        string="Pays for",
        compute="_compute_aftersales_sale",
        inverse="_inverse_aftersales_sale",
        help="Services that the pack pays for. Empty: all services.",
    )

    @api.depends(*(f"product_variant_ids.{name}" for name in SALE_FIELDS))
    def _compute_aftersales_sale(self):
        for name in SALE_FIELDS:
            self._compute_template_field_from_variant_field(name)

    def _inverse_aftersales_sale(self):
        """Write all of them at once: one without the others would be refused."""
        for template in self:
            variant = template.product_variant_ids
            if len(variant) == 1:
                variant.write(
                    {
                        name: variant._fields[name].convert_to_write(
                            template[name], variant
                        )
                        for name in SALE_FIELDS
                    }
                )

    @api.model
    def _search_aftersales_pack_unit(self, operator, value):
        return [("product_variant_ids.aftersales_pack_unit", operator, value)]

    @api.model
    def _search_aftersales_plan_id(self, operator, value):
        return [("product_variant_ids.aftersales_plan_id", operator, value)]

    def _get_related_fields_variant_template(self):
        return [*super()._get_related_fields_variant_template(), *SALE_FIELDS]
