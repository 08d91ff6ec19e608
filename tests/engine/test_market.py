"""What prices of any recurrence and basis cost a year, to set them side by side."""

from decimal import Decimal

import pytest
from engine.facts import FeeRow
from engine.market import yearly_price

USERS = FeeRow(1, "users", Decimal(100))


@pytest.mark.parametrize(
    ("rule", "interval", "expected"),
    [
        ("yearly", 1, "100"),
        ("yearly", 2, "50"),
        ("semesterly", 1, "200"),
        ("quarterly", 1, "400"),
        ("monthly", 1, "1200"),
        ("monthlylastday", 1, "1200"),
        ("monthly", 5, "240"),
        ("weekly", 1, "5214.28571428571"),  # 36 500 / 7, in 15 digits
        ("daily", 1, "36500"),
    ],
)
def test_price_of_a_period_is_counted_up_to_a_year(rule, interval, expected):
    assert yearly_price(USERS, rule, interval) == Decimal(expected)


def test_percent_of_licence_value_stays_a_percent():
    row = FeeRow(1, "licence_value", percent=Decimal("1.5"))
    assert yearly_price(row, "monthly", 1) == 18


def test_factors_and_discount_count_and_a_minimum_does_not():
    row = FeeRow(
        1,
        "users",
        Decimal(100),
        discount=Decimal(10),
        minimum_fee=Decimal(5000),
        factors=((7, Decimal("1.3")),),
    )
    assert yearly_price(row, "yearly", 1) == 117  # 100 x 1.3 - 10 %


@pytest.mark.parametrize("by_volume", [False, True])
def test_of_tiers_the_first_one_counts(by_volume):
    tiers = ((Decimal(20), Decimal(90)), (None, Decimal(70)))
    row = FeeRow(1, "users", tiers=tiers, by_volume=by_volume)
    assert yearly_price(row, "yearly", 1) == 90


@pytest.mark.parametrize(("rule", "interval"), [("term", 1), ("monthly", 0)])
def test_what_has_no_year_is_refused(rule, interval):
    with pytest.raises(ValueError, match="no such recurrence"):
        yearly_price(USERS, rule, interval)
