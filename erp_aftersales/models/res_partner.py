# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_installation_count = fields.Integer(
        string="Installations",
        compute="_compute_aftersales_installation_count",
        groups="erp_aftersales.group_user",
        help="Installations of the customer's company.",
    )

    @api.depends("commercial_partner_id.category_id.aftersales_pricelist_id.active")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Keep a choice of the country's list, where a tag brings another (B4)."""
        chosen = {partner: partner.property_product_pricelist for partner in self}
        res = super()._inverse_product_pricelist()
        by_tag = self.env["product.pricelist"]._aftersales_by_tag(self)
        for partner in self.filtered(lambda partner: partner.id in by_tag):
            if chosen[partner] != by_tag[partner.id]:
                partner.specific_property_product_pricelist = chosen[partner]
        return res

    def _compute_aftersales_installation_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["aftersales.installation"]._read_group(
                [("commercial_partner_id", "in", customers.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            customer = partner.commercial_partner_id
            partner.aftersales_installation_count = counts.get(customer, 0)

    def action_open_aftersales_installations(self):
        """Open the installations of the customer's company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_installation_action"
        )
        customer = self.commercial_partner_id
        action["domain"] = [("commercial_partner_id", "=", customer.id)]
        action["context"] = {"default_partner_id": customer.id}
        return action
