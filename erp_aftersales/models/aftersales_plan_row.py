# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

WORK_MODES = [("any", "Any"), ("remote", "Remote"), ("onsite", "On-site")]


def is_translation(records, vals):
    """Tell whether a write only translates texts, into another language than English.

    A translation changes how a published plan reads, never what it costs. The ORM's
    ``update_field_translations`` ends by writing the text that is there already, in
    whatever language it is called.
    """
    if not all(getattr(records._fields.get(name), "translate", False) for name in vals):
        return False
    return (records.env.lang or "en_US") != "en_US" or all(
        record[name] == value for record in records for name, value in vals.items()
    )


class AftersalesPlanRow(models.AbstractModel):
    """What the rows of a plan share: they are part of it, and stand once published.

    A contract's own rows are of the same models, and are changed at any time (R2).
    """

    _name = "aftersales.plan.row"
    _description = "Row of a Plan"
    _order = "sequence, id"
    _check_company_auto = True

    # names of fields that must lie between 0 and 100, or not below 0
    _percent_fields = ()
    _not_negative_fields = ()

    plan_id = fields.Many2one("aftersales.plan", index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    date_start = fields.Date(
        string="From",
        help="First day in force, of a contract's own row or on the standard card. "
        "Empty: since ever.",
    )
    date_end = fields.Date(
        string="To",
        help="Last day in force, of a contract's own row or on the standard card. "
        "Empty: until further notice.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True
    )

    @api.depends("plan_id.company_id", "contract_id.company_id")
    def _compute_company_id(self):
        for row in self:
            row.company_id = (row.contract_id or row.plan_id).company_id

    @api.depends(
        "plan_id.currency_id",
        "contract_id.currency_id",
        "contract_id.aftersales_plan_id.currency_id",
    )
    def _compute_currency_id(self):
        for row in self:
            row.currency_id = row._owner_currency()

    def _owner_currency(self):
        """Return the currency of plan or contract, which is that of its plan as well.

        A contract that is just being made has no currency yet, but has its plan.
        """
        contract = self.contract_id
        plan = self.plan_id or contract.aftersales_plan_id
        return plan.currency_id or contract.currency_id or self.env.company.currency_id

    @api.constrains("sequence", "date_start", "date_end")
    def _check_dates(self):
        for row in self.filtered(lambda row: row.date_start and row.date_end):
            if row.date_end < row.date_start:
                raise ValidationError(
                    self.env._(
                        "'%(row)s' ends on %(end)s, before it starts on %(start)s. "
                        "Change one of the days.",
                        row=row.display_name,
                        end=format_date(self.env, row.date_end),
                        start=format_date(self.env, row.date_start),
                    )
                )

    @api.constrains(
        lambda self: ("sequence", *self._percent_fields, *self._not_negative_fields)
    )
    def _check_ranges(self):
        for row in self:
            for name in row._percent_fields:
                if not 0 <= row[name] <= 100:
                    raise ValidationError(row._range_error(name))
            for name in row._not_negative_fields:
                if row[name] < 0:
                    raise ValidationError(row._range_error(name))

    def _range_error(self, name):
        self.ensure_one()
        label = self._fields[name]._description_string(self.env)
        if name in self._percent_fields:
            return self.env._(
                "%(label)s of '%(row)s' is %(value)s. Type a percentage from 0 to 100: "
                "10 means 10 %%.",
                label=label,
                row=self.display_name,
                value=self._format_number(self[name]),
            )
        return self.env._(
            "%(label)s of '%(row)s' is %(value)s. It cannot be below 0.",
            label=label,
            row=self.display_name,
            value=self._format_number(self[name]),
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new rows on a published plan, also from code and superuser."""
        rows = super().create(vals_list)
        rows.plan_id._check_is_draft()
        return rows

    def write(self, vals):
        """Refuse edits of a published plan's rows, also from code and superuser."""
        if is_translation(self, vals):
            return super().write(vals)
        self.plan_id._check_is_draft()
        result = super().write(vals)
        self.plan_id._check_is_draft()  # a row may have been moved into another plan
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.plan_id._check_is_draft()

    def _publish_problems(self):
        """Return sentences that say what must be mended before these rows, all of one
        plan or of one contract, can be used; each names the rows and the remedy."""
        return []

    def _contradictions(self, key, value):
        """Return groups of rows that match the very same and say different things.

        Rows that are never in force on the same day do not contradict.

        :param key: function of a row: what it matches
        :param value: function of a row: what it says
        """
        groups = defaultdict(self.browse)
        for row in self:
            groups[key(row)] |= row
        clashes = [
            rows.filtered(
                lambda row, rows=rows: any(
                    value(row) != value(other) and row._meets(other) for other in rows
                )
            )
            for rows in groups.values()
        ]
        return [rows for rows in clashes if rows]

    def _replacing_the_same(self):
        """Return groups of rows that stand instead of one row on the same days."""
        return self.filtered("replaces_id")._contradictions(
            lambda row: row.replaces_id, lambda row: row.id
        )

    def _meets(self, other):
        """Tell whether there is a day on which both rows are in force."""
        return (
            not (self.date_end and other.date_start)
            or other.date_start <= self.date_end
        ) and (
            not (other.date_end and self.date_start)
            or self.date_start <= other.date_end
        )

    def _label(self, name):
        """Return the label of a selection field's value in the reader's language."""
        self.ensure_one()
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")

    def _names(self):
        """Return the quoted names of the rows, for a sentence."""
        return self.env["aftersales.wording"]._quoted(self.mapped("display_name"))

    def _format_number(self, number, digits=0):
        """Return a number in the reader's language with all the digits it was typed."""
        exponent = Decimal(repr(number)).normalize().as_tuple().exponent
        return formatLang(self.env, number, digits=max(digits, -exponent))

    def _format_price(self, price):
        """Return a price in the row's currency; unlike an amount it is not rounded."""
        number = self._format_number(price, self.currency_id.decimal_places)
        return f"{number} {self.currency_id.name}"

    def _format_days(self):
        """Return the days in force for a sentence; nothing if they have no bounds."""
        start, end = (
            day and format_date(self.env, day)
            for day in (self.date_start, self.date_end)
        )
        if start and end:
            return self.env._("from %(start)s to %(end)s", start=start, end=end)
        if start:
            return self.env._("from %s", start)
        return self.env._("until %s", end) if end else ""

    def _with_days(self, text):
        """Return what a row says together with when it says so."""
        days = self._format_days()
        return f"{text} ({days})" if days else text

    def _describe(self):
        """Return one sentence that says what this row gives or costs."""
        raise NotImplementedError
