"""How many minutes are billed, and what a frozen part leaves to the open rest."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import (
    JUNIOR,
    coverage,
    facts,
    in_the_books,
    month_hours,
    plan,
    rate_row,
    work,
)
from engine.measure import round_up, spread
from engine.rating import rate
from hypothesis import given
from hypothesis import strategies as st

VISIT = plan(rates=(rate_row(1, 600, increment=30, minimum=60, per_visit=True),))


def billed(*works, plan_=VISIT):
    charges = rate(facts(plan_, works)).charges
    return [(charge.work_id, charge.minutes) for charge in charges]


def after_invoice(before, frozen):
    """What is open after some of the charges went on an invoice."""
    return rate(in_the_books(before, rate(before), frozen)).charges


@pytest.mark.parametrize(
    ("minutes", "increment", "minimum", "rounded"),
    [
        (0, 15, 60, 0),
        (1, 15, 0, 15),
        (15, 15, 0, 15),
        (16, 15, 0, 30),
        (20, 15, 60, 60),
        (61, 30, 60, 90),
        (20, 45, 60, 60),
        (7, 0, 0, 7),
    ],
)
def test_r05_up_to_the_increment_and_at_least_the_minimum(
    minutes, increment, minimum, rounded
):
    row = rate_row(1, 1, increment=increment, minimum=minimum)
    assert round_up(minutes, row) == rounded


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=6),
    st.integers(0, 500),
)
def test_r05_sharing_loses_nothing_and_adds_to_the_last_only(worked, minutes):
    shares = spread(worked, minutes)
    assert sum(shares) == minutes
    assert all(0 <= a <= b for a, b in zip(shares[:-1], worked[:-1], strict=True))


def test_r05_paid_minutes_come_off_the_earliest():
    assert spread([20, 30, 10], 25) == [0, 15, 10]
    assert spread([], 25) == []


def test_r05_two_grades_services_modes_or_days_are_two_visits():
    one = work(1, "2026-09-08", 20, ticket_id=7)
    others = (
        replace(one, id=2, grade_id=JUNIOR),
        replace(one, id=3, service_id=2),
        replace(one, id=4, mode="onsite"),
        work(5, "2026-09-09", 20, ticket_id=7),
    )
    assert [minutes for _id, minutes in billed(one, *others)] == [60] * 5


def test_r05_the_row_of_the_first_minute_measures_the_visit():
    rows = (
        rate_row(1, 600, increment=15, band="after_hours"),
        rate_row(2, 600, increment=60, per_visit=True),
    )
    visit = [
        work(1, "2026-09-08", 20, "17:00", ticket_id=7),
        work(2, "2026-09-08", 20, "19:00", ticket_id=7),
    ]
    assert billed(*visit, plan_=plan(rates=rows)) == [(1, 20), (2, 40)]


def test_r05_included_work_without_a_row_is_billed_as_worked():
    assert billed(work(1, "2026-09-08", 7), plan_=plan("included")) == [(1, 7)]


def test_r05_included_work_with_a_row_is_measured_by_it():
    rows = (rate_row(1, 600, increment=15),)
    assert billed(work(1, "2026-09-08", 7), plan_=plan("included", rows)) == [(1, 15)]


def test_r06_a_night_over_three_bands_is_rounded_once():
    rows = (rate_row(1, 600, increment=60),)
    night = work(1, "2026-09-08", 16 * 60 + 10, "17:30")
    assert billed(night, plan_=plan(rates=rows)) == [(1, 30), (1, 900), (1, 90)]


def test_r05_what_rounding_added_stays_open_when_the_rest_is_invoiced():
    """50 minutes worked are in the allowance; the 10 that rounding adds are not."""
    rows = (rate_row(1, 600, increment=60),)
    allowance = replace(month_hours(1), size=50, prorate=False)
    hybrid = plan("allowance", rows, (allowance,))
    before = facts(hybrid, [work(1, "2026-09-08", 50)])
    covered, over = rate(before).charges
    assert (covered.worked, over.worked, over.minutes) == (50, 0, 10)
    assert after_invoice(before, lambda c: c.kind == "allowance") == (over,)
    assert after_invoice(before, lambda c: c.kind == "overage") == (covered,)
    assert after_invoice(before, lambda c: True) == ()


def test_r16_a_frozen_piece_takes_out_its_own_minutes_of_a_night():
    """The second evening is invoiced: the first one stays before the day."""
    rows = (
        rate_row(1, 600),
        rate_row(2, 1200, band="after_hours"),
    )
    allowance = replace(month_hours(1), size=150, prorate=False)
    hybrid = plan("allowance", rows, (allowance,))
    before = facts(hybrid, [work(1, "2026-09-08", 120 + 540 + 60, "07:00")])
    whole = rate(before).charges
    assert [(charge.band, charge.kind) for charge in whole] == [
        ("after_hours", "allowance"),
        ("normal", "allowance"),
        ("normal", "overage"),
        ("after_hours", "overage"),
    ]
    assert after_invoice(before, lambda c: c.key == whole[-1].key) == whole[:-1]


def test_r05_paid_minutes_without_a_price_wait_for_nothing():
    visit = [
        work(1, "2026-09-08", 20, "17:00", ticket_id=7),
        work(2, "2026-09-08", 20, "19:00", ticket_id=7),
    ]
    day_only = plan(
        rates=(rate_row(1, 600, minimum=60, per_visit=True, band="normal"),)
    )
    before = facts(day_only, visit[:1])
    books = in_the_books(before, rate(before), lambda charge: True)
    (charge,) = rate(replace(books, work=tuple(visit))).charges
    assert (charge.minutes, charge.reason, charge.waiting) == (0, "paid", False)


def test_r04_the_vendors_fault_is_free_outside_the_contract_too():
    fault = work(1, "2026-09-08", 60, is_vendor_fault=True)
    out = plan(rows=(coverage(1, "excluded"),))
    for facts_ in (facts(out, [fault]), facts(out, [fault], start=date(2026, 9, 9))):
        (charge,) = rate(facts_).charges
        assert (charge.kind, charge.reason) == ("included", "vendor_fault")
        assert charge.amount == Decimal(0)
