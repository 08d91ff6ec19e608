"""A contract's own rows above its plan and the card (R2, R3, R8)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import coverage, facts, in_the_books, month_hours, plan, rate_row, work
from engine.difference import difference
from engine.facts import OwnRows
from engine.rating import rate
from engine.specificity import Prices

HOUR = [work(1, "2026-09-10", 60)]
RATES = (rate_row(1, 800),)
CARD = (rate_row(90, 100),)


def price(own, plan_rates=RATES, card=CARD, policy="billable"):
    contract = facts(plan(policy, plan_rates), HOUR, own=own, card=card)
    (charge,) = rate(contract).charges
    return charge


def test_r02_an_own_price_beats_a_more_specific_one_of_the_plan():
    own = OwnRows(rates=(rate_row(50, 500),))
    specific = (rate_row(1, 800, service_id=1, grade_id=2),)
    assert (price(own, specific).rate_id, price(own, specific).amount) == (50, 500)


def test_r02_a_percent_follows_the_plans_price_and_measure():
    own = OwnRows(rates=(rate_row(50, 0, percent=Decimal("87.5")),))
    charge = price(own, (rate_row(1, 800, increment=90),))
    assert (charge.price, charge.minutes, charge.amount) == (700, 90, 1050)
    assert (charge.rate_id, charge.args["percent"]) == (50, "87.5")


def test_r02_a_percent_has_the_whole_measure_of_the_lower_price():
    measure = {"increment": 15, "minimum": 45, "per_visit": True, "unit": "day"}
    lower = rate_row(1, 4800, burn_factor=Decimal(2), **measure)
    own = rate_row(50, 0, percent=Decimal(50), increment=7, minimum=90)
    wanted = 1, 2, "remote", None, "normal"
    found = Prices(([own], [], [lower]), date(2026, 9, 10)).row(wanted)
    assert found == replace(lower, id=50, price=Decimal(2400), percent=Decimal(50))


def test_r03_the_discount_comes_off_overage_too():
    rows = (coverage(1, "allowance", discount=Decimal(10)),)
    contract = facts(plan(rows=rows, rates=RATES), HOUR)
    (charge,) = rate(contract).charges
    assert (charge.kind, charge.amount) == ("overage", 720)


def test_r19_a_percent_of_many_digits_is_the_same_price_when_it_comes_back():
    own = OwnRows(rates=(rate_row(50, 0, percent=Decimal("144.9135861139")),))
    found = price(own, (rate_row(1, "1283.97"),)).price
    assert found == Decimal("1860.64697162664")
    assert Decimal(str(float(found))) == found


def test_r02_a_rise_of_the_card_reaches_a_percent_of_it():
    own = OwnRows(rates=(rate_row(50, 0, percent=Decimal(90)),))
    card = (
        rate_row(90, 100, end=date(2026, 9, 9)),
        rate_row(91, 120, start=date(2026, 9, 10)),
    )
    assert price(own, (), card).price == 108


def test_r10_a_percent_of_nothing_is_no_price():
    own = OwnRows(rates=(rate_row(50, 0, percent=Decimal(90)),))
    assert price(own, (), ()).kind == "unrated"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"start": date(2026, 9, 10)}, 500),
        ({"end": date(2026, 9, 10)}, 500),
        ({"start": date(2026, 9, 11)}, 800),
        ({"end": date(2026, 9, 9)}, 800),
    ],
)
def test_r02_own_rows_hold_on_their_days(days, expected):
    assert price(OwnRows(rates=(rate_row(50, 500, **days),))).amount == expected


def test_r03_own_coverage_beats_the_plans_more_specific_row():
    own = OwnRows(coverage=(coverage(50, "included"),))
    contract = facts(plan(rows=(coverage(1, "billable", service_id=1),)), HOUR, own=own)
    assert rate(contract).charges[0].kind == "included"


def test_r03_own_exclusion_is_priced_from_the_card_alone():
    own = OwnRows(coverage=(coverage(50, "excluded"),), rates=(rate_row(51, 5),))
    assert (price(own).reason, price(own).amount) == ("not_covered", 100)


def test_r08_an_own_allowance_adds_to_the_plans():
    own = OwnRows(allowances=(month_hours(2, id_=50, start=date(2026, 9, 16)),))
    grants = {
        grant.allowance_id: grant for grant in rate(with_ten_hours(own=own)).grants
    }
    assert grants[1].size == 600
    assert (grants[50].size, grants[50].start) == (60, date(2026, 9, 16))


def replacing(start=None, end=None):
    row = month_hours(20, id_=50, replaces_id=1, start=start, end=end)
    return OwnRows(allowances=(row,))


def with_ten_hours(**values):
    return facts(plan("allowance", (rate_row(1, 300),), (month_hours(10),)), **values)


def test_r02_a_replaced_allowance_ends_the_day_before_uncut():
    own = replacing(start=date(2026, 9, 16))
    old, new = rate(with_ten_hours(own=own)).grants
    assert (old.size, old.end) == (600, date(2026, 9, 15))
    assert (new.size, new.start) == (600, date(2026, 9, 16))  # half of twenty


def test_r02_the_plans_allowance_comes_back_as_a_part():
    own = replacing(end=date(2026, 9, 15))
    new, old = rate(with_ten_hours(own=own)).grants
    assert (new.size, new.end) == (600, date(2026, 9, 15))
    assert (old.size, old.start) == (300, date(2026, 9, 16))


def test_r19_a_replacement_undone_gives_the_first_grant_again():
    before = with_ten_hours()
    books = in_the_books(before, rate(before))
    replaced = replace(books, own=replacing(start=date(2026, 9, 16)))
    assert difference(replaced, rate(replaced)).grants_update
    undone = replace(in_the_books(replaced, rate(replaced)), own=OwnRows())
    assert rate(undone).grants == books.grants
    assert difference(undone, rate(undone)).grants_delete
