"""What charges cost: exactly, and to the cent of their group (R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from .facts import ZERO, Charge
from .money import Sharing
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


class Cents:
    """Rounds cumulatively within month and net unit price (R13), frozen ones first."""

    def __init__(self, frozen: Iterable[Charge], rounding: Decimal) -> None:
        self._rounding = rounding
        self._frozen: dict[tuple, list[Charge]] = defaultdict(list)
        for charge in frozen:
            if charge.kind in BY_PRICE:
                self._frozen[_price(charge)].append(charge)
        self._sharing: dict[tuple, Sharing] = {}

    def share(self, charge: Charge) -> tuple[Decimal, Decimal]:
        """The amount of the next open charge in R1 order; of those that take back
        invoiced ones before all others.

        :return: the amount, and the cent in it that rounding together makes
        """
        if charge.kind not in BY_PRICE:
            return charge.amount, ZERO
        price = _price(charge)
        if price not in self._sharing:
            self._sharing[price] = self._begin(price, charge)
        return self._sharing[price].share(counted(charge))

    def _begin(self, price: tuple, charge: Charge) -> Sharing:
        frozen = self._frozen[price]
        amounts = sum((paid.amount for paid in frozen), ZERO)
        count = sum(map(counted, frozen))
        return Sharing(self._rounding, net_price(charge), count, amounts)


def _price(charge: Charge) -> tuple:
    """What is rounded together: a month of the work date and a net unit price."""
    return *month_of(charge.day), charge.price, charge.unit, charge.discount
