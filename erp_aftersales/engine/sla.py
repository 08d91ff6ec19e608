"""The clock of a ticket: what was promised until when, and what became of it (L1-L6).

All is counted in whole minutes: a target is met until the end of its minute. Nothing is
kept from one call to the next; the marks of a ticket tell all that happened to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .opening import open_after, open_between
from .worktime import Calendar, minute_of, moment_of

NONE = "none"
RUNNING = "running"
PAUSED = "paused"
CLOSED = "closed"
AT_RISK = "at_risk"
BREACHED = "breached"
MET = "met"
MET_LATE = "met_late"

# From this part of a target's minutes on it is at risk (L5).
_RISK_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Mark:
    """From this moment on the ticket is running, paused or closed (L4)."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket as its clock sees it; moments are aware.

    :param calendar: time runs in it; None: always (L1)
    :param received_at: where both targets start (L2)
    :param response: minutes to the first answer; 0: no target
    :param resolution: minutes to the solution; 0: no target
    :param responded_at: the first answer (L3)
    :param marks: in the order of time; before the first one the ticket is running
    """

    calendar: Calendar | None
    received_at: datetime
    response: int = 0
    resolution: int = 0
    responded_at: datetime | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One target: its state, its deadline, and from when on it is at risk.

    A deadline is None without a target, or where the calendar never opens for so long.
    """

    state: str
    deadline: datetime | None = None
    at_risk_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of a ticket shows.

    :param resolved_at: the last move into a closed state; None: it is open
    :param turns_at: when a state changes next, by itself; None: never
    """

    response: Reading
    resolution: Reading
    resolved_at: datetime | None
    turns_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a ticket's life, and the working minutes in it.

    :param end: None: it lasts
    :param mark: the number of the mark that began it; None: the request did
    """

    state: str
    start: datetime
    end: datetime | None
    minutes: int
    mark: int | None


def read(case: Case, now: datetime) -> Clock:
    """What both targets of a ticket are at a moment (L1 to L5).

    A ticket that is closed is answered too, if nobody did before: its solution is the
    answer.
    """
    minute = minute_of(now)
    spans = _spans(case)
    state, since, _mark = spans[-1]
    closed = since if state == CLOSED else None
    answered = minute_of(case.responded_at) if case.responded_at else closed
    response = _target(case, case.response, [])
    stops = [
        (begin, spans[number + 1][1])
        for number, (kind, begin, _mark) in enumerate(spans[:-1])
        if kind != RUNNING
    ]
    resolution = _target(case, case.resolution, stops)
    stands = since if state == PAUSED else None
    return Clock(
        _reading(response, answered, None, minute),
        _reading(resolution, closed, stands, minute),
        _closed_at(case, spans[-1]),
        _turns_at(minute, (response, answered), (resolution, closed or stands)),
    )


def stretches(case: Case, now: datetime) -> list[Stretch]:
    """The life of a ticket from the request to a moment, in order (L7)."""
    spans = _spans(case)
    ends = [begin for _state, begin, _mark in spans[1:]]
    last = max(minute_of(now), spans[-1][1])
    return [
        Stretch(
            state,
            moment_of(begin),
            moment_of(end) if number < len(ends) else None,
            open_between(case.calendar, begin, end),
            mark,
        )
        for number, ((state, begin, mark), end) in enumerate(
            zip(spans, [*ends, last], strict=True)
        )
    ]


def _closed_at(case: Case, span: tuple[str, int, int | None]) -> datetime | None:
    state, _begin, number = span
    return case.marks[number].at if state == CLOSED and number is not None else None


def _spans(case: Case) -> list[tuple[str, int, int | None]]:
    """What the ticket was, since which minute, by which mark; neighbours differ.

    Of several marks in one minute the last counts.
    """
    spans: list[tuple[str, int, int | None]] = []
    first = minute_of(case.received_at)
    for number, state, begin in [(None, RUNNING, first), *_marked(case.marks)]:
        begin = max(begin, first)
        if spans and spans[-1][0] != state and spans[-1][1] == begin:
            spans.pop()
        if not spans or spans[-1][0] != state:
            spans.append((state, begin, number))
    return spans


def _marked(marks: Sequence[Mark]) -> Iterator[tuple[int, str, int]]:
    for number, mark in enumerate(marks):
        yield number, mark.state, minute_of(mark.at)


def _target(
    case: Case, minutes: int, stops: Sequence[tuple[int, int]]
) -> tuple[int | None, int | None] | None:
    """The minutes of the deadline and of the risk; None without a target."""
    if not minutes:
        return None
    risky = -(-minutes * _RISK_PERCENT // 100)
    return _due(case, minutes, stops), _due(case, risky, stops)


def _due(case: Case, minutes: int, stops: Sequence[tuple[int, int]]) -> int | None:
    """The minute by which so many have run; stops move it by their own ones (L4).

    None where the calendar does not open for so long.
    """
    start = minute_of(case.received_at)
    try:
        due = open_after(case.calendar, start, minutes)
        for begin, end in stops:
            if begin > due:
                break
            stopped = open_between(case.calendar, begin, end)
            if stopped:
                minutes += stopped
                due = open_after(case.calendar, start, minutes)
    except ValueError:
        return None
    return due


def _reading(
    target: tuple[int | None, int | None] | None,
    done: int | None,
    stands: int | None,
    minute: int,
) -> Reading:
    """The state of a target.

    :param done: the minute in which it was reached
    :param stands: since which minute its clock stands still
    """
    if target is None:
        return Reading(NONE)
    due, risky = target
    shown = due and moment_of(due), risky and moment_of(risky)
    at = done if done is not None else stands if stands is not None else minute
    late = due is not None and at > due
    if done is not None:
        return Reading(MET_LATE if late else MET, *shown)
    if late:
        return Reading(BREACHED, *shown)
    if stands is not None:
        return Reading(PAUSED, *shown)
    at_risk = risky is not None and minute >= risky
    return Reading(AT_RISK if at_risk else RUNNING, *shown)


def _turns_at(
    minute: int, *targets: tuple[tuple[int | None, int | None] | None, int | None]
) -> datetime | None:
    """The next minute at which a target that still runs changes its state."""
    turns = (
        turn
        for target, halted in targets
        if target and halted is None
        for turn in _turns(*target)
        if turn > minute
    )
    found = min(turns, default=None)
    return None if found is None else moment_of(found)


def _turns(due: int | None, risky: int | None) -> Iterator[int]:
    """When it is at risk, and when it is missed: a minute after it was due."""
    if risky is not None:
        yield risky
    if due is not None:
        yield due + 1
