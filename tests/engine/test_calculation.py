"""Behind "Why?": how a charge's numbers make its amount (R24)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cases import coverage, facts, fee_line, in_the_books, plan, rate_row, work
from engine.calculation import calculation
from engine.facts import FeeRow, Metric, Miss
from engine.rating import rate

SEPTEMBER = date(2026, 9, 1)


def steps(contract, number=0, kind=None):
    charges = [c for c in rate(contract).charges if kind in (None, c.kind)]
    return said(contract, charges[number])


def said(contract, charge):
    return [
        (step.code, step.number, step.other, step.result)
        for step in calculation(contract, charge)
    ]


def D(*numbers):
    return tuple(map(Decimal, numbers))


def fee(row, *metrics, start=SEPTEMBER, **values):
    line = fee_line(row, start, **values)
    return facts(fee_lines=(line,), metrics=metrics, fees_until=SEPTEMBER)


def metric(installation_id, day, value):
    return Metric(installation_id, "users", date.fromisoformat(day), Decimal(value))


def test_r24_a_fee_counts_each_installation():
    row = FeeRow(1, "users", price=Decimal(12), discount=Decimal(10))
    contract = fee(
        row,
        metric(1, "2026-08-01", 5),
        metric(1, "2026-08-20", 6),
        metric(2, "2026-09-01", 4),
        metric(2, "2026-09-02", 400),
    )
    charge = rate(contract).charges[0]
    assert [(s.record_id, s.day) for s in calculation(contract, charge)[:2]] == [
        (1, date(2026, 8, 20)),
        (2, SEPTEMBER),
    ]
    assert said(contract, charge)[2:] == [
        ("times", *D(10, 12, 120)),
        ("less", *D(10, 0, 108)),
    ]


def test_r24_metrics_typed_after_the_invoice_did_not_make_it():
    contract = fee(FeeRow(1, "users", price=Decimal(12)), metric(1, "2026-08-01", 5))
    charge = rate(contract).charges[0]
    later = replace(contract, metrics=(metric(1, "2026-08-01", 9),))
    assert said(later, charge) == [("times", *D(5, 12, 60))]


def test_r24_a_fee_at_least_its_minimum_for_its_days():
    row = FeeRow(1, "fixed", price=Decimal(100), minimum_fee=Decimal(300))
    contract = fee(row, end=date(2026, 9, 10))
    assert steps(contract) == [
        ("times", *D(1, 100, 100)),
        ("minimum", *D(300, 0, 300)),
        ("days", *D(10, 30, 100)),
    ]


def test_r24_a_percent_of_the_licence_value():
    row = FeeRow(1, "licence_value", percent=Decimal(20))
    value = Metric(1, "licence_value", SEPTEMBER, Decimal(1000000))
    assert steps(fee(row, value))[1:] == [("percent", *D(20, 1000000, 200000))]


def test_r24_work_says_price_discount_and_cent():
    rows = (coverage(1, "billable", discount=Decimal(10)),)
    works = [work(n, "2026-09-10", 20) for n in (1, 2, 3)]
    contract = facts(plan(rates=(rate_row(1, 800),), rows=rows), works)
    assert steps(contract) == [
        ("times", *D("0.3333", 800, "266.67")),
        ("less", *D(10, 0, 240)),
    ]
    dear = facts(plan(rates=(rate_row(1, 800),)), works)
    assert steps(dear, 1)[-1] == ("cent", *D("-0.01", 0, "266.66"))


def test_r24_what_is_free_has_nothing_to_calculate():
    assert steps(facts(plan("included"), [work(1, "2026-09-10", 60)])) == []


def test_r24_a_credit_says_the_fees_it_is_taken_of():
    row = FeeRow(1, "fixed", price=Decimal(365))
    line = fee_line(row, SEPTEMBER, rule="yearly")
    miss = Miss(7, "response", date(2026, 9, 15), Decimal(150))
    contract = facts(fee_lines=(line,), fees_until=SEPTEMBER, misses=(miss,))
    books = in_the_books(contract, rate(contract), lambda charge: True)
    for one in (contract, books):
        charge = next(c for c in rate(contract).charges if c.kind == "credit")
        assert said(one, charge) == [
            ("share", *D(30, 365, 30)),
            ("percent", *D(150, 30, -45)),
            ("capped", *D(30, 0, -30)),
        ]
