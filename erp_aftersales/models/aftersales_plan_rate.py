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
    """The price of work (R10), in a plan or, without plan, on the standard card."""

    _name = "aftersales.plan.rate"
    _description = "Rate"
    _inherit = ["aftersales.plan.row"]
    _not_negative_fields = ("price", "minimum")

    plan_id = fields.Many2one(required=False, help="Empty: on the standard card.")
    company_id = fields.Many2one(
        "res.company",
        related=None,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The plan's. On the standard card, empty: used by all companies.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        related=None,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The plan's. On the standard card, contracts of this currency use it.",
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
    date_start = fields.Date(
        string="From", help="First day on the standard card. Empty: since ever."
    )
    date_end = fields.Date(
        string="To", help="Last day on the standard card. Empty: until further notice."
    )

    @api.depends("plan_id.company_id")
    def _compute_company_id(self):
        for row in self:
            row.company_id = (
                row.plan_id.company_id
                if row.plan_id
                else row.company_id or self.env.company
            )

    @api.depends("plan_id.currency_id", "company_id")
    def _compute_currency_id(self):
        for row in self:
            company = row.company_id or self.env.company
            row.currency_id = (
                row.plan_id.currency_id or row.currency_id or company.currency_id
            )

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
            row.display_name = ", ".join(filter(None, parts)) or self.env._("All work")

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

    @api.constrains("plan_id", "currency_id", "company_id")
    def _check_plan_currency(self):
        for row in self.filtered("plan_id"):
            plan = row.plan_id
            if row.currency_id != plan.currency_id or row.company_id != plan.company_id:
                raise ValidationError(
                    self.env._(
                        "The rate '%(row)s' must have the company and the currency "
                        "(%(currency)s) of its plan '%(plan)s'.",
                        row=row.display_name,
                        currency=plan.currency_id.name,
                        plan=plan.display_name,
                    )
                )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for row in self.filtered(lambda row: row.date_start and row.date_end):
            if row.date_end < row.date_start:
                raise ValidationError(
                    self.env._(
                        "The rate '%(row)s' ends on %(end)s, before it starts on "
                        "%(start)s. Change one of the days.",
                        row=row.display_name,
                        end=fields.Date.to_string(row.date_end),
                        start=fields.Date.to_string(row.date_start),
                    )
                )

    def write(self, vals):
        """Refuse edits of a used row of the standard card, but for its end (R10)."""
        if set(vals) - {"date_end"}:
            self._check_card_row_is_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_card_row_is_unused()

    def _check_card_row_is_unused(self):
        card = self.filtered(lambda row: row.id and not row.plan_id)
        # sudo: whether a row is used does not depend on whose charges one may read
        used = (
            self.env["aftersales.charge"]
            .sudo()
            ._read_group([("rate_id", "in", card.ids)], ["rate_id"])
        )
        for (row,) in used:
            raise ValidationError(
                self.env._(
                    "The rate '%(row)s' of the standard card has priced work already. "
                    "Type its last day, and add a new row that begins the day after.",
                    row=row.with_env(self.env).display_name,
                )
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
        for row in self.filtered(lambda row: not row.price):
            problems.append(
                self.env._(
                    "Prices: '%(row)s' has no price. Type one or delete the row.",
                    row=row.display_name,
                )
            )
        for rows in self._contradictions(
            AftersalesPlanRate._matches, AftersalesPlanRate._says
        ):
            prices = ", ".join(row._describe_price() for row in rows)
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

    def _check_supported(self):
        incidents = self.filtered(lambda row: row.unit == "incident")
        if not incidents:
            return []
        return [
            self.env._(
                "Prices: %(rows)s are per incident, which this version does not price "
                "yet. Choose hour or day.",
                rows=incidents._names(),
            )
        ]

    def _describe(self):
        self.ensure_one()
        return self.env._(
            "%(work)s: %(price)s.", work=self.display_name, price=self._describe_price()
        )

    def _describe_price(self):
        """Return the price with its unit and what is rounded, without the work."""
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
