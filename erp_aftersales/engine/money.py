"""Rounding of amounts and the sharing of cents (R13).

Money is ``Decimal``. What is not yet rounded is ``Fraction``, because quantities are
minutes / 60 and thirds of an hour have no decimal.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction
from itertools import accumulate

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
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


def half_up(number: int, parts: int) -> int:
    """The nearest integer to ``number / parts``, half away from zero.

    :param parts: above 0
    """
    count = (2 * abs(number) + parts) // (2 * parts)
    return -count if number < 0 else count


def multiple(count: int, rounding: Decimal) -> Decimal:
    """``count`` times ``rounding``: exact, no context of the caller's rounds it."""
    return _EXACT.multiply(Decimal(count), rounding)


def share_out(
    exact: Sequence[int | Fraction],
    rounding: Decimal,
    before_exact: int | Fraction = 0,
    before_amounts: Decimal = Decimal(0),
    price: Fraction = Fraction(1),
) -> list[Decimal]:
    """Round amounts cumulatively, so that their sum is the rounded sum (R13).

    Each amount is the rounded running total minus the amounts before it, the frozen
    ones (``before_*``) first. So the amounts of any first n items sum to the rounded
    exact total of these n, and three times a third of 800.00 is 800.00.

    :param exact: unrounded amounts in the order of R1; with a price, how many each is
    :param rounding: smallest step of the currency
    :param before_exact: unrounded total of what came before and is frozen
    :param before_amounts: total of the amounts those frozen ones have
    :param price: of one
    :return: an amount for each item, in its order
    """
    totals = (before_exact + part for part in accumulate(exact))
    given = Fraction(before_amounts) / Fraction(rounding)
    amounts: list[Decimal] = []
    for total in _in_steps(totals, rounding, price):
        steps = half_up(*(total - given).as_integer_ratio())
        amounts.append(multiple(steps, rounding))
        given += steps
    return amounts


def share_alone(
    exact: Iterable[int | Fraction], rounding: Decimal, price: Fraction
) -> list[Decimal]:
    """Round amounts each by itself: what ``share_out`` gives, but for the cents."""
    return [multiple(steps, rounding) for steps in _in_steps(exact, rounding, price)]


def _in_steps(
    numbers: Iterable[int | Fraction], rounding: Decimal, price: Fraction
) -> Iterator[int]:
    """So many steps of the currency as numbers cost, rounded, in integers."""
    price_number, price_parts = (price / Fraction(rounding)).as_integer_ratio()
    for each in numbers:
        number, parts = each.as_integer_ratio()
        yield half_up(number * price_number, parts * price_parts)


def plain(number: Decimal) -> str:
    """The digits of a number, without exponent and needless zeros, for JSON."""
    return format(number.normalize(), "f")
