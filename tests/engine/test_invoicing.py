"""From charges to lines: what is grouped, shown and summed (R13, R14)."""

from datetime import date
from decimal import Decimal

import pytest
from cases import CENT, DEVELOPMENT, SUPPORT, facts, fee_line, plan, rate_row, work
from engine.amounts import quantity
from engine.facts import Charge, FeeRow
from engine.invoicing import compose
from engine.rating import rate

THIRDS = plan(rates=(rate_row(1, 800),))
GROUPINGS = ("service", "ticket", "entry")


def charge(number, amount, minutes=60, **values):
    values = {"kind": "billable", "unit": "hour", "price": Decimal(800), **values}
    return Charge(
        key=f"w{number}.1",
        day=date(2026, 9, number),
        amount=Decimal(amount),
        work_id=number,
        ticket_id=values.pop("ticket_id", number),
        service_id=values.pop("service_id", SUPPORT),
        mode="remote",
        minutes=minutes,
        **values,
    )


def keys(draft):
    return [[one.key for one in line.charges] for line in draft.lines]


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_r13_three_entries_of_twenty_minutes_are_800_in_every_grouping(grouping):
    thirds = [work(n, f"2026-09-2{n}", 20) for n in (1, 2, 3)]
    draft = compose(rate(facts(THIRDS, thirds)).charges, grouping, CENT)
    assert sum(line.quantity * line.price for line in draft.lines) == Decimal(800)


def test_r14_one_service_is_one_line_with_its_hours():
    thirds = [work(n, f"2026-09-2{n}", 20) for n in (1, 2, 3)]
    (line,) = compose(rate(facts(THIRDS, thirds)).charges, "service", CENT).lines
    assert (line.quantity, line.unit, line.price) == (1, "hour", Decimal(800))


@pytest.mark.parametrize(
    ("grouping", "lines"),
    [
        ("service", [["w1.1", "w2.1", "w3.1"], ["w4.1"]]),
        ("ticket", [["w1.1", "w2.1"], ["w3.1"], ["w4.1"]]),
        ("entry", [["w1.1"], ["w2.1"], ["w3.1"], ["w4.1"]]),
    ],
)
def test_r14_lines_by_service_by_ticket_or_by_entry(grouping, lines):
    charges = [
        charge(1, 800, ticket_id=7),
        charge(2, 800, ticket_id=7),
        charge(3, 800, ticket_id=8),
        charge(4, 800, ticket_id=8, service_id=DEVELOPMENT),
    ]
    assert keys(compose(charges, grouping, CENT)) == lines


@pytest.mark.parametrize("grouping", GROUPINGS)
@pytest.mark.parametrize(
    "other",
    [
        {"kind": "overage"},
        {"price": Decimal(900)},
        {"unit": "day"},
        {"discount": Decimal(3)},
    ],
)
def test_r14_kind_and_net_price_part_a_group(grouping, other):
    charges = [charge(1, 800), charge(1, 800, **other)]
    assert len(compose(charges, grouping, CENT).lines) == 2


def test_r14_fees_stand_alone_beside_the_work():
    line = fee_line(FeeRow(1, "fixed", Decimal(2000)), date(2026, 9, 1))
    outcome = rate(
        facts(
            THIRDS,
            [work(1, "2026-09-02", 60)],
            fee_lines=(line,),
            fees_until=date(2026, 10, 1),
        )
    )
    for grouping in GROUPINGS:
        draft = compose(outcome.charges, grouping, CENT)
        assert [line.amount for line in draft.lines] == [800, 2000, 2000]


def test_r14_nothing_with_an_amount_is_no_invoice():
    free = charge(1, 0, kind="included", price=Decimal(0))
    assert compose([], "service", CENT) is None
    assert compose([free], "service", CENT) is None
    draft = compose([free, charge(2, 800)], "service", CENT)
    assert [line.amount for line in draft.lines] == [0, 800]


def test_r14_a_negative_total_is_a_credit_note():
    back = charge(1, "-900.00", kind="adjustment")
    assert compose([back, charge(2, 800)], "service", CENT).is_refund
    assert not compose([back, charge(2, 900)], "service", CENT).is_refund


@pytest.mark.parametrize(
    ("amount", "minutes", "values", "shown"),
    [
        ("266.67", 20, {}, (1, None)),  # a third of an hour has no two digits
        ("799.99", 60, {}, (1, None)),  # carries a cent
        ("776.00", 60, {"discount": Decimal(3)}, (1, None)),
        ("200.00", 15, {}, (Decimal("0.25"), "hour")),
        ("100.00", 60, {"unit": "day"}, (1, None)),  # an eighth: three digits
        ("200.00", 120, {"unit": "day"}, (Decimal("0.25"), "day")),
    ],
)
def test_r13_quantity_times_price_is_the_amount(amount, minutes, values, shown):
    (line,) = compose([charge(1, amount, minutes, **values)], "service", CENT).lines
    assert (line.quantity, line.unit) == shown
    assert line.quantity * line.price == line.amount == Decimal(amount)


def test_r13_the_quantity_of_what_is_no_time_is_its_count():
    fee = charge(1, 35000, unit="unit", count=Decimal(35), price=Decimal(1000))
    assert quantity(fee) == 35
    (line,) = compose([fee], "service", CENT).lines
    assert (line.quantity, line.unit, line.price) == (35, "unit", 1000)
