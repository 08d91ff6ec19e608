# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesPlanAllowance(models.Model):
    """Hours that a plan includes in every period (R7, R8)."""

    _name = "aftersales.plan.allowance"
    _description = "Allowance of a Plan"
    _inherit = ["aftersales.plan.row"]
    _not_negative_fields = ("quantity", "rollover_max", "rollover_periods")

    name = fields.Char(
        required=True,
        translate=True,
        default=lambda self: self.env._("Included hours"),
        help="Read by the customer wherever work is paid from it.",
    )
    unit = fields.Selection(
        [("hour", "Hours"), ("incident", "Incidents")], required=True, default="hour"
    )
    quantity = fields.Float(
        digits=0, aggregator=None, help="What every full period gives, in the unit."
    )
    period = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
            ("term", "Whole term"),
        ],
        required=True,
        default="month",
        help="Periods are counted from the first day of the contract.",
    )
    service_ids = fields.Many2many(
        "aftersales.service",
        string="Services",
        ondelete="restrict",
        check_company=True,
        help="What it pays for. Empty: all services.",
    )
    rollover_max = fields.Float(
        digits=0,
        aggregator=None,
        help="The most that is passed on at the end of a period. 0: no bound.",
    )
    rollover_periods = fields.Integer(
        aggregator=None,
        help="For how many periods the rest may be used. 0: it is not passed on.",
    )
    priority = fields.Integer(
        default=10,
        aggregator=None,
        help="The allowance with the lowest number is used first.",
    )
    prorate = fields.Boolean(
        default=True, help="A part of a period gives only a part of the quantity."
    )
    at_end = fields.Selection(
        [
            ("overage", "Charge what is beyond"),
            ("approval", "Ask the customer"),
            ("stop", "Stop the work"),
        ],
        string="When used up",
        required=True,
        default="overage",
    )
    alert_thresholds = fields.Char(
        string="Alerts at (%)",
        help="Percentages of use at which customer and service manager are told, "
        "for example 80,100.",
    )

    @api.constrains("alert_thresholds")
    def _check_alert_thresholds(self):
        for row in self.filtered("alert_thresholds"):
            parts = [part.strip() for part in row.alert_thresholds.split(",")]
            if not all(part.isdecimal() and 0 < int(part) <= 100 for part in parts):
                raise ValidationError(
                    self.env._(
                        "The alerts of '%(row)s' are '%(text)s'. Type percentages "
                        "from 1 to 100 with commas between them, for example 80,100.",
                        row=row.name,
                        text=row.alert_thresholds,
                    )
                )

    def _thresholds(self):
        """Return the percentages of use at which somebody is told (R25)."""
        self.ensure_one()
        return [int(part) for part in (self.alert_thresholds or "").split(",") if part]

    def _publish_problems(self):
        problems = super()._publish_problems()
        for row in self.filtered(lambda row: not row.quantity):
            problems.append(
                self.env._(
                    "Allowances: '%(row)s' gives 0. Type a quantity or delete the row.",
                    row=row.display_name,
                )
            )
        return problems

    def _check_supported(self):
        incidents = self.filtered(lambda row: row.unit == "incident")
        endings = self.filtered(lambda row: row.at_end != "overage")
        rollovers = self.filtered("rollover_periods")
        problems = []
        if incidents:
            problems.append(
                self.env._(
                    "Allowances: %(rows)s count incidents, which this version does not "
                    "price yet. Choose hours.",
                    rows=incidents._names(),
                )
            )
        if endings:
            problems.append(
                self.env._(
                    "Allowances: %(rows)s ask the customer or stop the work when used "
                    "up, which this version cannot do yet. Charge what is beyond.",
                    rows=endings._names(),
                )
            )
        if rollovers:
            problems.append(
                self.env._(
                    "Allowances: %(rows)s pass a rest on to later periods, which this "
                    "version cannot do yet. Set the rollover periods to 0.",
                    rows=rollovers._names(),
                )
            )
        return problems

    def _describe(self):
        self.ensure_one()
        services = ", ".join(self.service_ids.mapped("name"))
        sentence = self.env._(
            "%(name)s: %(quantity)s %(period)s for %(services)s.",
            name=self.name,
            quantity=self._describe_quantity(),
            period=self._describe_period(),
            services=services or self.env._("all services"),
        )
        if self.at_end != "overage":
            return sentence
        return self.env._("%s Beyond them work is charged.", sentence)

    def _describe_quantity(self):
        """Return the quantity with its unit; a lone "h" would not be translated."""
        number = self._format_number(self.quantity)
        if self.unit == "hour":
            return self.env._("%s h", number)
        return self.env._("%s incidents", number)

    def _describe_period(self):
        return {
            "month": self.env._("a month"),
            "quarter": self.env._("a quarter"),
            "year": self.env._("a year"),
            "term": self.env._("for the whole term"),
        }[self.period]
