"""R23: what missed targets pay back."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from .rounding import rounded

FEES = ("fee", "true_up", "credit")


def sla_credits(facts, charges):
    """(ticket, target) -> amount of its credit that should stand open.

    :param charges: all charges that stand, open and frozen
    """
    fees = [charge for charge in charges if charge.fee_id and charge.kind in FEES]
    frozen = [item.charge for item in facts.existing if item.frozen]
    paid = [charge for charge in frozen if charge.key.startswith("s")]
    given = {(charge.ticket_id, key_target(charge)): charge.amount for charge in paid}
    months, found = {}, {}
    for charge in paid:
        name = charge.day.year, charge.day.month
        months[name] = months.get(name, Decimal(0)) - charge.amount
    for miss in sorted(facts.misses, key=lambda m: (m.day, m.ticket_id, m.target)):
        name = miss.day.year, miss.day.month
        base = fees_of_month(fees, miss.day)
        credit = rounded(base * Fraction(miss.percent) / 100, facts.rounding)
        room = base - Fraction(months.get(name, Decimal(0)))
        steps = max(floor(room / Fraction(facts.rounding)), 0)
        credit = min(credit, facts.rounding * steps)
        if (miss.ticket_id, miss.target) in given or credit <= 0:
            continue
        months[name] = months.get(name, Decimal(0)) + credit
        found[miss.ticket_id, miss.target] = -credit
    return found


def key_target(charge):
    return charge.key.split(".", 1)[1]


def fees_of_month(fees, miss_day):
    """Day by day: each day's part of the fees that were due by the miss."""
    days = monthrange(miss_day.year, miss_day.month)[1]
    total = Fraction(0)
    for number in range(days):
        day = date(miss_day.year, miss_day.month, 1) + timedelta(days=number)
        for fee in fees:
            if fee.day <= miss_day and fee.start <= day <= fee.end:
                total += Fraction(fee.amount) / ((fee.end - fee.start).days + 1)
    return total
