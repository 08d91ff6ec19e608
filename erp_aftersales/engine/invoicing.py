"""From charges to invoice lines whose sums are exact (R13, R14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .amounts import quantity
from .facts import ZERO, Charge

GROUPINGS = {
    "service": lambda charge: (charge.service_id,),
    "ticket": lambda charge: (charge.ticket_id, charge.service_id),
    "entry": lambda charge: (charge.ticket_id, charge.day, charge.work_id),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice line: ``quantity`` x ``price`` is ``amount`` to the last digit.

    ``unit`` None: the amount stands for itself (1 x amount), because no quantity of
    the digits that an invoice shows would give it.
    """

    charges: tuple[Charge, ...]
    quantity: Decimal
    unit: str | None
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Draft:
    """One invoice: a credit note when the total is negative (R14)."""

    lines: tuple[Line, ...]
    is_refund: bool


def compose(
    charges: Iterable[Charge], grouping: str, quantity_step: Decimal
) -> Draft | None:
    """Group charges into invoice lines (R14); None when no charge has an amount.

    :param charges: open charges of one contract, in the order of the invoice
    :param grouping: service, ticket or entry
    :param quantity_step: smallest quantity an invoice line keeps, e.g. 0.01
    """
    charges = list(charges)
    if not any(charge.amount for charge in charges):
        return None
    groups: dict[tuple, list[Charge]] = {}
    for charge in charges:
        groups.setdefault(_group(charge, grouping), []).append(charge)
    lines = tuple(_line(group, quantity_step) for group in groups.values())
    total = sum((line.amount for line in lines), ZERO)
    return Draft(lines, is_refund=total < 0)


def _group(charge: Charge, grouping: str) -> tuple:
    net_price = charge.price, charge.unit, charge.discount
    if charge.fee_id:
        return "fee", charge.fee_id, charge.key
    return (*GROUPINGS[grouping](charge), charge.kind, *net_price)


def _line(charges: list[Charge], step: Decimal) -> Line:
    amount = sum((charge.amount for charge in charges), ZERO)
    total = sum(map(quantity, charges), Fraction(0))
    price, unit = charges[0].price, charges[0].unit
    shown = total / Fraction(step)
    is_exact = total * Fraction(price) == Fraction(amount)
    if shown.denominator == 1 and is_exact:
        return Line(tuple(charges), int(shown) * step, unit, price, amount)
    return Line(tuple(charges), Decimal(1), None, amount, amount)
