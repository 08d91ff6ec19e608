"""How a charge's own numbers make its amount, step by step (R24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .amounts import net_price, quantity
from .credits import CREDIT, month_shares
from .facts import ZERO, Charge, Facts
from .fees import last_metrics
from .money import round_half_up

METRIC = "metric"  # what an installation counts for
SHARE = "share"  # what a fee costs for days of the month
TIMES = "times"  # quantity x price
PERCENT = "percent"  # that percent of a value
LESS = "less"  # less discount
MINIMUM = "minimum"  # at least
DAYS = "days"  # a part of a period
CAPPED = "capped"  # at most what is left of the month's fees
CENT = "cent"  # rounded together with the month's other work (R13)

FEE_KINDS = ("fee", "true_up")


@dataclass(frozen=True, slots=True)
class Step:
    """``number`` applied to what the steps before gave; ``result`` is rounded.

    ``day`` and ``record_id`` tell where a metric or a fee's share comes from: an
    installation, or a fee row.
    """

    code: str
    number: Decimal
    result: Decimal
    other: Decimal = ZERO
    day: date | None = None
    record_id: int | None = None


def calculation(facts: Facts, charge: Charge) -> list[Step]:
    """Return the steps from a charge's numbers to its amount; none if it is free.

    Metrics and fees are shown as far as they still add up to what the charge says:
    what was typed after it was invoiced did not make it.

    :param facts: with metrics for a fee; with fees for a credit
    """
    if charge.kind in FEE_KINDS:
        return [*_metrics(facts, charge), *_fee(charge, facts.rounding)]
    if charge.kind == CREDIT and "fees" in charge.args:
        return [*_shares(facts, charge), *_credit(charge, facts.rounding)]
    return list(_priced(charge, facts.rounding)) if charge.price else []


def _metrics(facts: Facts, charge: Charge) -> Iterable[Step]:
    basis = charge.args.get("basis")
    last = last_metrics(facts.metrics, basis, charge.start) if basis else []
    if sum(metric.value for metric in last) != Decimal(charge.args.get("value", "0")):
        return ()
    return [
        Step(
            METRIC,
            metric.value,
            metric.value,
            day=metric.day,
            record_id=metric.installation_id,
        )
        for metric in last
    ]


def _fee(charge: Charge, rounding: Decimal) -> Iterator[Step]:
    """R20: price, discount, minimum and days, each on the result before."""
    net = Fraction(charge.count) * Fraction(charge.price)
    if "percent" in charge.args:
        number, value = charge.args["percent"], charge.args["value"]
        yield _step(PERCENT, number, net, rounding, value)
    else:
        yield _step(TIMES, charge.count, net, rounding, charge.price)
    if charge.discount:
        net *= 1 - Fraction(charge.discount) / 100
        yield _step(LESS, charge.discount, net, rounding)
    if minimum := charge.args.get("minimum"):
        net = Fraction(minimum)
        yield _step(MINIMUM, minimum, net, rounding)
    if days := charge.args.get("days"):
        whole = charge.args["whole_days"]
        yield _step(DAYS, days, net * days / whole, rounding, whole)


def _priced(charge: Charge, rounding: Decimal) -> Iterator[Step]:
    """R10, R3 and R13: work and incidents."""
    count, cent = quantity(charge), Decimal(charge.args.get("cent", "0"))
    yield _step(TIMES, count, count * Fraction(charge.price), rounding, charge.price)
    if charge.discount:
        net = count * net_price(charge.but(unit=None))
        yield _step(LESS, charge.discount, net, rounding)
    if cent:
        yield Step(CENT, cent, charge.amount)


def _shares(facts: Facts, charge: Charge) -> Iterable[Step]:
    shares = month_shares(facts, charge.day)
    total = sum((amount for _fee, _days, amount in shares), Fraction(0))
    if round_half_up(total, facts.rounding) != Decimal(charge.args["fees"]):
        return ()
    return [
        Step(
            SHARE,
            Decimal(days),
            round_half_up(amount, facts.rounding),
            fee.amount,
            day=fee.start,
            record_id=fee.fee_id,
        )
        for fee, days, amount in shares
    ]


def _credit(charge: Charge, rounding: Decimal) -> Iterator[Step]:
    """R23: that percent of the month's fees, at most what is left of them."""
    percent, fees = charge.args["percent"], charge.args["fees"]
    yield _step(
        PERCENT, percent, -Fraction(fees) * Fraction(percent) / 100, rounding, fees
    )
    if charge.args.get("capped"):
        yield Step(CAPPED, -charge.amount, charge.amount)


def _step(
    code: str,
    number: Decimal | Fraction | str | int,
    result: Fraction,
    rounding: Decimal,
    other: Decimal | str | int = ZERO,
) -> Step:
    if isinstance(number, Fraction):
        number = round_half_up(number, Decimal("0.0001")).normalize()
    result = round_half_up(result, rounding)
    return Step(code, Decimal(number), result, Decimal(other))
