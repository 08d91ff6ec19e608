# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_plan_row import is_translation

ROW_FIELDS = (
    "coverage_ids",
    "allowance_ids",
    "rate_ids",
    "fee_ids",
    "sla_ids",
    "upgrade_ids",
    "periodic_ids",
)


class AftersalesPlan(models.Model):
    """What is sold: coverage, allowances, prices, fees and service levels.

    Published plans never change (R2): an edit makes a new revision, and running
    contracts keep the revision they have until they are moved.
    """

    _name = "aftersales.plan"
    _description = "After-sales Plan"
    _inherit = ["mail.thread"]
    _order = "name, revision desc, id desc"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(help="Short name; all revisions share it.")
    revision = fields.Integer(
        readonly=True, default=1, copy=False, help="Counts the changes of this plan."
    )
    origin_id = fields.Many2one(
        "aftersales.plan",
        string="First revision",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The plan that this one is a revision of.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        help="Contracts are made from published plans. A retired plan is not sold any "
        "more, its contracts keep it.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: sold by all companies."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of all prices and fees, and of the contracts made from this plan.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service hours",
        ondelete="restrict",
        help="The clock of the service levels. Empty: round the clock, 7x24.",
    )
    band_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Hours of normal prices",
        ondelete="restrict",
        help="Outside of it work is after hours, on its public leaves a holiday. "
        "Empty: the service hours.",
    )
    default_service_id = fields.Many2one(
        "aftersales.service",
        string="Default service",
        ondelete="restrict",
        check_company=True,
        help="Of tickets whose category names none.",
    )
    invoice_grouping = fields.Selection(
        [("service", "By service"), ("ticket", "By ticket"), ("entry", "By entry")],
        string="Invoice lines",
        required=True,
        default="service",
        help="How charged work is put together on the invoice.",
    )
    invoice_sections = fields.Boolean(
        string="Sections by ticket",
        help="Work grouped by ticket stands under a heading for each ticket.",
    )
    coverage_ids = fields.One2many("aftersales.plan.coverage", "plan_id", copy=True)
    allowance_ids = fields.One2many(
        "aftersales.plan.allowance", "plan_id", string="Allowances", copy=True
    )
    rate_ids = fields.One2many(
        "aftersales.plan.rate", "plan_id", string="Prices", copy=True
    )
    fee_ids = fields.One2many(
        "aftersales.plan.fee", "plan_id", string="Fees", copy=True
    )
    sla_ids = fields.One2many(
        "aftersales.plan.sla", "plan_id", string="Service levels", copy=True
    )
    upgrade_ids = fields.One2many(
        "aftersales.plan.upgrade", "plan_id", string="Upgrades", copy=True
    )
    periodic_ids = fields.One2many(
        "aftersales.plan.periodic", "plan_id", string="Periodic services", copy=True
    )
    note = fields.Html(
        string="Description", translate=True, help="For the people who sell it."
    )
    summary = fields.Text(
        string="What it gives",
        compute="_compute_summary",
        help="The plan in words, made from its rows.",
    )
    contract_count = fields.Integer(compute="_compute_contract_count")
    revision_count = fields.Integer(compute="_compute_revision_count")

    @api.depends("name", "revision")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = plan.name
            if plan.revision > 1:
                plan.display_name = self.env._(
                    "%(plan)s (revision %(revision)s)",
                    plan=plan.name,
                    revision=plan.revision,
                )

    @api.depends(lambda self: self._summary_depends())
    @api.depends_context("lang")
    @api.depends_context("lang")
    def _compute_summary(self):
        for plan in self:
            plan.summary = "\n".join(plan._summary_lines())

    def _compute_contract_count(self):
        counts = dict(
            self.env["aftersales.contract.term"]._read_group(
                [("plan_id", "in", self.ids)],
                ["plan_id"],
                ["contract_id:count_distinct"],
            )
        )
        for plan in self:
            plan.contract_count = counts.get(plan, 0)

    def _compute_revision_count(self):
        origins = self.origin_id | self
        counts = dict(
            self.with_context(active_test=False)._read_group(
                [("origin_id", "in", origins.ids)], ["origin_id"], ["__count"]
            )
        )
        for plan in self:
            plan.revision_count = 1 + counts.get(plan.origin_id or plan, 0)

    @api.constrains("calendar_id", "band_calendar_id")
    def _check_calendars(self):
        for plan in self:
            for calendar in plan.calendar_id | plan.band_calendar_id:
                if calendar.flexible_hours or calendar.duration_based:
                    raise ValidationError(
                        self.env._(
                            "The calendar '%(calendar)s' of the plan '%(plan)s' has no "
                            "fixed hours, so it cannot run a clock. Choose a calendar "
                            "with fixed working hours.",
                            calendar=calendar.name,
                            plan=plan.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Make plans; each begins as a draft, whoever makes it."""
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise ValidationError(
                    self.env._(
                        "The plan '%s' begins as a draft. Publish it with 'Publish' "
                        "(action_publish) once its rows are there.",
                        vals.get("name"),
                    )
                )
        return super().create(vals_list)

    def write(self, vals):
        """Check a plan that is published; refuse edits of one that is (R2)."""
        locked = self.filtered(lambda plan: plan.state != "draft")
        if not locked._passes_lock(vals):
            locked._check_is_draft()
        state = vals.get("state")
        if state == "published":
            self._check_publishable()
        elif state == "retired":
            (self - locked)._check_is_not_draft()
        result = super().write(vals)
        if state:
            # What was published is kept in memory for rating: it never changes again.
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published_or_used(self):
        # sudo: a contract of another company keeps its plan as well
        terms = self.env["aftersales.contract.term"].sudo()
        for term in terms.search([("plan_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._(
                    "The plan '%(plan)s' is used by the contract '%(contract)s', so it "
                    "cannot be deleted. Retire or archive it instead.",
                    plan=term.plan_id.display_name,
                    contract=term.contract_id.display_name,
                )
            )
        for plan in self.filtered(lambda plan: plan.state != "draft"):
            raise ValidationError(
                self.env._(
                    "The plan '%(plan)s' is published, so it cannot be deleted. "
                    "Retire or archive it instead.",
                    plan=plan.display_name,
                )
            )

    def copy_data(self, default=None):
        """Mark copies by name, but for revisions, which keep it."""
        vals_list = super().copy_data(default)
        if "revision" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", plan.name))
            for plan, vals in zip(self, vals_list, strict=True)
        ]

    def action_publish(self):
        """Draft -> published, after checking that it is complete and consistent.

        :raises ValidationError: with everything that must be mended first
        """
        self.write({"state": "published"})

    def action_retire(self):
        """Published -> retired: not sold any more, kept by its contracts."""
        self.write({"state": "retired"})

    def action_revise(self):
        """Return a draft copy of this plan with the next revision number."""
        self.ensure_one()
        origin = self.origin_id or self
        family = self.with_context(active_test=False).search(
            ["|", ("id", "=", origin.id), ("origin_id", "=", origin.id)]
        )
        revision = max(family.mapped("revision")) + 1
        return self.copy({"revision": revision, "origin_id": origin.id})

    def action_open_new_revision(self):
        """Make the next revision and open it."""
        return self.action_revise()._get_records_action()

    def action_open_revisions(self):
        """Open all revisions of this plan."""
        self.ensure_one()
        origin = self.origin_id or self
        action = self._get_records_action(name=self.env._("Revisions"))
        action.pop("res_id", None)
        return action | {
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": ["|", ("id", "=", origin.id), ("origin_id", "=", origin.id)],
            "context": {"active_test": False, "create": False},
        }

    def action_open_contracts(self):
        """Open the contracts that have or had this plan."""
        self.ensure_one()
        terms = self.env["aftersales.contract.term"].search([("plan_id", "=", self.id)])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contracts with %s", self.display_name),
            "res_model": "contract.contract",
            "view_mode": "list,form",
            "domain": [("id", "in", terms.contract_id.ids)],
        }

    def _passes_lock(self, vals):
        """Tell whether a write may pass on plans that are published or retired."""
        if not self or is_translation(self, vals):
            return True
        return set(vals) <= {"active", "state"} and vals.get("state") in (
            None,
            "retired",
        )

    def _check_is_draft(self):
        for plan in self:
            if plan.state != "draft":
                raise ValidationError(
                    self.env._(
                        "The plan '%(plan)s' is published and never changes, because "
                        "contracts rely on it. Make a new revision with 'Revise' "
                        "(action_revise), edit that one and publish it.",
                        plan=plan.display_name,
                    )
                )

    def _check_is_not_draft(self):
        for plan in self:
            raise ValidationError(
                self.env._(
                    "The plan '%(plan)s' is a draft: only a published plan can be "
                    "retired. Delete or archive the draft.",
                    plan=plan.display_name,
                )
            )

    def _check_publishable(self):
        for plan in self:
            problems = plan._publish_problems()
            if problems:
                raise ValidationError(
                    self.env._(
                        "The plan '%(plan)s' cannot be published yet:\n%(problems)s",
                        plan=plan.display_name,
                        problems="\n".join(f"- {text}" for text in problems),
                    )
                )

    def _publish_problems(self):
        """Return sentences that say what must be mended before publishing."""
        self.ensure_one()
        return [
            problem for name in ROW_FIELDS for problem in self[name]._publish_problems()
        ]

    def _summary_lines(self):
        """Return the plan in words, one line for each list of rows."""
        self.ensure_one()
        lines = [
            " ".join(row._describe() for row in self[name])
            for name in ROW_FIELDS
            if self[name]
        ]
        if not self.coverage_ids._cover_all_work():
            lines.insert(
                1 if self.coverage_ids else 0,
                self.env._(
                    "All other work is not covered, charged by the standard card."
                )
                if self.coverage_ids
                else self.env._("No work is covered: all is charged by the card."),
            )
        return lines

    @api.model
    def _summary_depends(self):
        names = ["currency_id"]
        for rows in ROW_FIELDS:
            row_fields = self.env[self._fields[rows].comodel_name]._fields
            names += [
                f"{rows}.{field.name}"
                for field in row_fields.values()
                if field.store and field.name not in ("plan_id", *models.MAGIC_COLUMNS)
            ]
        return names
