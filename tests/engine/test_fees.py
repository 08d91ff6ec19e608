"""What a period costs without work (R20): every basis, parts, and what stands."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from cases import CENT, facts, fee_line, in_the_books
from engine.difference import difference
from engine.facts import FeeLine, FeeRow, Metric
from engine.fee_days import metric_value
from engine.rating import rate
from hypothesis import given
from hypothesis import strategies as st
from strategies import schedules

JANUARY = date(2026, 1, 1)
ahead = st.timedeltas(timedelta(-50), timedelta(400))
FIXED = FeeRow(1, "fixed", Decimal(3000))
USERS = FeeRow(2, "users", Decimal(1000))
COUNTED = (
    "users",
    "modules",
    "sites",
    "custom_functions",
    "data_volume",
)


def value(number, basis="users", day=JANUARY, installation=1):
    return Metric(installation, basis, day, Decimal(number))


def contract(*lines, until=JANUARY, metrics=(), **values):
    values = {"start": JANUARY, "fees_until": until, **values}
    return facts(fee_lines=tuple(lines), metrics=tuple(metrics), **values)


def fees(*lines, **values):
    return rate(contract(*lines, **values)).charges


def money(*lines, **values):
    return [charge.amount for charge in fees(*lines, **values)]


def invoiced(facts_):
    return in_the_books(facts_, rate(facts_), lambda charge: not charge.waiting)


# Amounts


@pytest.mark.parametrize("basis", COUNTED)
def test_r20_a_counted_basis_is_value_times_price(basis):
    line = fee_line(FeeRow(1, basis, Decimal("12.50")), JANUARY)
    (charge,) = fees(line, metrics=[value(35, basis), value(99, "other")])
    assert (charge.amount, charge.count, charge.price) == (
        Decimal("437.50"),
        35,
        Decimal("12.50"),
    )
    assert charge.args == {"basis": basis, "value": "35"}


def test_r20_a_fixed_fee_needs_no_metric():
    (charge,) = fees(fee_line(FIXED, JANUARY))
    assert (charge.kind, charge.amount, charge.waiting) == ("fee", 3000, False)


def test_r20_a_part_of_the_licence_value():
    row = FeeRow(1, "licence_value", percent=Decimal(20))
    line = fee_line(row, JANUARY, rule="yearly")
    (charge,) = fees(line, metrics=[value("1200000.00", "licence_value")])
    assert charge.amount == Decimal("240000.00")
    assert charge.args["percent"] == "20"


def test_r20_the_discount_comes_before_the_minimum():
    row = replace(USERS, discount=Decimal(10), minimum_fee=Decimal(5000))
    line = fee_line(row, JANUARY)
    (small,) = fees(line, metrics=[value(5)])
    assert (small.amount, small.args["minimum"]) == (Decimal(5000), "5000")
    (large,) = fees(line, metrics=[value(6)])
    assert (large.amount, "minimum" in large.args) == (Decimal(5400), False)


def test_r20_the_minimum_is_of_a_whole_period():
    row = replace(USERS, minimum_fee=Decimal(3100))
    line = fee_line(row, JANUARY, end=date(2026, 1, 10))
    assert money(line, metrics=[value(1)]) == [Decimal(1000)]


def test_r20_an_amount_is_rounded_once():
    row = FeeRow(1, "users", Decimal("0.335"), discount=Decimal("0.5"))
    assert money(fee_line(row, JANUARY), metrics=[value(3)]) == [CENT * 100]
    assert money(fee_line(row, JANUARY), metrics=[value(3)], rounding=Decimal(1)) == [
        Decimal(1)
    ]


# Metrics


def test_r20_the_last_value_of_each_installation_on_the_first_day_counts():
    metrics = [
        value(35),
        value(40, day=date(2026, 2, 1)),
        value(90, day=date(2026, 2, 2)),
        value(7, installation=2),
    ]
    line = fee_line(USERS, JANUARY)
    for given_ in (metrics, metrics[::-1]):
        charges = fees(line, until=date(2026, 2, 28), metrics=given_)
        amounts = [charge.amount for charge in charges if charge.kind == "fee"]
        assert amounts == [Decimal(42000), Decimal(47000)]


def test_r20_a_value_of_zero_is_a_value():
    (charge,) = fees(fee_line(USERS, JANUARY), metrics=[value(0)])
    assert (charge.kind, charge.amount, charge.waiting) == ("fee", 0, False)
    assert metric_value([], "users", JANUARY) is None


def test_r10_a_fee_without_a_value_waits_and_the_others_are_made():
    metrics = [value(35, day=date(2026, 1, 2))]
    lines = fee_line(USERS, JANUARY), fee_line(FIXED, JANUARY)
    waiting, fixed = fees(*lines, metrics=metrics)
    assert (waiting.kind, waiting.waiting, waiting.amount) == ("unrated", True, 0)
    assert (waiting.reason, waiting.args) == ("no_metric", {"basis": "users"})
    assert fixed.amount == 3000


def test_r10_a_value_that_comes_later_prices_the_fee_that_waits():
    before = contract(fee_line(USERS, JANUARY))
    books = invoiced(before)
    (charge,) = rate(replace(books, metrics=(value(2),), fees_until=None)).charges
    assert (charge.key, charge.kind, charge.amount) == (
        books.existing[0].charge.key,
        "fee",
        2000,
    )


# Days


@pytest.mark.parametrize(
    ("start", "days", "amount"),
    [
        (JANUARY, 365, "365.00"),
        (date(2028, 1, 1), 366, "365.00"),
        (date(2028, 1, 1), 60, "59.84"),  # 365 x 60 / 366
        (date(2027, 3, 1), 366, "365.00"),
        (JANUARY, 60, "60.00"),
    ],
)
def test_r20_a_part_costs_its_days_of_the_whole_also_in_leap_years(start, days, amount):
    row = FeeRow(1, "fixed", Decimal(365))
    end = start + timedelta(days=days - 1)
    line = fee_line(row, start, end, rule="yearly")
    assert money(line, until=start, start=start) == [Decimal(amount)]


def test_r20_up_to_the_last_day_of_the_month_is_a_part_of_the_month():
    line = fee_line(FIXED, date(2026, 9, 16), rule="monthlylastday")
    first, second = fees(line, until=date(2026, 10, 31), start=date(2026, 9, 16))
    assert (first.amount, first.args["days"], first.args["whole_days"]) == (
        Decimal(1500),
        15,
        30,
    )
    assert (second.amount, "days" in second.args) == (Decimal(3000), False)


def test_r20_in_arrears_is_made_the_day_after_and_the_last_part_too():
    line = fee_line(FIXED, JANUARY, date(2026, 2, 14), invoicing="post-paid")
    assert fees(line, until=date(2026, 1, 31)) == ()
    first, last = fees(line, until=date(2026, 3, 1))
    assert (first.day, first.amount) == (date(2026, 2, 1), 3000)
    assert (last.day, last.end, last.amount) == (
        date(2026, 2, 15),
        date(2026, 2, 14),
        1500,
    )


def test_r20_a_date_set_by_hand_cuts_the_first_period():
    line = fee_line(FIXED, JANUARY)
    forced = replace(line, schedule=line.schedule.starting(date(2026, 3, 11)))
    charges = fees(forced, until=date(2026, 3, 11))
    assert [(charge.start, charge.end) for charge in charges] == [
        (JANUARY, date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 10)),
    ]
    assert [charge.amount for charge in charges] == [3000, 3000, 3000, 1000]
    assert {charge.day for charge in charges} == {date(2026, 3, 11)}


def test_r20_nothing_is_made_before_it_falls_due_or_without_a_day():
    assert fees(fee_line(FIXED, JANUARY), until=date(2025, 12, 31)) == ()
    assert fees(fee_line(FIXED, JANUARY), until=None) == ()


@given(schedules(forced=True), ahead)
def test_r20_the_days_of_the_parts_are_those_of_the_whole(schedule, later):
    until = schedule.next_start + later
    charges = fees(FeeLine(FIXED, schedule), until=until, start=schedule.date_start)
    covered = [day for charge in charges for day in days_of(charge)]
    assert len(covered) == len(set(covered))
    assert covered == sorted(covered)
    if covered and covered[0] == schedule.next_start:
        assert (covered[-1] - covered[0]).days == len(covered) - 1
    for charge in charges:
        share = Fraction(charge.args.get("days", 1), charge.args.get("whole_days", 1))
        assert 0 < share <= 1
        # Parts of one period are rounded together (R13).
        assert abs(Fraction(charge.amount) - 3000 * share) < Fraction(1, 100)


def days_of(charge):
    count = (charge.end - charge.start).days + 1
    return [charge.start + timedelta(days=day) for day in range(count)]


# Once


@given(schedules(forced=True), ahead, ahead, st.booleans())
def test_r15_two_runs_make_what_one_makes(schedule, one, other, is_invoiced):
    """The schedule has not moved yet: what was made is made no second time."""
    early, late = (schedule.next_start + later for later in sorted((one, other)))
    line = FeeLine(FIXED, schedule)
    start = schedule.date_start
    first = contract(line, until=early, start=start)
    books = in_the_books(first, rate(first), lambda charge: is_invoiced)
    frozen = [item.charge for item in books.existing if item.frozen]
    now = [*frozen, *rate(replace(books, fees_until=late)).charges]
    whole = fees(line, until=late, start=start)
    assert sorted(now, key=lambda c: c.start) == sorted(whole, key=lambda c: c.start)


def test_r19_a_fee_that_stands_is_not_written_again():
    books = in_the_books(before := contract(fee_line(FIXED, JANUARY)), rate(before))
    assert not difference(books, rate(books))


def test_r16_an_invoiced_fee_stands_whatever_its_metric_becomes():
    """What it is wrong by is settled beside it (R21)."""
    before = contract(fee_line(USERS, JANUARY), metrics=[value(35)])
    books = invoiced(before)
    assert rate(books).charges == ()
    (charge,) = rate(replace(books, metrics=(value(99),))).charges
    assert (charge.kind, charge.amount) == ("true_up", 64000)
    assert not difference(books, rate(books))


def test_r16_a_freed_fee_keeps_its_days_and_is_reckoned_again():
    """The schedule has moved on when the invoice is deleted."""
    line = fee_line(USERS, JANUARY)
    books = in_the_books(before := contract(line, metrics=[value(35)]), rate(before))
    moved = replace(
        line,
        schedule=replace(
            line.schedule,
            last_invoiced=date(2026, 1, 31),
            next_date=date(2026, 2, 1),
        ),
    )
    later = replace(books, fee_lines=(moved,), metrics=(value(36),))
    (charge,) = rate(later).charges
    old = books.existing[0].charge
    assert (charge.key, charge.start, charge.end) == (old.key, old.start, old.end)
    assert (charge.day, charge.amount) == (old.day, 36000)


def test_r15_a_due_date_set_back_charges_no_day_again():
    line = fee_line(FIXED, JANUARY)
    books = invoiced(contract(line, until=date(2026, 3, 31)))
    back = replace(
        line.schedule,
        last_invoiced=date(2026, 3, 31),
        next_date=date(2026, 1, 15),
    )
    again = replace(
        books, fee_lines=(FeeLine(FIXED, back),), fees_until=date(2026, 4, 30)
    )
    covered = [day for charge in rate(again).charges for day in days_of(charge)]
    assert min(covered) == date(2026, 4, 1)
    assert len(covered) == len(set(covered))


def test_r15_a_line_that_stops_and_goes_on_charges_its_fee_once():
    first = fee_line(FIXED, JANUARY, date(2026, 1, 31))
    second = fee_line(FIXED, date(2026, 3, 1))
    before = contract(first, second, until=date(2026, 3, 1))
    books = in_the_books(before, rate(before))
    again = rate(books).charges
    assert [charge.start for charge in again] == [JANUARY, date(2026, 3, 1)]
    assert not difference(books, rate(books))


def test_r20_the_fee_of_a_line_that_is_gone_goes_too():
    books = in_the_books(before := contract(fee_line(FIXED, JANUARY)), rate(before))
    gone = replace(books, fee_lines=())
    assert difference(gone, rate(gone)).delete == (books.existing[0].id,)
