"""Who is there when (D1): calendars in their zones, leaves, duty."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from engine.shifts import AWAY, DUTY, HERE, OFF, Presence, holes, next_open, presence
from engine.worktime import Attendance, Calendar
from hypothesis import given
from hypothesis import strategies as st

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


def calendar(tz=SHANGHAI, start=9, end=18, days=range(5), leaves=()):
    rows = tuple(Attendance(day, start * 60, end * 60) for day in days)
    return Calendar(tz, rows, tuple(leaves))


def at(day, hour, minute=0, tz=SHANGHAI):
    year, month, day = map(int, day.split("-"))
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(tz))


WEEK = calendar()


@pytest.mark.parametrize(
    ("now", "state", "until"),
    [
        (at("2026-11-25", 8, 59), OFF, at("2026-11-25", 9)),
        (at("2026-11-25", 9), HERE, at("2026-11-25", 18)),
        (at("2026-11-25", 17, 59), HERE, at("2026-11-25", 18)),
        (at("2026-11-25", 18), OFF, at("2026-11-26", 9)),
        (at("2026-11-27", 18), OFF, at("2026-11-30", 9)),
    ],
)
def test_d1_there_in_working_hours_to_the_minute(now, state, until):
    assert presence(now, WEEK, WEEK) == Presence(state, until)


def test_d1_a_colleague_elsewhere_is_there_by_their_own_zone():
    berlin = calendar(BERLIN)
    always = None
    assert presence(at("2026-11-25", 15, 59), berlin, always).state == OFF
    found = presence(at("2026-11-25", 16), berlin, always)  # 9:00 in Berlin
    assert found == Presence(HERE, at("2026-11-26", 1))


def test_d1_the_clock_change_moves_the_shift_of_who_has_one():
    berlin = calendar(BERLIN, days=range(7))
    # 8:00 UTC is 9:00 in winter, 7:00 UTC in summer; the change is on 29 March
    for day, hour in (("2026-03-28", 8), ("2026-03-29", 7)):
        moment = at(day, hour, tz="UTC")
        assert presence(moment, berlin, None).state == HERE
        assert presence(moment - timedelta(minutes=1), berlin, None).state == OFF


def test_d1_outside_the_teams_hours_nobody_is_there_but_who_is_on_duty():
    night = calendar(start=0, end=24, days=range(7))
    now = at("2026-11-25", 22)
    assert presence(now, night, WEEK) == Presence(OFF, at("2026-11-26", 9))
    until = at("2026-11-26", 8)
    assert presence(now, WEEK, WEEK, duty_until=until) == Presence(DUTY, until)
    assert presence(until, WEEK, WEEK, duty_until=until).state == OFF


def test_d1_who_is_on_leave_is_away_also_from_duty_until_the_next_shift():
    leave = at("2026-11-25", 0), at("2026-11-26", 0)
    mine = calendar(leaves=[leave])
    now = at("2026-11-25", 10)
    found = presence(now, mine, WEEK, [leave], duty_until=at("2026-11-25", 20))
    assert found == Presence(AWAY, at("2026-11-26", 9))
    assert presence(at("2026-11-26", 9), mine, WEEK, [leave]).state == HERE


def test_d1_a_public_holiday_is_no_absence():
    holiday = at("2026-10-01", 0), at("2026-10-08", 0)
    closed = calendar(leaves=[holiday])
    found = presence(at("2026-10-02", 10), closed, closed)
    assert found == Presence(OFF, at("2026-10-08", 9))


def test_d1_who_never_works_is_off_and_nobody_can_tell_until_when():
    idle = Calendar(SHANGHAI, ())
    assert presence(at("2026-11-25", 10), idle, WEEK) == Presence(OFF, None)


def test_d1_a_hole_in_the_duty_plan_is_what_the_team_does_not_cover():
    found = holes(at("2026-11-25", 8), at("2026-11-26", 10), WEEK)
    assert found == (
        (at("2026-11-25", 8), at("2026-11-25", 9)),
        (at("2026-11-25", 18), at("2026-11-26", 9)),
    )
    assert holes(at("2026-11-25", 9), at("2026-11-25", 18), WEEK) == ()
    assert holes(at("2026-11-25", 9), at("2026-11-25", 9), None) == ()


@given(
    st.integers(0, 60 * 24 * 28),
    st.sampled_from([SHANGHAI, BERLIN]),
    st.lists(st.tuples(st.integers(0, 600), st.integers(1, 200)), max_size=3),
)
def test_law_who_is_not_there_is_there_at_until_and_not_a_minute_before(
    minutes, tz, leaves
):
    begin = datetime(2026, 10, 12, tzinfo=UTC)
    now = begin + timedelta(minutes=minutes)
    spans = [
        (begin + timedelta(hours=h), begin + timedelta(hours=h + n)) for h, n in leaves
    ]
    shift = calendar(tz, leaves=spans)
    found = presence(now, shift, WEEK, spans)
    if found.state in (OFF, AWAY):
        assert found.until > now or found.state == AWAY
        assert presence(found.until, shift, WEEK, spans).state == HERE
        before = found.until - timedelta(minutes=1)
        if before >= now:
            assert presence(before, shift, WEEK, spans).state != HERE
    else:
        assert presence(found.until, shift, WEEK, spans).state != HERE
    assert next_open(now, shift, WEEK) is not None
