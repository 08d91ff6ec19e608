"""Grants: what is opened, how much of it, and in which order it is used."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import facts, in_the_books, month_hours, plan, rate_row, work
from engine.allowance import Ledger
from engine.difference import difference
from engine.facts import Grant, Term
from engine.grants import Stock, stock
from engine.rating import rate

DAY = date(2026, 9, 15)
FIRST = Grant(5, 1, "plan", 10, date(2026, 9, 1), date(2026, 9, 30))
RATES = (rate_row(1, 300),)


def holding(*grants):
    return Ledger(Stock(plan=grants, rollovers=(), others=()))


def used(*grants, day=DAY, service_id=1, minutes=1):
    """Ids of the grants in the order they pay."""
    burns, _over = holding(*grants).burn(day, service_id, minutes, Decimal(1))
    return [burn.grant.id for burn in burns]


def hours(*rows, **values):
    return facts(plan("allowance", RATES, rows), **values)


@pytest.mark.parametrize(
    "earlier",
    [
        {"priority": 9},
        {"end": date(2026, 9, 29)},
        {"origin": "rollover"},
        {"start": date(2026, 8, 1)},
        {"id": 4},
    ],
)
def test_r07_each_thing_that_puts_a_grant_before_another(earlier):
    other = replace(FIRST, **{"id": 6, "allowance_id": 2, **earlier})
    both = sorted((FIRST, other), key=lambda grant: grant.id != other.id)
    assert used(*both, minutes=20) == [other.id, FIRST.id]
    assert used(*reversed(both), minutes=20) == [other.id, FIRST.id]


def test_r07_packs_are_last_whatever_their_priority_and_end():
    pack = replace(FIRST, id=1, origin="purchase", priority=1, end=DAY)
    assert used(pack, FIRST, minutes=20) == [5, 1]


def test_r07_a_grant_without_end_ends_last():
    endless = replace(FIRST, id=1, allowance_id=2, end=None)
    assert used(endless, FIRST, minutes=20) == [5, 1]


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
    ],
)
def test_r18_a_grant_pays_on_its_own_days_only(day, is_open):
    assert used(FIRST, day=day) == ([5] if is_open else [])


def test_r07_a_grant_for_some_services_pays_no_work_without_service():
    narrow = replace(FIRST, service_ids=frozenset({2}))
    assert used(narrow, service_id=2) == [5]
    assert used(narrow, service_id=1) == []
    assert used(narrow, service_id=None) == []


def test_r07_the_rest_of_a_grant_pays_work_with_a_smaller_factor():
    ledger = holding(FIRST)
    assert ledger.burn(DAY, 1, 9, Decimal(4))[1] == 7
    (burn,), over = ledger.burn(DAY, 1, 9, Decimal("0.5"))
    assert (burn.minutes, burn.left, over) == (4, Decimal("0.0"), 5)


@pytest.mark.parametrize("factor", [0, -1])
def test_r07_a_factor_that_takes_nothing_is_refused(factor):
    with pytest.raises(ValueError, match="not above 0"):
        holding(FIRST).burn(DAY, 1, 9, Decimal(factor))


def test_r07_overdrawn_by_frozen_charges_pays_nothing():
    assert used(replace(FIRST, taken=Decimal(11))) == []


@pytest.mark.parametrize(
    ("period", "end", "minutes"),
    [
        ("month", date(2026, 9, 15), 300),  # 15 of 30 days
        ("quarter", date(2026, 9, 1), 7),  # 600 / 91, up to the minute
        ("year", date(2027, 8, 31), 600),
        ("term", date(2026, 9, 10), 600),
    ],
)
def test_r08_a_part_of_a_period_has_its_part_of_the_minutes(period, end, minutes):
    (grant,) = rate(hours(month_hours(10, period=period), end=end)).grants
    assert (grant.size, grant.end) == (minutes, end)


def test_r08_a_leap_year_has_one_day_more():
    row = replace(month_hours(1, period="year"), size=366)
    leap = hours(row, start=date(2027, 9, 1), end=date(2027, 9, 1))
    (grant,) = stock(replace(leap, until=date(2027, 9, 30))).plan
    assert grant.size == 1


def test_r08_not_prorated_is_whole():
    row = month_hours(10, prorate=False)
    (grant,) = rate(hours(row, end=date(2026, 9, 2))).grants
    assert grant.size == 600


def test_r08_a_new_plan_begins_its_part_on_its_first_day():
    old, new = month_hours(10, id_=1), month_hours(10, id_=2)
    terms = (
        Term(date(2026, 9, 1), plan("allowance", RATES, (old,))),
        Term(date(2026, 9, 16), plan("allowance", RATES, (new,))),
    )
    first, second = rate(facts(terms=terms)).grants
    assert (first.allowance_id, first.end) == (1, date(2026, 9, 15))
    assert (second.start, second.size) == (date(2026, 9, 16), 300)


def test_r08_a_term_without_end_is_whole_under_each_plan():
    row = month_hours(10, period="term")
    terms = (
        Term(date(2026, 9, 1), plan("allowance", RATES, (row,))),
        Term(date(2026, 9, 16), plan("allowance", RATES)),
    )
    (grant,) = rate(facts(terms=terms)).grants
    assert (grant.size, grant.end) == (600, date(2026, 9, 15))


def test_r08_a_grant_stays_as_agreed_when_the_end_moves():
    before = hours(month_hours(10), end=date(2026, 9, 15))
    books = in_the_books(before, rate(before))
    later = replace(books, end=date(2026, 9, 20))
    assert rate(later).grants == books.grants
    assert not difference(later, rate(later))


def test_r08_a_grant_known_to_run_on_is_kept_by_a_later_run():
    before = hours(month_hours(10, period="quarter"))
    books = in_the_books(before, rate(before))
    ended = replace(books, end=date(2026, 9, 20), since=date(2026, 10, 1))
    assert not difference(ended, rate(ended)).grants_delete


def test_r08_a_grant_by_hand_for_later_opens_no_period_of_the_plan():
    manual = Grant(9, None, "manual", 60, date(2027, 1, 1))
    outcome = rate(replace(hours(month_hours(10)), grants=(manual,)))
    assert [grant.start for grant in outcome.grants] == [date(2026, 9, 1)]


def test_r19_two_grants_alike_are_used_in_one_order_before_and_after_writing():
    rows = (month_hours(1, id_=2), month_hours(1, id_=1))
    before = hours(*rows, works=[work(1, "2026-09-02", 90)])
    books = in_the_books(before, rate(before))
    assert [charge.grant[1] for charge in rate(before).charges] == [1, 2]
    assert not difference(books, rate(books))


def test_r18_late_work_gets_what_is_left_of_its_own_period():
    """October is invoiced; September's grant still has its ten hours."""
    october = work(1, "2026-10-05", 700)
    before = hours(month_hours(10), works=[october])
    books = in_the_books(before, rate(before), lambda charge: True)
    late = work(2, "2026-09-29", 60)
    (charge,) = rate(replace(books, work=(october, late))).charges
    assert (charge.kind, charge.grant) == ("allowance", ("plan", 1, date(2026, 9, 1)))
