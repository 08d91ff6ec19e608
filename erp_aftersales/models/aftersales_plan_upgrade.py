# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_release import RELEASE_KINDS


class AftersalesPlanUpgrade(models.Model):
    """What upgrades to a kind of release cost under a plan (A3)."""

    _name = "aftersales.plan.upgrade"
    _description = "Upgrades under a Plan"
    _inherit = ["aftersales.plan.row"]
    _not_negative_fields = ("quantity", "price", "function_price")

    kind = fields.Selection(
        RELEASE_KINDS, required=True, default="major", help="Upgrades of this kind."
    )
    policy = fields.Selection(
        [
            ("included", "Included"),
            ("limited", "Included some times"),
            ("charged", "Charged"),
        ],
        required=True,
        default="included",
        help="Included some times: beyond them each one is charged.",
    )
    quantity = fields.Integer(
        string="Times",
        default=1,
        aggregator=None,
        help="How many are included in each period.",
    )
    period = fields.Selection(
        [("year", "Year"), ("term", "Term")],
        required=True,
        default="term",
        help="After which the included ones begin anew: a year of the contract, or its "
        "whole term.",
    )
    price = fields.Float(
        digits=0,
        min_display_digits="Product Price",
        aggregator=None,
        help="For an upgrade that is charged, before tax.",
    )
    function_price = fields.Float(
        string="A custom function",
        digits=0,
        min_display_digits="Product Price",
        aggregator=None,
        help="For moving each custom function of the installation to the new release, "
        "also of an included upgrade. 0: no surcharge.",
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._label("kind")

    @api.constrains("contract_id")
    def _check_is_of_plan(self):
        for row in self.filtered("contract_id"):
            raise ValidationError(
                self.env._(
                    "The rule for upgrades '%(row)s' is made for the contract "
                    "'%(contract)s'. Such rules stand on plans: change its price on "
                    "the quotation instead.",
                    row=row.display_name,
                    contract=row.contract_id.display_name,
                )
            )

    def _publish_problems(self):
        problems = super()._publish_problems()
        for rows in self._contradictions(lambda row: row.kind, lambda row: row.id):
            problems.append(
                self.env._(
                    "Upgrades: '%(kind)s' has %(count)s rows. Keep one. %(rows)s",
                    kind=rows[0].display_name,
                    count=len(rows),
                    rows=" ".join(row._describe() for row in rows),
                )
            )
        return problems + [text for row in self for text in row._missing()]

    def _missing(self):
        """Return what has to be typed before the row can be used."""
        self.ensure_one()
        if self.policy != "included" and not self.price:
            yield self.env._(
                "Upgrades: '%s' is charged and has no price. Type one.",
                self.display_name,
            )
        if self.policy == "limited" and not self.quantity:
            yield self.env._(
                "Upgrades: '%s' is included 0 times. Type how many times, or let it "
                "be charged.",
                self.display_name,
            )

    def _describe(self):
        self.ensure_one()
        text = self.env._(
            "%(kind)s upgrade: %(price)s.",
            kind=self.display_name,
            price=self._describe_price(),
        )
        if not self.function_price:
            return text
        return self.env._(
            "%(text)s For each custom function %(price)s.",
            text=text,
            price=self._format_price(self.function_price),
        )

    def _describe_price(self):
        if self.policy == "included":
            return self.env._("included")
        price = self._format_price(self.price)
        if self.policy == "charged":
            return price
        if self.period == "year":
            return self.env._(
                "%(count)s a year included, each other one %(price)s",
                count=self.quantity,
                price=price,
            )
        return self.env._(
            "%(count)s a term included, each other one %(price)s",
            count=self.quantity,
            price=price,
        )
