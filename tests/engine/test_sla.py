"""L1 to L6: a ticket's clock, by worked examples and against a walk by minutes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from engine.opening import open_minutes
from engine.sla import CLOSED, PAUSED, RUNNING, Case, Mark, read, stretches
from engine.worktime import Attendance, Calendar
from hypothesis import given
from hypothesis import strategies as st
from model.promises import Walk, whole
from strategies import calendars, starts

MINUTE = timedelta(minutes=1)
WALKED = 3 * 24 * 60
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text, zone=SHANGHAI):
    """A local moment of September 2026."""
    return datetime.fromisoformat(f"2026-09-{text}").replace(tzinfo=zone)


def office(*leaves, tz="Asia/Shanghai"):
    """Monday to Friday, 9 to 12 and 13 to 18."""
    rows = [
        Attendance(day, start * 60, end * 60)
        for day in range(5)
        for start, end in ((9, 12), (13, 18))
    ]
    return Calendar(tz, tuple(rows), leaves)


def case(received, response=30, resolution=240, **values):
    """A ticket of the office's hours: 30 minutes to the answer, 4 hours in all."""
    values = {"calendar": office(), **values}
    return Case(
        received_at=at(received), response=response, resolution=resolution, **values
    )


def marks(*pairs):
    """Marks by day and hour, and what the ticket is from then on."""
    return tuple(Mark(at(text), state) for text, state in pairs)


# Thursday 3 September 2026


def test_l1_targets_run_in_working_hours_over_breaks_and_nights():
    clock = read(case("03T11:45"), at("03T11:50"))
    # 15 minutes to noon, 15 after the break; 15 + 225 minutes
    assert clock.response.deadline == at("03T13:15")
    assert clock.resolution.deadline == at("03T16:45")
    evening = read(case("04T17:00", resolution=600), at("04T17:00"))
    # an hour on Friday, 8 on Monday, one on Tuesday
    assert evening.resolution.deadline == at("08T10:00")


def test_l1_a_leave_is_no_working_time_and_without_calendar_every_minute_is():
    monday = at("07T00:00"), at("08T00:00")
    closed = case("04T17:00", calendar=office(monday))
    assert read(closed, at("04T17:00")).resolution.deadline == at("08T12:00")
    always = case("05T23:50", calendar=None)
    assert read(always, at("05T23:50")).response.deadline == at("06T00:20")
    assert read(always, at("05T23:50")).resolution.deadline == at("06T03:50")


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("03T10:23", "running"),
        ("03T10:24", "at_risk"),
        ("03T10:30", "at_risk"),
        ("03T10:31", "breached"),
    ],
)
def test_l1_l5_at_risk_from_the_minute_and_met_until_the_end_of_the_minute(now, state):
    # 24 of 30 minutes are 80 %
    assert read(case("03T10:00"), at(now)).response.state == state
    late = at(now) + timedelta(seconds=59)
    assert read(case("03T10:00"), late).response.state == state


def test_l3_an_answer_meets_its_target_until_the_end_of_the_minute():
    for second, state in ((59, "met"), (60, "met_late")):
        answered = at("03T10:30") + timedelta(seconds=second)
        clock = read(case("03T10:00", responded_at=answered), at("03T12:00"))
        assert clock.response.state == state
        assert clock.response.deadline == at("03T10:30")


def test_l3_a_solution_without_an_answer_is_the_answer():
    solved = marks(("03T10:20", CLOSED))
    assert read(case("03T10:00", marks=solved), at("04T12:00")).response.state == "met"
    late = marks(("03T10:40", CLOSED))
    clock = read(case("03T10:00", marks=late), at("04T12:00"))
    assert (clock.response.state, clock.resolution.state) == ("met_late", "met")
    again = marks(("03T10:20", CLOSED), ("03T10:50", RUNNING))
    clock = read(case("03T10:00", marks=again), at("03T10:50"))
    assert clock.response.state == "breached"


def test_l4_waiting_for_the_customer_moves_the_deadline_by_its_working_time():
    waits = case("03T10:00", marks=marks(("03T11:00", PAUSED)))
    clock = read(waits, at("04T10:00"))
    assert clock.resolution.state == "paused"
    assert clock.resolution.deadline == at("03T15:00")
    goes_on = replace(waits, marks=marks(("03T11:00", PAUSED), ("03T15:30", RUNNING)))
    clock = read(goes_on, at("03T15:30"))
    # from 11 to 15:30 less the break are 210 minutes: 15:00 -> 18:00 is 180 of them
    assert clock.resolution.deadline == at("04T09:30")
    assert clock.resolution.state == "running"
    assert clock.response.state == "breached", "the answer does not wait"


def test_l4_the_deadline_moves_also_when_a_pause_ends_by_resolving():
    solved = marks(("03T11:00", PAUSED), ("07T09:00", CLOSED))
    clock = read(case("03T10:00", marks=solved), at("07T09:00"))
    # two hours to 13:00..18:00 of Thursday and eight on Friday: 60 + 300 + 480 = 840
    assert clock.resolution.deadline == at("07T12:00")
    assert clock.resolution.state == "met"
    assert clock.resolved_at == at("07T09:00")


def test_l4_reopening_goes_on_with_what_had_elapsed():
    life = (("03T11:00", CLOSED), ("04T11:00", RUNNING))
    clock = read(case("03T10:00", marks=marks(*life)), at("04T11:00"))
    # one hour had elapsed, eight were spent closed
    assert clock.resolution.deadline == at("04T15:00")
    assert clock.resolved_at is None
    again = case("03T10:00", marks=marks(*life, ("04T15:00", CLOSED)))
    clock = read(again, at("08T00:00"))
    assert (clock.resolution.state, clock.resolved_at) == ("met", at("04T15:00"))
    late = case("03T10:00", marks=marks(*life, ("04T15:01", CLOSED)))
    assert read(late, at("08T00:00")).resolution.state == "met_late"


def test_l4_what_is_late_stays_late_while_it_waits():
    life = marks(("03T15:01", PAUSED))
    clock = read(case("03T10:00", marks=life), at("04T12:00"))
    assert clock.resolution.state == "breached"
    in_time = marks(("03T15:00", PAUSED))
    clock = read(case("03T10:00", marks=in_time), at("04T12:00"))
    assert clock.resolution.state == "paused"


def test_l6_another_target_counts_from_the_same_start_with_the_same_pauses():
    life = marks(("03T10:30", PAUSED), ("03T11:30", RUNNING))
    ticket = case("03T10:00", marks=life)
    assert read(ticket, at("03T11:30")).resolution.deadline == at("03T16:00")
    urgent = replace(ticket, resolution=60)
    assert read(urgent, at("03T11:30")).resolution.deadline == at("03T12:00")
    always = replace(ticket, calendar=None)
    assert read(always, at("03T11:30")).resolution.deadline == at("03T15:00")


def test_no_target_no_clock_and_a_calendar_that_never_opens_no_deadline():
    clock = read(case("03T10:00", response=0, resolution=0), at("03T10:00"))
    assert (clock.response.state, clock.resolution.state) == ("none", "none")
    assert clock.turns_at is None
    never = Calendar("UTC", ())
    clock = read(case("03T10:00", calendar=never), at("03T10:00"))
    assert (clock.resolution.state, clock.resolution.deadline) == ("running", None)
    assert clock.turns_at is None


def test_l5_the_next_turn_is_the_first_minute_at_which_a_state_changes():
    ticket = case("03T10:00")
    turns, now = [], at("03T10:00")
    while turn := read(ticket, now).turns_at:
        turns.append(turn)
        now = turn
    assert turns == [at("03T10:24"), at("03T10:31"), at("03T14:12"), at("03T15:01")]
    waits = replace(ticket, marks=marks(("03T10:10", PAUSED)))
    assert read(waits, at("03T10:31")).turns_at is None


def test_l7_a_clock_tells_what_it_did_and_who_began_it():
    life = marks(("03T11:00", PAUSED), ("03T14:00", RUNNING), ("03T15:00", CLOSED))
    told = stretches(case("03T10:00", marks=life), at("04T10:00"))
    assert [(each.state, each.minutes, each.mark) for each in told] == [
        (RUNNING, 60, None),
        (PAUSED, 120, 0),
        (RUNNING, 60, 1),
        (CLOSED, 240, 2),
    ]
    assert [each.end for each in told[2:]] == [at("03T15:00"), None]


# On any ticket

states = st.sampled_from((RUNNING, PAUSED, CLOSED))


@st.composite
def lives(draw, calendar=st.none() | calendars()):  # noqa: B008 (a strategy)
    """A ticket of any calendar with a few turns, and a minute of its first days."""
    received = draw(starts)
    offsets = st.lists(st.integers(0, WALKED - 1), max_size=5)
    found = tuple(
        Mark(received + offset * MINUTE, draw(states))
        for offset in sorted(draw(offsets))
    )
    now = whole(received) + draw(st.integers(0, WALKED - 1)) * MINUTE
    answered = draw(st.none() | st.integers(0, WALKED - 1))
    answered = None if answered is None else received + answered * MINUTE
    return (
        Case(
            calendar=draw(calendar),
            received_at=received,
            response=draw(st.integers(0, 600)),
            resolution=draw(st.integers(0, 2000)),
            responded_at=answered if answered and answered <= now else None,
            marks=tuple(mark for mark in found if mark.at <= now),
        ),
        now,
    )


@given(lives())
def test_l1_l5_states_and_deadlines_are_those_of_a_walk_by_minutes(life):
    ticket, now = life
    walk, clock = Walk(ticket, WALKED), read(ticket, now)
    last = walk.moments[-1]
    for target, reading in (
        ("response", clock.response),
        ("resolution", clock.resolution),
    ):
        state, due = walk.read(target, now)
        assert reading.state == state
        if due:
            assert reading.deadline == due
        elif reading.deadline:
            assert reading.deadline > last


@given(lives())
def test_l4_elapsed_paused_and_closed_are_all_of_the_working_time(life):
    ticket, now = life
    told = stretches(ticket, now)
    walk = Walk(ticket, WALKED)
    for state in (RUNNING, PAUSED, CLOSED):
        minutes = sum(each.minutes for each in told if each.state == state)
        assert minutes == walk.count(state, now)
    whole_life = open_minutes(ticket.calendar, ticket.received_at, now)
    assert sum(each.minutes for each in told) == whole_life


@given(lives(), st.integers(0, 3000), st.integers(1, 3000))
def test_l4_a_pause_moves_the_deadline_by_its_own_working_time(life, after, lasts):
    ticket = replace(life[0], marks=(), resolution=life[0].resolution or 1)
    before = read(ticket, ticket.received_at).resolution.deadline
    begin = ticket.received_at + after * MINUTE
    end = begin + lasts * MINUTE
    paused = replace(ticket, marks=(Mark(begin, PAUSED), Mark(end, RUNNING)))
    moved = read(paused, end).resolution.deadline
    if before is None or moved is None:
        assert before is None or open_minutes(ticket.calendar, begin, end)
    elif whole(begin) > before:
        assert moved == before
    else:
        minutes = open_minutes(ticket.calendar, begin, end)
        assert open_minutes(ticket.calendar, before, moved) == minutes


@given(lives(st.none()), st.sampled_from(("UTC", "Europe/Berlin", "Asia/Shanghai")))
def test_l1_no_calendar_is_one_that_is_always_open(life, tz):
    ticket, now = life
    rows = tuple(Attendance(day, 0, 24 * 60) for day in range(7))
    always = replace(ticket, calendar=Calendar(tz, rows))
    assert read(always, now) == read(ticket, now)


@given(lives())
def test_l5_nothing_changes_before_its_turn(life):
    ticket, now = life
    clock = read(ticket, now)
    if clock.turns_at is None:
        turn = now + timedelta(days=3000)
    else:
        assert clock.turns_at > now
        turn = clock.turns_at
        assert _states(read(ticket, turn)) != _states(clock)
    assert _states(read(ticket, turn - MINUTE)) == _states(clock)


def _states(clock):
    return clock.response.state, clock.resolution.state


@given(lives())
def test_l4_the_same_state_again_and_seconds_change_nothing(life):
    ticket, now = life
    again = tuple(
        twice
        for mark in ticket.marks
        for twice in (mark, replace(mark, at=mark.at + timedelta(seconds=20)))
    )
    shown, same = read(ticket, now), read(replace(ticket, marks=again), now)
    assert same == shown


def test_daylight_saving_is_counted_as_it_passes():
    # the night of 25 October 2026 has 25 hours in Berlin
    calendar = Calendar(
        "Europe/Berlin", tuple(Attendance(day, 0, 24 * 60) for day in range(7))
    )
    received = datetime(2026, 10, 24, 20, tzinfo=UTC)
    ticket = Case(calendar, received, resolution=10 * 60)
    assert read(ticket, received).resolution.deadline == received + timedelta(hours=10)
