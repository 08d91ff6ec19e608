"""What a quotation asks: fees that a buyer will pay, and hours of work (R10, R20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .facts import ZERO, Facts, FeeRow, Work
from .fee_price import FeePrice, fee_price, less
from .money import round_half_up
from .periods import Period, next_period_end, periods
from .terms import Terms

DAY_HOURS = 8  # a day is 480 minutes


@dataclass(frozen=True, slots=True)
class FeeOffer:
    """``price`` is a whole period's, ``period`` that rounded; ``amount`` is for the
    days that are offered."""

    price: FeePrice
    period: Decimal
    amount: Decimal


def term_end(start: date, months: int) -> date | None:
    """Last day of a term of so many months; None without end (0 months)."""
    return next_period_end(start, "monthly", months) if months else None


def offered_until(start: date, months: int) -> date:
    """Last day of the price that is offered: a year, or a shorter term."""
    return next_period_end(start, "monthly", min(months or 12, 12))


def fee_offer(
    row: FeeRow,
    recurrence: tuple[str, int],
    value: Decimal,
    start: date,
    months: int,
    rounding: Decimal,
    member: Decimal = ZERO,
) -> FeeOffer:
    """Price a fee for a value of its basis, as its charges will (R20).

    Each period is rounded by itself (R13); of one that the last day cuts, the days up
    to it are counted.

    :param recurrence: rule and interval of the fee
    :param value: of the basis; 1 for a fixed fee
    :param months: of the term, from ``start`` on; 0: no end
    :param member: percent off by the customer's price list
    """
    price = fee_price(row, value, member)
    return _offered(price, recurrence, start, term_end(start, months), rounding)


def renewal_offer(
    row: FeeRow,
    recurrence: tuple[str, int],
    value: Decimal,
    days: tuple[date, date | None],
    rounding: Decimal,
    member: Decimal = ZERO,
    increases: Sequence[Decimal] = (),
) -> FeeOffer:
    """Price a fee of a term that follows another one (C8).

    As :func:`fee_offer`, but the days are known.

    :param days: first and last; no last: no end
    :param increases: percents of renewals, one on the other
    """
    price = fee_price(row, value, member, increases)
    return _offered(price, recurrence, *days, rounding)


def _offered(
    price: FeePrice,
    recurrence: tuple[str, int],
    start: date,
    end: date | None,
    rounding: Decimal,
) -> FeeOffer:
    """A year of it, or a shorter term."""
    year = offered_until(start, 0)
    parts = (
        round_half_up(price.full * share, rounding)
        for share in _shares(recurrence, start, end, min(year, end or year))
    )
    return FeeOffer(price, round_half_up(price.full, rounding), sum(parts, ZERO))


def _shares(
    recurrence: tuple[str, int], start: date, end: date | None, last: date
) -> Iterator[Fraction]:
    """The part of each period that lies within the offer."""
    rule, interval = recurrence
    for period in periods(start, end, rule, interval, last):
        until = min(last, period.end) if period.end else last
        yield Fraction((until - period.start).days + 1, _whole_days(period, rule))


def _whole_days(period: Period, rule: str) -> int:
    """Up to a month's last day a period is of whole months."""
    if rule == "monthlylastday" and period.whole_end:
        return (period.whole_end - period.start.replace(day=1)).days + 1
    return period.whole_days


def hour_price(facts: Facts, work: Work, rounding: Decimal) -> Decimal | None:
    """What an hour of such work costs by the contract's rates, whoever covers it.

    For work that is quoted beside the contract (A4): no allowance pays for it, and it
    is not measured.

    :return: rounded; None when no rate matches (R10)
    """
    covered = Terms(facts).covered(work)
    row = covered.first_row
    if row is None:
        return None
    price = Fraction(row.price) / (DAY_HOURS if row.unit == "day" else 1)
    discount = covered.row.discount if covered.row else ZERO
    return round_half_up(less(price, discount), rounding)
