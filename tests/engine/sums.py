"""Sums over charges, exact."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction


def by_key(charges):
    return sorted(charges, key=lambda charge: charge.key)


def total(charges):
    return sum((charge.amount for charge in charges), Decimal(0))


def summed(charges, key, value):
    sums = defaultdict(Fraction)
    for charge in charges:
        sums[key(charge)] += Fraction(value(charge))
    return {name: amount for name, amount in sums.items() if amount}


def net_price(charge):
    """R13: what is rounded together."""
    day = charge.day
    return day.year, day.month, charge.price, charge.unit, charge.discount


def taken_by_grant(charges):
    used = [charge for charge in charges if charge.grant]
    return summed(used, lambda charge: charge.grant, lambda charge: charge.used)
