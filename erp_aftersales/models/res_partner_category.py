# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResPartnerCategory(models.Model):
    """A tag of customers may bring its member prices (B4, R20)."""

    _inherit = "res.partner.category"

    aftersales_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Member prices",
        company_dependent=True,
        domain="[('company_id', 'in', (False, allowed_company_ids[0]))]",
        groups="product.group_product_pricelist",
        help="Customers with this tag get this price list in new quotations and "
        "contracts, unless one was chosen for the customer itself. Of several such "
        "tags the first by name counts.",
    )
