# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesPlanFeeTier(models.Model):
    """A step of a fee's price: up to a value, one costs so much (R20)."""

    _name = "aftersales.plan.fee.tier"
    _description = "Price Tier of a Fee"
    _inherit = ["aftersales.plan.fee.part"]
    _order = "fee_id, is_last, up_to, id"

    up_to = fields.Float(
        digits=0,
        aggregator=None,
        help="The last value in this tier. 0: no bound; the last tier has none.",
    )
    price = fields.Float(
        digits=0,
        min_display_digits="Product Price",
        aggregator=None,
        help="For one of the basis and a whole period, before tax.",
    )
    is_last = fields.Boolean(compute="_compute_is_last", store=True)

    @api.depends("up_to")
    def _compute_is_last(self):
        for tier in self:
            tier.is_last = not tier.up_to

    @api.depends("up_to")
    def _compute_display_name(self):
        for tier in self:
            up_to = tier.fee_id._format_number(tier.up_to)
            tier.display_name = (
                self.env._("Up to %s", up_to)
                if tier.up_to
                else self.env._("Above all bounds")
            )

    @api.constrains("up_to", "price")
    def _check_not_negative(self):
        for tier in self:
            if tier.up_to < 0 or tier.price < 0:
                raise ValidationError(
                    self.env._(
                        "A tier of the fee '%(fee)s' has a bound or a price below 0. "
                        "Type 0 for no bound, and prices from 0 on.",
                        fee=tier.fee_id.display_name,
                    )
                )

    def _describe(self):
        """Return the tier in words, for the fee's sentence."""
        self.ensure_one()
        price = self.fee_id._format_price(self.price)
        if not self.up_to:
            return self.env._("above that at %s each", price)
        return self.env._(
            "up to %(bound)s at %(price)s each",
            bound=self.fee_id._format_number(self.up_to),
            price=price,
        )
