"""What a training costs: a price list of duration, attendees and level (A5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .money import round_half_up


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """``price`` of one hour or day, for up to so many attendees; None: any number."""

    id: int
    price: Decimal
    attendees: int | None = None


@dataclass(frozen=True, slots=True)
class TrainingPrice:
    """The row that decides, and what the whole training costs."""

    row_id: int
    price: Decimal
    amount: Decimal


def training_price(
    rows: Iterable[TrainingRow], duration: Decimal, attendees: int, rounding: Decimal
) -> TrainingPrice | None:
    """Price a training by the row with the smallest bound that holds its attendees.

    :param rows: of one training, level and unit, each bound once, in any order
    :param duration: in that unit
    :return: None when more attend than any row is for
    """
    fitting = [
        row for row in rows if row.attendees is None or attendees <= row.attendees
    ]
    if not fitting:
        return None
    row = min(fitting, key=lambda row: (row.attendees is None, row.attendees or 0))
    exact = Fraction(row.price) * Fraction(duration)
    return TrainingPrice(row.id, row.price, round_half_up(exact, rounding))
