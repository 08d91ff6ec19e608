"""Missed promises pay themselves back: credits of a month's fees (R23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import reasons
from .facts import ONE, ZERO, Charge, Facts, Miss
from .fees import fee_charges
from .money import plain, round_half_up
from .periods import month_days, month_of

CREDIT = "credit"
FEE_KINDS = ("fee", "true_up", CREDIT)


def credit_charges(facts: Facts) -> list[Charge]:
    """Return the open credits for missed targets (R23).

    One per ticket and target, dated the day of the miss; those on an invoice stand.
    Together with them the credits of a month are at most its fees.
    """
    if not facts.misses:
        return []
    frozen = {
        item.charge.key: item.charge
        for item in facts.existing
        if item.frozen and _is_credit(item.charge)
    }
    fees = _fees(facts, max(miss.day for miss in facts.misses))
    given: dict[tuple, Fraction] = defaultdict(Fraction)
    for charge in frozen.values():
        given[month_of(charge.day)] -= Fraction(charge.amount)
    charges = []
    for miss in sorted(facts.misses, key=_order):
        if _key(miss) not in frozen:
            of_month = _of_month(fees, miss.day)
            most = of_month - given[month_of(miss.day)]
            charge = _credit(facts, miss, of_month, most)
            given[month_of(miss.day)] -= Fraction(charge.amount)
            charges.append(charge)
    return [charge for charge in charges if charge.amount]


def _order(miss: Miss) -> tuple:
    return miss.day, miss.ticket_id, miss.target


def _key(miss: Miss) -> str:
    return f"s{miss.ticket_id}.{miss.target}"


def _is_credit(charge: Charge) -> bool:
    return charge.kind == CREDIT and not charge.fee_id


def _fees(facts: Facts, last: date) -> Sequence[Charge]:
    """Fees, true-ups and credits of fees: those made, and those due by a day."""
    upto = max(last, facts.fees_until) if facts.fees_until else last
    frozen = [item.charge for item in facts.existing if item.frozen]
    wanted = fee_charges(replace(facts, fees_until=upto))
    return [
        charge
        for charge in (*frozen, *wanted)
        if charge.fee_id and charge.kind in FEE_KINDS
    ]


def month_shares(facts: Facts, day: date) -> list[tuple[Charge, int, Fraction]]:
    """What each fee dated up to a day costs for the days of its month: days, amount."""
    return _shares(_fees(facts, day), day)


def _shares(fees: Iterable[Charge], day: date) -> list[tuple[Charge, int, Fraction]]:
    first, last = month_days(day)
    shares = []
    for fee in fees:
        days = (min(fee.end, last) - max(fee.start, first)).days + 1
        if fee.day <= day and days > 0:
            whole = (fee.end - fee.start).days + 1
            shares.append((fee, days, Fraction(fee.amount) * days / whole))
    return shares


def _of_month(fees: Iterable[Charge], day: date) -> Fraction:
    """What fees dated up to a day cost for the days of its month."""
    return sum((amount for _fee, _days, amount in _shares(fees, day)), Fraction(0))


def _credit(facts: Facts, miss: Miss, fees: Fraction, most: Fraction) -> Charge:
    """That percent of the fees, rounded by itself, and at most what is left of them."""
    wanted = round_half_up(fees * Fraction(miss.percent) / 100, facts.rounding)
    amount = min(wanted, _round_down(most, facts.rounding))
    amount = max(amount, ZERO)
    args = {
        "target": miss.target,
        "percent": plain(miss.percent),
        "fees": plain(round_half_up(fees, facts.rounding)),
    }
    if amount < wanted:
        args["capped"] = 1
    first, last = month_days(miss.day)
    return Charge(
        key=_key(miss),
        kind=CREDIT,
        day=miss.day,
        amount=-amount,
        ticket_id=miss.ticket_id,
        start=first,
        end=last,
        count=ONE,
        unit="unit",
        price=-amount,
        reason=reasons.CREDIT,
        args=args,
    )


def _round_down(amount: Fraction, rounding: Decimal) -> Decimal:
    rounded = round_half_up(amount, rounding)
    return rounded - rounding if Fraction(rounded) > amount else rounded
