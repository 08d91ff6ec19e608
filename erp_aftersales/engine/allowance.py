"""What is made available, and how work uses it up (R7, R8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from .facts import ONE, AllowanceRow, Charge, Facts, Grant, Term
from .periods import ALLOWANCE_RULES, Period, periods

ORIGIN_ORDER = {"rollover": 0, "plan": 1, "manual": 1}
DAY = timedelta(days=1)


def wanted_grants(facts: Facts) -> list[Grant]:
    """Return the plan's grants whose period has opened by ``facts.until`` (R8).

    A period with work in it is open as well, however far ahead it was typed.

    A grant that exists stays as it was agreed when it opened; the others are opened
    here. Grants of periods that ended before ``facts.since`` are left out. They are in
    the order of R7, so that ids given in that order never change it.
    """
    known = {grant.key: grant for grant in facts.grants if grant.origin == "plan"}
    opened = [grant.start for grant in known.values()]
    upto = max([facts.until, *opened, *(work.day for work in facts.work)])
    grants = [
        known.get(grant.key, grant)
        for term, end in _terms(facts)
        for row in term.plan.allowances
        for grant in _plan_grants(facts, term, end, row, upto)
    ]
    since = facts.since or date.min
    return sorted(
        (grant for grant in grants if grant.end is None or grant.end >= since),
        key=_burn_order,
    )


def _terms(facts: Facts) -> Iterable[tuple[Term, date | None]]:
    """Each term with its last day."""
    ends = [term.start - DAY for term in facts.terms[1:]] + [facts.end]
    return zip(facts.terms, ends, strict=True)


def _plan_grants(
    facts: Facts, term: Term, end: date | None, row: AllowanceRow, upto: date
) -> Iterable[Grant]:
    """A grant for each of the row's periods, as far as it lies in the term (R8)."""
    rule, interval = ALLOWANCE_RULES[row.period]
    for period in periods(facts.start, facts.end, rule, interval, upto):
        start = max(period.start, term.start)
        last = min((day for day in (period.end, end) if day), default=None)
        if start <= upto and (last is None or start <= last):
            yield _plan_grant(row, start, last, _share(period, start, last))


def _share(period: Period, start: date, last: date | None) -> Fraction:
    """Which part of its whole period a grant covers; one without end is all of it."""
    if last is None or period.whole_end is None:
        return Fraction(1)
    return Fraction((last - start).days + 1, period.whole_days)


def _plan_grant(
    row: AllowanceRow, start: date, last: date | None, share: Fraction
) -> Grant:
    """Prorated up to the whole minute, if the row says so (R8)."""
    return Grant(
        id=None,
        allowance_id=row.id,
        origin="plan",
        size=ceil(row.size * share) if row.prorate else row.size,
        start=start,
        end=last,
        service_ids=row.service_ids,
        priority=row.priority,
    )


@dataclass(frozen=True, slots=True)
class Burn:
    """Minutes of work that one grant pays; ``left`` stays in it afterwards."""

    grant: Grant
    minutes: int
    taken: Decimal
    left: Decimal


class Ledger:
    """The balances of a contract's grants while its work is walked in R1 order."""

    def __init__(self, grants: Iterable[Grant], frozen: Iterable[Charge]) -> None:
        self.grants = sorted(grants, key=_burn_order)
        self.balance = {grant.key: grant.size - grant.taken for grant in self.grants}
        for charge in frozen:
            if charge.grant in self.balance:
                self.balance[charge.grant] -= charge.taken

    def burn(
        self, day: date, service_id: int | None, minutes: int, factor: Decimal
    ) -> tuple[list[Burn], int]:
        """Take minutes of work from the grants open on the day for the service (R7).

        A grant pays whole minutes of work only: a remainder that pays none counts as
        empty.

        :param minutes: billed minutes (R5)
        :param factor: minutes taken from the grant per minute billed, above 0
        :return: the burns in order, and the minutes no grant covers
        :raises ValueError: on a factor that is not above 0
        """
        if factor <= 0:
            raise ValueError(f"burn factor {factor} is not above 0")
        burns = []
        for grant in self.grants:
            pays = min(minutes, self.whole_minutes(grant, day, service_id, factor))
            if pays > 0:
                taken = pays * factor
                self.balance[grant.key] -= taken
                burns.append(Burn(grant, pays, taken, self.balance[grant.key]))
                minutes -= pays
        return burns, minutes

    def whole_minutes(
        self, grant: Grant, day: date, service_id: int | None, factor: Decimal
    ) -> int:
        """Minutes of work that what is left pays; 0 if closed or for other services."""
        is_open = grant.start <= day and (grant.end is None or day <= grant.end)
        if not is_open or (grant.service_ids and service_id not in grant.service_ids):
            return 0
        return floor(Fraction(self.balance[grant.key]) / Fraction(factor))


def minutes_left(
    facts: Facts, charges: Iterable[Charge], day: date, service_id: int | None
) -> int:
    """Whole minutes that grants open on a day still have for a service (E5).

    :param charges: all that takes from the grants and is dated from ``facts.since`` on
    """
    opened = replace(facts, until=max(facts.until, day))
    others = [grant for grant in facts.grants if grant.origin != "plan"]
    ledger = Ledger([*wanted_grants(opened), *others], charges)
    return sum(
        max(ledger.whole_minutes(grant, day, service_id, ONE), 0)
        for grant in ledger.grants
    )


def _burn_order(grant: Grant) -> tuple:
    """Packs last; lowest priority, earliest end, rollover first, start, id (R7)."""
    return (
        grant.origin == "purchase",
        grant.priority,
        grant.end or date.max,
        ORIGIN_ORDER.get(grant.origin, 1),
        grant.start,
        grant.id is None,
        grant.id or 0,
        grant.allowance_id or 0,
    )
