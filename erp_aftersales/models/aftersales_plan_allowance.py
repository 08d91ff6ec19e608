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
    replaces_id = fields.Many2one(
        "aftersales.plan.allowance",
        string="Instead of",
        ondelete="restrict",
        help="The allowance of the contract's plan that this own row stands instead "
        "of. Empty: it adds to the plan's.",
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

    def _publish_problems(self):
        problems = super()._publish_problems()
        problems += filter(None, (row._quantity_problem() for row in self))
        for rows in self._replacing_the_same():
            problems.append(
                self.env._(
                    "Allowances: %(rows)s stand instead of the same '%(replaced)s' on "
                    "the same days. Keep one, or let the other add to it.",
                    rows=rows._names(),
                    replaced=rows[0].replaces_id.display_name,
                )
            )
        return problems

    def _quantity_problem(self):
        self.ensure_one()
        if not self.quantity:
            return self.env._(
                "Allowances: '%(row)s' gives 0. Type a quantity or delete the row.",
                row=self.display_name,
            )
        if self.rollover_max and not self.rollover_periods:
            return self.env._(
                "Allowances: '%(row)s' bounds what is passed on to later periods, but "
                "passes nothing on. Type for how many periods the rest may be used, or "
                "clear the bound.",
                row=self.display_name,
            )
        numbers = (self.quantity, self.rollover_max)
        if self.unit == "incident" and any(number % 1 for number in numbers):
            return self.env._(
                "Allowances: '%(row)s' counts incidents. Type whole numbers.",
                row=self.display_name,
            )
        return False

    def _describe(self):
        self.ensure_one()
        services = self.env["aftersales.wording"]._list(self.service_ids.mapped("name"))
        sentence = self.env._(
            "%(name)s: %(quantity)s %(period)s for %(services)s.",
            name=self.name,
            quantity=self._describe_quantity(self.quantity),
            period=self._describe_period(),
            services=services or self.env._("all services"),
        )
        return " ".join(
            filter(None, (sentence, self._describe_rollover(), self._describe_end()))
        )

    def _describe_rollover(self):
        if not self.rollover_periods:
            return ""
        if not self.rollover_max:
            return self.env._(
                "What is left can be used for %s more periods.", self.rollover_periods
            )
        return self.env._(
            "What is left, at most %(quantity)s, can be used for %(periods)s more "
            "periods.",
            quantity=self._describe_quantity(self.rollover_max),
            periods=self.rollover_periods,
        )

    def _describe_end(self):
        return {
            "overage": self.env._("Beyond them work is charged."),
            "approval": self.env._("Beyond them the customer is asked."),
            "stop": self.env._("Beyond them no work is done."),
        }[self.at_end]

    def _describe_quantity(self, quantity):
        """Return a quantity with its unit; a lone "h" would not be translated."""
        number = self._format_number(quantity)
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
