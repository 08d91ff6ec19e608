"""From charges to invoice lines whose sums are exact (R13, R14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
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


def due(
    charges: Iterable[Charge], usage_upto: date | None, fees_upto: date | None
) -> list[Charge]:
    """The open charges that an invoice takes, in the order of its lines (R14).

    Fees first, then work by its date; what waits is left out.

    :param charges: charges of one contract that no invoice carries, oldest made first
    :param usage_upto: last work date; None: no usage is due
    :param fees_upto: last due day of fees; None: no fee is due
    """
    found = [
        charge
        for charge in charges
        if not charge.waiting
        and (upto := fees_upto if charge.fee_id else usage_upto)
        and charge.day <= upto
    ]
    return sorted(found, key=lambda charge: (not charge.fee_id, charge.day))


def compose(
    charges: Iterable[Charge],
    grouping: str,
    quantity_step: Decimal,
    beside: Sequence[Decimal] = (),
) -> Draft | None:
    """Group charges into invoice lines (R14); None when nothing has an amount.

    :param charges: open charges of one contract, in the order of the invoice
    :param grouping: service, ticket or entry
    :param quantity_step: smallest quantity an invoice line keeps, e.g. 0.01
    :param beside: amounts of lines without charges on the same invoice
    """
    charges = list(charges)
    if not any(beside) and not any(charge.amount for charge in charges):
        return None
    groups: dict[tuple, list[Charge]] = {}
    for charge in charges:
        groups.setdefault(_group(charge, grouping), []).append(charge)
    lines = tuple(_line(group, quantity_step) for group in groups.values())
    total = sum((line.amount for line in lines), sum(beside, ZERO))
    return Draft(lines, is_refund=total < 0)


def sections(lines: Iterable[Line]) -> list[tuple[int | None, list[Line]]]:
    """Lines under the ticket they bill, in the order in which tickets appear.

    What belongs to no ticket (fees) comes first, without a section: id None.
    """
    by_ticket: dict[int | None, list[Line]] = {None: []}
    for line in lines:
        by_ticket.setdefault(line.charges[0].ticket_id, []).append(line)
    return [(ticket, found) for ticket, found in by_ticket.items() if found]


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
