"""What a whole period of a fee costs for a value of its basis (R20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .facts import ONE, ZERO, FeeRow
from .money import plain, storable

HUNDRED = Decimal(100)
FIXED, LICENCE_VALUE = "fixed", "licence_value"


@dataclass(frozen=True, slots=True)
class FeePrice:
    """``full`` is exact; ``args`` tell how it came, as plain JSON values (R24)."""

    count: Decimal
    price: Decimal
    full: Fraction
    args: Mapping


def fee_price(
    row: FeeRow,
    value: Decimal,
    member: Decimal = ZERO,
    increases: Sequence[Decimal] = (),
) -> FeePrice:
    """Price or tiers, then increases at renewals, factors, member price and discount,
    then the minimum (R20, C8).

    :param value: of the basis; 1 for a fixed fee
    :param member: percent off by the customer's price list
    :param increases: percents of renewals, one on the other
    """
    args = {"basis": row.basis, "value": plain(value)}
    count, price, net = _base(row, value)
    if row.basis == LICENCE_VALUE:
        args["percent"] = plain(row.percent)
    elif row.tiers:
        steps = tier_steps(row, value)
        args["tiers"] = [[plain(many), plain(each)] for many, each in steps]
    for percent in increases:
        net = less(net, -percent)
    if increases:
        args["increases"] = [plain(percent) for percent in increases]
    for _id, factor in row.factors:
        net *= Fraction(factor)
    if row.factors:
        args["factors"] = [[id_, plain(factor)] for id_, factor in row.factors]
    if member:
        net = less(net, member)
        args["member"] = plain(member)
    net = less(net, row.discount)
    full = max(net, Fraction(row.minimum_fee))
    if full > net:
        args["minimum"] = plain(row.minimum_fee)
    return FeePrice(count, price, full, args)


def _base(row: FeeRow, value: Decimal) -> tuple[Decimal, Decimal, Fraction]:
    """How many, the price of one, and both together."""
    if row.basis == LICENCE_VALUE:
        price = value * row.percent / HUNDRED
        return ONE, price, Fraction(price)
    if not row.tiers:
        return value, row.price, Fraction(value) * Fraction(row.price)
    steps = list(tier_steps(row, value))
    net = sum((Fraction(many) * Fraction(each) for many, each in steps), Fraction(0))
    if len(steps) == 1:
        return value, steps[0][1], net
    mean = net / Fraction(value)
    return value, storable(Decimal(mean.numerator) / mean.denominator), net


def tier_steps(row: FeeRow, value: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """How many cost how much each: a value at a bound still is in its tier.

    Graduated: each part at its own tier's price; by volume: all at the price of the
    tier in which the value lies. What is above all bounds costs as in the last tier.
    """
    tiers = sorted(row.tiers, key=lambda tier: (tier[0] is None, tier[0] or ZERO))
    below = ZERO
    for number, (bound, price) in enumerate(tiers, 1):
        is_last = number == len(tiers) or bound is None or value <= bound
        if row.by_volume:
            if is_last:
                yield value, price
        elif is_last or bound > below:
            yield (value if is_last else bound) - below, price
        if is_last:
            return
        below = bound


def less(net: Fraction, percent: Decimal) -> Fraction:
    """An amount less a percentage, exact."""
    return net * (1 - Fraction(percent) / 100) if percent else net
