"""Working time of a calendar: its spans, and the bands of work (R6, L1).

A timetable is written in local time, so all is turned into minutes of UTC and counted
there: an hour that the night of a clock change repeats counts twice, one that it
leaves out counts not at all. A local time that such a night has twice is the later
one, and one that it does not have is read before the change, as Odoo does.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .intervals import Span, intersect, subtract, union

NORMAL = "normal"
AFTER_HOURS = "after_hours"
HOLIDAY = "holiday"

_DAY_MINUTES = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One row of a weekly timetable, in minutes of the local day, end excluded.

    ``weekday`` 0 is Monday, ``end`` 1440 is midnight. ``week`` is 0 or 1 in a calendar
    of two weeks, by :func:`week_type`; None is every week.
    """

    weekday: int
    start: int
    end: int
    week: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= _DAY_MINUTES:
            raise ValueError(f"no hours of one day: {self.start} to {self.end}")
        if self.weekday not in range(7) or self.week not in (None, 0, 1):
            raise ValueError(f"no such day: {self.weekday} of week {self.week}")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Attendances in the zone ``tz``, less the leaves.

    Leaves are aware, end excluded; a minute that a leave touches belongs to it, so one
    that ends at 23:59:59 lasts to midnight.
    """

    tz: str
    attendances: tuple[Attendance, ...]
    leaves: tuple[tuple[datetime, datetime], ...] = ()
    # All days of a calendar are looked up by it: it is summed up once.
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        content = hash((self.tz, self.attendances, self.leaves))
        object.__setattr__(self, "_hash", content)

    def __hash__(self) -> int:
        return self._hash


def week_type(day: date) -> int:
    """Which week of a calendar of two weeks the day is in, 0 or 1, as Odoo counts."""
    return (day.toordinal() - 1) // 7 % 2


def band_pieces(
    calendar: Calendar | None, start: datetime, minutes: int
) -> list[tuple[str, int]]:
    """Cut work into pieces of one band each, at the minute by the clock (R6).

    Inside an attendance, or in a break between two of one local day, it is ``normal``;
    on a leave ``holiday``, whatever the hour; else ``after_hours``.

    :param calendar: the band calendar; None: everything is normal
    :param start: aware; its seconds are cut off
    :param minutes: that really pass, at least 0
    :return: (band, minutes) in the order of time, no two neighbours alike; the minutes
        sum to ``minutes``
    :raises ValueError: on a start without zone or negative minutes
    """
    begin = minute_of(start)
    if minutes < 0:
        raise ValueError(f"minutes must not be negative: {minutes}")
    if calendar is None:
        return [(NORMAL, minutes)] if minutes else []
    pieces: list[tuple[str, int]] = []
    end = begin + minutes
    while begin < end:
        band, until = _band(calendar, begin)
        length = min(until, end) - begin
        if pieces and pieces[-1][0] == band:  # midnight in Greenwich is no border
            length += pieces.pop()[1]
        pieces.append((band, length))
        begin = until
    return pieces


def band_at(calendar: Calendar | None, at: datetime) -> str:
    """The band of the minute that ``at`` is in (R6)."""
    minute = minute_of(at)
    return NORMAL if calendar is None else _band(calendar, minute)[0]


def _band(calendar: Calendar, minute: int) -> tuple[str, int]:
    """The band of a minute of UTC, and how long it lasts, at most to midnight."""
    day = _bands(calendar, minute // _DAY_MINUTES)
    return next(piece for piece in day if minute < piece[1])


@lru_cache(maxsize=10_000)
def _bands(calendar: Calendar, number: int) -> tuple[tuple[str, int], ...]:
    """The bands of a day of UTC in order, each with its end (R6)."""
    begin, end = number * _DAY_MINUTES, (number + 1) * _DAY_MINUTES
    whole = [(begin, end)]
    days = _days(calendar, begin, end)
    holiday = intersect(_leaves(calendar), whole)
    normal = subtract(intersect([_with_breaks(day) for day in days], whole), holiday)
    rest = subtract(whole, holiday + normal)
    bands = ((HOLIDAY, holiday), (NORMAL, normal), (AFTER_HOURS, rest))
    cut = sorted((span, band) for band, spans in bands for span in spans)
    return tuple((band, until) for (_start, until), band in cut)


def spans_between(calendar: Calendar, start: int, end: int) -> list[Span]:
    """Spans of working time between two minutes of UTC: attendances less leaves."""
    whole = [(start, end)]
    days = union(*_days(calendar, start, end))
    return subtract(intersect(days, whole), _leaves(calendar))


def _days(calendar: Calendar, start: int, end: int) -> list[list[Span]]:
    """Attendances of each local day that has some and may reach into the window.

    The day before counts too: a clock change at midnight moves its end into the next.
    """
    zone = ZoneInfo(calendar.tz)
    day = moment_of(start).astimezone(zone).date() - _DAY
    last = moment_of(end).astimezone(zone).date()
    found = []
    while day <= last:
        if spans := _attendances(calendar, zone, day):
            found.append(spans)
        day += _DAY
    return found


def _attendances(calendar: Calendar, zone: ZoneInfo, day: date) -> list[Span]:
    weekday, week = day.weekday(), week_type(day)
    return union(
        (_local(zone, day, row.start), _local(zone, day, row.end))
        for row in calendar.attendances
        if row.weekday == weekday and row.week in (None, week)
    )


def _with_breaks(day: list[Span]) -> Span:
    return day[0][0], day[-1][1]


def _leaves(calendar: Calendar) -> list[Span]:
    """Leaves as spans; their ends are rounded up to the whole minute."""
    return union(
        (minute_of(start), minute_of(end + _MINUTE - datetime.resolution))
        for start, end in calendar.leaves
    )


def _local(zone: ZoneInfo, day: date, minute: int) -> int:
    """The minute of UTC of a local time: of two readings of it the later one.

    Midnight at the end of a day is the end of its last minute: where the clock is set
    back to 0:00, it must not be the second midnight.
    """
    if minute == _DAY_MINUTES:
        return _local(zone, day, minute - 1) + 1
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return max(minute_of(wall), minute_of(wall.replace(fold=1)))


def minute_of(at: datetime) -> int:
    """The minute since 1970 that a moment is in."""
    if at.tzinfo is None:
        raise ValueError(f"a moment without time zone: {at}")
    return (at - _EPOCH) // _MINUTE


def moment_of(minute: int) -> datetime:
    """The moment, in UTC, at which a minute since 1970 begins."""
    return _EPOCH + minute * _MINUTE
