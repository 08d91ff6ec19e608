# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_plan_fee import FEE_BASES, oca_selection


class AftersalesBenchmark(models.Model):
    """What a competitor asks for such a service, and who says so (B5)."""

    _name = "aftersales.benchmark"
    _description = "Competitor's Price"
    _order = "basis, yearly_price, id"
    _check_company_auto = True

    name = fields.Char(
        string="Competitor", required=True, translate=True, help="Who sells at it."
    )
    service_level = fields.Char(
        string="Service level",
        required=True,
        translate=True,
        help="What it buys, as '7x24, answer in 1 h'.",
    )
    basis = fields.Selection(
        FEE_BASES, required=True, default="users", help="What the price is counted on."
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
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    recurring_rule_type = fields.Selection(
        oca_selection("recurring_rule_type"),
        string="Recurrence",
        required=True,
        default="yearly",
        help="The unit of the period.",
    )
    recurring_interval = fields.Integer(
        string="Every", required=True, default=1, aggregator=None
    )
    yearly_price = fields.Float(
        string="A year for one",
        compute="_compute_yearly_price",
        store=True,
        digits=0,
        min_display_digits="Product Price",
        aggregator="avg",
        help="For one of the basis and a year; of the licence value the percentage.",
    )
    plan_id = fields.Many2one(
        "aftersales.plan",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The plan that it is compared with, in all its revisions. Empty: every "
        "plan with a fee on this basis.",
    )
    date = fields.Date(
        string="As of",
        required=True,
        default=fields.Date.context_today,
        help="The day of the price.",
    )
    source = fields.Char(
        translate=True, help="Where it stands: a tender, a price list, a web page."
    )
    note = fields.Text(translate=True, help="What else to know when comparing.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: compared by all companies.",
    )

    @api.depends(
        "basis", "price", "percent", "recurring_rule_type", "recurring_interval"
    )
    def _compute_yearly_price(self):
        market = self.env["aftersales.market"]
        for benchmark in self:
            benchmark.yearly_price = market._yearly_benchmark(benchmark)

    @api.depends("name", "service_level")
    @api.depends_context("lang")
    def _compute_display_name(self):
        wording = self.env["aftersales.wording"]
        for benchmark in self:
            names = [benchmark.name, benchmark.service_level]
            benchmark.display_name = wording._list(names)

    @api.onchange("basis")
    def _onchange_basis(self):
        if self.basis == "licence_value":
            self.price = 0
        else:
            self.percent = 0

    @api.constrains("basis", "price", "percent", "recurring_interval")
    def _check_price(self):
        for benchmark in self:
            is_percent = benchmark.basis == "licence_value"
            given, other = benchmark.price, benchmark.percent
            if is_percent:
                given, other = other, given
            if given <= 0 or other or benchmark.recurring_interval < 1:
                raise ValidationError(
                    self.env._(
                        "The price of '%(benchmark)s' cannot be compared. Type a "
                        "percentage above 0 for the licence value, a price above 0 "
                        "for everything else, and how often it is paid, 1 or more.",
                        benchmark=benchmark.display_name,
                    )
                )
