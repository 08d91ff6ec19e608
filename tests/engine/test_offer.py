from datetime import date
from decimal import Decimal

import pytest
from engine.facts import FeeRow
from engine.offer import fee_offer, offered_until, term_end

START = date(2026, 12, 1)
CENT = Decimal("0.01")
YEARLY, MONTHLY = ("yearly", 1), ("monthly", 1)


def offer(row, recurrence, value, start=START, months=12, member="0"):
    return fee_offer(
        row, recurrence, Decimal(value), start, months, CENT, Decimal(member)
    )


def users(price="1000", **vals):
    return FeeRow(id=1, basis="users", price=Decimal(price), **vals)


def test_r20_a_yearly_fee_is_offered_as_it_is():
    found = offer(users(), YEARLY, 35)
    assert (found.period, found.amount) == (Decimal("35000.00"), Decimal("35000.00"))
    assert found.price.args == {"basis": "users", "value": "35"}


def test_r20_twelve_months_are_a_year():
    assert offer(users("80"), MONTHLY, 10).amount == Decimal("9600.00")


def test_r13_each_month_is_rounded_by_itself():
    # 0.125 x 3 = 0.375 is 0.38 a month; twelve of them are 4.56, not 4.50
    found = offer(users("0.125"), MONTHLY, 3)
    assert (found.period, found.amount) == (Decimal("0.38"), Decimal("4.56"))


def test_r20_of_three_years_the_first_is_offered():
    assert offer(users(), YEARLY, 35, months=36).amount == Decimal("35000.00")
    assert offer(users(), YEARLY, 35, months=0).amount == Decimal("35000.00")


def test_r20_a_shorter_term_costs_its_days():
    # 1 December to 31 May are 182 of 365 days: 36 500 x 182 / 365
    found = offer(users("36500"), YEARLY, 1, months=6)
    assert (found.period, found.amount) == (Decimal("36500.00"), Decimal("18200.00"))


def test_r20_periods_that_cross_the_year_are_cut_there():
    # five, five and two of five months: the third begins on 1 October 2027 and has
    # 152 days (31 + 30 + 31 + 31 + 29), 61 of them in the year; 1 520 x 61 / 152
    found = offer(users("1520"), ("monthly", 5), 1, months=24)
    assert found.amount == Decimal("1520") * 2 + Decimal("610.00")


def test_r20_up_to_a_months_last_day_whole_months_count():
    # 16 to 31 December: 16 of 31 days, then 11 months, then 15 of December's 31
    found = offer(users("310"), ("monthlylastday", 1), 1, start=date(2026, 12, 16))
    assert found.amount == Decimal("160") + 11 * Decimal("310") + Decimal("150")


def test_r20_member_price_and_minimum_are_the_engines():
    row = users(minimum_fee=Decimal("9600"))
    assert offer(row, YEARLY, 10, member="5").amount == Decimal("9600.00")
    assert offer(row, YEARLY, 20, member="5").amount == Decimal("19000.00")


@pytest.mark.parametrize(
    ("months", "end", "until"),
    [
        (0, None, date(2027, 11, 30)),
        (1, date(2026, 12, 31), date(2026, 12, 31)),
        (12, date(2027, 11, 30), date(2027, 11, 30)),
        (36, date(2029, 11, 30), date(2027, 11, 30)),
    ],
)
def test_r08_a_term_ends_the_day_before_its_start(months, end, until):
    assert term_end(START, months) == end
    assert offered_until(START, months) == until
