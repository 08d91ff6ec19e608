"""What a period costs without any work: the fee charges of a contract (R20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import reasons
from .facts import ONE, ZERO, Charge, Facts, FeeLine, FeeRow, Metric
from .money import plain, round_half_up
from .periods import Period, occurrences, periods

HUNDRED = Decimal(100)


def fee_charges(facts: Facts) -> list[Charge]:
    """Return the open fee charges a contract should have (R20).

    Those made already and not frozen keep their days; those that fall due by
    ``facts.fees_until`` and were never made are added. A fee whose basis has no metric
    is kind ``unrated`` and waits (R10).
    """
    made = [item for item in facts.existing if item.charge.fee_id]
    keys = {item.charge.key for item in made}
    charges = []
    for line in facts.fee_lines:
        spans = [
            (item.charge.day, _whole(line, item.charge.start, item.charge.end))
            for item in made
            if item.charge.fee_id == line.row.id and not item.frozen
        ]
        spans += [
            (due, period)
            for due, period in _due_periods(line, facts.fees_until)
            if _key(line.row, period.start) not in keys
        ]
        charges += [_charge(facts, line, due, period) for due, period in spans]
    return charges


def _due_periods(line: FeeLine, until: date | None) -> Iterable[tuple[date, Period]]:
    """Each regular period of what is due; a due day set by hand may hold several."""
    if until is None:
        return
    rule, interval = line.schedule.rule, line.schedule.interval
    for due in occurrences(line.schedule, until):
        for period in periods(due.start, due.end, rule, interval, due.end):
            yield due.due, period


def _whole(line: FeeLine, start: date, end: date) -> Period:
    """The days of a charge with the whole period they are a part of."""
    schedule = line.schedule
    return periods(start, end, schedule.rule, schedule.interval, start)[0]


def _key(row: FeeRow, start: date) -> str:
    return f"f{row.id}.{start.isoformat()}.1"


def metric_value(metrics: Sequence[Metric], basis: str, day: date) -> Decimal | None:
    """Sum over installations of the last value dated on or before the day (R20).

    :return: None when no installation has a value by then
    """
    last: dict[int, Metric] = {}
    for metric in sorted(metrics, key=lambda metric: metric.day):
        if metric.basis == basis and metric.day <= day:
            last[metric.installation_id] = metric
    return sum((metric.value for metric in last.values()), ZERO) if last else None


def _charge(facts: Facts, line: FeeLine, due: date, period: Period) -> Charge:
    row, value = line.row, ONE
    if row.basis != "fixed":
        value = metric_value(facts.metrics, row.basis, period.start)
    common = {
        "key": _key(row, period.start),
        "day": due,
        "fee_id": row.id,
        "start": period.start,
        "end": period.end,
        "unit": "unit",
    }
    if value is None:
        return Charge(
            kind="unrated",
            amount=ZERO,
            waiting=True,
            reason=reasons.NO_METRIC,
            args={"basis": row.basis},
            **common,
        )
    count, price = _count_and_price(row, value)
    full = max(count * price * (1 - row.discount / HUNDRED), row.minimum_fee)
    whole = _whole_days(line, period)
    return Charge(
        kind="fee",
        amount=round_half_up(Fraction(full) * period.days / whole, facts.rounding),
        count=count,
        price=price,
        discount=row.discount,
        reason=reasons.FEE,
        args=_args(row, value, full, count * price, period.days, whole),
        **common,
    )


def _count_and_price(row: FeeRow, value: Decimal) -> tuple[Decimal, Decimal]:
    if row.basis == "licence_value":
        return ONE, value * row.percent / HUNDRED
    return value, row.price


def _whole_days(line: FeeLine, period: Period) -> int:
    """Days of the whole period; up to a month's last day, of the whole month."""
    if line.schedule.rule == "monthlylastday":
        return period.whole_days + period.start.day - 1
    return period.whole_days


def _args(row, value, full, gross, days, whole) -> dict:
    args = {"basis": row.basis, "value": plain(value)}
    if row.basis == "licence_value":
        args["percent"] = plain(row.percent)
    if full > gross * (1 - row.discount / HUNDRED):
        args["minimum"] = plain(full)
    if days != whole:
        args |= {"days": days, "whole_days": whole}
    return args
