# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_charge import MODES


class AftersalesPlanPeriodic(models.Model):
    """A service that is due again and again: inspection, drill, review (D3).

    What its work costs follows from the coverage of its service, as for any ticket.
    """

    _name = "aftersales.plan.periodic"
    _description = "Periodic Service of a Plan"
    _inherit = ["aftersales.plan.row"]
    _not_negative_fields = ("lead_days", "duration")

    name = fields.Char(
        required=True, translate=True, help="Title of its tickets, read by customers."
    )
    service_id = fields.Many2one(
        "aftersales.service",
        required=True,
        ondelete="restrict",
        check_company=True,
        help="Its coverage decides whether the work is included or charged.",
    )
    mode = fields.Selection(MODES, required=True, default="remote")
    recurring_interval = fields.Integer(
        string="Every",
        required=True,
        default=1,
        aggregator=None,
        help="How many months, quarters or years lie between two of them.",
    )
    recurring_rule_type = fields.Selection(
        [
            ("monthly", "Month(s)"),
            ("quarterly", "Quarter(s)"),
            ("semesterly", "Half-year(s)"),
            ("yearly", "Year(s)"),
        ],
        string="Period",
        required=True,
        default="quarterly",
        help="Periods are counted from the first day of the contract, and anew from "
        "each renewal.",
    )
    day_rule = fields.Selection(
        [
            ("first", "First day of the period"),
            ("last", "Last day of the period"),
            ("month_day", "A day of the month"),
        ],
        string="Due on",
        required=True,
        default="first",
    )
    month_day = fields.Integer(
        string="Day",
        default=1,
        aggregator=None,
        help="The first day of the period with this number. 31: the last day of the "
        "month.",
    )
    lead_days = fields.Integer(
        string="Opened ahead (days)",
        default=14,
        aggregator=None,
        help="So many days before, its ticket is opened, to be arranged with the "
        "customer.",
    )
    duration = fields.Float(
        string="Expected hours",
        digits=0,
        aggregator=None,
        help="How long it takes, for planning. What is charged is the time that is "
        "logged.",
    )
    per_installation = fields.Boolean(
        string="Each installation",
        default=True,
        help="Due at each installation of the contract. Otherwise once for all of "
        "them.",
    )
    checklist_id = fields.Many2one(
        "aftersales.checklist.template",
        ondelete="restrict",
        check_company=True,
        help="Its items are put on the ticket.",
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        ondelete="restrict",
        check_company=True,
        help="Empty: the team of the contract.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Engineer",
        domain="[('share', '=', False)]",
        help="Who is to do it. Empty: found when the ticket is opened.",
    )
    replaces_id = fields.Many2one(
        "aftersales.plan.periodic",
        string="Instead of",
        ondelete="restrict",
        help="The service of the contract's plan that this own row stands instead of. "
        "Empty: it adds to the plan's.",
    )

    @api.constrains("recurring_interval", "month_day")
    def _check_numbers(self):
        for row in self:
            if row.recurring_interval < 1:
                raise ValidationError(
                    self.env._(
                        "'%(row)s' is due every %(number)s periods. Type 1 or more.",
                        row=row.display_name,
                        number=row.recurring_interval,
                    )
                )
            if not 1 <= row.month_day <= 31:
                raise ValidationError(
                    self.env._(
                        "'%(row)s' is due on day %(number)s of the month. Type 1 to "
                        "31.",
                        row=row.display_name,
                        number=row.month_day,
                    )
                )

    def _publish_problems(self):
        problems = super()._publish_problems()
        for rows in self._replacing_the_same():
            problems.append(
                self.env._(
                    "Periodic services: %(rows)s stand instead of the same "
                    "'%(replaced)s' on the same days. Keep one.",
                    rows=rows._names(),
                    replaced=rows[0].replaces_id.display_name,
                )
            )
        return problems

    def _let_go(self):
        """What was opened or decided stays; what is only planned goes with its row."""
        # sudo: what a row planned is taken back by code; nobody deletes visits
        visits = self.env["aftersales.visit"].sudo()
        if self.ids:
            visits = visits.search([("row_id", "in", self.ids)])
        kept = visits.filtered(lambda visit: not visit._is_untouched())
        if kept:
            raise ValidationError(
                self.env._(
                    "The periodic service '%(row)s' has visits that were opened, moved "
                    "or skipped (%(visit)s). Type its last day instead.",
                    row=kept[0].row_id.display_name,
                    visit=kept[0].display_name,
                )
            )
        visits.unlink()
        return super()._let_go()

    def _alike(self):
        """What makes the rows of two plans the same service to the customer."""
        self.ensure_one()
        return self.name, self.service_id, self.mode

    def _describe(self):
        self.ensure_one()
        return self.env._(
            "%(name)s: %(service)s, %(mode)s, %(often)s%(where)s.",
            name=self.name,
            service=self.service_id.name,
            mode=self._label("mode"),
            often=self._describe_often(),
            where=self.env._(", at each installation") if self.per_installation else "",
        )

    def _describe_often(self):
        number = self.recurring_interval
        if number == 1:
            return {
                "monthly": self.env._("once a month"),
                "quarterly": self.env._("once a quarter"),
                "semesterly": self.env._("once in six months"),
                "yearly": self.env._("once a year"),
            }[self.recurring_rule_type]
        return {
            "monthly": self.env._("every %s months", number),
            "quarterly": self.env._("every %s quarters", number),
            "semesterly": self.env._("every %s half-years", number),
            "yearly": self.env._("every %s years", number),
        }[self.recurring_rule_type]
