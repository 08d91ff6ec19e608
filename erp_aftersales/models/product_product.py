# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

PACK_UNITS = [("hour", "Hours"), ("incident", "Incidents")]


class ProductProduct(models.Model):
    """A product may sell a plan, or be a prepaid pack of hours or incidents (R9)."""

    _inherit = "product.product"

    aftersales_plan_id = fields.Many2one(
        "aftersales.plan",
        string="Sells the plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'published')]",
        help="Confirming an order with this product makes a contract under the plan. "
        "Its fees are billed by the contract, not by the order.",
    )
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

    @api.constrains("aftersales_plan_id", "aftersales_pack_unit", "type")
    def _check_aftersales_plan(self):
        for product in self.filtered("aftersales_plan_id"):
            # sudo: who writes products may not see plans; the plan is named, no more
            plan = product.sudo().aftersales_plan_id
            self.env["contract.contract"]._check_plan_sellable(plan)
            if product.aftersales_pack_unit or product.type != "service":
                raise ValidationError(
                    self.env._(
                        "'%(product)s' sells the plan %(plan)s: make it a service, and "
                        "no prepaid pack.",
                        product=product.display_name,
                        plan=plan.display_name,
                    )
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
