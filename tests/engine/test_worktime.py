"""R6, L1: bands and working minutes, against a walk minute by minute."""

from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from engine.opening import add_open_minutes, open_minutes
from engine.worktime import (
    Attendance,
    Calendar,
    band_at,
    band_pieces,
    week_type,
)
from hypothesis import given
from hypothesis import strategies as st
from strategies import calendars, starts

MINUTE = timedelta(minutes=1)


def week(start=9 * 60, end=18 * 60, days=range(5)):
    """The same hours on each of some weekdays."""
    return tuple(Attendance(day, start, end) for day in days)


def at(text, zone="Asia/Shanghai", fold=0):
    """A local moment; fold 1 is the second of two equal ones."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


OCTOBER = (at("2026-10-01T00:00"), at("2026-10-08T00:00"))
OFFICE = Calendar("Asia/Shanghai", week(), (OCTOBER,))
BREAK = Calendar("Asia/Shanghai", week(540, 720) + week(780, 1080))
ROUND_THE_CLOCK = week(0, 1440, range(7))


@pytest.mark.parametrize(
    ("start", "minutes", "pieces"),
    [
        ("2026-09-03T17:30", 60, [("normal", 30), ("after_hours", 30)]),
        ("2026-09-03T17:00", 60, [("normal", 60)]),
        ("2026-09-03T18:00", 1, [("after_hours", 1)]),
        ("2026-09-03T08:59", 2, [("after_hours", 1), ("normal", 1)]),
        ("2026-09-12T10:00", 60, [("after_hours", 60)]),
        ("2026-10-02T10:00", 30, [("holiday", 30)]),
        ("2026-10-02T23:00", 30, [("holiday", 30)]),
        ("2026-10-04T10:00", 30, [("holiday", 30)]),
        ("2026-09-30T23:30", 60, [("after_hours", 30), ("holiday", 30)]),
        ("2026-10-07T23:59", 2, [("holiday", 1), ("after_hours", 1)]),
        ("2026-09-03T17:59:59", 2, [("normal", 1), ("after_hours", 1)]),
        ("2026-09-03T10:00", 0, []),
        (
            "2026-09-03T08:00",
            24 * 60,
            [("after_hours", 60), ("normal", 540), ("after_hours", 840)],
        ),
    ],
)
def test_r06_work_is_cut_where_the_band_changes(start, minutes, pieces):
    assert band_pieces(OFFICE, at(start), minutes) == pieces


def test_r06_a_break_is_normal_but_no_working_time():
    start, end = at("2026-09-03T11:30"), at("2026-09-03T13:30")
    assert band_pieces(BREAK, start, 120) == [("normal", 120)]
    assert open_minutes(BREAK, start, end) == 60


def test_r06_a_break_is_between_attendances_of_one_local_day():
    night = Calendar("Asia/Shanghai", week(1200, 1380) + week(60, 120))
    assert band_at(night, at("2026-09-03T12:00")) == "normal"
    assert band_at(night, at("2026-09-04T00:30")) == "after_hours"


def test_r06_a_leave_for_part_of_a_day_is_holiday_for_that_part():
    leave = (at("2026-09-03T14:00"), at("2026-09-03T15:30"))
    office = Calendar("Asia/Shanghai", week(), (leave,))
    assert band_pieces(office, at("2026-09-03T13:00"), 180) == [
        ("normal", 60),
        ("holiday", 90),
        ("normal", 30),
    ]


def test_r06_a_leave_that_ends_a_second_before_midnight_lasts_to_midnight():
    leave = (at("2026-10-01T00:00"), at("2026-10-01T23:59:59"))
    office = Calendar("Asia/Shanghai", week(), (leave,))
    assert band_pieces(office, at("2026-10-01T23:59"), 2) == [
        ("holiday", 1),
        ("after_hours", 1),
    ]


def test_r06_round_the_clock_has_no_gap_at_midnight():
    always = Calendar("Europe/Berlin", ROUND_THE_CLOCK)
    start = at("2026-03-27T12:00", "Europe/Berlin")
    assert band_pieces(always, start, 5000) == [("normal", 5000)]


def test_r06_without_calendar_everything_is_normal():
    assert band_pieces(None, at("2026-10-03T02:00"), 70) == [("normal", 70)]
    assert band_pieces(None, at("2026-10-03T02:00"), 0) == []
    assert band_at(None, at("2026-10-03T02:00")) == "normal"


def test_r06_without_attendances_everything_is_after_hours_or_holiday():
    empty = Calendar("Asia/Shanghai", (), (OCTOBER,))
    assert band_at(empty, at("2026-09-30T10:00")) == "after_hours"
    assert band_at(empty, at("2026-10-01T10:00")) == "holiday"


def test_r06_two_weeks_alternate_as_odoo_counts_them():
    rows = Attendance(0, 540, 720, week=0), Attendance(0, 780, 1080, week=1)
    office = Calendar("Asia/Shanghai", rows)
    monday = at("2026-09-07T10:00")
    kinds = [week_type(monday.date() + timedelta(days=7 * n)) for n in range(4)]
    assert kinds == [1, 0, 1, 0]
    bands = [band_at(office, monday + timedelta(days=7 * n)) for n in range(4)]
    assert bands == ["after_hours", "normal", "after_hours", "normal"]


@pytest.mark.parametrize(
    ("zone", "night", "start", "end", "minutes"),
    [
        # spring: 2:00 to 3:00 does not exist
        ("Europe/Berlin", "2026-03-29", 0, 1440, 23 * 60),
        ("America/New_York", "2026-03-08", 0, 1440, 23 * 60),
        ("Europe/Berlin", "2026-03-29", 60, 240, 120),
        ("Europe/Berlin", "2026-03-29", 60, 180, 60),
        ("Europe/Berlin", "2026-03-29", 120, 180, 0),  # 2:00 is read as 3:00
        ("Europe/Berlin", "2026-03-29", 60, 150, 90),  # 2:30 is read as 3:30
        # autumn: it is 2:00 (New York: 1:00) twice
        ("Europe/Berlin", "2026-10-25", 0, 1440, 25 * 60),
        ("America/New_York", "2026-11-01", 0, 1440, 25 * 60),
        ("Europe/Berlin", "2026-10-25", 60, 240, 240),
        ("Europe/Berlin", "2026-10-25", 60, 150, 150),  # to the second 2:30
        ("Europe/Berlin", "2026-10-25", 150, 180, 30),  # from the second 2:30
        # no change
        ("Asia/Shanghai", "2026-10-25", 0, 1440, 24 * 60),
    ],
)
def test_l1_working_minutes_of_a_night_of_clock_change(
    zone, night, start, end, minutes
):
    office = Calendar(zone, week(start, end, days=[6]))
    day = at(night, zone)
    before, after = day - timedelta(days=2), day + timedelta(days=2)
    assert open_minutes(office, before, after) == minutes


def test_l1_midnight_is_the_first_one_where_it_comes_twice():
    saturday = Calendar("America/Havana", week(1380, 1440, days=[5]))
    evening = at("2024-11-02T22:00", "America/Havana")
    assert open_minutes(saturday, evening, evening + timedelta(hours=6)) == 60


def test_l1_an_evening_that_does_not_exist_reaches_into_the_next_day():
    """In Nuuk Saturday 23:00 is Sunday 0:00; Saturday's last hour is read before."""
    saturday = Calendar("America/Nuuk", week(1380, 1440, days=[5]))
    sunday = at("2024-03-31T00:30", "America/Nuuk")
    assert open_minutes(saturday, sunday, sunday + timedelta(hours=6)) == 30


def test_r06_the_hour_that_comes_twice_is_counted_twice():
    office = Calendar("Europe/Berlin", week(240, 300, days=range(7)))
    start = at("2026-10-25T01:30", "Europe/Berlin")
    assert band_pieces(office, start, 240) == [("after_hours", 210), ("normal", 30)]
    again = at("2026-10-25T02:30", "Europe/Berlin", fold=1)
    assert band_pieces(office, again, 120) == [("after_hours", 90), ("normal", 30)]


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-09-03T10:00", 60, "2026-09-03T11:00"),
        ("2026-09-03T17:30", 30, "2026-09-03T18:00"),
        ("2026-09-03T17:30", 31, "2026-09-04T09:01"),
        ("2026-09-04T17:30", 60, "2026-09-07T09:30"),
        ("2026-09-30T17:00", 120, "2026-10-08T10:00"),
        ("2026-10-03T12:00", 0, "2026-10-03T12:00"),
        ("2026-09-03T10:00:59", 1, "2026-09-03T10:01"),
    ],
)
def test_l1_working_minutes_are_added_over_nights_weekends_and_leaves(
    start, minutes, end
):
    assert add_open_minutes(OFFICE, at(start), minutes) == at(end)


def test_l1_a_break_stops_the_clock():
    assert add_open_minutes(BREAK, at("2026-09-03T11:30"), 60) == at("2026-09-03T13:30")


def test_l1_without_calendar_the_clock_never_stops():
    start, end = at("2026-10-03T12:00"), at("2026-10-04T13:00")
    assert open_minutes(None, start, end) == 25 * 60
    assert add_open_minutes(None, start, 25 * 60) == end
    assert open_minutes(None, end, start) == 0


def test_l1_an_end_before_the_start_has_no_minutes():
    end, start = at("2026-09-03T12:00"), at("2026-09-03T13:00")
    assert open_minutes(OFFICE, start, end) == 0


def test_l1_a_year_of_leave_is_passed():
    leave = (at("2026-01-01T00:00"), at("2027-01-01T00:00"))
    office = Calendar("Asia/Shanghai", week(), (leave,))
    assert add_open_minutes(office, at("2026-02-02T10:00"), 1) == at("2027-01-01T09:01")


@pytest.mark.parametrize("office", [Calendar("UTC", ()), OFFICE])
def test_l1_a_target_that_no_day_reaches_is_refused(office):
    with pytest.raises(ValueError, match="is not open"):
        add_open_minutes(office, at("2026-09-03T10:00"), 10_000_000)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: band_pieces(OFFICE, datetime(2026, 9, 3), 1),
        lambda: band_pieces(None, datetime(2026, 9, 3), 1),
        lambda: band_pieces(OFFICE, at("2026-09-03"), -1),
        lambda: add_open_minutes(OFFICE, at("2026-09-03"), -1),
        lambda: open_minutes(OFFICE, at("2026-09-03"), datetime(2026, 9, 4)),
        lambda: Attendance(0, 600, 600),
        lambda: Attendance(0, 600, 1441),
        lambda: Attendance(0, -1, 60),
        lambda: Attendance(7, 0, 60),
        lambda: Attendance(0, 0, 60, week=2),
    ],
)
def test_a_callers_mistake_is_a_value_error(wrong):
    with pytest.raises(ValueError, match=r"zone|negative|no hours|no such day"):
        wrong()


def clock(calendar, moment):
    """The oracle's look at the wall: (band, whether it is working time)."""
    local = moment.astimezone(ZoneInfo(calendar.tz))
    minute = local.hour * 60 + local.minute
    rows = [
        row
        for row in calendar.attendances
        if row.weekday == local.weekday() and row.week in (None, week_type(local))
    ]
    if any(start <= moment < end for start, end in calendar.leaves):
        return "holiday", False
    if not rows or not min(r.start for r in rows) <= minute < max(r.end for r in rows):
        return "after_hours", False
    return "normal", any(row.start <= minute < row.end for row in rows)


def walk(calendar, start, minutes):
    """The oracle: what the clock shows in each minute."""
    begin = start.replace(second=0, microsecond=0)
    return [clock(calendar, begin + n * MINUTE) for n in range(minutes)]


lengths = st.integers(0, 3 * 24 * 60)


@given(calendars(), starts, lengths)
def test_r06_bands_are_what_the_clock_shows_minute_by_minute(calendar, start, minutes):
    bands = [band for band, _open in walk(calendar, start, minutes)]
    expected = [(band, len(list(same))) for band, same in groupby(bands)]
    assert band_pieces(calendar, start, minutes) == expected


@given(calendars(), starts, lengths)
def test_l1_working_minutes_are_those_the_clock_shows(calendar, start, minutes):
    expected = sum(opened for _band, opened in walk(calendar, start, minutes))
    assert open_minutes(calendar, start, start + minutes * MINUTE) == expected


@given(calendars(), starts, lengths, lengths)
def test_r06_the_pieces_of_two_halves_are_those_of_the_whole(
    calendar, start, one, other
):
    halves = band_pieces(calendar, start, one)
    halves += band_pieces(calendar, start + one * MINUTE, other)
    merged = [
        (band, sum(minutes for _band, minutes in same))
        for band, same in groupby(halves, key=lambda piece: piece[0])
    ]
    assert band_pieces(calendar, start, one + other) == merged


@given(calendars(min_attendances=1), starts, st.integers(1, 5000))
def test_l1_adding_and_counting_are_inverse(calendar, start, minutes):
    end = add_open_minutes(calendar, start, minutes)
    assert open_minutes(calendar, start, end) == minutes
    assert open_minutes(calendar, start, end - MINUTE) == minutes - 1


@given(calendars(min_attendances=1), starts, st.integers(0, 3000), st.integers(1, 3000))
def test_l1_adding_in_two_steps_is_adding_once(calendar, start, one, other):
    between = add_open_minutes(calendar, start, one)
    whole = add_open_minutes(calendar, start, one + other)
    assert add_open_minutes(calendar, between, other) == whole
