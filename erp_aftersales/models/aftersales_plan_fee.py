# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

FEE_BASES = [
    ("fixed", "Fixed"),
    ("users", "Users"),
    ("modules", "Modules"),
    ("sites", "Sites"),
    ("licence_value", "Licence value"),
    ("custom_functions", "Custom functions"),
    ("data_volume", "Data volume"),
]


def oca_selection(name):
    """Return a selection that always is the one of OCA's recurring contracts."""
    return lambda self: (
        self.env["contract.recurring.mixin"]
        ._fields[name]
        ._description_selection(self.env)
    )


class AftersalesPlanFee(models.Model):
    """What is paid in every period, whatever the work (R20)."""

    _name = "aftersales.plan.fee"
    _description = "Fee of a Plan"
    _inherit = ["aftersales.plan.row"]
    _percent_fields = ("percent", "discount")
    _not_negative_fields = ("price", "minimum_fee")

    name = fields.Char(
        required=True,
        translate=True,
        default=lambda self: self.env._("Maintenance fee"),
        help="Read by the customer on the contract and the invoice.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        domain="[('type', '=', 'service')]",
        default=lambda self: self._default_product_id(),
        check_company=True,
        ondelete="restrict",
        help="What goes on the invoice, with its taxes and account.",
    )
    basis = fields.Selection(
        FEE_BASES,
        required=True,
        default="fixed",
        help="What the price is multiplied by: the number on the first day of the "
        "period, from the metrics of the contract's installations.",
    )
    price = fields.Float(
        digits=0,
        min_display_digits="Product Price",
        aggregator=None,
        help="For one of the basis and a whole period, before tax.",
    )
    percent = fields.Float(
        digits=0,
        aggregator=None,
        help="Of the licence value, for a whole period; 20 means 20 %.",
    )
    discount = fields.Float(
        string="Discount (%)", digits=0, aggregator=None, help="10 means 10 %."
    )
    tier_ids = fields.One2many(
        "aftersales.plan.fee.tier",
        "fee_id",
        string="Tiers",
        copy=True,
        help="Prices by how many there are, instead of one price.",
    )
    tier_mode = fields.Selection(
        [("graduated", "Graduated"), ("volume", "Volume")],
        string="Tiers are",
        required=True,
        default="graduated",
        help="Graduated: each part at the price of its own tier. Volume: all at the "
        "price of the tier in which the number lies.",
    )
    factor_ids = fields.One2many(
        "aftersales.plan.fee.factor",
        "fee_id",
        string="Factors",
        copy=True,
        help="Multiply the fee, one after the other: service level, customisation.",
    )
    is_locked = fields.Boolean(compute="_compute_is_locked")
    minimum_fee = fields.Monetary(
        string="At least",
        aggregator=None,
        help="The least that a whole period costs. 0: no minimum.",
    )
    credit_decrease = fields.Boolean(
        string="Credit decreases",
        help="A fall of the number inside a paid period gives money back.",
    )
    recurring_rule_type = fields.Selection(
        oca_selection("recurring_rule_type"),
        string="Recurrence",
        required=True,
        default="monthly",
        help="The unit of the period.",
    )
    recurring_interval = fields.Integer(
        string="Every", required=True, default=1, aggregator=None
    )
    recurring_invoicing_type = fields.Selection(
        oca_selection("recurring_invoicing_type"),
        string="Invoicing type",
        required=True,
        default="pre-paid",
        help="Pre-paid: at the beginning of the period. Post-paid: after its end.",
    )
    replaces_id = fields.Many2one(
        "aftersales.plan.fee",
        string="Instead of",
        ondelete="restrict",
        help="The fee of the contract's plan that this own row stands instead of. "
        "Empty: it adds to the plan's.",
    )

    @api.depends("plan_id.state")
    def _compute_is_locked(self):
        """A published plan's fees are looked at, not changed (R2)."""
        for row in self:
            row.is_locked = row.plan_id and row.plan_id.state != "draft"

    @api.model
    def _default_product_id(self):
        return self.env.ref(
            "erp_aftersales.product_maintenance_fee", raise_if_not_found=False
        )

    @api.onchange("basis")
    def _onchange_basis(self):
        if self.basis == "licence_value":
            self.price = 0
        else:
            self.percent = 0

    @api.constrains("recurring_interval")
    def _check_recurring_interval(self):
        for row in self:
            if row.recurring_interval < 1:
                raise ValidationError(
                    self.env._(
                        "The fee '%(row)s' recurs every %(interval)s periods. "
                        "Type 1 or more.",
                        row=row.name,
                        interval=row.recurring_interval,
                    )
                )

    def _check_parts_may_change(self):
        """Tiers and factors change as their fee does (R2)."""
        self.plan_id._check_is_draft()
        self._check_not_charged()

    def _describe(self):
        self.ensure_one()
        text = self.env._(
            "%(name)s: %(price)s %(period)s, %(when)s.",
            name=self.name,
            price=self._describe_price(),
            period=self._describe_period(),
            when=(
                self.env._("in advance")
                if self.recurring_invoicing_type == "pre-paid"
                else self.env._("in arrears")
            ),
        )
        if not self.minimum_fee:
            return text
        return self.env._(
            "%(text)s At least %(price)s.",
            text=text,
            price=self._format_price(self.minimum_fee),
        )

    def _describe_price(self):
        text = self._describe_base()
        for factor in self.factor_ids:
            text = self.env._(
                "%(text)s; %(name)s x %(factor)s",
                text=text,
                name=factor.name,
                factor=self._format_number(factor.factor),
            )
        if not self.discount:
            return text
        return self.env._(
            "%(text)s less %(discount)s %%",
            text=text,
            discount=self._format_number(self.discount),
        )

    def _describe_base(self):
        if self.basis == "licence_value":
            percent = self._format_number(self.percent)
            return self.env._("%s %% of the licence value", percent)
        if self.tier_ids:
            tiers = [tier._describe() for tier in self.tier_ids]
            names = {"basis": self._label("basis"), "tiers": ", ".join(tiers)}
            if self.tier_mode == "volume":
                return self.env._("%(basis)s, all of them at: %(tiers)s", **names)
            return self.env._("%(basis)s: %(tiers)s", **names)
        if self.basis == "fixed":
            return self._format_price(self.price)
        return self.env._(
            "%(basis)s x %(price)s",
            basis=self._label("basis"),
            price=self._format_price(self.price),
        )

    def _describe_period(self):
        if self.recurring_interval == 1:
            return {
                "daily": self.env._("a day"),
                "weekly": self.env._("a week"),
                "quarterly": self.env._("a quarter"),
                "semesterly": self.env._("a half-year"),
                "yearly": self.env._("a year"),
            }.get(self.recurring_rule_type, self.env._("a month"))
        return self.env._(
            "every %(interval)s %(unit)s",
            interval=self.recurring_interval,
            unit=self._label("recurring_rule_type"),
        )
