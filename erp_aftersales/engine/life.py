"""On which days each fee of a contract runs (R2, R8, R22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from .intervals import Span, subtract, union
from .periods import terms_periods

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A fee row and its period; days and ``replaces_id`` are for a contract's own."""

    id: int
    rule: str
    interval: int
    start: date | None = None
    end: date | None = None
    replaces_id: int | None = None


class Row(Protocol):
    """What all rows with days of their own have; the rest is their own."""

    id: int
    start: date | None
    end: date | None
    replaces_id: int | None


@dataclass(frozen=True, slots=True)
class FeeDays:
    """First and last day of one line of a fee; ``last`` None: without end."""

    row_id: int
    first: date
    last: date | None


def fee_days(
    start: date,
    end: date | None,
    renewals: Sequence[date],
    terms: Sequence[tuple[date, Sequence[Recurring]]],
    own: Sequence[Recurring],
) -> list[FeeDays]:
    """The lines that a contract's fees need, by row in the order given.

    A plan's fee runs on the days of its terms, less those on which an own row stands
    instead of it. Lines are cut where a renewal begins, and a fee that begins amid a
    period has a line for that part, so that the following ones begin with the periods
    (R8).

    :param renewals: first days of the terms after the first one
    :param terms: first day and fee rows of each plan in force, in order
    :param own: the contract's own rows
    """
    rows, spans = days_in_force(start, end, terms, own)
    found = []
    for row_id, days in spans.items():
        for first, behind in _cut(days, renewals):
            found += _lines(rows[row_id], first, behind, start, renewals)
    return found


def days_in_force(
    start: date,
    end: date | None,
    terms: Sequence[tuple[date, Sequence[Row]]],
    own: Sequence[Row],
) -> tuple[dict[int, Row], dict[int, list[Span]]]:
    """Rows by id, and the spans of days (as ordinals) on which each is in force (R2).

    A plan's row is in force on the days of its terms, less those on which an own row
    stands instead of it; an own row on its own days within the contract's.

    :param terms: first day and rows of each plan in force, in order
    :param own: the contract's own rows
    """
    rows, spans = {}, {}
    for row in own:
        rows[row.id] = row
        spans[row.id] = _within(row.start, row.end, start, end)
    for first, behind, fees in _terms(terms, end):
        for row in fees:
            instead = (spans[o.id] for o in own if o.replaces_id == row.id)
            days = subtract(
                [(first, behind)], [span for each in instead for span in each]
            )
            rows[row.id] = row
            spans[row.id] = union(spans.get(row.id, []), days)
    return rows, spans


def _terms(
    terms: Sequence[tuple[date, Sequence[Row]]], end: date | None
) -> Iterator[tuple[int, int, Sequence[Row]]]:
    behinds = [*(first.toordinal() for first, _rows in terms[1:]), _behind(end)]
    for (first, rows), behind in zip(terms, behinds, strict=True):
        yield first.toordinal(), min(behind, _behind(end)), rows


def _within(
    first: date | None, last: date | None, start: date, end: date | None
) -> list[Span]:
    """The days from first to last that are the contract's."""
    begin = max(first or start, start).toordinal()
    return union([(begin, min(_behind(last), _behind(end)))])


def _behind(last: date | None) -> int:
    return (last or date.max).toordinal() + 1


def _cut(days: Iterable[Span], renewals: Sequence[date]) -> Iterator[Span]:
    for first, behind in days:
        turns = (day.toordinal() for day in renewals)
        cuts = [first, *(turn for turn in turns if first < turn < behind), behind]
        yield from pairwise(cuts)


def _lines(
    row: Recurring, first: int, behind: int, start: date, renewals: Sequence[date]
) -> Iterator[FeeDays]:
    day = date.fromordinal(first)
    last = None if behind > date.max.toordinal() else date.fromordinal(behind - 1)
    chain = terms_periods(start, renewals, None, row.rule, row.interval, day)
    period = chain[-1] if chain else None
    if period and period.start < day and (last is None or period.end < last):
        yield FeeDays(row.id, day, period.end)
        day = period.end + DAY
    yield FeeDays(row.id, day, last)


def charged_until(
    first: date, last: date | None, charged: Iterable[tuple[date, date]]
) -> date | None:
    """The day up to which a line's days were charged without a gap; None: not at all.

    What lies behind a gap is not lost: a run bills no day twice.

    :param charged: first and last days of the charges of its fee
    """
    until = first - DAY
    for start, end in sorted(charged):
        if start <= until + DAY:
            until = max(until, end)
    if until < first:
        return None
    return until if last is None else min(until, last)
