"""What costs how much on a day, for every kind of work, as the bill would say (E2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import (
    ARCHITECT,
    DEVELOPMENT,
    JUNIOR,
    SENIOR,
    SUPPORT,
    coverage,
    facts,
    fee_line,
    month_hours,
    plan,
    rate_row,
    work,
)
from contracts import contracts
from engine.facts import FeeRow, Metric, OwnRows
from engine.price_list import (
    Offer,
    Price,
    Priced,
    Service,
    allowances_on,
    fees_on,
    price_list,
)
from engine.rating import rate
from hypothesis import given

DAY = date(2026, 9, 15)
SERVICES = (Service(SUPPORT, "maintenance"), Service(DEVELOPMENT, "value_added"))
OFFER = Offer(SERVICES, (JUNIOR, SENIOR, ARCHITECT))


def price(number, net=None, unit="hour", **values):
    return Price(Decimal(number), Decimal(net or number), unit, **values)


def always(price_):
    return (Priced((), (), (), price_),)


def listed(facts_, offer=OFFER, day=DAY):
    """Policy and prices by services and modes."""
    return {
        (item.service_ids, item.modes): (item.terms.policy, item.terms.prices)
        for item in price_list(facts_, offer, day)
    }


def test_e02_what_is_alike_is_said_once():
    found = listed(facts(plan(rates=[rate_row(1, 300)])))
    assert found == {((SUPPORT, DEVELOPMENT), ()): ("billable", always(price(300)))}


def test_e02_r03_modes_and_services_apart_where_they_differ():
    rows = [
        coverage(1, "included", mode="remote"),
        coverage(2, "billable", mode="onsite"),
        coverage(3, "quote", service_id=DEVELOPMENT),
    ]
    found = listed(facts(plan(rows=rows, rates=[rate_row(1, 300)])))
    assert found == {
        ((SUPPORT,), ("remote",)): ("included", ()),
        ((SUPPORT,), ("onsite",)): ("billable", always(price(300))),
        ((DEVELOPMENT,), ()): ("quote", ()),
    }


def test_e02_r10_prices_by_grade_and_band():
    rates = [
        rate_row(1, 300),
        rate_row(2, 500, grade_id=ARCHITECT, increment=30, minimum=60),
        rate_row(3, 600, grade_id=ARCHITECT, band="holiday", unit="day"),
    ]
    ((_policy, prices),) = listed(facts(plan(rates=rates))).values()
    assert prices == (
        Priced((), (JUNIOR, SENIOR), (), price(300)),
        Priced(
            (),
            (ARCHITECT,),
            ("normal", "after_hours"),
            price(500, increment=30, minimum=60),
        ),
        Priced((), (ARCHITECT,), ("holiday",), price(600, unit="day")),
    )


def test_e02_r06_without_a_calendar_of_bands_all_work_is_normal():
    rates = [rate_row(1, 300), rate_row(2, 900, band="holiday")]
    ((_policy, prices),) = listed(facts(plan(rates=rates, calendar=None))).values()
    assert prices == always(price(300))


def test_e02_r02_own_rows_first_and_percents_of_what_is_below():
    own = OwnRows(
        coverage=(coverage(9, "billable", service_id=DEVELOPMENT),),
        rates=(
            rate_row(8, 0, percent=Decimal(90)),
            rate_row(7, 200, service_id=DEVELOPMENT, end=date(2026, 9, 14)),
        ),
    )
    found = listed(
        facts(plan("included"), own=own, card=(rate_row(1, 500, increment=15),))
    )
    assert found == {
        ((SUPPORT,), ()): ("included", ()),
        # 90 % of the card's 500; the own price of 200 ended the day before
        ((DEVELOPMENT,), ()): ("billable", always(price(450, increment=15))),
    }
    found = listed(
        facts(plan("included"), own=own, card=(rate_row(1, 500),)),
        day=date(2026, 9, 14),
    )
    assert found[(DEVELOPMENT,), ()] == ("billable", always(price(200)))


def test_e02_r03_outside_the_contract_the_card_alone_without_discount():
    rows = [coverage(1, "excluded", discount=Decimal(50))]
    found = listed(
        facts(plan(rows=rows, rates=[rate_row(1, 300)]), card=(rate_row(2, 500),))
    )
    assert found == {((SUPPORT, DEVELOPMENT), ()): ("excluded", always(price(500)))}


def test_e02_r03_the_discount_is_taken_off():
    rows = [coverage(1, "billable", discount=Decimal(10))]
    (item,) = price_list(facts(plan(rows=rows, rates=[rate_row(1, 300)])), OFFER, DAY)
    assert item.terms.discount == 10
    assert item.terms.prices == always(price(300, net=270))


def test_e02_r04_the_vendor_s_fault_is_included_always():
    offer = Offer((Service(SUPPORT, is_vendor_fault=True),))
    assert listed(facts(plan("billable")), offer) == {
        ((SUPPORT,), ()): ("included", ())
    }


def test_e02_r11_incidents_have_a_price_of_their_own():
    rates = [rate_row(1, 300), rate_row(2, 800, unit="incident")]
    ((policy, prices),) = listed(facts(plan("incident", rates=rates))).values()
    assert (policy, prices) == ("incident", always(price(800, unit="incident")))


def test_e02_r10_no_price_is_said_as_such():
    rates = [rate_row(1, 300, grade_id=SENIOR)]
    ((_policy, prices),) = listed(facts(plan(rates=rates))).values()
    assert prices == (
        Priced((), (JUNIOR, ARCHITECT), (), None),
        Priced((), (SENIOR,), (), price(300)),
    )


def test_e02_r10_regions_apart_where_they_differ():
    rates = [rate_row(1, 300), rate_row(2, 400, region_id=5)]
    offer = replace(OFFER, region_ids=(4, 5))
    ((_policy, prices),) = listed(facts(plan(rates=rates)), offer).values()
    assert prices == (
        Priced((4,), (), (), price(300)),
        Priced((5,), (), (), price(400)),
    )


@given(contracts())
def test_e02_the_list_says_what_the_bill_says(facts_):
    """An hour of work on the day, by each grade: its price is on the list."""
    offer = Offer(SERVICES, (SENIOR,))
    for item in price_list(facts_, offer, DAY):
        if item.terms.policy not in ("billable", "excluded"):
            continue
        for service_id in item.service_ids:
            category = next(s.category for s in SERVICES if s.id == service_id)
            done = work(
                999_999,
                DAY.isoformat(),
                60,
                service_id=service_id,
                category=category,
                mode=(item.modes or ("remote",))[0],
            )
            alone = replace(facts_, work=(done,), tickets=(), existing=(), since=None)
            charges = [c for c in rate(alone).charges if c.work_id == done.id]
            (expected,) = (
                each
                for each in item.terms.prices
                if not each.bands or "normal" in each.bands
            )
            assert {c.price for c in charges} == {
                expected.price.price if expected.price else 0
            }


def test_e02_r02_allowances_in_force():
    plan_ = plan(allowances=[month_hours(10, 1), month_hours(2, 2)])
    own = OwnRows(
        allowances=(
            month_hours(20, 8, replaces_id=1),
            month_hours(5, 9, end=date(2026, 9, 14)),
        )
    )
    ids = [row.id for row in allowances_on(facts(plan_, own=own), DAY)]
    assert ids == [2, 8]
    ids = [row.id for row in allowances_on(facts(plan_, own=own), date(2026, 9, 14))]
    assert ids == [2, 8, 9]
    assert allowances_on(facts(plan_, own=own), date(2026, 8, 31)) == []


def test_e02_r20_fees_of_a_whole_period_by_today_s_values():
    row = FeeRow(id=1, basis="users", price=Decimal(100))
    metrics = (
        Metric(1, "users", date(2026, 9, 1), Decimal(10)),
        Metric(1, "users", date(2026, 9, 10), Decimal(12)),
        Metric(1, "users", date(2026, 9, 20), Decimal(50)),
    )
    start = date(2026, 9, 1)
    lines = [
        fee_line(row, start),
        fee_line(replace(row, id=2, basis="sites"), start, rule="yearly"),
        fee_line(replace(row, id=3), start, end=date(2026, 9, 14)),
        fee_line(replace(row, id=4), date(2026, 9, 16)),
        fee_line(
            replace(row, id=5), start, rule="monthlylastday", invoicing="post-paid"
        ),
    ]
    found = [
        (fee.fee_id, fee.kind, fee.amount)
        for fee in fees_on(facts(metrics=metrics), lines, DAY)
    ]
    assert found == [
        (1, "fee", Decimal("1200.00")),
        (2, "unrated", 0),
        (5, "fee", Decimal("1200.00")),
    ]


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2026, 10, 1)])
def test_e02_outside_the_contract_s_days_all_is_by_the_card(day):
    facts_ = facts(plan("included"), end=date(2026, 9, 30), card=(rate_row(1, 500),))
    assert listed(facts_, day=day) == {
        ((SUPPORT, DEVELOPMENT), ()): ("excluded", always(price(500)))
    }
