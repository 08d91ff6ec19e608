# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Records become facts: the border where floats turn into decimals."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from functools import lru_cache

from odoo import api, models

from ..engine import facts as fact


@lru_cache(maxsize=10_000)
def decimal(number):
    """A float of the database as the decimal a person typed."""
    return Decimal(str(number or 0))


def to_minutes(hours):
    """Whole minutes of typed hours."""
    return round(decimal(hours) * 60)


class AftersalesLoader(models.AbstractModel):
    """Fetches all that the engine needs, with a constant number of queries."""

    _name = "aftersales.loader"
    _description = "After-sales: records to facts"

    @api.model
    def _facts(self, contracts, since, fees_until=None, with_fees=False):
        """Load the facts of many contracts at once.

        :param contracts: contracts under a plan, in sudo
        :param dict since: first day rated, by contract id
        :param date fees_until: fees due by this day are made; None: none new
        :param with_fees: fees are worked out for all of them
        :return dict: engine facts by contract id
        """
        facts = self._terms_facts(contracts)
        lines = self._work_lines(contracts, since)
        work = self._work(lines)
        grants = self._grants(contracts, since, facts)
        existing = self._existing(contracts, since)
        tickets = self._tickets(contracts, since, lines)
        misses = self._misses(contracts, since)
        with_fees = contracts.filtered(
            lambda contract: (
                fees_until
                or with_fees
                or misses[contract.id]
                or self._has_open_fees(existing[contract.id])
            )
        )
        metrics, asked = self._metrics(with_fees.installation_ids), {*with_fees.ids}
        day = fees_until or contracts.company_id[:1]._aftersales_today()
        members = self._members(with_fees, day)
        earlier = self._earlier(tickets, since)
        return {
            contract.id: replace(
                facts[contract.id],
                since=since.get(contract.id),
                fees_until=fees_until,
                work=tuple(work[contract.id]),
                tickets=tuple(tickets[contract.id]),
                misses=tuple(misses[contract.id]),
                earlier=tuple(earlier[contract.id]),
                grants=tuple(grants[contract.id]),
                fee_lines=self._fee_lines(contract, members)
                if contract.id in asked
                else None,
                metrics=tuple(
                    metric
                    for installation in contract.installation_ids
                    for metric in metrics[installation.id]
                )
                if contract.id in asked
                else (),
                existing=tuple(existing[contract.id]),
            )
            for contract in contracts
        }

    @api.model
    def _columns(self, model):
        """The fields that Odoo reads together: here it reads them while it searches."""
        fields = self.env[model]._fields.values()
        return [
            each.name for each in fields if each.column_type and each.prefetch is True
        ]

    @api.model
    def _terms_facts(self, contracts):
        """What is agreed, by contract id: facts without anything that happened."""
        plans = self._plans(contracts.aftersales_term_ids.plan_id)
        cards = self._cards(contracts.company_id)
        return {
            contract.id: fact.Facts(
                contract_id=contract.id,
                start=contract.date_start,
                end=contract.date_end or None,
                until=contract.company_id._aftersales_today(),
                rounding=decimal(self._currency(contract).rounding),
                terms=tuple(
                    fact.Term(term.date_start, plans[term.plan_id.id])
                    # A term just written stands last in memory, whatever its day.
                    for term in contract.aftersales_term_ids.sorted("date_start")
                ),
                own=self._own_rows(contract),
                card=cards.get(
                    (contract.company_id.id, self._currency(contract).id), ()
                ),
                overage_limit=decimal(contract.overage_limit),
                renewals=tuple(
                    term.date_start
                    for term in contract.aftersales_term_ids.sorted("date_start")
                    if term.is_renewal
                ),
                pauses=tuple(
                    (pause.date_start, pause.date_end)
                    for pause in contract.aftersales_pause_ids.sorted("date_start")
                ),
                refunds_end=not contract.aftersales_keeps_paid,
            )
            for contract in contracts
        }

    # Work

    @api.model
    def _work_lines(self, contracts, since):
        """Timesheets on the contracts' tickets, from the first day rated on."""
        lines = self.env["account.analytic.line"].search_fetch(
            [
                ("ticket_id.contract_id", "in", contracts.ids),
                ("project_id", "!=", False),
                ("date", ">=", min(since.values())),
            ],
            self._columns("account.analytic.line"),
            order="date, id",
        )
        first = {ticket.id: since[ticket.contract_id.id] for ticket in lines.ticket_id}
        return lines.filtered(lambda line: line.date >= first[line.ticket_id.id])

    @api.model
    def _work(self, lines):
        """Timesheets as work, by the id of their ticket's contract."""
        contract_of = {t.id: t.contract_id.id for t in lines.ticket_id}
        work = defaultdict(list)
        for each in self._works(lines).values():
            work[contract_of[each.ticket_id]].append(each)
        return work

    @api.model
    def _works(self, lines):
        """Timesheets as work, by their own id."""
        grade_of = self._grades(lines.employee_id)
        minutes = lines._aftersales_minutes()
        # What many lines share is asked for once.
        regions = {t.id: t.installation_id.region_id.id for t in lines.ticket_id}
        services = {s.id: (s.category, s.is_vendor_fault) for s in lines.service_id}
        works = {}
        for line in lines:
            day, ticket_id, service_id = (
                line.date,
                line.ticket_id.id,
                line.service_id.id,
            )
            category, is_fault = services.get(service_id, (None, False))
            works[line.id] = fact.Work(
                id=line.id,
                ticket_id=ticket_id,
                day=day,
                minutes=minutes[line.id],
                service_id=service_id or None,
                category=category or None,
                mode=line.service_mode or "remote",
                grade_id=grade_of(line.employee_id.id, day),
                region_id=regions.get(ticket_id) or None,
                start=line.start_datetime and line.start_datetime.replace(tzinfo=UTC),
                is_vendor_fault=is_fault,
                revision=line.aftersales_revision,
            )
        return works

    @api.model
    def _grades(self, employees):
        """A function that gives an employee's grade on a day, from its versions."""
        dates, grades = defaultdict(list), defaultdict(list)
        versions = self.env["hr.version"].search_fetch(
            [("employee_id", "in", employees.ids)],
            ["employee_id", "date_version", "aftersales_grade_id"],
            order="date_version, id",
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
    def _grants(self, contracts, since, facts):
        """Grants still open on the first day rated, with what is taken before it.

        :param dict facts: what is agreed, by contract id
        """
        rows = {
            row.id: row
            for agreed in facts.values()
            for layer in (agreed.own, *(term.plan for term in agreed.terms))
            for row in layer.allowances
        }
        grants = self.env["aftersales.grant"].search_fetch(
            [
                ("contract_id", "in", contracts.ids),
                "|",
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", min(since.values())),
                # What is left of it may still live in a rollover (R8).
                ("allowance_id.rollover_periods", ">", 0),
            ],
            self._columns("aftersales.grant"),
            order="id",
        )
        taken = self._taken_before(grants, since)
        by_contract = defaultdict(list)
        for grant in grants:
            contract_id = grant.contract_id.id
            is_open = not grant.date_end or grant.date_end >= since[contract_id]
            row = rows.get(grant.allowance_id.id)
            if is_open or (row and row.rollover_periods):
                by_contract[contract_id].append(
                    replace(self._grant(grant, row), taken=taken[grant.id])
                )
        return by_contract

    @api.model
    def _grant(self, grant, row=None):
        """:param row: the engine's row that grants it; None for packs"""
        return fact.Grant(
            id=grant.id,
            allowance_id=grant.allowance_id.id or None,
            origin=grant.origin,
            size=self._size(grant.quantity, grant.unit)
            if grant.unit == "incident"
            else grant.minutes,
            start=grant.date_start,
            end=grant.date_end or None,
            service_ids=frozenset(grant.service_ids.ids),
            priority=grant.priority,
            unit=grant.unit,
            at_end=row.at_end if row else None,
            agreed=grant.date_agreed or None,
            less=grant.minutes_less,
        )

    @api.model
    def _grant_key(self, grant):
        return fact.grant_key(
            grant.origin, grant.id, grant.allowance_id.id or None, grant.date_start
        )

    @api.model
    def _taken_before(self, grants, since):
        taken = defaultdict(Decimal)
        groups = self.env["aftersales.charge"]._read_group(
            [("grant_id", "in", grants.ids), ("date", "<", max(since.values()))],
            ["grant_id", "contract_id", "date:month"],
            ["minutes_taken:sum", "quantity:sum"],
        )
        for grant, contract, month, minutes, quantity in groups:
            if month < since[contract.id]:
                is_count = grant.unit == "incident"
                taken[grant.id] += decimal(quantity if is_count else minutes)
        return taken

    @api.model
    def _existing(self, contracts, since):
        charges = self.env["aftersales.charge"].search_fetch(
            [
                ("contract_id", "in", contracts.ids),
                "|",
                ("fee_id", "!=", False),
                ("date", ">=", min(since.values())),
            ],
            self._columns("aftersales.charge"),
        )
        existing = defaultdict(list)
        for charge in charges:
            contract_id, value = charge.contract_id.id, self._charge(charge)
            if value.fee_id or value.day >= since[contract_id]:
                is_frozen = charge.state == "invoiced"
                existing[contract_id].append(fact.Existing(charge.id, value, is_frozen))
        return existing

    @api.model
    def _has_open_fees(self, existing):
        """Whether fees that were made are still to be worked out (R20)."""
        return any(item.charge.fee_id and not item.frozen for item in existing)

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
            grant=self._grant_key(charge.grant_id) if charge.grant_id else None,
            rate_id=charge.rate_id.id or None,
            price=decimal(charge.price_unit),
            discount=decimal(charge.discount),
            waiting=charge.is_waiting,
            reason=charge.reason_code or "",
            args=charge.reason_args or {},
        )
