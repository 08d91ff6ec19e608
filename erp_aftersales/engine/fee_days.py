"""What each day of a fee costs by today's facts, and what was charged for it (R21).

A period is cut into stretches of days on which nothing changes: neither what a day
costs, nor what is charged for it, nor whether the fee is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .facts import ONE, ZERO, Charge, Facts, FeeLine, FeeRow, Metric
from .fee_price import FIXED, FeePrice, fee_price
from .periods import Period

DAY = timedelta(days=1)
FEE, TRUE_UP, CREDIT = "fee", "true_up", "credit"


@dataclass(frozen=True, slots=True)
class Made:
    """Days whose fee is or was made, and the day on which it fell due."""

    start: date
    end: date
    due: date


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that are alike; fees are of a whole period, exact.

    :param made: by what they are asked for; None: nothing asks for these days
    :param price: of the day that costs most so far (R21); None: without a metric
    :param charged: what frozen charges say of these days
    :param is_covered: the fee is in force
    :param is_paused: it would be, but the contract rests
    :param is_billed: frozen charges hold their fee, and no credit gave it back
    :param is_known: some frozen charge is of these days
    :param billed_by: the key of the last fee that is frozen for these days
    """

    start: date
    end: date
    made: Made | None
    is_covered: bool
    is_paused: bool
    price: FeePrice | None
    charged: Fraction
    is_billed: bool
    is_known: bool
    billed_by: str | None

    @property
    def wanted(self) -> Fraction:
        """What they cost by today's facts."""
        return self.price.full if self.is_covered and self.price else Fraction(0)


def metric_value(metrics: Sequence[Metric], basis: str, day: date) -> Decimal | None:
    """Sum over installations of the last value dated on or before the day (R20).

    :return: None when no installation has a value by then
    """
    last = last_metrics(metrics, basis, day)
    return sum((metric.value for metric in last), ZERO) if last else None


def last_metrics(metrics: Sequence[Metric], basis: str, day: date) -> list[Metric]:
    """The value of each installation that counts for a basis on a day (R20)."""
    last: dict[int, Metric] = {}
    for metric in sorted(metrics, key=lambda metric: metric.day):
        if metric.basis == basis and metric.day <= day:
            last[metric.installation_id] = metric
    return list(last.values())


def price_on(
    row: FeeRow,
    metrics: Sequence[Metric],
    day: date,
    member: Decimal,
    increases: Sequence[Decimal] = (),
) -> FeePrice | None:
    """The price of a whole period by the value of its basis on a day (R20)."""
    value = ONE if row.basis == FIXED else metric_value(metrics, row.basis, day)
    return None if value is None else fee_price(row, value, member, increases)


def exact(charge: Charge) -> Fraction:
    """A fee's charge before rounding: what a day costs, times its days."""
    return daily(charge) * _count(charge.start, charge.end)


def daily(charge: Charge) -> Fraction:
    """What a charge says that a day costs, exact where it was not rounded."""
    if "daily" in charge.args:
        return Fraction(charge.args["daily"])
    return Fraction(charge.amount) / _count(charge.start, charge.end)


def in_force(
    facts: Facts, lines: Iterable[FeeLine]
) -> list[tuple[date, date, FeeLine]]:
    """First and last days on which lines of a fee run, pauses included (R22)."""
    spans = []
    for line in lines:
        ends = line.schedule.date_end, facts.end, date.max
        last = min(day for day in ends if day)
        if not line.is_canceled and line.schedule.date_start <= last:
            spans.append((line.schedule.date_start, last, line))
    return spans


def stretches(
    facts: Facts,
    row: FeeRow,
    period: Period,
    spans: Sequence[tuple[date, date, FeeLine]],
    made: Sequence[Made],
    frozen: Sequence[Charge],
    member: Decimal,
) -> list[Stretch]:
    """Cut a whole period where something changes (R21, R22).

    :param spans: first and last days on which lines of the fee run
    :param made: days whose fee is asked for, those that were made already first
    :param frozen: the row's charges on invoices
    """
    found, highest = [], None
    running = [(first, last) for first, last, _line in spans]
    days = _cuts(facts, row, period, [*running, *map(_days, (*made, *frozen))])
    for start, behind in zip(days, [*days[1:], period.end + DAY], strict=True):
        lines = (line for first, last, line in spans if first <= start <= last)
        line = next(lines, None)
        rests = any(first <= start <= last for first, last in facts.pauses)
        price = None
        if line and not rests:
            price = price_on(row, facts.metrics, start, member, line.increases)
            price = highest = _higher(row, highest, price)
        ours = [each for each in frozen if each.start <= start <= each.end]
        found.append(
            Stretch(
                start=start,
                end=behind - DAY,
                made=next((m for m in made if m.start <= start <= m.end), None),
                is_covered=bool(line) and not rests,
                is_paused=bool(line) and rests,
                price=price,
                charged=sum(map(daily, ours), Fraction(0)) * period.whole_days,
                is_billed=sum((c.kind == FEE) - (c.kind == CREDIT) for c in ours) > 0,
                is_known=bool(ours),
                billed_by=_last_fee(ours),
            )
        )
    return found


def _last_fee(charges: Iterable[Charge]) -> str | None:
    fees = [charge for charge in charges if charge.kind == FEE]
    return max(fees, key=lambda fee: (fee.start, fee.key)).key if fees else None


def _days(thing: Made | Charge) -> tuple[date, date]:
    return thing.start, thing.end


def _cuts(
    facts: Facts, row: FeeRow, period: Period, spans: Iterable[tuple[date, date]]
) -> list[date]:
    """The days of a period, its first one too, on which something may change."""
    cuts = {metric.day for metric in facts.metrics if metric.basis == row.basis}
    ends = [(facts.start, facts.end)] if facts.end else []
    for start, end in (*spans, *facts.pauses, *ends):
        cuts |= {start, end + DAY} if end < date.max else {start}
    inside = (day for day in cuts if period.start < day <= period.end)
    return sorted({period.start, *inside})


def _higher(
    row: FeeRow, highest: FeePrice | None, price: FeePrice | None
) -> FeePrice | None:
    """R21: without credit of decreases the highest daily fee of the period stands."""
    if highest is None or price is None or row.credit_decrease:
        return price
    return max(highest, price, key=lambda each: each.full)


def _count(start: date, end: date) -> int:
    return (end - start).days + 1
