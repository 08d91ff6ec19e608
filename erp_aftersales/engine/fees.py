"""What a period costs without any work: the fee charges of a contract (R20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from . import reasons
from .facts import ONE, ZERO, Charge, Facts, FeeLine, FeeRow, Metric
from .intervals import Span, subtract
from .money import plain, round_half_up
from .periods import Period, occurrences, periods

HUNDRED = Decimal(100)
DAY = timedelta(days=1)


def fee_charges(facts: Facts) -> list[Charge]:
    """Return the open fee charges a contract should have (R20).

    Those made already and not frozen keep their days; those that fall due by
    ``facts.fees_until`` and were never made are added. A fee whose basis has no metric
    is kind ``unrated`` and waits (R10).
    """
    made = [item for item in facts.existing if item.charge.fee_id]
    charges = []
    for line in facts.fee_lines:
        ours = [item.charge for item in made if item.charge.fee_id == line.row.id]
        spans = [
            (item.charge.day, _period(line, item.charge))
            for item in made
            if not item.frozen and _line_of(facts, item.charge) is line
        ]
        spans += _due_periods(line, facts.fees_until, ours)
        charges += [_charge(facts, line, due, period) for due, period in spans]
    return charges


def _line_of(facts: Facts, charge: Charge) -> FeeLine | None:
    """The line of a charge's fee row that bills its days: a row may have several.

    A line that is stopped and goes on later, or is renewed, has a successor.
    """
    lines = [line for line in facts.fee_lines if line.row.id == charge.fee_id]
    lines.sort(key=lambda line: line.schedule.date_start)
    begun = [line for line in lines if line.schedule.date_start <= charge.start]
    return begun[-1] if begun else next(iter(lines), None)


def _due_periods(
    line: FeeLine, until: date | None, made: Sequence[Charge]
) -> Iterable[tuple[date, Period]]:
    """Each period of what is due, less days that have a charge: no day pays twice.

    A due day set by hand may hold several periods, or lead back to days that are
    charged already.
    """
    if until is None:
        return
    rule, interval = line.schedule.rule, line.schedule.interval
    charged = [_days(charge.start, charge.end) for charge in made]
    for due in occurrences(line.schedule, until):
        for first, behind in subtract([_days(due.start, due.end)], charged):
            start, end = date.fromordinal(first), date.fromordinal(behind) - DAY
            for period in periods(start, end, rule, interval, end):
                yield due.due, period


def _days(start: date, end: date) -> Span:
    return start.toordinal(), end.toordinal() + 1


def _period(line: FeeLine, charge: Charge) -> Period:
    """The days of a charge with the whole period they are a part of."""
    rule, interval = line.schedule.rule, line.schedule.interval
    return periods(charge.start, charge.end, rule, interval, charge.start)[0]


def _key(row: FeeRow, start: date) -> str:
    return f"f{row.id}.{start.isoformat()}.1"


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


def _charge(facts: Facts, line: FeeLine, due: date, period: Period) -> Charge:
    row, value = line.row, ONE
    if row.basis != "fixed":
        value = metric_value(facts.metrics, row.basis, period.start)
    charge = Charge(
        key=_key(row, period.start),
        kind="unrated",
        day=due,
        amount=ZERO,
        fee_id=row.id,
        start=period.start,
        end=period.end,
        unit="unit",
        waiting=True,
        reason=reasons.NO_METRIC,
        args={"basis": row.basis},
    )
    if value is None:
        return charge
    return _priced(charge, row, value, period.days, _whole_days(line, period), facts)


def _priced(
    charge: Charge, row: FeeRow, value: Decimal, days: int, whole: int, facts: Facts
) -> Charge:
    """Value x price less discount, at least the minimum, for its days; rounded once."""
    count, price = _count_and_price(row, value)
    net = _net(row, value)
    full = max(net, Fraction(row.minimum_fee))
    args = {"basis": row.basis, "value": plain(value)}
    if row.basis == "licence_value":
        args["percent"] = plain(row.percent)
    if full > net:
        args["minimum"] = plain(row.minimum_fee)
    if days != whole:
        args |= {"days": days, "whole_days": whole}
    return replace(
        charge,
        kind="fee",
        amount=round_half_up(full * days / whole, facts.rounding),
        count=count,
        price=price,
        discount=row.discount,
        waiting=False,
        reason=reasons.FEE,
        args=args,
    )


def whole_fee(
    row: FeeRow, metrics: Sequence[Metric], day: date, rounding: Decimal
) -> Decimal | None:
    """What a whole period costs by the value of its basis on a day (R20).

    :return: None when the basis has no value by then
    """
    value = ONE if row.basis == "fixed" else metric_value(metrics, row.basis, day)
    if value is None:
        return None
    return round_half_up(max(_net(row, value), Fraction(row.minimum_fee)), rounding)


def _net(row: FeeRow, value: Decimal) -> Fraction:
    """Value x price, or percent of the licence value, less discount; not rounded."""
    count, price = _count_and_price(row, value)
    return Fraction(count) * Fraction(price) * (1 - Fraction(row.discount) / 100)


def _count_and_price(row: FeeRow, value: Decimal) -> tuple[Decimal, Decimal]:
    if row.basis == "licence_value":
        return ONE, value * row.percent / HUNDRED
    return value, row.price


def _whole_days(line: FeeLine, period: Period) -> int:
    """Days of the whole period; up to a month's last day, of the whole month."""
    if line.schedule.rule == "monthlylastday":
        return period.whole_days + period.start.day - 1
    return period.whole_days
