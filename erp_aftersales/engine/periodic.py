"""When a contract's periodic services are due (D3): inspections, drills, reviews.

A service is due once in each of its periods, which are counted like those of fees and
allowances (R8): from the contract's first day, and anew with each renewal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .intervals import Span, subtract
from .life import days_in_force
from .periods import Period, month_days, terms_periods

_DAY = timedelta(days=1)
FIRST, LAST, MONTH_DAY = "first", "last", "month_day"


@dataclass(frozen=True, slots=True)
class Periodic:
    """A row: how often, and on which day of each period.

    ``day`` is one of ``FIRST``, ``LAST`` and ``MONTH_DAY``; the latter is the first day
    of the period with the number ``month_day``. Days in force and ``replaces_id`` are
    for a contract's own rows.
    """

    id: int
    rule: str
    interval: int
    day: str = FIRST
    month_day: int = 1
    start: date | None = None
    end: date | None = None
    replaces_id: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A row is due on a day; the period's first day tells it from all others."""

    row_id: int
    period_start: date
    day: date


@dataclass(frozen=True, slots=True)
class Life:
    """What decides when services are due: days, renewals, plans in force, pauses."""

    start: date
    end: date | None
    renewals: Sequence[date] = ()
    terms: Sequence[tuple[date, Sequence[Periodic]]] = ()
    own: Sequence[Periodic] = ()
    pauses: Sequence[tuple[date, date]] = ()


def due_days(life: Life, first: date, last: date) -> list[Due]:
    """All that is due from one day to another, by row and period.

    Each whole period has exactly one day; one that the end of the term cuts has it only
    if the day comes before. A day in a pause moves behind the pause, or before it if
    the period ends with it; a period that is all pause has none. Whichever row is in
    force on the day is due: a change of plan neither drops a service nor doubles it.
    """
    rows, spans = days_in_force(life.start, life.end, life.terms, life.own)
    found = []
    for row_id, row in rows.items():
        for period in _periods(life, row, last):
            day = _day_of(period, row, life.pauses)
            if day and first <= day <= last and _holds(spans[row_id], day):
                found.append(Due(row_id, period.start, day))
    return found


def _periods(life: Life, row: Periodic, last: date) -> list[Period]:
    return terms_periods(
        life.start, life.renewals, life.end, row.rule, row.interval, last
    )


def _day_of(
    period: Period, row: Periodic, pauses: Sequence[tuple[date, date]]
) -> date | None:
    target = _target(period.start, period.whole_end, row)
    if target > period.end:
        return None
    return _served(period.start, period.end, target, pauses)


def _target(start: date, end: date, row: Periodic) -> date:
    """The day of a whole period; a short month's last day stands for the 30th."""
    if row.day == FIRST:
        return start
    if row.day == LAST:
        return end
    days = (day for day in _numbered(start, end, row.month_day) if start <= day <= end)
    return next(days, end)


def _numbered(start: date, end: date, number: int) -> Iterator[date]:
    month = start
    while month <= end:
        begin, last = month_days(month)
        yield begin.replace(day=min(number, last.day))
        month = last + _DAY


def _served(
    start: date, end: date, target: date, pauses: Sequence[tuple[date, date]]
) -> date | None:
    """The day of service nearest to the target: from it on, else before it."""
    days = [(start.toordinal(), end.toordinal() + 1)]
    rest = [(begin.toordinal(), until.toordinal() + 1) for begin, until in pauses]
    wanted = target.toordinal()
    before = None
    for begin, behind in subtract(days, rest):
        if wanted < behind:
            return date.fromordinal(max(begin, wanted))
        before = date.fromordinal(behind - 1)
    return before


def _holds(spans: Sequence[Span], day: date) -> bool:
    return any(begin <= day.toordinal() < behind for begin, behind in spans)
