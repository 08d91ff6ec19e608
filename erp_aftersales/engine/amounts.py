"""What charges cost: exactly, and to the cent of their group (R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from .facts import ZERO, Charge
from .money import plain, round_half_up, share_out
from .periods import month_of

UNIT_MINUTES = {"hour": 60, "day": 480}
BY_PRICE = frozenset({"overage", "billable", "incident", "adjustment"})


def quantity(charge: Charge) -> Fraction:
    """Hours, days or count of a charge, not rounded."""
    if charge.unit in UNIT_MINUTES:
        return Fraction(charge.minutes, UNIT_MINUTES[charge.unit])
    return Fraction(charge.count)


def exact_amount(charge: Charge) -> Fraction:
    """What a charge costs before rounding: quantity x price less discount."""
    net = Fraction(charge.price) * (1 - Fraction(charge.discount) / 100)
    return quantity(charge) * net


def to_the_cent(
    charges: Sequence[Charge], frozen: Sequence[Charge], rounding: Decimal
) -> list[Charge]:
    """Round cumulatively within month and net unit price (R13), frozen ones first.

    :param charges: open charges in R1 order, what takes back invoiced ones first
    """
    before, after = _by_price(frozen), _by_price(charges)
    amounts: dict[str, Decimal] = {}
    for price, group in after.items():
        shares = share_out(
            list(map(exact_amount, group)),
            rounding,
            sum(map(exact_amount, before[price]), Fraction(0)),
            sum((charge.amount for charge in before[price]), ZERO),
        )
        amounts |= zip((charge.key for charge in group), shares, strict=True)
    return [
        _with_amount(charge, amounts[charge.key], rounding)
        if charge.key in amounts
        else charge
        for charge in charges
    ]


def _by_price(charges: Iterable[Charge]) -> Mapping[tuple, list[Charge]]:
    """What is priced by quantity, by month of the work date and net unit price."""
    groups = defaultdict(list)
    for charge in charges:
        if charge.kind in BY_PRICE:
            price = charge.price, charge.unit, charge.discount
            groups[*month_of(charge.day), *price].append(charge)
    return groups


def _with_amount(charge: Charge, amount: Decimal, rounding: Decimal) -> Charge:
    cent = amount - round_half_up(exact_amount(charge), rounding)
    args = {**charge.args, "cent": plain(cent)} if cent else charge.args
    return replace(charge, amount=amount, args=args)
