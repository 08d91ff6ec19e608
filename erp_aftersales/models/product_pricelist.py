# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ProductPricelist(models.Model):
    """A customer's price list may come by its tag (B4, R20)."""

    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Between a customer's own price list and its country's stands its tag's."""
        result = super()._get_partner_pricelist_multi(partner_ids)
        if not result:  # price lists are switched off
            return result
        return result | self._aftersales_by_tag(self.env["res.partner"].browse(result))

    @api.model
    def _aftersales_by_tag(self, partners):
        """The member price lists of customers who have none of their own, by id."""
        found = {}
        # sudo: who may see a customer's prices need not see tags, nor other price lists
        for partner in partners.sudo():
            if partner.specific_property_product_pricelist.active:
                continue
            tags = partner.commercial_partner_id.category_id.sorted("name")
            members = tags.aftersales_pricelist_id.filtered("active")
            if members:
                found[partner.id] = self.browse(members[0].id)
        return found
