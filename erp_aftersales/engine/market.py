"""What fees and competitors' prices cost a year, so that they can be compared (B5)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from .facts import ONE, ZERO, FeeRow
from .fee_price import HUNDRED, LICENCE_VALUE, fee_price
from .money import storable

_A_YEAR = {
    "daily": Fraction(365),
    "weekly": Fraction(365, 7),
    "monthly": Fraction(12),
    "monthlylastday": Fraction(12),
    "quarterly": Fraction(4),
    "semesterly": Fraction(2),
    "yearly": Fraction(1),
}
"""How many periods of a ``recurring_rule_type`` make a year of 365 days."""


def yearly_price(row: FeeRow, rule: str, interval: int) -> Decimal:
    """The price a year for the first one of the basis, with factors and discount.

    Of the licence value it is the percentage a year. A minimum is left out: it is no
    price of one, and no member price counts, which is a customer's.

    :param rule: a ``recurring_rule_type`` of OCA contract
    :param interval: how many of its units a period has, at least 1
    :raises ValueError: on another rule or interval
    """
    one = HUNDRED if row.basis == LICENCE_VALUE else ONE
    return a_year(fee_price(replace(row, minimum_fee=ZERO), one).full, rule, interval)


def a_year(amount: Decimal | Fraction, rule: str, interval: int) -> Decimal:
    """What is paid for a period, a year.

    :param rule: a ``recurring_rule_type`` of OCA contract
    :param interval: how many of its units a period has, at least 1
    :raises ValueError: on another rule or interval
    """
    if interval < 1 or rule not in _A_YEAR:
        raise ValueError(f"no such recurrence: {rule!r} every {interval}")
    number, parts = (Fraction(amount) * _A_YEAR[rule] / interval).as_integer_ratio()
    return storable(Decimal(number) / parts)
