"""When the periodic services of a contract are due (D3, R2, R8)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from engine.periodic import FIRST, LAST, MONTH_DAY, Due, Life, Periodic, due_days
from engine.periods import terms_periods
from hypothesis import given
from hypothesis import strategies as st

DAY = timedelta(days=1)
START = date(2026, 1, 1)
EVER = date(2040, 12, 31)
QUARTERLY = Periodic(1, "quarterly", 1)
RULES = ("monthly", "quarterly", "semesterly", "yearly")


def days(row, *, start=START, end=None, upto=date(2026, 12, 31), **life):
    """The days on which one row of the only plan is due."""
    life = Life(start, end, terms=[(start, [row])], **life)
    return [due.day for due in due_days(life, start, upto)]


def test_d3_the_first_day_of_each_period_of_the_contract():
    found = days(QUARTERLY, start=date(2026, 2, 10))
    assert found == [date(2026, 2, 10), *(date(2026, m, 10) for m in (5, 8, 11))]


def test_d3_the_last_day_of_each_period():
    found = days(replace(QUARTERLY, day=LAST), start=date(2026, 2, 10))
    assert found == [date(2026, m, 9) for m in (5, 8, 11)]


def test_d3_a_day_of_the_month_is_the_first_one_in_the_period():
    row = replace(QUARTERLY, day=MONTH_DAY, month_day=5)
    found = days(row, start=date(2026, 2, 10))
    assert found == [date(2026, 3, 5), *(date(2026, m, 5) for m in (6, 9, 12))]


@pytest.mark.parametrize(
    ("year", "february"), [(2026, 28), (2027, 28), (2028, 29), (2100, 28)]
)
def test_d3_the_31st_of_a_short_month_is_its_last_day(year, february):
    row = Periodic(1, "monthly", 1, MONTH_DAY, 31)
    found = days(row, start=date(year, 1, 1), upto=date(year, 4, 30))
    assert [(day.month, day.day) for day in found] == [
        (1, 31),
        (2, february),
        (3, 31),
        (4, 30),
    ]


def test_d3_a_period_without_that_number_is_due_on_its_last_day():
    row = Periodic(1, "monthly", 1, MONTH_DAY, 30)
    found = days(row, start=date(2026, 1, 31), upto=date(2026, 3, 31))
    assert found[:2] == [date(2026, 2, 27), date(2026, 2, 28)]


def test_d3_every_other_year_from_a_leap_day_on():
    row = Periodic(1, "yearly", 2)
    found = days(row, start=date(2028, 2, 29), upto=date(2033, 12, 31))
    assert found == [date(2028, 2, 29), date(2030, 2, 28), date(2032, 2, 28)]


def test_d3_the_end_of_the_contract_drops_what_comes_after_it():
    assert days(replace(QUARTERLY, day=LAST), end=date(2026, 6, 29)) == [
        date(2026, 3, 31)
    ]
    assert days(replace(QUARTERLY, day=LAST), end=date(2026, 6, 30))[-1] == date(
        2026, 6, 30
    )


def test_d3_a_renewal_begins_the_periods_anew():
    renewal = date(2026, 8, 15)
    found = days(QUARTERLY, renewals=[renewal])
    assert found == [
        *(date(2026, m, 1) for m in (1, 4, 7)),
        renewal,
        date(2026, 11, 15),
    ]


def test_d3_a_pause_moves_the_day_behind_it():
    pause = (date(2026, 3, 20), date(2026, 4, 9))
    assert days(QUARTERLY, pauses=[pause])[1] == date(2026, 4, 10)


def test_d3_a_pause_to_the_end_of_the_period_moves_the_day_before_it():
    pause = (date(2026, 3, 20), date(2026, 4, 9))
    assert days(replace(QUARTERLY, day=LAST), pauses=[pause])[0] == date(2026, 3, 19)


def test_d3_a_period_that_is_all_pause_has_none():
    pause = (date(2026, 4, 1), date(2026, 6, 30))
    assert [day.month for day in days(QUARTERLY, pauses=[pause])] == [1, 7, 10]


def test_r02_an_own_row_stands_instead_of_the_plans_on_its_days():
    own = Periodic(9, "monthly", 1, FIRST, 1, date(2026, 4, 1), date(2026, 6, 30), 1)
    life = Life(START, None, terms=[(START, [QUARTERLY])], own=[own])
    found = sorted(
        (due.day, due.row_id) for due in due_days(life, START, date(2026, 12, 31))
    )
    assert [(day.month, row) for day, row in found] == [
        (1, 1),
        (4, 9),
        (5, 9),
        (6, 9),
        (7, 1),
        (10, 1),
    ]


def test_r02_an_own_row_without_replacing_adds_to_the_plans():
    own = Periodic(9, "yearly", 1)
    life = Life(START, None, terms=[(START, [QUARTERLY])], own=[own])
    assert Due(9, START, START) in due_days(life, START, START)
    assert Due(1, START, START) in due_days(life, START, START)


# Laws

a_day = st.dates(date(2024, 1, 1), date(2029, 12, 31))
a_row = st.builds(
    Periodic,
    id=st.just(1),
    rule=st.sampled_from(RULES),
    interval=st.integers(1, 4),
    day=st.sampled_from((FIRST, LAST, MONTH_DAY)),
    month_day=st.integers(1, 31),
)


@st.composite
def lives(draw):
    """A start, an end or none, renewals and pauses; one row under one plan."""
    start = draw(a_day)
    end = draw(st.none() | st.integers(0, 1500).map(lambda n: start + n * DAY))
    after = st.integers(1, 1500).map(lambda n: start + n * DAY)
    renewals = sorted(draw(st.sets(after, max_size=2)))
    pauses = [
        (first, first + draw(st.integers(0, 200)) * DAY)
        for first in draw(st.lists(after, max_size=3))
    ]
    row = draw(a_row)
    return Life(start, end, renewals, [(start, [row])], [], pauses)


def _row(life):
    return life.terms[0][1][0]


def _until(life):
    return life.start + 2000 * DAY


def _rests(life, day):
    return any(first <= day <= last for first, last in life.pauses)


@given(lives())
def test_d3_each_whole_period_is_due_exactly_once_and_no_period_twice(life):
    row, until = _row(life), _until(life)
    found = due_days(life, life.start, EVER)
    chain = terms_periods(
        life.start, life.renewals, life.end, row.rule, row.interval, until
    )
    for period in chain:
        inside = [due for due in found if period.start <= due.day <= period.end]
        assert len(inside) <= 1
        span = range((period.end - period.start).days + 1)
        served = any(not _rests(life, period.start + n * DAY) for n in span)
        if served and period.end == period.whole_end:
            assert [due.period_start for due in inside] == [period.start]


@given(lives())
def test_d3_nothing_is_due_in_a_pause_or_outside_of_the_term(life):
    for due in due_days(life, life.start - 400 * DAY, _until(life)):
        assert life.start <= due.day <= (life.end or due.day)
        assert not _rests(life, due.day)


@given(lives(), st.integers(1, 1500))
def test_d3_a_change_to_a_plan_with_the_same_service_changes_no_day(life, after):
    change = life.start + after * DAY
    same = replace(_row(life), id=2)
    changed = replace(life, terms=[*life.terms, (change, [same])])
    before = due_days(life, life.start, _until(life))
    found = sorted(due_days(changed, life.start, _until(life)), key=lambda d: d.day)
    assert [due.day for due in found] == [due.day for due in before]
    assert all((due.row_id == 2) == (due.day >= change) for due in found)


@given(lives(), st.integers(0, 1500))
def test_d3_a_horizon_only_cuts_what_comes_later(life, after):
    edge = life.start + after * DAY
    whole = due_days(life, life.start, _until(life))
    parts = due_days(life, life.start, edge) + due_days(life, edge + DAY, _until(life))
    assert parts == whole
