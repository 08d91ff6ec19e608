# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_plan_row import WORK_MODES

RATE_BANDS = [
    ("any", "Any"),
    ("normal", "Working hours"),
    ("after_hours", "After hours"),
    ("holiday", "Holiday"),
]


class AftersalesPlanRate(models.Model):
    """The price of work (R10): of a plan, of a contract, or on the standard card.

    A contract's own row may take a percentage of what the plan or the card says (R2).
    """

    _name = "aftersales.plan.rate"
    _description = "Rate"
    _inherit = ["aftersales.plan.row"]
    _not_negative_fields = ("price", "percent", "minimum")
    _may_be_standard = True

    plan_id = fields.Many2one(
        help="With neither plan nor contract: on the standard card."
    )
    company_id = fields.Many2one(
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The plan's or contract's. On the standard card, empty: used by all "
        "companies.",
    )
    currency_id = fields.Many2one(
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The plan's or contract's. On the standard card, contracts of this "
        "currency use it.",
    )
    service_id = fields.Many2one(
        "aftersales.service",
        ondelete="restrict",
        check_company=True,
        help="Empty: any service. The most specific row wins: service weighs most, "
        "then grade, mode, region, band.",
    )
    grade_id = fields.Many2one(
        "aftersales.grade",
        ondelete="restrict",
        check_company=True,
        help="Empty: whoever does it.",
    )
    mode = fields.Selection(WORK_MODES, required=True, default="any")
    region_id = fields.Many2one(
        "res.country.state",
        ondelete="restrict",
        help="Where the installation stands. Empty: anywhere.",
    )
    band = fields.Selection(
        RATE_BANDS,
        string="Time",
        required=True,
        default="any",
        help="By the plan's calendar of bands.",
    )
    price = fields.Float(
        digits=0,
        min_display_digits="Product Price",
        aggregator=None,
        help="For one unit, before tax; kept with the digits typed.",
    )
    percent = fields.Float(
        string="Price (%)",
        digits=0,
        aggregator=None,
        help="Only on a contract, instead of a price: this percentage of the price "
        "that the plan or the standard card gives; 90 means 10 % less. What is rounded "
        "and the burn factor come from there as well.",
    )
    unit = fields.Selection(
        [("hour", "Hour"), ("day", "Day"), ("incident", "Incident")],
        required=True,
        default="hour",
        help="A day is 480 minutes.",
    )
    increment = fields.Integer(
        string="Round up to (min)",
        required=True,
        default=1,
        aggregator=None,
        help="Minutes are rounded up to a multiple of this.",
    )
    minimum = fields.Integer(
        string="At least (min)",
        default=0,
        aggregator=None,
        help="The least number of minutes that is charged.",
    )
    rounding_scope = fields.Selection(
        [("entry", "Each entry"), ("visit", "Each visit")],
        string="Rounded",
        required=True,
        default="entry",
        help="A visit is all work of one ticket, day, service, mode and grade.",
    )
    burn_factor = fields.Float(
        required=True,
        default=1,
        digits=0,
        aggregator=None,
        help="Minutes taken from an allowance for each minute of such work.",
    )

    def _compute_company_id(self):
        card = self.filtered(lambda row: row._is_on_card())
        for row in card:
            row.company_id = row.company_id or self.env.company
        return super(AftersalesPlanRate, self - card)._compute_company_id()

    @api.depends("company_id")
    def _compute_currency_id(self):
        card = self.filtered(lambda row: row._is_on_card())
        for row in card:
            company = row.company_id or self.env.company
            row.currency_id = row.currency_id or company.currency_id
        return super(AftersalesPlanRate, self - card)._compute_currency_id()

    def _is_on_card(self):
        """Tell whether this row is of the standard card."""
        return not self.plan_id and not self.contract_id

    @api.depends("service_id.name", "grade_id.name", "mode", "region_id.name", "band")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            parts = [
                row.service_id.name,
                row.grade_id.name,
                row.mode != "any" and row._label("mode"),
                row.region_id.name,
                row.band != "any" and row._label("band"),
            ]
            name = self.env["aftersales.wording"]._list(parts)
            row.display_name = name or self.env._("All work")

    @api.constrains("increment", "burn_factor")
    def _check_measure(self):
        for row in self:
            if row.increment < 1:
                raise ValidationError(
                    self.env._(
                        "The rate '%(row)s' rounds up to %(increment)s minutes. "
                        "Type 1 or more; 1 rounds nothing.",
                        row=row.display_name,
                        increment=row.increment,
                    )
                )
            if row.burn_factor <= 0:
                raise ValidationError(
                    self.env._(
                        "The burn factor of the rate '%(row)s' is %(factor)s. "
                        "Type a number above 0; 1 takes each minute once.",
                        row=row.display_name,
                        factor=row._format_number(row.burn_factor),
                    )
                )

    @api.constrains("plan_id", "contract_id", "currency_id", "company_id")
    def _check_plan_currency(self):
        for row in self.filtered(lambda row: not row._is_on_card()):
            owner = row.contract_id or row.plan_id
            currency = row._owner_currency()
            if row.currency_id != currency or row.company_id != owner.company_id:
                raise ValidationError(
                    self.env._(
                        "The rate '%(row)s' must have the company and the currency "
                        "(%(currency)s) of '%(owner)s'.",
                        row=row.display_name,
                        currency=currency.name,
                        owner=owner.display_name,
                    )
                )

    @api.constrains("sequence", "plan_id", "contract_id", "percent")
    def _check_percent(self):
        for row in self.filtered(lambda row: row.percent and not row.contract_id):
            raise ValidationError(
                self.env._(
                    "The rate '%(row)s' is %(percent)s %% of another price, which only "
                    "a contract's own rate can be. Type a price.",
                    row=row.display_name,
                    percent=row._format_number(row.percent),
                )
            )

    @api.onchange("percent")
    def _onchange_percent(self):
        if self.percent:
            self.price = 0

    def write(self, vals):
        """Refuse edits of a used row of the standard card, but for its end (R10)."""
        if set(vals) - {"date_end"}:
            self._check_card_row_is_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_card_row_is_unused()

    def _check_card_row_is_unused(self):
        card = self.filtered(lambda row: row.id and row._is_on_card())
        for row in card._charges().rate_id:
            raise ValidationError(
                self.env._(
                    "The rate '%(row)s' of the standard card has priced work already. "
                    "Type its last day, and add a new row that begins the day after.",
                    row=row.with_env(self.env).display_name,
                )
            )

    def _let_go(self):
        for charge in self._charges([("state", "=", "invoiced")]):
            raise ValidationError(
                self.env._(
                    "The rate '%(row)s' has priced work on %(invoice)s. Type its last "
                    "day instead of deleting it.",
                    row=charge.rate_id.with_env(self.env).display_name,
                    invoice=charge.invoice_id.display_name,
                )
            )
        self._charges(limit=None).write({"rate_id": False})
        return super()._let_go()

    def _charges(self, domain=(), limit=1):
        """Return charges that these rows priced."""
        if not self.ids:
            return self.env["aftersales.charge"].sudo()
        # sudo: whether a row is used does not depend on whose charges one may read;
        # what is changed are open charges, which are rated anew at once
        return (
            self.env["aftersales.charge"]
            .sudo()
            .search([("rate_id", "in", self.ids), *domain], limit=limit)
        )

    def _matches(self):
        unit_class = "incident" if self.unit == "incident" else "work"
        return (
            self.service_id,
            self.grade_id,
            self.mode,
            self.region_id,
            self.band,
            unit_class,
        )

    def _says(self):
        if self.percent:
            return (self.percent,)
        return (
            self.price,
            self.unit,
            self.increment,
            self.minimum,
            self.rounding_scope,
            self.burn_factor,
        )

    def _publish_problems(self):
        problems = super()._publish_problems()
        problems += filter(None, (row._price_problem() for row in self))
        for rows in self._contradictions(
            AftersalesPlanRate._matches, AftersalesPlanRate._says
        ):
            prices = ", ".join(row._with_days(row._describe_price()) for row in rows)
            problems.append(
                self.env._(
                    "Prices: %(count)s rows for '%(row)s' contradict each other "
                    "(%(prices)s). Keep one of them.",
                    count=len(rows),
                    row=rows[0].display_name,
                    prices=prices,
                )
            )
        return problems

    def _price_problem(self):
        self.ensure_one()
        if self.price and self.percent:
            return self.env._(
                "Prices: '%(row)s' has a price and a percentage. Clear one of them.",
                row=self.display_name,
            )
        if not self.price and not self.percent:
            return self.env._(
                "Prices: '%(row)s' has no price. Type one or delete the row.",
                row=self.display_name,
            )
        if self.unit == "incident" and self.grade_id:
            return self.env._(
                "Prices: '%(row)s' is per incident and names a grade, which an "
                "incident does not have. Clear the grade.",
                row=self.display_name,
            )
        return False

    def _describe(self):
        self.ensure_one()
        sentence = self.env._(
            "%(work)s: %(price)s.", work=self.display_name, price=self._describe_price()
        )
        if self.percent or self.burn_factor == 1:
            return sentence
        return self.env._(
            "%(sentence)s Each minute takes %(factor)s from an allowance.",
            sentence=sentence,
            factor=self._format_number(self.burn_factor),
        )

    def _describe_price(self):
        """Return the price with its unit and what is rounded, without the work."""
        if self.percent:
            return self.env._(
                "%s %% of the price of plan or standard card",
                self._format_number(self.percent),
            )
        price = self._format_price(self.price)
        text = {
            "hour": self.env._("%s an hour", price),
            "day": self.env._("%s a day", price),
            "incident": self.env._("%s an incident", price),
        }[self.unit]
        if self.increment > 1:
            text = self.env._(
                "%(text)s, rounded up to %(minutes)s min",
                text=text,
                minutes=self.increment,
            )
        if self.minimum:
            text = self.env._(
                "%(text)s, at least %(minutes)s min", text=text, minutes=self.minimum
            )
        if self.rounding_scope == "visit":
            text = self.env._("%s for each visit", text)
        return text
