# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .aftersales_plan_row import WORK_MODES
from .aftersales_service import SERVICE_CATEGORIES


class AftersalesPlanCoverage(models.Model):
    """Which work a plan covers, and how it is paid (R3)."""

    _name = "aftersales.plan.coverage"
    _description = "Coverage of a Plan"
    _inherit = ["aftersales.plan.row"]
    _percent_fields = ("discount",)

    service_id = fields.Many2one(
        "aftersales.service",
        ondelete="restrict",
        check_company=True,
        help="Empty: any service. A row that names the service beats one that names "
        "its category, which beats one that names neither.",
    )
    service_category = fields.Selection(
        SERVICE_CATEGORIES, string="Category", help="Empty: any category."
    )
    mode = fields.Selection(
        WORK_MODES,
        required=True,
        default="any",
        help="How the work is done. Among equals, a row that names it beats Any.",
    )
    policy = fields.Selection(
        [
            ("included", "Included"),
            ("allowance", "From allowances"),
            ("billable", "Charged"),
            ("incident", "Charged per incident"),
            ("quote", "By quotation"),
            ("excluded", "Not covered"),
        ],
        required=True,
        default="included",
        help="Included: costs nothing.\n"
        "From allowances: taken from the allowances, then charged.\n"
        "Charged: at the prices of the plan, else of the standard card.\n"
        "Not covered: at the prices of the standard card, without discount.",
    )
    discount = fields.Float(
        string="Discount (%)",
        digits=0,
        aggregator=None,
        help="Off whatever is charged under this row; 10 means 10 %.",
    )

    @api.depends("service_id.name", "service_category", "mode")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._subject()

    def _subject(self):
        """Return the work that this row is about, as the subject of a sentence."""
        self.ensure_one()
        what = self.service_id.name or self._label("service_category")
        if not what:
            return {
                "remote": self.env._("Remote work"),
                "onsite": self.env._("On-site work"),
            }.get(self.mode, self.env._("All work"))
        if self.mode == "any":
            return what
        return self.env._("%(what)s, %(mode)s", what=what, mode=self._label("mode"))

    def _cover_all_work(self):
        """Tell whether these rows leave no work without a row (R3)."""
        general = self.filtered(lambda r: not r.service_id and not r.service_category)
        modes = set(general.mapped("mode"))
        return "any" in modes or {"remote", "onsite"} <= modes

    def _matches(self):
        # a row that names the service is compared by it, whatever its category
        category = False if self.service_id else self.service_category
        return self.service_id, category, self.mode

    def _publish_problems(self):
        problems = super()._publish_problems()
        for rows in self._contradictions(
            AftersalesPlanCoverage._matches, lambda row: (row.policy, row.discount)
        ):
            policies = ", ".join(
                row._with_days(f"'{row._label('policy')}'") for row in rows
            )
            problems.append(
                self.env._(
                    "Coverage: %(count)s rows on '%(subject)s' contradict each other "
                    "(%(policies)s). Keep one of them.",
                    count=len(rows),
                    subject=rows[0].display_name,
                    policies=policies,
                )
            )
        for row in self.filtered(lambda r: r.service_id and r.service_category):
            if row.service_id.category != row.service_category:
                problems.append(
                    self.env._(
                        "Coverage: '%(row)s' names a service and a category that is "
                        "not the service's. Clear the category.",
                        row=row.display_name,
                    )
                )
        return problems

    def _describe(self):
        self.ensure_one()
        what = self.display_name
        sentence = {
            "included": self.env._("%s: included.", what),
            "allowance": self.env._("%s: from the allowances, then charged.", what),
            "billable": self.env._("%s: charged.", what),
            "incident": self.env._("%s: charged per incident.", what),
            "quote": self.env._("%s: by quotation.", what),
            "excluded": self.env._(
                "%s: not covered, charged by the standard card.", what
            ),
        }[self.policy]
        if not self.discount:
            return sentence
        return self.env._(
            "%(sentence)s %(discount)s %% discount on what is charged.",
            sentence=sentence,
            discount=self._format_number(self.discount),
        )
