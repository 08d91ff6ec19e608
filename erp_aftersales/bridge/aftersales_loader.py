# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Records become facts: the border where floats turn into decimals."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from odoo import api, models

from ..engine import facts as fact
from ..engine.periods import Schedule
from ..engine.worktime import Attendance, Calendar


def decimal(number):
    """A float of the database as the decimal a person typed."""
    return Decimal(str(number or 0))


class AftersalesLoader(models.AbstractModel):
    """Fetches all that the engine needs, with a constant number of queries."""

    _name = "aftersales.loader"
    _description = "After-sales: records to facts"

    @api.model
    def _facts(self, contracts, since, fees_until=None):
        """Load the facts of many contracts at once.

        :param contracts: contracts under a plan, in sudo
        :param dict since: first day rated, by contract id
        :param date fees_until: fees due by this day are made; None: none new
        :return dict: engine facts by contract id
        """
        plans = self._plans(contracts.aftersales_term_ids.plan_id)
        cards = self._cards(contracts)
        work = self._work(contracts, since)
        existing = self._existing(contracts, since)
        grants = self._grants(contracts, since)
        metrics = self._metrics(contracts.installation_ids)
        return {
            contract.id: fact.Facts(
                contract_id=contract.id,
                start=contract.date_start,
                end=contract.date_end or None,
                since=since.get(contract.id),
                until=contract.company_id._aftersales_today(),
                fees_until=fees_until,
                rounding=decimal(contract.currency_id.rounding),
                terms=tuple(
                    fact.Term(term.date_start, plans[term.plan_id.id])
                    for term in contract.aftersales_term_ids
                ),
                card=cards.get((contract.company_id.id, contract.currency_id.id), ()),
                work=tuple(work[contract.id]),
                grants=tuple(grants[contract.id]),
                fee_lines=self._fee_lines(contract),
                metrics=tuple(
                    metric
                    for installation in contract.installation_ids
                    for metric in metrics[installation.id]
                ),
                existing=tuple(existing[contract.id]),
            )
            for contract in contracts
        }

    # Plans and prices

    @api.model
    def _plans(self, plans):
        calendars = self._calendars(plans.band_calendar_id | plans.calendar_id)
        return {
            plan.id: fact.Plan(
                id=plan.id,
                calendar=calendars.get(plan.band_calendar_id.id or plan.calendar_id.id),
                coverage=tuple(map(self._coverage_row, plan.coverage_ids)),
                rates=tuple(map(self._rate_row, plan.rate_ids)),
                allowances=tuple(map(self._allowance_row, plan.allowance_ids)),
            )
            for plan in plans
        }

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
        )

    @api.model
    def _allowance_row(self, row):
        return fact.AllowanceRow(
            id=row.id,
            size=round(decimal(row.quantity) * 60),
            period=row.period,
            service_ids=frozenset(row.service_ids.ids),
            priority=row.priority,
            prorate=row.prorate,
        )

    @api.model
    def _cards(self, contracts):
        """The standard card by company and currency (R2, R10)."""
        rows = self.env["aftersales.plan.rate"].search(
            [("plan_id", "=", False), ("company_id", "in", contracts.company_id.ids)]
        )
        cards = defaultdict(list)
        for row in rows:
            cards[row.company_id.id, row.currency_id.id].append(self._rate_row(row))
        return {key: tuple(card) for key, card in cards.items()}

    @api.model
    def _calendars(self, calendars):
        """Attendances and global leaves of calendars, as Odoo counts them (R6, L1)."""
        attendances, leaves = defaultdict(list), defaultdict(list)
        for row in self.env["resource.calendar.attendance"].search(
            [
                ("calendar_id", "in", calendars.ids),
                ("display_type", "=", False),
                ("day_period", "!=", "lunch"),
            ]
        ):
            attendances[row.calendar_id.id].append(self._attendance(row))
        domain = [
            ("resource_id", "=", False),
            ("time_type", "=", "leave"),
            ("calendar_id", "in", [*calendars.ids, False]),
        ]
        for row in self.env["resource.calendar.leaves"].search(domain):
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
            start=round(decimal(row.hour_from) * 60),
            end=round(decimal(row.hour_to) * 60),
            week=int(row.week_type) if row.week_type else None,
        )

    # Work

    @api.model
    def _work(self, contracts, since):
        """Timesheets on the contracts' tickets, from the first day rated on."""
        lines = self.env["account.analytic.line"].search(
            [
                ("ticket_id.contract_id", "in", contracts.ids),
                ("project_id", "!=", False),
                ("date", ">=", min(since.values())),
            ],
            order="date, id",
        )
        grade_of = self._grades(lines.employee_id)
        minutes = lines._aftersales_minutes()
        work = defaultdict(list)
        for line in lines:
            contract = line.ticket_id.contract_id
            if line.date >= since[contract.id]:
                grade = grade_of(line.employee_id.id, line.date)
                work[contract.id].append(self._one_work(line, minutes[line.id], grade))
        return work

    @api.model
    def _one_work(self, line, minutes, grade_id):
        service = line.service_id
        return fact.Work(
            id=line.id,
            ticket_id=line.ticket_id.id,
            day=line.date,
            minutes=minutes,
            service_id=service.id or None,
            category=service.category or None,
            mode=line.service_mode or "remote",
            grade_id=grade_id,
            region_id=line.ticket_id.installation_id.region_id.id or None,
            start=line.start_datetime and line.start_datetime.replace(tzinfo=UTC),
            is_vendor_fault=service.is_vendor_fault,
        )

    @api.model
    def _grades(self, employees):
        """A function that gives an employee's grade on a day, from its versions."""
        dates, grades = defaultdict(list), defaultdict(list)
        versions = self.env["hr.version"].search(
            [("employee_id", "in", employees.ids)], order="employee_id, date_version"
        )
        for version in versions:
            dates[version.employee_id.id].append(version.date_version)
            grades[version.employee_id.id].append(version.aftersales_grade_id.id)

        def grade_of(employee_id, day):
            index = max(bisect_right(dates[employee_id], day) - 1, 0)
            return (grades[employee_id] or [None])[index] or None

        return grade_of

    # Grants and charges

    @api.model
    def _grants(self, contracts, since):
        """Grants still open on the first day rated, with what is taken before it."""
        grants = self.env["aftersales.grant"].search(
            [
                ("contract_id", "in", contracts.ids),
                ("unit", "=", "hour"),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", min(since.values())),
            ]
        )
        taken = self._taken_before(grants, since)
        by_contract = defaultdict(list)
        for grant in grants:
            contract_id = grant.contract_id.id
            if not grant.date_end or grant.date_end >= since[contract_id]:
                by_contract[contract_id].append(
                    replace(self._grant(grant), taken=taken[grant.id])
                )
        return by_contract

    @api.model
    def _grant(self, grant):
        return fact.Grant(
            id=grant.id,
            allowance_id=grant.allowance_id.id or None,
            origin=grant.origin,
            size=grant.minutes,
            start=grant.date_start,
            end=grant.date_end or None,
            service_ids=frozenset(grant.service_ids.ids),
            priority=grant.priority,
            agreed=grant.date_agreed or None,
        )

    @api.model
    def _taken_before(self, grants, since):
        taken = defaultdict(Decimal)
        groups = self.env["aftersales.charge"]._read_group(
            [("grant_id", "in", grants.ids), ("date", "<", max(since.values()))],
            ["grant_id", "contract_id", "date:month"],
            ["minutes_taken:sum"],
        )
        for grant, contract, month, minutes in groups:
            if month < since[contract.id]:
                taken[grant.id] += decimal(minutes)
        return taken

    @api.model
    def _existing(self, contracts, since):
        charges = self.env["aftersales.charge"].search(
            [
                ("contract_id", "in", contracts.ids),
                "|",
                ("fee_id", "!=", False),
                ("date", ">=", min(since.values())),
            ]
        )
        existing = defaultdict(list)
        for charge in charges:
            first = since[charge.contract_id.id]
            if charge.fee_id or charge.date >= first:
                existing[charge.contract_id.id].append(
                    fact.Existing(
                        charge.id, self._charge(charge), charge.state == "invoiced"
                    )
                )
        return existing

    @api.model
    def _charge(self, charge):
        """A charge of the books as the engine's value."""
        is_time = charge.unit in ("hour", "day")
        return fact.Charge(
            key=charge.key,
            kind=charge.kind,
            day=charge.date,
            amount=decimal(charge.amount),
            ticket_id=charge.ticket_id.id or None,
            work_id=charge.timesheet_id.id or None,
            fee_id=charge.fee_id.id or None,
            start=charge.date_start or None,
            end=charge.date_end or None,
            service_id=charge.service_id.id or None,
            mode=charge.service_mode or None,
            grade_id=charge.grade_id.id or None,
            band=charge.band or None,
            worked=charge.minutes_worked,
            minutes=charge.minutes,
            taken=decimal(charge.minutes_taken),
            count=fact.ZERO if is_time else decimal(charge.quantity),
            unit=charge.unit or None,
            grant=self._grant(charge.grant_id).key if charge.grant_id else None,
            rate_id=charge.rate_id.id or None,
            price=decimal(charge.price_unit),
            discount=decimal(charge.discount),
            waiting=charge.is_waiting,
            reason=charge.reason_code or "",
            args=charge.reason_args or {},
        )

    # Fees

    @api.model
    def _fee_lines(self, contract):
        return tuple(
            fact.FeeLine(self._fee_row(line.aftersales_fee_id), self._schedule(line))
            for line in contract.contract_line_ids
            if line.aftersales_kind == "fee" and not line.is_canceled
        )

    @api.model
    def _fee_row(self, row):
        return fact.FeeRow(
            id=row.id,
            basis=row.basis,
            price=decimal(row.price),
            percent=decimal(row.percent),
            discount=decimal(row.discount),
            minimum_fee=decimal(row.minimum_fee),
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
