# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesPlanFee(models.Model):
    """A fee as the market counts it: a price a year for one (B5)."""

    _inherit = "aftersales.plan.fee"

    yearly_price = fields.Float(
        string="A year for one",
        compute="_compute_yearly_price",
        store=True,
        digits=0,
        min_display_digits="Product Price",
        aggregator="avg",
        help="For the first one of the basis and a year, with factors and discount; "
        "of the licence value the percentage.",
    )

    @api.depends(
        "basis",
        "price",
        "percent",
        "discount",
        "tier_mode",
        "tier_ids.up_to",
        "tier_ids.price",
        "factor_ids.factor",
        "recurring_rule_type",
        "recurring_interval",
    )
    def _compute_yearly_price(self):
        market = self.env["aftersales.market"]
        for row in self:
            row.yearly_price = market._yearly_fee(row)
