"""What is made available: the grants of plans and own rows, and rollovers (R2, R8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from .facts import AllowanceRow, Facts, Grant, Term
from .intervals import subtract
from .periods import ALLOWANCE_RULES, Period, period_of, periods

DAY = timedelta(days=1)
BY_RATING = ("plan", "rollover")  # origins of grants that rating opens


@dataclass(frozen=True, slots=True)
class Passing:
    """A rollover that a plan's grant may open the day after it ended (R8).

    ``source`` is the key of that grant; the size of ``grant`` is known only when all
    work before its first day is.
    """

    source: tuple
    grant: Grant
    most: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Days on which an allowance row is in force; ``last`` None: without end."""

    row: AllowanceRow
    first: date
    last: date | None
    is_own: bool

    def contains(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Stock:
    """All grants of a contract that matter from ``facts.since`` on."""

    plan: tuple[Grant, ...]
    rollovers: tuple[Passing, ...]
    others: tuple[Grant, ...]


def stock(facts: Facts) -> Stock:
    """Return what a contract has to take from (R7, R8).

    A grant that exists stays as it was agreed when it opened; the others are opened
    here, when their period has begun by ``facts.until`` or has work in it. Of new ones
    that ended before ``facts.since`` only those are made whose rollover lives on.
    """
    known = {grant.key: grant for grant in facts.grants}
    spans = list(_spans(facts))
    upto = _upto(facts)
    since = facts.since or date.min
    plan, rollovers = [], []
    for span in spans:
        for grant in _plan_grants(facts, span, upto, known):
            passing = _passing(facts, span, spans, grant, known)
            is_alive = passing and _ends_by(passing.grant, since)
            if is_alive and passing.grant.start <= upto:
                rollovers.append(passing)
            if is_alive or grant.id or _ends_by(grant, since):
                plan.append(grant)
    others = [grant for grant in facts.grants if grant.origin not in BY_RATING]
    return Stock(tuple(plan), tuple(rollovers), tuple(others))


def _upto(facts: Facts) -> date:
    """The last day whose periods are open."""
    opened = [grant.start for grant in facts.grants if grant.origin == "plan"]
    came = [ticket.day for ticket in facts.tickets]
    return max([facts.until, *opened, *came, *(work.day for work in facts.work)])


def _ends_by(grant: Grant, since: date) -> bool:
    return grant.end is None or grant.end >= since


def _spans(facts: Facts) -> Iterator[_Span]:
    """The days of each row: a plan's are its term's less those of own rows (R2)."""
    own = [
        _Span(
            row,
            max(row.start or facts.start, facts.start),
            _first(row.end, facts.end),
            True,
        )
        for row in facts.own.allowances
    ]
    for term, end in _terms(facts):
        for row in term.plan.allowances:
            instead = [
                _days(s.first, s.last) for s in own if s.row.replaces_id == row.id
            ]
            for first, behind in subtract([_days(term.start, end)], instead):
                is_endless = behind > date.max.toordinal()
                last = None if is_endless else date.fromordinal(behind - 1)
                yield _Span(row, date.fromordinal(first), last, False)
    yield from own


def _terms(facts: Facts) -> Iterable[tuple[Term, date | None]]:
    """Each term with its last day; work without contract has none (C2)."""
    if not facts.terms:
        return ()
    ends = [term.start - DAY for term in facts.terms[1:]] + [facts.end]
    return zip(facts.terms, ends, strict=True)


def _first(*days: date | None) -> date | None:
    """The earliest day; None stands for no end."""
    return min((day for day in days if day), default=None)


def _days(first: date, last: date | None) -> tuple[int, int]:
    return first.toordinal(), (last or date.max).toordinal() + 1


def _plan_grants(
    facts: Facts, span: _Span, upto: date, known: dict[tuple, Grant]
) -> Iterator[Grant]:
    """A grant for each period of a row, as far as the row is in force (R8).

    A part of a period is prorated up to the whole minute or incident, if the row says
    so.
    """
    rule, interval = ALLOWANCE_RULES[span.row.period]
    for period in periods(facts.start, facts.end, rule, interval, upto):
        start, last = max(period.start, span.first), _first(period.end, span.last)
        if start <= upto and (last is None or start <= last):
            # What another plan's or row's beginning cuts off stays uncut (R22).
            agreed = last if span.is_own else period.end
            share = _share(period, start, agreed)
            size = ceil(span.row.size * share) if span.row.prorate else span.row.size
            grant = _new(span.row, "plan", start, agreed, size)
            grant = known.get(grant.key, grant)
            yield replace(grant, end=_first(grant.agreed or grant.end, last))


def _share(period: Period, start: date, last: date | None) -> Fraction:
    """Which part of its whole period a grant covers; one without end is all of it."""
    if last is None or period.whole_end is None:
        return Fraction(1)
    return Fraction((last - start).days + 1, period.whole_days)


def _new(
    row: AllowanceRow, origin: str, start: date, agreed: date | None, size: int
) -> Grant:
    """A grant of a row that is not written yet."""
    return Grant(
        id=None,
        allowance_id=row.id,
        origin=origin,
        size=size,
        start=start,
        end=agreed,
        service_ids=row.service_ids,
        priority=row.priority,
        unit=row.unit,
        at_end=row.at_end,
        agreed=agreed,
    )


def _passing(
    facts: Facts,
    span: _Span,
    spans: Iterable[_Span],
    grant: Grant,
    known: dict[tuple, Grant],
) -> Passing | None:
    """The rollover of a grant, if its period ends and another one begins (R8).

    Where another plan or row begins, nothing is passed on (R22).
    """
    row = span.row
    if not row.rollover_periods or grant.end is None:
        return None
    rule, interval = ALLOWANCE_RULES[row.period]
    start = grant.end + DAY
    goes_on = any(other.row is row and other.contains(start) for other in spans)
    if not goes_on and not (span.is_own and _is_whole(facts, row, grant.end)):
        return None
    if facts.end and start > facts.end:
        return None
    end = _life(facts, rule, interval, start, row.rollover_periods)
    rollover = _new(row, "rollover", start, end, size=0)
    return Passing(grant.key, known.get(rollover.key, rollover), row.rollover_max)


def _is_whole(facts: Facts, row: AllowanceRow, end: date) -> bool:
    """Whether a period of the row's kind ends on the day by itself."""
    rule, interval = ALLOWANCE_RULES[row.period]
    period = period_of(facts.start, facts.end, rule, interval, end)
    return period is not None and period.whole_end == end


def _life(
    facts: Facts, rule: str, interval: int, start: date, count: int
) -> date | None:
    """The last day of so many periods, the first of which has the day in it."""
    end, day = None, start
    for _number in range(count):
        period = period_of(facts.start, facts.end, rule, interval, day)
        if period is None:
            break
        end = period.end
        if end is None:
            break
        day = end + DAY
    return end
