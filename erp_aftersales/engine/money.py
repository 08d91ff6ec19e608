"""Rounding of amounts and the sharing of cents (R13).

Money is ``Decimal``. What is not yet rounded is ``Fraction``, because quantities are
minutes / 60 and thirds of an hour have no decimal.
"""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
ZERO = Decimal(0)
_STORED = Context(prec=15)


def storable(number: Decimal) -> Decimal:
    """A computed number in 15 digits, which every float of a database gives back.

    A price that comes back with other digits would be another price: its cents would
    be counted apart (R13), and every run would write it again (R19).
    """
    return _STORED.plus(number)


def round_half_up(amount: Decimal | Fraction, rounding: Decimal) -> Decimal:
    """Round an amount, half away from zero, to a multiple of the currency's rounding.

    Exact whatever the decimal context is: 2.675 is 2.68 and -2.675 is -2.68.

    :param amount: an exact amount, of any size and sign
    :param rounding: smallest step of the currency, as ``0.01``, ``1`` or ``0.05``
    :return: with the digits of ``rounding``; zero has no sign
    :raises ValueError: on a rounding that is not positive, or an amount that is not
        exact
    """
    if not isinstance(amount, (Decimal, Fraction, int)):
        raise ValueError(f"not an exact amount: {amount!r}")
    if rounding <= 0:
        raise ValueError(f"rounding must be positive: {rounding}")
    number, parts = amount.as_integer_ratio()
    step, whole = rounding.as_integer_ratio()
    return multiple(half_up(number * whole, parts * step), rounding)


def half_up(number: int | Fraction, parts: int) -> int:
    """The nearest integer to ``number / parts``, half away from zero.

    :param parts: above 0
    """
    count = (2 * abs(number) + parts) // (2 * parts)
    return -count if number < 0 else count


def multiple(count: int, rounding: Decimal) -> Decimal:
    """``count`` times ``rounding``: exact, no context of the caller's rounds it."""
    return _EXACT.multiply(rounding, count)


class Sharing:
    """Amounts of one price, rounded cumulatively: their sum is the rounded sum (R13).

    Each amount is the rounded running total minus the amounts before it. So the amounts
    of any first n items sum to the rounded exact total of these n, and three times a
    third of 800.00 is 800.00.
    """

    def __init__(
        self,
        rounding: Decimal,
        price: Fraction = Fraction(1),
        count: int | Fraction = 0,
        amounts: Decimal = ZERO,
    ) -> None:
        """:param rounding: smallest step of the currency
        :param price: of one
        :param count: how many are frozen and come first
        :param amounts: the total of the amounts that these have
        """
        self.rounding = rounding
        self._number, self._parts = (price / Fraction(rounding)).as_integer_ratio()
        self._count = count
        given = Fraction(amounts) / Fraction(rounding)
        self._given = half_up(*given.as_integer_ratio())

    def share(self, count: int | Fraction) -> tuple[Decimal, Decimal]:
        """The amount of the next ones in R1 order.

        :return: the amount, and what of it is due to the ones before: by themselves
            they would cost so much less, mostly nothing or a cent
        """
        self._count += count
        steps = self._steps(self._count) - self._given
        self._given += steps
        alone = self._steps(count)
        cent = multiple(steps - alone, self.rounding) if steps != alone else ZERO
        return multiple(steps, self.rounding), cent

    def _steps(self, count: int | Fraction) -> int:
        """So many steps of the currency as they cost, rounded, in integers."""
        return half_up(count * self._number, self._parts)


def plain(number: Decimal) -> str:
    """The digits of a number, without exponent and needless zeros, for JSON."""
    return format(number.normalize(), "f")
