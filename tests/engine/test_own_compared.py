"""What own rows stand above, and what they cost or give (C7, R2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cases import (
    DEVELOPMENT,
    JUNIOR,
    SENIOR,
    SUPPORT,
    coverage,
    facts,
    fee_line,
    in_the_books,
    month_hours,
    plan,
    rate_row,
    work,
)
from contracts import contracts
from engine.facts import FeeRow, Grant, Metric, OwnRows
from engine.own_compared import (
    Cost,
    cost,
    fee_cost,
    under,
    without_own,
    without_row,
)
from engine.price_list import Offer, Service
from engine.rating import rate
from hypothesis import given

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
OFFER = Offer((Service(SUPPORT), Service(DEVELOPMENT)), (JUNIOR, SENIOR))
EVER = date(2000, 1, 1), date(2100, 1, 1)


def days(facts_):
    return cost(facts_, FIRST, LAST)


def test_c07_own_prices_cost_what_they_differ():
    own = OwnRows(rates=(rate_row(8, 250),))
    works = [work(1, "2026-09-02", 60), work(2, "2026-09-03", 90)]
    facts_ = facts(plan(rates=[rate_row(1, 300)]), works, own=own)
    # 2.5 h at 250 instead of 300
    found = Cost(days(facts_), days(without_own(facts_)))
    assert (found.own, found.plan, found.difference) == (625, 750, -125)


def test_c07_r08_own_allowances_are_rated_with_their_own_grants():
    plan_ = plan("allowance", [rate_row(1, 300)], [month_hours(1)])
    own = OwnRows(allowances=(month_hours(3, 9, replaces_id=1),))
    facts_ = facts(plan_, [work(1, "2026-09-02", 240)], own=own)
    written = in_the_books(facts_, rate(facts_), frozen=lambda charge: True)
    # with its own 3 h one hour is charged, by the plan's 1 h three hours
    assert days(written) == 300
    assert days(without_own(written)) == days(without_row(written, "allowances", 9))
    assert days(without_own(written)) == 900


def test_c07_r09_packs_serve_both_ways():
    plan_ = plan("allowance", [rate_row(1, 300)])
    pack = Grant(5, None, "purchase", 60, FIRST, taken=Decimal(60))
    facts_ = facts(plan_, [work(1, "2026-09-02", 90)], grants=(pack,))
    assert days(facts_) == 150


def test_c07_r20_a_fee_for_some_days():
    metrics = (Metric(1, "users", FIRST, Decimal(10)),)
    row = FeeRow(id=1, basis="users", price=Decimal(30))
    line = fee_line(row, date(2020, 1, 1), invoicing="post-paid")
    facts_ = facts(metrics=metrics)
    # September and ten of October's 31 days at 300 a month
    assert fee_cost(facts_, line, FIRST, LAST) == 300
    assert fee_cost(facts_, line, FIRST, date(2026, 10, 10)) == Decimal("396.77")
    assert fee_cost(facts(), line, FIRST, LAST) == 0


def test_c07_costs_add_up():
    both = Cost(Decimal(3), Decimal(5)) + Cost(Decimal(4), Decimal(1))
    assert (both.own, both.plan, both.difference) == (7, 6, 1)


def test_c07_only_the_days_asked_for_count():
    works = [work(1, "2026-09-02", 60), work(2, "2026-10-01", 60)]
    facts_ = facts(plan(rates=[rate_row(1, 300)]), works)
    assert days(facts_) == 300
    assert cost(facts_, *EVER) == 600


@given(contracts())
def test_c07_r19_what_is_written_already_changes_nothing(facts_):
    fresh = replace(facts_, existing=(), since=None, earlier=())
    written = in_the_books(fresh, rate(fresh), lambda charge: charge.day < LAST)
    assert cost(fresh, *EVER) == cost(written, *EVER)


@given(contracts())
def test_c07_without_own_rows_nothing_differs(facts_):
    facts_ = without_own(facts_)
    assert cost(facts_, *EVER) == cost(without_own(facts_), *EVER)
    assert under(facts_, OFFER, LAST) == {}


def test_c07_r03_what_an_own_coverage_row_stands_above():
    rows = [
        coverage(1, "included", mode="remote"),
        coverage(2, "billable", service_id=SUPPORT, mode="onsite"),
    ]
    own = OwnRows(coverage=(coverage(8, "included", mode="onsite"),))
    # on site: support was charged by row 2, development by no row
    assert under(facts(plan(rows=rows), own=own), OFFER, LAST) == {
        ("coverage", 8): [2, None]
    }


def test_c07_r10_what_an_own_price_stands_above():
    rates = [rate_row(1, 300, grade_id=JUNIOR), rate_row(2, 500, unit="incident")]
    own = OwnRows(
        rates=(
            rate_row(7, 0, percent=Decimal(90)),
            rate_row(8, 400, unit="incident"),
            rate_row(9, 100, start=date(2026, 10, 1)),
        )
    )
    found = under(
        facts(plan(rates=rates), own=own, card=(rate_row(3, 600),)), OFFER, LAST
    )
    assert found == {("rates", 7): [1, 3], ("rates", 8): [2]}


def test_c07_r03_what_the_plan_leaves_out_was_priced_by_the_card():
    own = OwnRows(coverage=(coverage(8, "billable"),), rates=(rate_row(7, 100),))
    facts_ = facts(
        plan("excluded", rates=[rate_row(1, 300)]), own=own, card=(rate_row(3, 600),)
    )
    assert under(facts_, OFFER, LAST) == {
        ("coverage", 8): [1],
        ("rates", 7): [3],
    }
