"""R13: a currency's smallest amount, halves away from zero."""

from decimal import Decimal
from fractions import Fraction


def rounded(amount: Fraction, step: Decimal) -> Decimal:
    """To a multiple of the step, halves away from zero."""
    steps = int(abs(amount) / Fraction(step) + Fraction(1, 2))
    return step * steps * (-1 if amount < 0 else 1)
