# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Plans, own rows, cards, calendars and fees as facts."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import ormcache

from ..engine import facts as fact
from ..engine.periods import Schedule
from ..engine.worktime import Attendance, Calendar
from .aftersales_loader import decimal, to_minutes


@dataclass(frozen=True)
class Level:
    """A service level: minutes to answer and to solve, and what a miss pays back.

    No minutes: nothing is promised (L1); ``credit`` is a percent (R23).
    """

    response: int = 0
    resolution: int = 0
    credit: Decimal = fact.ZERO


@dataclass(frozen=True)
class Published:
    """A published plan: it never changes (R2), so that it is read once.

    ``plan`` is without its calendar, which does change; ``levels`` are what it promises
    by priority; ``clock_calendar_id``: in which calendar; ``tells``: an allowance has
    alert thresholds.
    """

    plan: fact.Plan
    calendar_id: int
    clock_calendar_id: int
    currency_id: int
    levels: dict[str, Level]
    tells: bool

    @property
    def policies(self):
        """The policies of its coverage rows (R3)."""
        return {row.policy for row in self.plan.coverage}


class AftersalesLoaderTerms(models.AbstractModel):
    """What is agreed: the part of the facts that work does not change."""

    _inherit = "aftersales.loader"

    # Plans and prices

    @api.model
    def _plans(self, plans):
        published = {plan_id: self._published(plan_id) for plan_id in plans.ids}
        calendar_ids = {each.calendar_id for each in published.values()} - {False}
        calendars = self._calendars(
            self.env["resource.calendar"].browse(sorted(calendar_ids))
        )
        return {
            plan_id: replace(each.plan, calendar=calendars.get(each.calendar_id))
            for plan_id, each in published.items()
        }

    @api.model
    @ormcache("plan_id")
    def _published(self, plan_id):
        """What a plan says; publishing one clears this cache."""
        plan = self.env["aftersales.plan"].sudo().browse(plan_id)
        return Published(
            plan=fact.Plan(
                id=plan.id,
                coverage=tuple(map(self._coverage_row, plan.coverage_ids)),
                rates=tuple(map(self._rate_row, plan.rate_ids)),
                allowances=tuple(map(self._allowance_row, plan.allowance_ids)),
            ),
            calendar_id=plan.band_calendar_id.id or plan.calendar_id.id,
            clock_calendar_id=plan.calendar_id.id,
            currency_id=plan.currency_id.id,
            levels={
                row.priority: self._level(row)
                for row in plan.sla_ids.sorted("id", reverse=True)
            },
            tells=any(plan.allowance_ids.mapped("alert_thresholds")),
        )

    @api.model
    def _level(self, row):
        return Level(
            to_minutes(row.response_hours),
            to_minutes(row.resolution_hours),
            decimal(row.credit_percent),
        )

    @api.model
    def _plans_of(self, contracts):
        """All plans that contracts have or had, as they were published."""
        return [
            self._published(id_) for id_ in contracts.aftersales_term_ids.plan_id.ids
        ]

    @api.model
    def _stops_work(self, contract):
        """Whether an allowance of a contract, or of its plans, ends in a stop (R25)."""
        layers = [each.plan for each in self._plans_of(contract)]
        layers.append(self._own_rows(contract))
        return any(row.at_end == "stop" for each in layers for row in each.allowances)

    @api.model
    def _tells(self, contract):
        """Whether somebody may want to know how far an allowance is used (R25)."""
        of_plans = any(each.tells for each in self._plans_of(contract))
        return of_plans or contract.aftersales_has_own_terms

    @api.model
    def _currency(self, contract):
        """The currency of a contract's charges: its plan's."""
        plan = self._published(contract.aftersales_plan_id.id)
        return self.env["res.currency"].browse(plan.currency_id)

    @api.model
    def _own_rows(self, contract):
        """The contract's own rows, the layer above its plan (R2)."""
        if not contract.aftersales_has_own_terms:
            return fact.OwnRows()
        return fact.OwnRows(
            coverage=tuple(map(self._coverage_row, contract.aftersales_coverage_ids)),
            rates=tuple(map(self._rate_row, contract.aftersales_rate_ids)),
            allowances=tuple(
                map(self._allowance_row, contract.aftersales_allowance_ids)
            ),
        )

    @api.model
    def _coverage_row(self, row):
        return fact.CoverageRow(
            id=row.id,
            sequence=row.sequence,
            service_id=row.service_id.id or None,
            category=row.service_category or None,
            mode=None if row.mode == "any" else row.mode,
            policy=row.policy,
            discount=decimal(row.discount),
            start=row.date_start or None,
            end=row.date_end or None,
        )

    @api.model
    def _rate_row(self, row):
        return fact.RateRow(
            id=row.id,
            sequence=row.sequence,
            price=decimal(row.price),
            service_id=row.service_id.id or None,
            grade_id=row.grade_id.id or None,
            mode=None if row.mode == "any" else row.mode,
            region_id=row.region_id.id or None,
            band=None if row.band == "any" else row.band,
            unit=row.unit,
            increment=row.increment,
            minimum=row.minimum,
            per_visit=row.rounding_scope == "visit",
            burn_factor=decimal(row.burn_factor),
            start=row.date_start or None,
            end=row.date_end or None,
            percent=decimal(row.percent) if row.percent else None,
        )

    @api.model
    def _allowance_row(self, row):
        return fact.AllowanceRow(
            id=row.id,
            size=self._size(row.quantity, row.unit),
            period=row.period,
            service_ids=frozenset(row.service_ids.ids),
            priority=row.priority,
            prorate=row.prorate,
            unit=row.unit,
            at_end=row.at_end,
            rollover_max=self._size(row.rollover_max, row.unit),
            rollover_periods=row.rollover_periods,
            start=row.date_start or None,
            end=row.date_end or None,
            replaces_id=row.replaces_id.id or None,
        )

    @api.model
    def _size(self, quantity, unit):
        """Whole minutes of hours, or whole incidents."""
        return int(decimal(quantity)) if unit == "incident" else to_minutes(quantity)

    @api.model
    def _cards(self, companies):
        """The standard card by company and currency (R2, R10).

        A row without company is on the card of every company.
        """
        rows = self.env["aftersales.plan.rate"].search(
            [
                ("plan_id", "=", False),
                ("contract_id", "=", False),
                ("company_id", "in", [*companies.ids, False]),
            ]
        )
        cards = defaultdict(list)
        for row in rows:
            for company_id in row.company_id.ids or companies.ids:
                cards[company_id, row.currency_id.id].append(self._rate_row(row))
        return {key: tuple(card) for key, card in cards.items()}

    @api.model
    def _calendars(self, calendars):
        """Attendances and global leaves of calendars, as Odoo counts them (R6, L1)."""
        attendances, leaves = defaultdict(list), defaultdict(list)
        for row in self.env["resource.calendar.attendance"].search_fetch(
            [
                ("calendar_id", "in", calendars.ids),
                ("display_type", "=", False),
                ("day_period", "!=", "lunch"),
            ],
            ["calendar_id", "dayofweek", "hour_from", "hour_to", "week_type"],
        ):
            attendances[row.calendar_id.id].append(self._attendance(row))
        domain = [
            ("resource_id", "=", False),
            ("time_type", "=", "leave"),
            ("calendar_id", "in", [*calendars.ids, False]),
        ]
        for row in self.env["resource.calendar.leaves"].search_fetch(
            domain, ["calendar_id", "company_id", "date_from", "date_to"]
        ):
            span = row.date_from.replace(tzinfo=UTC), row.date_to.replace(tzinfo=UTC)
            leaves[row.calendar_id.id].append((row.company_id.id, span))
        return {
            calendar.id: Calendar(
                calendar.tz,
                tuple(attendances[calendar.id]),
                tuple(
                    span
                    for company, span in leaves[calendar.id] + leaves[False]
                    if not company or company == calendar.company_id.id
                ),
            )
            for calendar in calendars
        }

    @api.model
    def _attendance(self, row):
        return Attendance(
            weekday=int(row.dayofweek),
            start=to_minutes(row.hour_from),
            end=to_minutes(row.hour_to),
            week=int(row.week_type) if row.week_type else None,
        )

    # Fees

    @api.model
    def _fee_lines(self, contract, members=None):
        """All lines of fees of a contract, also canceled ones (R22).

        :param dict members: percent off, as :meth:`_members` gives it
        """
        if members is None:
            members = self._members(contract, contract.company_id._aftersales_today())
        every = contract.contract_line_ids
        lines = every.filtered(lambda line: line.aftersales_kind == "fee")
        # What is asked of one line is fetched for those of all contracts.
        lines = lines.with_prefetch(every._prefetch_ids)
        increases = self._increases(contract, lines)
        return tuple(
            fact.FeeLine(
                row=self._fee_row(line.aftersales_fee_id),
                schedule=self._schedule(line),
                member=members.get(
                    (contract.pricelist_id.id, line.product_id.id), fact.ZERO
                ),
                increases=increases[line.id],
                is_canceled=line.is_canceled,
            )
            for line in lines
        )

    @api.model
    def _increases(self, contract, lines):
        """The price increases of renewals that each line has lived through (C8).

        A fee that begins anew, with another plan or after a gap, has its own price.

        :return dict: percents, the oldest first, by line id
        """
        renewals = [
            (term.date_start, decimal(term.increase))
            for term in contract.aftersales_term_ids.sorted("date_start")
            if term.is_renewal and term.increase
        ]
        found = {}
        for ours in lines.grouped("aftersales_fee_id").values():
            since, behind = None, None
            for line in ours.sorted("date_start"):
                if since is None or line.date_start != behind:
                    since = line.date_start
                behind = line.date_end and line.date_end + timedelta(days=1)
                found[line.id] = tuple(
                    percent
                    for day, percent in renewals
                    if since < day <= line.date_start
                )
        return found

    @api.model
    def _members(self, contracts, day):
        """Member prices: percent off by price list and product on a day (R20).

        Only rules in percent are asked for: a price list that names other prices does
        not know how a fee is reckoned.
        """
        members = {}
        for pricelist, ours in contracts.grouped("pricelist_id").items():
            fees = ours.contract_line_ids.filtered("aftersales_fee_id").product_id
            members |= self._member_prices(pricelist, fees, day)
        return members

    @api.model
    def _member_prices(self, pricelist, products, day):
        """Percent off by (price list, product), as :meth:`_members` gives it."""
        if not (pricelist and products):
            return {}
        found = pricelist._compute_price_rule(
            products, 1, date=day, compute_price=False
        )
        rules = self.env["product.pricelist.item"].browse(
            {rule_id for _price, rule_id in found.values() if rule_id}
        )
        percents = {rule.id: self._percent_off(rule) for rule in rules}
        return {
            (pricelist.id, product_id): percents.get(rule_id, fact.ZERO)
            for product_id, (_price, rule_id) in found.items()
        }

    @api.model
    def _percent_off(self, rule):
        if rule.compute_price == "percentage":
            return decimal(rule.percent_price)
        if rule.compute_price == "formula":
            return decimal(rule.price_discount)
        return fact.ZERO

    @api.model
    def _fee_row(self, row):
        return fact.FeeRow(
            id=row.id,
            basis=row.basis,
            price=decimal(row.price),
            percent=decimal(row.percent),
            discount=decimal(row.discount),
            minimum_fee=decimal(row.minimum_fee),
            tiers=tuple(
                (decimal(tier.up_to) or None, decimal(tier.price))
                for tier in row.tier_ids
            ),
            by_volume=row.tier_mode == "volume",
            factors=tuple(
                (factor.id, decimal(factor.factor)) for factor in row.factor_ids
            ),
            credit_decrease=row.credit_decrease,
        )

    @api.model
    def _schedule(self, line):
        """A contract line's recurrence as OCA keeps it (R8)."""
        return Schedule(
            date_start=line.date_start,
            date_end=line.date_end or None,
            rule=line.recurring_rule_type,
            interval=line.recurring_interval,
            invoicing=line.recurring_invoicing_type,
            last_invoiced=line.last_date_invoiced or None,
            next_date=line.recurring_next_date or None,
        )

    @api.model
    def _metrics(self, installations):
        metrics = defaultdict(list)
        for metric in self.env["aftersales.installation.metric"].search(
            [("installation_id", "in", installations.ids)]
        ):
            metrics[metric.installation_id.id].append(
                fact.Metric(
                    metric.installation_id.id,
                    metric.metric,
                    metric.date,
                    decimal(metric.value),
                )
            )
        return metrics
