"""Periods of contract lines, fees and allowances (R8, R14, R21), as OCA counts them.

Days are dates in the company's zone; the last day of a period is included, as on the
contract. Months are clipped (31 January and one month: 28 February), and each period
begins the day after the one before ended, so a clipped day of month stays clipped.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

_DAY = timedelta(days=1)
_DAYS = {"daily": 1, "weekly": 7}
_MONTHS = {
    "monthly": 1,
    "monthlylastday": 1,
    "quarterly": 3,
    "semesterly": 6,
    "yearly": 12,
}
TERM = "term"

ALLOWANCE_RULES: dict[str, tuple[str, int]] = {
    "month": ("monthly", 1),
    "quarter": ("quarterly", 1),
    "year": ("yearly", 1),
    "term": (TERM, 1),
}
"""The rule and interval of an allowance's ``period``."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period or a part of one; ``end`` is None for a term without end.

    ``whole_end`` is the last day it would have if the contract did not end before.
    """

    start: date
    end: date | None
    whole_end: date | None

    @property
    def days(self) -> int:
        """Days in force, both ends included; ValueError if it has no end."""
        return _days(self.start, self.end)

    @property
    def whole_days(self) -> int:
        """Days of the whole period; ValueError if it has no end."""
        return _days(self.start, self.whole_end)

    @property
    def share(self) -> Fraction:
        """Which part of the whole period this is; a term without end is whole."""
        if self.whole_end is None:
            return Fraction(1)
        return Fraction(self.days, self.whole_days)

    def contains(self, day: date) -> bool:
        """Whether the day falls in the period."""
        return self.start <= day and (self.end is None or day <= self.end)


def next_period_end(start: date, rule: str, interval: int) -> date:
    """Last day of the regular period that begins on ``start``, whatever ends before.

    :param rule: a ``recurring_rule_type`` of OCA contract
    :param interval: how many of its units, at least 1
    :raises ValueError: on another rule or interval
    """
    if interval < 1:
        raise ValueError(f"interval must be at least 1: {interval}")
    if rule in _DAYS:
        return start + timedelta(days=_DAYS[rule] * interval) - _DAY
    if rule not in _MONTHS:
        raise ValueError(f"unknown recurrence: {rule!r}")
    following = _add_months(start, _MONTHS[rule] * interval)
    if rule == "monthlylastday":
        following = following.replace(day=1)
    return following - _DAY


def periods(
    start: date, until: date | None, rule: str, interval: int, upto: date
) -> list[Period]:
    """The periods from ``start`` on, without gap or overlap, that begin by ``upto``.

    :param until: last day of the term, where the last period is cut; None: no end
    :param rule: a ``recurring_rule_type``, or ``term``: one period up to ``until``
    """
    chain: list[Period] = []
    begin: date | None = start
    last = upto if until is None else min(upto, until)
    while begin is not None and begin <= last:
        chain.append(_period(begin, until, rule, interval))
        end = chain[-1].end
        begin = None if end is None else end + _DAY
    return chain


def period_of(
    start: date, until: date | None, rule: str, interval: int, day: date
) -> Period | None:
    """The period of :func:`periods` with the day in it; None outside the term."""
    chain = periods(start, until, rule, interval, upto=day)
    return chain[-1] if chain and chain[-1].contains(day) else None


def terms_periods(
    start: date,
    renewals: Sequence[date],
    until: date | None,
    rule: str,
    interval: int,
    upto: date,
) -> list[Period]:
    """The periods of all terms that begin by ``upto``: each term begins anew (R8).

    :param renewals: first days of the terms after the first one, in order
    """
    ends = [*(day - _DAY for day in renewals), until]
    return [
        period
        for first, last in zip([start, *renewals], ends, strict=True)
        for period in periods(first, last, rule, interval, upto)
    ]


def month_of(day: date) -> tuple[int, int]:
    """Year and month of a day, to group what a calendar month holds together."""
    return day.year, day.month


def month_days(day: date) -> tuple[date, date]:
    """First and last day of the calendar month with the day in it."""
    last = monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One run of a contract line: when it falls due and which days it bills.

    ``end`` lies before ``start`` if a forced date asked for an empty period.
    """

    due: date
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """What OCA knows of a contract line's recurrence, with OCA's names shortened."""

    date_start: date
    date_end: date | None
    rule: str
    interval: int
    invoicing: str
    last_invoiced: date | None
    next_date: date | None

    @property
    def prepaid(self) -> bool:
        """Whether a period is billed when it begins."""
        return self.invoicing == "pre-paid"

    @property
    def offset(self) -> int:
        """Days between the end of a post-paid period and its invoice."""
        return 0 if self.prepaid or self.rule == "monthlylastday" else 1

    @property
    def next_start(self) -> date:
        """First day not billed yet, whether or not the line still runs then."""
        return self.last_invoiced + _DAY if self.last_invoiced else self.date_start

    def starting(self, due: date | None) -> "Schedule":
        """The same schedule with another date for its next invoice."""
        return replace(self, next_date=due)

    def due_of(self, start: date) -> date:
        """When the period that begins on ``start`` regularly falls due."""
        if self.prepaid:
            return start + timedelta(days=self.offset)
        end = next_period_end(start, self.rule, self.interval)
        return self._cut(end) + timedelta(days=self.offset)

    def end_of(self, due: date) -> date:
        """Last day billed by an invoice of that date, which may have been forced."""
        base = due - timedelta(days=self.offset)
        if self.prepaid:
            base = next_period_end(base, self.rule, self.interval)
        return self._cut(base)

    def runs_on(self, day: date) -> bool:
        """Whether the line has not ended before the day."""
        return self.date_end is None or day <= self.date_end

    def _cut(self, end: date) -> date:
        return end if self.date_end is None else min(end, self.date_end)


def occurrences(schedule: Schedule, upto: date) -> list[Occurrence]:
    """What runs repeated until nothing is due would bill, oldest first (R14).

    The first occurrence honours a date of next invoice that somebody forced; those
    after it are regular. The last one, cut at ``date_end``, is among them, though
    OCA's own search never finds it for a post-paid line.

    :param upto: day of the run; what falls due later is left out
    """
    found: list[Occurrence] = []
    due, start = schedule.next_date, schedule.next_start
    while due is not None and due <= upto and schedule.runs_on(start):
        found.append(Occurrence(due, start, schedule.end_of(due)))
        start = found[-1].end + _DAY
        due = schedule.due_of(start)
    return found


def _period(start: date, until: date | None, rule: str, interval: int) -> Period:
    if rule == TERM:
        return Period(start, until, until)
    whole = next_period_end(start, rule, interval)
    return Period(start, whole if until is None else min(whole, until), whole)


def _add_months(day: date, months: int) -> date:
    """The same day of month later, or the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _days(start: date, end: date | None) -> int:
    if end is None:
        raise ValueError(f"the period from {start} on has no end")
    return (end - start).days + 1
