# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesPlanSla(models.Model):
    """How fast tickets of a priority are answered and solved (L1)."""

    _name = "aftersales.plan.sla"
    _description = "Service Level of a Plan"
    _inherit = ["aftersales.promise.mixin", "aftersales.plan.row"]
    _order = "priority desc, id"
    _percent_fields = ("credit_percent",)
    _not_negative_fields = ("response_hours", "resolution_hours")

    priority = fields.Selection(
        lambda self: (
            self.env["helpdesk.ticket"]
            ._fields["priority"]
            ._description_selection(self.env)
        ),
        required=True,
        default="1",
        help="Tickets of this priority.",
    )
    response_hours = fields.Float(
        string="Answer within (h)",
        digits=0,
        aggregator=None,
        help="Hours of the plan's calendar. 0: no target.",
    )
    resolution_hours = fields.Float(
        string="Solve within (h)",
        digits=0,
        aggregator=None,
        help="Hours of the plan's calendar. 0: no target.",
    )
    credit_percent = fields.Float(
        string="Credit (%)",
        digits=0,
        aggregator=None,
        help="Percent of the month's fees that a missed target gives back.",
    )

    @api.depends("priority")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._label("priority")

    def _publish_problems(self):
        problems = super()._publish_problems()
        for rows in self._contradictions(lambda row: row.priority, lambda row: row.id):
            targets = " ".join(row._with_days(row._describe()) for row in rows)
            problems.append(
                self.env._(
                    "SLA: priority '%(priority)s' has %(count)s rows. Keep one. "
                    "%(targets)s",
                    priority=rows[0].display_name,
                    count=len(rows),
                    targets=targets,
                )
            )
        return problems

    def _describe(self):
        self.ensure_one()
        response = self._format_number(self.response_hours)
        resolution = self._format_number(self.resolution_hours)
        if not self.resolution_hours:
            text = self.env._("answer within %s h", response)
        elif not self.response_hours:
            text = self.env._("solution within %s h", resolution)
        else:
            text = self.env._(
                "answer within %(response)s h, solution within %(resolution)s h",
                response=response,
                resolution=resolution,
            )
        return self.env._(
            "Priority %(priority)s: %(text)s.", priority=self.display_name, text=text
        )
