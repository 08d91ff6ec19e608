from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from cases import facts, fee_line, rate_row, work
from engine.facts import FeeRow, Metric
from engine.offer import (
    fee_offer,
    hour_price,
    offered_until,
    renewal_offer,
    term_end,
)
from engine.rating import rate
from hypothesis import given
from hypothesis import strategies as st

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


def renewed(row, recurrence, value, start, end, increases=()):
    days, percents = (start, end), [Decimal(each) for each in increases]
    return renewal_offer(
        row, recurrence, Decimal(value), days, CENT, increases=percents
    )


def test_c8_a_renewal_is_offered_with_its_increases():
    # 10 x 80 a month, 5 % and then 10 % dearer: 924.00, twelve times
    end = date(2029, 11, 30)
    found = renewed(users("80"), MONTHLY, 10, START, end, ["5", "10"])
    assert (found.period, found.amount) == (Decimal("924.00"), Decimal("11088.00"))
    assert found.price.args["increases"] == ["5", "10"]


def test_c8_a_renewal_of_a_part_of_a_month_costs_its_days():
    # December, and 10 of 31 days of January: 930 + 300
    found = renewed(users("93"), MONTHLY, 10, START, date(2027, 1, 10))
    assert found.amount == Decimal("1230.00")


def test_c8_without_an_end_a_year_is_offered():
    assert renewed(users(), YEARLY, 35, START, None).amount == Decimal("35000.00")


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


RULES = ("daily", "weekly", "monthly", "monthlylastday", "quarterly", "yearly")
prices = st.decimals("0.01", 5000, places=2)
percents = st.decimals(0, 50, places=1)


@given(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(1, 12),
    st.tuples(st.sampled_from(RULES), st.integers(1, 3)),
    st.sampled_from(["pre-paid", "post-paid"]),
    st.builds(
        FeeRow,
        id=st.just(1),
        basis=st.just("users"),
        price=prices,
        discount=percents,
        minimum_fee=st.sampled_from([Decimal(0), Decimal(900)]),
        factors=st.sampled_from([(), ((1, Decimal("1.3")),)]),
    ),
    st.integers(1, 50),
    percents,
)
def test_r20_what_is_offered_is_what_is_charged(
    start, months, recurrence, invoicing, row, value, member
):
    """For the same values, the charges of a term are the price on its quotation."""
    end, (rule, interval) = term_end(start, months), recurrence
    line = fee_line(row, start, end, rule=rule, interval=interval, invoicing=invoicing)
    charged = rate(
        facts(
            start=start,
            end=end,
            fees_until=end + timedelta(days=1200),
            fee_lines=(replace(line, member=member),),
            metrics=(Metric(1, "users", start, Decimal(value)),),
        )
    ).charges
    offered = fee_offer(row, recurrence, Decimal(value), start, months, CENT, member)
    assert offered.amount == sum(charge.amount for charge in charged)


# Hours of work


def test_r10_an_hour_costs_what_its_rate_says():
    asked = work(1, "2026-09-01", 60, grade_id=7)
    rows = (
        rate_row(1, "333.335"),
        rate_row(2, "9600", grade_id=7, unit="day"),
    )
    assert hour_price(facts(card=rows), asked, CENT) == Decimal("1200.00")
    other = replace(asked, grade_id=8)
    assert hour_price(facts(card=rows), other, CENT) == Decimal("333.34")
    assert hour_price(facts(), other, CENT) is None
