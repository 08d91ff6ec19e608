# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

SERVICE_CATEGORIES = [
    ("maintenance", "Maintenance"),
    ("value_added", "Value-added"),
]


class AftersalesService(models.Model):
    """What is asked for on a ticket: the kind of work that a plan covers."""

    _name = "aftersales.service"
    _description = "After-sales Service"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name for imports and reports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    category = fields.Selection(
        SERVICE_CATEGORIES,
        required=True,
        default="maintenance",
        help="Plans may cover all services of a category in one row.",
    )
    product_id = fields.Many2one(
        "product.product",
        domain="[('type', '=', 'service')]",
        check_company=True,
        ondelete="restrict",
        help="What goes on the invoice for this service, with its taxes and account.",
    )
    is_vendor_fault = fields.Boolean(
        string="Vendor's fault",
        help="Work of this service is always included, whatever the plan says.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: offered by all companies."
    )

    # ``name`` is in the list so that a creation without product is checked as well
    @api.constrains("name", "product_id")
    def _check_product(self):
        for service in self:
            if not service.product_id:
                raise ValidationError(
                    self.env._(
                        "The service '%(service)s' has no product. Choose the product "
                        "that goes on the invoice for it.",
                        service=service.name,
                    )
                )
            if service.product_id.type != "service":
                raise ValidationError(
                    self.env._(
                        "The product '%(product)s' of the service '%(service)s' is "
                        "goods. Choose a product of type Service.",
                        product=service.product_id.display_name,
                        service=service.name,
                    )
                )
