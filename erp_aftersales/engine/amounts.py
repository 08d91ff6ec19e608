"""What charges cost: exactly, and to the cent of their group (R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from .facts import ZERO, Charge
from .money import plain, share_alone, share_out

UNIT_MINUTES = {"hour": 60, "day": 480}
BY_PRICE = frozenset({"overage", "billable", "incident", "adjustment"})


def quantity(charge: Charge) -> Fraction:
    """Hours, days or count of a charge, not rounded."""
    if charge.unit in UNIT_MINUTES:
        return Fraction(charge.minutes, UNIT_MINUTES[charge.unit])
    return Fraction(charge.count)


def exact_amount(charge: Charge) -> Fraction:
    """What a charge costs before rounding: quantity x price less discount."""
    return counted(charge) * net_price(charge)


def counted(charge: Charge) -> int | Fraction:
    """What its net price is paid for: minutes, or how many there are."""
    return charge.minutes if charge.unit in UNIT_MINUTES else Fraction(charge.count)


def net_price(charge: Charge) -> Fraction:
    """The price of a minute, or of one, less the discount."""
    return _net_price(charge.price, charge.discount, charge.unit)


@lru_cache(maxsize=1000)
def _net_price(price: Decimal, discount: Decimal, unit: str | None) -> Fraction:
    net = Fraction(price) * (100 - Fraction(discount))
    return net / (100 * UNIT_MINUTES.get(unit, 1))


def to_the_cent(
    charges: Sequence[Charge], frozen: Sequence[Charge], rounding: Decimal
) -> list[Charge]:
    """Round cumulatively within month and net unit price (R13), frozen ones first.

    :param charges: open charges in R1 order, what takes back invoiced ones first
    """
    before, after = _by_price(frozen), _by_price(charges)
    amounts: dict[str, tuple[Decimal, Decimal]] = {}
    for price, group in after.items():
        net = net_price(group[0])
        counts = list(map(counted, group))
        shares = share_out(
            counts,
            rounding,
            sum(map(counted, before[price])),
            sum((charge.amount for charge in before[price]), ZERO),
            net,
        )
        alone = share_alone(counts, rounding, net)
        amounts |= zip(
            (charge.key for charge in group),
            zip(shares, alone, strict=True),
            strict=True,
        )
    return [
        _with_amount(charge, *amounts[charge.key]) if charge.key in amounts else charge
        for charge in charges
    ]


def _by_price(charges: Iterable[Charge]) -> Mapping[tuple, list[Charge]]:
    """What is priced by quantity, by month of the work date and net unit price."""
    groups = defaultdict(list)
    for charge in charges:
        if charge.kind in BY_PRICE:
            month = charge.day.year, charge.day.month
            price = charge.price, charge.unit, charge.discount
            groups[*month, *price].append(charge)
    return groups


def _with_amount(charge: Charge, amount: Decimal, alone: Decimal) -> Charge:
    """:param alone: what it would cost by itself; it may be a cent more or less"""
    cent = amount - alone
    args = {**charge.args, "cent": plain(cent)} if cent else charge.args
    return charge.but(amount=amount, args=args)
