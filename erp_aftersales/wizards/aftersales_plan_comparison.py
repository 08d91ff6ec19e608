# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from difflib import SequenceMatcher
from itertools import zip_longest

from odoo import Command, api, fields, models

from ..models.aftersales_plan import ROW_FIELDS

PLAN_FIELDS = (
    "currency_id",
    "calendar_id",
    "band_calendar_id",
    "default_service_id",
    "invoice_grouping",
)


class AftersalesPlanComparison(models.TransientModel):
    """Two plans side by side, mostly two revisions of one: what differs (C8)."""

    _name = "aftersales.plan.comparison"
    _description = "Compare two Plans"

    old_id = fields.Many2one("aftersales.plan", string="This one", required=True)
    new_id = fields.Many2one("aftersales.plan", string="With that one", required=True)
    line_ids = fields.One2many(
        "aftersales.plan.comparison.line",
        "comparison_id",
        compute="_compute_line_ids",
        store=True,
    )
    contract_count = fields.Integer(
        string="Contracts of this one",
        compute="_compute_contract_count",
        help="Under this plan today; they can be moved to the other one.",
    )

    @api.depends("old_id", "new_id")
    @api.depends_context("lang")
    def _compute_line_ids(self):
        for comparison in self:
            comparison.line_ids = [
                Command.clear(),
                *(Command.create(line) for line in comparison._lines()),
            ]

    @api.depends("old_id")
    def _compute_contract_count(self):
        for comparison in self:
            comparison.contract_count = len(comparison._contracts())

    def _contracts(self):
        return self.env["contract.contract"].search(
            [("aftersales_plan_id", "=", self.old_id.id)]
        )

    def _lines(self):
        """The values of the lines: plan first, then list by list."""
        old, new = self.old_id, self.new_id
        if not (old and new):
            return
        fields_ = self.env["aftersales.plan"]._fields
        for name in PLAN_FIELDS:
            texts = [self._text(plan, name) for plan in (old, new)]
            if any(texts):
                yield self._line(fields_[name]._description_string(self.env), *texts)
        for name in ROW_FIELDS:
            section = fields_[name]._description_string(self.env)
            for texts in self._pairs(old[name], new[name]):
                yield self._line(section, *texts)

    def _text(self, record, name):
        return record._fields[name].convert_to_export(record[name], record) or ""

    def _pairs(self, old, new):
        """Rows that say the same beside each other; then what is changed, gone, new."""
        ours, theirs = [*map(self._words, old)], [*map(self._words, new)]
        matcher = SequenceMatcher(a=ours, b=theirs, autojunk=False)
        for _code, i, j, k, m in matcher.get_opcodes():
            yield from zip_longest(ours[i:j], theirs[k:m], fillvalue="")

    def _words(self, row):
        """What a row says, with what its sentence may leave out."""
        said = row._describe()
        names = ("increment", "minimum", "rounding_scope", "burn_factor")
        names += ("prorate", "rollover_max", "rollover_periods", "credit_decrease")
        more = [
            row._field_text(name) for name in names if name in row._fields and row[name]
        ]
        return "\n".join([said, ", ".join(more)] if more else [said])

    def _line(self, section, old, new):
        state = "same"
        if old != new:
            state = "new" if not old else "changed" if new else "gone"
        return {"section": section, "old": old, "new": new, "state": state}

    def action_swap(self):
        """Compare the other way round."""
        for comparison in self:
            old, new = comparison.old_id, comparison.new_id
            comparison.write({"old_id": new.id, "new_id": old.id})
        return self._get_records_action(target="new")

    def action_move_contracts(self):
        """Move its contracts to the other one, after showing what that does."""
        self.ensure_one()
        contracts = self._contracts()
        return contracts._aftersales_change_action({"default_plan_id": self.new_id.id})


class AftersalesPlanComparisonLine(models.TransientModel):
    """What two plans say of one thing."""

    _name = "aftersales.plan.comparison.line"
    _description = "Line of a Comparison of Plans"

    comparison_id = fields.Many2one(
        "aftersales.plan.comparison", required=True, ondelete="cascade"
    )
    section = fields.Char(string="About")
    old = fields.Text(string="This")
    new = fields.Text(string="That")
    state = fields.Selection(
        [("same", "Same"), ("changed", "Changed"), ("new", "New"), ("gone", "Gone")],
        string="Difference",
    )
