"""How a charge's own numbers make its amount, step by step (R24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .amounts import net_price, quantity
from .credits import CREDIT, month_shares
from .facts import ZERO, Charge, Facts
from .fee_days import last_metrics
from .money import round_half_up

METRIC = "metric"  # what an installation counts for
SHARE = "share"  # what a fee costs for days of the month
TIMES = "times"  # quantity x price
PERCENT = "percent"  # that percent of a value
LESS = "less"  # less discount
INCREASE = "increase"  # a renewal's percent on top
FACTOR = "factor"  # x a factor of the fee, whose id is ``other``
MEMBER = "member"  # less the member price's percent
MINIMUM = "minimum"  # at least
WAS = "was"  # less what the days cost before
CHARGED = "charged"  # less what of the change was charged
DAYS = "days"  # a part of a period
CAPPED = "capped"  # at most what is left of the month's fees
CENT = "cent"  # rounded together with the month's other work (R13)

FEE_KINDS = ("fee", "true_up")
FEE, TRUE_UP = "fee", "true_up"


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
    """R20: price, factors, member price, discount, minimum; each on the one before."""
    if charge.reason not in (FEE, TRUE_UP):
        return
    net = Fraction(0)
    for code, number, other, net in _fee_steps(charge):
        yield _step(code, number, net, rounding, other)
    for code in (WAS, CHARGED):
        if before := charge.args.get(code):
            net -= Fraction(before)
            yield _step(code, before, net, rounding)
    if days := charge.args.get("days"):
        whole = charge.args["whole_days"]
        yield _step(DAYS, days, net * days / whole, rounding, whole)


def _fee_steps(charge: Charge) -> Iterator[tuple[str, Any, Any, Fraction]]:
    """Code, number, other number and what the fee of a whole period is by then."""
    args, net = charge.args, Fraction(0)
    if "percent" in args:
        net = Fraction(args["value"]) * Fraction(args["percent"]) / 100
        yield PERCENT, args["percent"], args["value"], net
    else:
        price = charge.price if charge.reason == FEE else args.get("price", "0")
        for count, each in args.get("tiers") or [(args["value"], price)]:
            net += Fraction(count) * Fraction(each)
            yield TIMES, count, each, net
    for percent in args.get("increases", ()):
        net *= 1 + Fraction(percent) / 100
        yield INCREASE, percent, ZERO, net
    for id_, factor in args.get("factors", ()):
        net *= Fraction(factor)
        yield FACTOR, factor, id_, net
    for code, percent in (
        (MEMBER, args.get("member")),
        (LESS, args.get("discount") or charge.discount),
    ):
        if percent:
            net *= 1 - Fraction(percent) / 100
            yield code, percent, ZERO, net
    if minimum := args.get("minimum"):
        net = Fraction(minimum)
        yield MINIMUM, minimum, ZERO, net


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
