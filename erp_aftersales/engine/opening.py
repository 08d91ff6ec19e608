"""How much working time passes, and when so much has passed (L1).

A calendar is cut into windows of four weeks, each summed up once: then a question costs
a look into one or two of them, not a walk through the days.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate

from .worktime import Calendar, minute_of, moment_of, spans_between

_WINDOW = 28 * 24 * 60
_SEARCHED = 20 * 13


@dataclass(frozen=True, slots=True)
class _Window:
    """Spans of working time, and the minutes open by the end of each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sums: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.sums[-1] if self.sums else 0

    def passed(self, minute: int) -> int:
        """Minutes open from the window's begin to a minute in it."""
        index = bisect_right(self.starts, minute) - 1
        if index < 0:
            return 0
        return self.sums[index] - max(self.ends[index] - minute, 0)

    def minute(self, count: int) -> int:
        """The minute by which so many are open, at least one and at most the total."""
        index = bisect_left(self.sums, count)
        return self.ends[index] - (self.sums[index] - count)


@lru_cache(maxsize=10_000)
def _window(calendar: Calendar, number: int) -> _Window:
    spans = spans_between(calendar, number * _WINDOW, (number + 1) * _WINDOW)
    sums = accumulate(end - start for start, end in spans)
    return _Window(
        tuple(start for start, _end in spans),
        tuple(end for _start, end in spans),
        tuple(sums),
    )


def open_minutes(calendar: Calendar | None, start: datetime, end: datetime) -> int:
    """Working minutes from ``start`` to ``end`` (L1): attendances less leaves.

    A break is no working time. Without a calendar every minute is. Seconds of both are
    cut off; an end before the start gives 0.

    :raises ValueError: on a moment without zone
    """
    return open_between(calendar, minute_of(start), minute_of(end))


def open_between(calendar: Calendar | None, start: int, end: int) -> int:
    """:func:`open_minutes` of minutes since 1970."""
    if start >= end:
        return 0
    if calendar is None:
        return end - start
    first, last = start // _WINDOW, end // _WINDOW
    whole = sum(_window(calendar, number).total for number in range(first, last))
    until = _window(calendar, last).passed(end)
    return whole + until - _window(calendar, first).passed(start)


def add_open_minutes(
    calendar: Calendar | None, start: datetime, minutes: int
) -> datetime:
    """The first moment at which so many working minutes have passed (L1).

    So a target that is used up at closing time falls on closing time, not on the next
    morning, and no minutes at all lead back to ``start``, open or not.

    :param start: aware; its seconds are cut off
    :param minutes: at least 0
    :return: in UTC
    :raises ValueError: on a start without zone, negative minutes, or a calendar that
        is not open for that long in the next 20 years
    """
    return moment_of(open_after(calendar, minute_of(start), minutes))


def open_after(calendar: Calendar | None, start: int, minutes: int) -> int:
    """:func:`add_open_minutes` of minutes since 1970."""
    if minutes < 0:
        raise ValueError(f"minutes must not be negative: {minutes}")
    if calendar is None or not minutes:
        return start + minutes
    first = start // _WINDOW
    wanted = minutes + _window(calendar, first).passed(start)
    for number in range(first, first + _SEARCHED):
        window = _window(calendar, number)
        if wanted <= window.total:
            return window.minute(wanted)
        wanted -= window.total
    raise ValueError(f"the calendar is not open for {minutes} minutes more")


def open_spans(
    calendar: Calendar | None, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Working time from ``start`` to ``end`` as spans in UTC, in order, apart (D1).

    Without a calendar all of it. Seconds of both are cut off.

    :raises ValueError: on a moment without zone
    """
    first, last = minute_of(start), minute_of(end)
    if first >= last:
        return []
    spans = spans_between(calendar, first, last) if calendar else [(first, last)]
    return [(moment_of(opened), moment_of(closed)) for opened, closed in spans]
