"""Who is there when: in working hours, on duty, off, or away (D1).

A person works by a calendar of their own, a team by its hours. Outside the team's hours
only who is on duty is there; who is on leave is away, whatever else is planned.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from .opening import open_spans
from .worktime import Calendar

HERE, DUTY, OFF, AWAY = "here", "duty", "off", "away"
_LOOKED_AHEAD = (0, 3, 28, 120)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """``until``: the end of the shift, or for who is not there when they are back.

    None: nobody can tell, or not within four months.
    """

    state: str
    until: datetime | None = None

    @property
    def is_there(self) -> bool:
        """Whether work can be given to them now."""
        return self.state in (HERE, DUTY)


def presence(
    now: datetime,
    shift: Calendar | None,
    hours: Calendar | None,
    absences: Iterable[tuple[datetime, datetime]] = (),
    duty_until: datetime | None = None,
) -> Presence:
    """Whether a person can be given work of a team now.

    :param now: aware; its seconds are cut off
    :param shift: when the person works, less all leaves, also their own; None: always
    :param hours: when the team works; None: always
    :param absences: the person's own leaves, end excluded
    :param duty_until: end of the duty that runs now, if the person has one
    """
    if any(start <= now < end for start, end in absences):
        return Presence(AWAY, next_open(now, shift, hours))
    if duty_until and now < duty_until:
        return Presence(DUTY, duty_until)
    span = next(iter(_together(now, now + _DAY * 3, shift, hours)), None)
    if span and span[0] <= now:
        return Presence(HERE, span[1])
    return Presence(OFF, next_open(now, shift, hours))


def next_open(
    now: datetime, shift: Calendar | None, hours: Calendar | None
) -> datetime | None:
    """The first moment from ``now`` on at which both are open; None: not soon."""
    for first, last in pairwise(_LOOKED_AHEAD):
        spans = _together(now + _DAY * first, now + _DAY * last, shift, hours)
        if spans:
            return spans[0][0]
    return None


def holes(
    start: datetime, end: datetime, hours: Calendar | None
) -> tuple[tuple[datetime, datetime], ...]:
    """When between two duties nobody can be reached: outside the team's hours."""
    covered = open_spans(hours, start, end)
    edges = [start, *(moment for span in covered for moment in span), end]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple((begin, until) for begin, until in gaps if begin < until)


def _together(
    start: datetime, end: datetime, shift: Calendar | None, hours: Calendar | None
) -> list[tuple[datetime, datetime]]:
    """Spans in which both calendars are open."""
    found = []
    other = open_spans(hours, start, end)
    for begin, until in open_spans(shift, start, end):
        for opened, closed in other:
            span = max(begin, opened), min(until, closed)
            if span[0] < span[1]:
                found.append(span)
    return found
