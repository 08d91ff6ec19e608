# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_compare, format_date

STATES = [
    ("open", "Open"),
    ("used_up", "Used up"),
    ("expired", "Expired"),
    ("future", "Not yet open"),
]


class AftersalesGrant(models.Model):
    """How much of a grant is used and left, and where it stands today."""

    _inherit = "aftersales.grant"

    used = fields.Float(compute="_compute_used", digits=0, help="In the unit.")
    remaining = fields.Float(
        compute="_compute_used", digits=0, help="What is left, in the unit."
    )
    used_percent = fields.Float(
        string="Used (%)", compute="_compute_used", digits=(16, 1)
    )
    minutes_used = fields.Float(compute="_compute_used", digits=0)
    minutes_remaining = fields.Float(compute="_compute_used", digits=0)
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        search="_search_state",
        help="Used up: nothing is left. Expired: its last day is over and the rest "
        "cannot be used any more.",
    )
    remaining_text = fields.Char(
        compute="_compute_texts", help="What is left, in words, for messages."
    )
    quantity_text = fields.Char(compute="_compute_texts")
    used_percent_text = fields.Char(compute="_compute_texts")
    source_id = fields.Many2one(
        "aftersales.grant",
        string="Passed on from",
        compute="_compute_source_id",
        help="The grant whose rest a rollover passes on.",
    )
    source = fields.Char(
        compute="_compute_source_id",
        help="Where it comes from: the allowance and period, the order, or the reason.",
    )

    @api.depends(
        "quantity", "minutes", "unit", "charge_ids.minutes_taken", "charge_ids.quantity"
    )
    def _compute_used(self):
        taken = {grant.id: sums for grant, *sums in self._origin._taken()}
        for grant in self:
            minutes, count = taken.get(grant._origin.id, (0, 0))
            in_hours = grant.unit == "hour"
            grant.used = minutes / 60 if in_hours else count
            grant.remaining = max(grant.quantity - grant.used, 0)
            grant.used_percent = (
                100 * grant.used / grant.quantity if grant.quantity else 0
            )
            grant.minutes_used = minutes if in_hours else 0
            grant.minutes_remaining = max(grant.minutes - grant.minutes_used, 0)

    @api.depends("remaining", "quantity", "unit")
    @api.depends_context("lang")
    def _compute_texts(self):
        for grant in self:
            grant.remaining_text = grant._quantity_text(grant.remaining)
            grant.quantity_text = grant._quantity_text(grant.quantity)
            grant.used_percent_text = f"{grant.used_percent:.0f} %"

    @api.depends("remaining", "date_start", "date_end", "company_id")
    def _compute_state(self):
        today = {
            company: company._aftersales_today()
            for company in self.company_id or self.env.company
        }
        for grant in self:
            day = today.get(grant.company_id) or self.env.company._aftersales_today()
            if float_compare(grant.remaining, 0, precision_digits=6) <= 0:
                grant.state = "used_up"
            elif grant.date_start and grant.date_start > day:
                grant.state = "future"
            elif grant.date_end and grant.date_end < day:
                grant.state = "expired"
            else:
                grant.state = "open"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = tuple(value)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "state", query), states
            )
        )

    @api.depends("origin", "allowance_id", "date_start", "reason", "sale_line_id")
    @api.depends_context("lang")
    def _compute_source_id(self):
        sources = self._rollover_sources()
        for grant in self:
            grant.source_id = sources.get(grant)
            grant.source = grant._source_text()

    def _rollover_sources(self):
        """The plan grant that ended the day before each rollover began."""
        rollovers = self.filtered(lambda grant: grant.origin == "rollover")
        if not rollovers:
            return {}
        ended = self.search(
            [
                ("contract_id", "in", rollovers.contract_id.ids),
                ("allowance_id", "in", rollovers.allowance_id.ids),
                ("origin", "=", "plan"),
                ("date_end", "!=", False),
            ]
        ).grouped(lambda g: (g.contract_id, g.allowance_id, g.date_end))
        return {
            grant: ended.get(
                (
                    grant.contract_id,
                    grant.allowance_id,
                    fields.Date.subtract(grant.date_start, days=1),
                ),
                self.browse(),
            )
            for grant in rollovers
        }

    def _source_text(self):
        """Say in a few words where a grant comes from."""
        self.ensure_one()
        if self.origin == "rollover" and self.source_id:
            return self.env._(
                "%(allowance)s, passed on from %(start)s - %(end)s",
                allowance=self.allowance_id.name,
                start=format_date(self.env, self.source_id.date_start),
                end=format_date(self.env, self.source_id.date_end),
            )
        # The number of the order is no secret to whoever sees what it bought.
        line = self.sudo().sale_line_id
        if line:
            return f"{line.order_id.name}: {line.product_id.name}"
        return self._name_text()

    # Lists, pivots and searches count in the database

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists sort, group and sum what is used and left; it is not stored."""
        if field_expr == "used":
            return self._used_sql(alias)
        if field_expr == "remaining":
            size = super()._field_to_sql(alias, "quantity", query)
            return SQL("GREATEST(%s - %s, 0)", size, self._used_sql(alias))
        if field_expr == "state":
            return self._state_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _used_sql(self, alias):
        # Safe: sums over a grant's own charges; what is left is the same for all.
        charges = self.env["aftersales.charge"].sudo()
        minutes, count, grant = (
            charges._field_to_sql("charge", name)
            for name in ("minutes_taken", "quantity", "grant_id")
        )
        return SQL(
            """(SELECT CASE WHEN %(unit)s = 'hour'
                       THEN COALESCE(SUM(%(minutes)s), 0) / 60
                       ELSE COALESCE(SUM(%(count)s), 0) END
                  FROM aftersales_charge charge WHERE %(grant)s = %(id)s)""",
            unit=self._field_to_sql(alias, "unit"),
            minutes=minutes,
            count=count,
            grant=grant,
            id=SQL.identifier(alias, "id"),
        )

    @api.model
    def _state_sql(self, alias):
        # Safe: each company's own day is asked for, nothing else of it.
        # pylint: disable=no-search-all  # a day for every company is the point
        companies = self.env["res.company"].sudo().search([])
        days = [
            SQL("WHEN %s THEN %s::date", company.id, company._aftersales_today())
            for company in companies
        ]
        today = SQL(
            "(CASE %s %s END)",
            self._field_to_sql(alias, "company_id"),
            SQL(" ").join(days),
        )
        return SQL(
            """(CASE WHEN %(left)s < 0.000001 THEN 'used_up'
                     WHEN %(start)s > %(today)s THEN 'future'
                     WHEN %(end)s < %(today)s THEN 'expired'
                     ELSE 'open' END)""",
            left=self._field_to_sql(alias, "remaining"),
            start=self._field_to_sql(alias, "date_start"),
            end=self._field_to_sql(alias, "date_end"),
            today=today,
        )
