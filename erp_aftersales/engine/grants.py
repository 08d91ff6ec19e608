"""What is made available: the grants of plans and own rows, and rollovers (R2, R8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

from .facts import AllowanceRow, Facts, Grant, Term
from .intervals import subtract
from .periods import ALLOWANCE_RULES, Period, terms_periods

DAY = timedelta(days=1)
BY_RATING = ("plan", "rollover")  # origins of grants that rating opens
ORIGIN_ORDER = {"rollover": 0, "plan": 1, "manual": 1}


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
class Cutting:
    """A new plan's grant, less what was used of the old plan's beyond its share (R22).

    ``base`` is exact, before it is rounded up. ``sources`` are the keys of the grants
    that the change cut off, each with the part of it that its days had.
    """

    grant: Grant
    base: Fraction
    sources: tuple[tuple[tuple, Fraction], ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """Days on which an allowance row is in force; ``last`` None: without end.

    ``term`` is the number of the plan's term; None for a contract's own row.
    """

    row: AllowanceRow
    first: date
    last: date | None
    is_own: bool
    term: int | None = None

    def contains(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Stock:
    """All grants of a contract that matter from ``facts.since`` on."""

    plan: tuple[Grant, ...]
    rollovers: tuple[Passing, ...]
    others: tuple[Grant, ...]
    cuttings: tuple[Cutting, ...] = ()


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
    plan, rollovers, opened = [], [], []
    for span in spans:
        for grant in _plan_grants(facts, span, upto, known):
            opened.append((span, grant))
            passing = _passing(facts, span, spans, grant, known)
            is_alive = passing and _ends_by(passing.grant, since)
            if is_alive and passing.grant.start <= upto:
                rollovers.append(passing)
            if is_alive or grant.id or _ends_by(grant, since):
                plan.append(grant)
    others = [grant for grant in facts.grants if grant.origin not in BY_RATING]
    cuttings = tuple(_cuttings(facts, opened))
    cut = {cutting.grant.key for cutting in cuttings}
    plan = [grant for grant in plan if grant.key not in cut]
    return Stock(tuple(plan), tuple(rollovers), tuple(others), cuttings)


def _cuttings(facts: Facts, opened: Iterable[tuple[_Span, Grant]]) -> Iterator[Cutting]:
    """The grants of new plans that overuse of the old ones makes smaller (R22).

    Overuse is taken from the first grant of the new plan that serves what the old one
    served. What was agreed before ``facts.since`` stands.
    """
    opened = list(opened)
    for number in _changes(facts):
        first = facts.terms[number].start
        new = [
            (span, grant)
            for span, grant in opened
            if span.term == number and grant.start == first
        ]
        new.sort(key=lambda item: burn_order(item[1]))
        sources: dict[tuple, list] = defaultdict(list)
        for span, old in opened:
            if span.term != number - 1 or not _is_cut(old, first):
                continue
            target = next((g for _span, g in new if _serves_as(g, old)), None)
            if target:
                sources[target.key].append((old.key, _days_share(old)))
        for span, grant in new:
            if grant.key in sources:
                base = _exact_size(facts, span, grant)
                yield Cutting(grant, base, tuple(sources[grant.key]))


def _changes(facts: Facts) -> Iterator[int]:
    """The numbers of terms under another plan than the one before, since the start of
    what is rated."""
    for number, (old, new) in enumerate(pairwise(facts.terms), 1):
        if old.plan.id != new.plan.id and (
            facts.since is None or new.start > facts.since
        ):
            yield number


def _is_cut(grant: Grant, first: date) -> bool:
    """Whether a change of plan ends it before the day agreed when it opened."""
    return grant.end == first - DAY and grant.agreed != grant.end


def _serves_as(new: Grant, old: Grant) -> bool:
    return new.unit == old.unit and (
        not new.service_ids
        or not old.service_ids
        or bool(new.service_ids & old.service_ids)
    )


def _days_share(grant: Grant) -> Fraction:
    """Which part of a grant its days had, by the days agreed; all of an endless one."""
    if grant.agreed is None:
        return Fraction(1)
    whole = (grant.agreed - grant.start).days + 1
    return Fraction((grant.end - grant.start).days + 1, whole)


def _exact_size(facts: Facts, span: _Span, grant: Grant) -> Fraction:
    """The prorated size of a grant as agreed when it opened, before rounding."""
    if not span.row.prorate:
        return Fraction(span.row.size)
    rule, interval = ALLOWANCE_RULES[span.row.period]
    found = _period_of(facts, rule, interval, grant.start)
    return span.row.size * _share(found, grant.start, grant.agreed)


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
    for number, (term, end) in enumerate(_terms(facts)):
        for row in term.plan.allowances:
            instead = [
                _days(s.first, s.last) for s in own if s.row.replaces_id == row.id
            ]
            for first, behind in subtract([_days(term.start, end)], instead):
                is_endless = behind > date.max.toordinal()
                last = None if is_endless else date.fromordinal(behind - 1)
                yield _Span(row, date.fromordinal(first), last, False, number)
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
    for period in _periods(facts, rule, interval, upto):
        start, last = max(period.start, span.first), _first(period.end, span.last)
        if start <= upto and (last is None or start <= last):
            # What another plan's or row's beginning cuts off stays uncut (R22).
            agreed = last if span.is_own else period.end
            share = _share(period, start, agreed)
            size = ceil(span.row.size * share) if span.row.prorate else span.row.size
            grant = _new(span.row, "plan", start, agreed, size)
            grant = known.get(grant.key, grant)
            yield replace(grant, end=_first(grant.agreed or grant.end, last))


def _periods(facts: Facts, rule: str, interval: int, upto: date) -> list[Period]:
    """The contract's periods, of all its terms (R8)."""
    return terms_periods(facts.start, facts.renewals, facts.end, rule, interval, upto)


def _period_of(facts: Facts, rule: str, interval: int, day: date) -> Period | None:
    """The contract's period with the day in it; None outside the contract."""
    chain = _periods(facts, rule, interval, day)
    return chain[-1] if chain and chain[-1].contains(day) else None


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
    period = _period_of(facts, rule, interval, end)
    return period is not None and period.whole_end == end


def _life(
    facts: Facts, rule: str, interval: int, start: date, count: int
) -> date | None:
    """The last day of so many periods, the first of which has the day in it."""
    end, day = None, start
    for _number in range(count):
        period = _period_of(facts, rule, interval, day)
        if period is None:
            break
        end = period.end
        if end is None:
            break
        day = end + DAY
    return end


def burn_order(grant: Grant) -> tuple:
    """Packs last; lowest priority, earliest end, rollover first, start, id (R7).

    A rollover may go and come again while work is edited: its row's id stands for its
    own, so that nothing remembers that (R19).
    """
    id_ = grant.allowance_id if grant.origin == "rollover" else grant.id
    return (
        grant.origin == "purchase",
        grant.priority,
        grant.end or date.max,
        ORIGIN_ORDER.get(grant.origin, 1),
        grant.start,
        id_ is None,
        id_ or 0,
        grant.allowance_id or 0,
    )
