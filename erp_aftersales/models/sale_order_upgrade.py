# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrder(models.Model):
    """What is quoted for upgrades is agreed to by confirming it (D4)."""

    _inherit = "sale.order"

    aftersales_upgrade_ids = fields.One2many(
        "aftersales.upgrade",
        "sale_order_id",
        string="Upgrades",
        readonly=True,
        groups="erp_aftersales.group_user",
        help="Upgrades that this order is the price of.",
    )

    def write(self, vals):
        """Upgrades follow their order."""
        result = super().write(vals)
        if "state" in vals:
            # Safe: whoever may confirm or cancel an order thereby decides on what it
            # is for; nothing but the state of that follows.
            self.sudo().aftersales_upgrade_ids._follow_order()
        return result

    def unlink(self):
        """What was quoted by an order that goes away is only requested again."""
        # Safe: as above, whoever may delete the order decides on its price.
        self.sudo().aftersales_upgrade_ids.write({"sale_order_id": False})
        return super().unlink()

    def action_open_aftersales_upgrades(self):
        """Open the upgrades that this order is for."""
        self.ensure_one()
        return self.env["aftersales.upgrade"]._open_with(sale_order_id=self.id)
