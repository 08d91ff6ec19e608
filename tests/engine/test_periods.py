"""R8, R14, R21: periods as OCA contract counts them, without gap or overlap."""

import itertools
from datetime import date, timedelta
from fractions import Fraction

import pytest
from engine.periods import (
    ALLOWANCE_RULES,
    Occurrence,
    Period,
    Schedule,
    next_period_end,
    occurrences,
    period_of,
    periods,
)
from hypothesis import given
from hypothesis import strategies as st
from strategies import days, recurrences, schedules

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "rule", "interval", "end"),
    [
        (date(2026, 1, 1), "daily", 1, date(2026, 1, 1)),
        (date(2026, 1, 1), "weekly", 2, date(2026, 1, 14)),
        (date(2026, 1, 1), "monthly", 1, date(2026, 1, 31)),
        (date(2026, 1, 15), "monthly", 1, date(2026, 2, 14)),
        (date(2026, 1, 31), "monthly", 1, date(2026, 2, 27)),
        (date(2028, 1, 31), "monthly", 1, date(2028, 2, 28)),
        (date(2026, 12, 31), "monthly", 2, date(2027, 2, 27)),
        (date(2026, 1, 15), "monthlylastday", 1, date(2026, 1, 31)),
        (date(2026, 1, 31), "monthlylastday", 2, date(2026, 2, 28)),
        (date(2026, 11, 30), "quarterly", 1, date(2027, 2, 27)),
        (date(2026, 8, 31), "semesterly", 1, date(2027, 2, 27)),
        (date(2026, 3, 1), "yearly", 1, date(2027, 2, 28)),
        (date(2027, 3, 1), "yearly", 1, date(2028, 2, 29)),
        (date(2028, 2, 29), "yearly", 1, date(2029, 2, 27)),
        (date(2028, 2, 29), "yearly", 4, date(2032, 2, 28)),
    ],
)
def test_r08_a_period_ends_the_day_before_its_clipped_successor(
    start, rule, interval, end
):
    assert next_period_end(start, rule, interval) == end


@pytest.mark.parametrize(("rule", "interval"), [("monthly", 0), ("fortnightly", 1)])
def test_r08_an_unknown_recurrence_is_refused(rule, interval):
    with pytest.raises(ValueError, match=r"interval|recurrence"):
        next_period_end(date(2026, 1, 1), rule, interval)


def test_r08_a_clipped_day_stays_clipped():
    chain = periods(date(2026, 1, 31), None, "monthly", 1, date(2026, 4, 1))
    assert [period.start for period in chain] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 28),
    ]


def test_r08_the_last_period_is_cut_and_knows_its_whole():
    chain = periods(date(2026, 9, 1), date(2026, 10, 10), "monthly", 1, date.max)
    assert chain == [
        Period(date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 30)),
        Period(date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 31)),
    ]
    assert [period.share for period in chain] == [1, Fraction(10, 31)]


def test_r21_a_leap_year_has_366_days():
    assert period_of(date(2028, 1, 1), None, "yearly", 1, date(2028, 7, 1)).days == 366
    assert period_of(date(2026, 3, 1), None, "yearly", 1, date(2026, 3, 1)).days == 365


def test_r08_a_term_is_one_period():
    rule = ALLOWANCE_RULES["term"]
    start, end = date(2026, 1, 1), date(2028, 5, 31)
    term = period_of(start, end, *rule, date(2027, 6, 1))
    assert term == Period(start, end, end)
    assert term.share == 1
    assert period_of(start, end, *rule, end + DAY) is None


def test_r08_a_term_without_end_contains_every_later_day():
    chain = periods(date(2026, 1, 1), None, *ALLOWANCE_RULES["term"], date.max)
    assert chain == [Period(date(2026, 1, 1), None, None)]
    assert chain[0].contains(date.max)
    assert chain[0].share == 1
    with pytest.raises(ValueError, match="has no end"):
        _ = chain[0].days


@pytest.mark.parametrize("name", ["month", "quarter", "year"])
def test_r08_allowance_periods_have_the_days_of_their_name(name):
    period = period_of(date(2026, 1, 1), None, *ALLOWANCE_RULES[name], date(2026, 1, 9))
    assert period.days == {"month": 31, "quarter": 90, "year": 365}[name]


@given(days, st.none() | days, recurrences, days)
def test_r08_periods_tile_the_term(start, until, recurrence, upto):
    chain = periods(start, until, *recurrence, upto)
    covered = [
        period.start + timedelta(days=n) for period in chain for n in range(period.days)
    ]
    last = chain[-1].end if chain else start - DAY
    assert covered == [start + n * DAY for n in range((last - start).days + 1)]
    assert not chain or last >= min(upto, until or upto)


@given(days, st.none() | days, recurrences, days)
def test_r08_only_the_last_period_is_cut(start, until, recurrence, upto):
    chain = periods(start, until, *recurrence, upto)
    assert all(period.end == period.whole_end for period in chain[:-1])
    for period in chain[-1:]:
        assert period.end == min(period.whole_end, until or period.whole_end)
        assert period.start <= upto


@given(days, recurrences, st.data())
def test_r20_a_part_and_the_rest_are_the_whole(start, recurrence, data):
    whole = period_of(start, None, *recurrence, start)
    cut = start + timedelta(days=data.draw(st.integers(0, whole.days - 1)))
    part = period_of(start, cut, *recurrence, start)
    rest = (whole.end - cut).days
    assert part.days + rest == part.whole_days == whole.days
    assert part.share + Fraction(rest, whole.days) == whole.share == 1


@given(days, st.none() | days, recurrences, days)
def test_r08_a_day_of_the_term_is_in_exactly_one_period(start, until, recurrence, day):
    found = period_of(start, until, *recurrence, day)
    chain = periods(start, until, *recurrence, date(2034, 1, 1))
    assert [period for period in chain if period.contains(day)] == (
        [found] if found else []
    )
    assert (found is not None) == (start <= day <= (until or day))


def schedule(**vals):
    """A monthly line in arrears from 1 September 2026, nothing billed yet."""
    values = {
        "date_start": date(2026, 9, 1),
        "date_end": None,
        "rule": "monthly",
        "interval": 1,
        "invoicing": "post-paid",
        "last_invoiced": None,
        "next_date": date(2026, 10, 1),
    }
    return Schedule(**(values | vals))


def test_r14_a_backlog_is_billed_oldest_first():
    assert occurrences(schedule(), date(2026, 12, 1)) == [
        Occurrence(date(2026, 10, 1), date(2026, 9, 1), date(2026, 9, 30)),
        Occurrence(date(2026, 11, 1), date(2026, 10, 1), date(2026, 10, 31)),
        Occurrence(date(2026, 12, 1), date(2026, 11, 1), date(2026, 11, 30)),
    ]


def test_r14_prepaid_periods_fall_due_when_they_begin():
    line = schedule(invoicing="pre-paid", next_date=date(2026, 9, 1))
    assert occurrences(line, date(2026, 9, 30)) == [
        Occurrence(date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 30))
    ]


def test_r14_the_last_postpaid_period_is_billed_after_the_end():
    line = schedule(date_end=date(2026, 10, 10))
    assert occurrences(line, date(2027, 9, 9))[1:] == [
        Occurrence(date(2026, 10, 11), date(2026, 10, 1), date(2026, 10, 10))
    ]


def test_r14_month_ends_are_billed_on_the_last_day():
    line = schedule(rule="monthlylastday", next_date=date(2026, 9, 30))
    assert occurrences(line, date(2026, 10, 31))[1:] == [
        Occurrence(date(2026, 10, 31), date(2026, 10, 1), date(2026, 10, 31))
    ]


def test_r14_a_forced_date_moves_the_first_period_and_those_after_follow():
    line = schedule(next_date=date(2026, 9, 16))
    assert occurrences(line, date(2026, 10, 16)) == [
        Occurrence(date(2026, 9, 16), date(2026, 9, 1), date(2026, 9, 15)),
        Occurrence(date(2026, 10, 16), date(2026, 9, 16), date(2026, 10, 15)),
    ]


def test_r14_a_line_without_next_date_bills_nothing():
    assert occurrences(schedule(next_date=None), date(2030, 1, 1)) == []


def test_r14_a_line_that_is_billed_to_its_end_bills_nothing():
    line = schedule(date_end=date(2026, 9, 30), last_invoiced=date(2026, 9, 30))
    assert occurrences(line, date(2030, 1, 1)) == []


@given(schedules(), days)
def test_r14_regular_occurrences_are_the_periods(line, upto):
    found = occurrences(line, upto)
    chain = periods(line.next_start, line.date_end, line.rule, line.interval, upto)
    expected = [
        (period.start if line.prepaid else period.end + line.offset * DAY, period)
        for period in chain
    ]
    assert found == [
        Occurrence(due, period.start, period.end)
        for due, period in expected
        if due <= upto
    ]


@given(schedules(forced=True), days, days)
def test_r14_two_runs_bill_what_one_late_run_bills(line, one, other):
    early, late = sorted((one, other))
    first = occurrences(line, early)
    rest = line
    if first:
        end = first[-1].end
        rest = Schedule(
            date_start=line.date_start,
            date_end=line.date_end,
            rule=line.rule,
            interval=line.interval,
            invoicing=line.invoicing,
            last_invoiced=end,
            next_date=line.due_of(end + DAY),
        )
    assert first + occurrences(rest, late) == occurrences(line, late)


@given(schedules(forced=True), days)
def test_r14_no_day_is_billed_twice_or_left_out(line, upto):
    found = occurrences(line, upto)
    for before, after in itertools.pairwise(found):
        assert after.start == before.end + DAY
        assert before.due < after.due
    assert [one.start for one in found[:1]] in ([], [line.next_start])
    assert all(one.end <= (line.date_end or one.end) for one in found)
