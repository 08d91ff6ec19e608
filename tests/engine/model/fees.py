"""R20 to R22, day by day: what each day of a fee costs by today's facts."""

from datetime import timedelta
from fractions import Fraction

from engine.periods import next_period_end

DAY = timedelta(days=1)


def days_of(start, end):
    while start <= end:
        yield start
        start += DAY


def periods_of(start, rule, interval, last, renewals=()):
    """First and last days of the periods counted from the contract's start, or from a
    renewal on, with the days that a whole one has."""
    while start <= last:
        whole = next_period_end(start, rule, interval)
        turns = [day for day in renewals if start < day <= whole]
        end = min(turns) - DAY if turns else whole
        yield start, end, (whole - start).days + 1
        start = end + DAY


def cost_by_day(facts, lines, last):
    """What each day costs; None while the basis has no value.

    :param lines: all lines of one fee
    """
    costs = {}
    changes = {metric.day for metric in facts.metrics}
    rule, interval = lines[0].schedule.rule, lines[0].schedule.interval
    for first, end, whole in periods_of(
        facts.start, rule, interval, last, facts.renewals
    ):
        highest, today = None, None
        for day in days_of(first, end):
            running = [line for line in lines if in_force(facts, line, day)]
            if not running:
                costs[day], today = Fraction(0), None
                continue
            (line,) = running
            # Looked up anew only where it may change: a life has many days.
            if today is None or today[0] is not line or day in changes:
                today = line, fee_on(line, facts.metrics, day)
            fee = today[1]
            if fee is not None and highest is not None and not line.row.credit_decrease:
                fee = max(fee, highest)
            highest = fee
            costs[day] = None if fee is None else fee / whole
    return costs


def in_force(facts, line, day):
    ends = [end for end in (line.schedule.date_end, facts.end) if end]
    rests = any(first <= day <= last for first, last in facts.pauses)
    runs = line.schedule.date_start <= day <= min([*ends, day])
    return runs and not rests and not line.is_canceled


def fee_on(line, metrics, day):
    """R20, each step on the one before."""
    row = line.row
    value = Fraction(1)
    if row.basis != "fixed":
        places = {metric.installation_id for metric in metrics}
        values = [last_value(metrics, row.basis, place, day) for place in places]
        values = [value for value in values if value is not None]
        if not values:
            return None
        value = Fraction(sum(values))
    fee = priced(row, value)
    for percent in line.increases:
        fee = fee + fee * Fraction(percent) / 100
    for _id, factor in row.factors:
        fee = fee * Fraction(factor)
    fee = fee - fee * Fraction(line.member) / 100
    fee = fee - fee * Fraction(row.discount) / 100
    return max(fee, Fraction(row.minimum_fee))


def last_value(metrics, basis, installation, day):
    found = [m for m in metrics if m.basis == basis and m.day <= day]
    found = [m for m in found if m.installation_id == installation]
    return max(found, key=lambda m: m.day).value if found else None


def priced(row, value):
    """A price, or tiers: all at one price by volume, else step by step."""
    if not row.tiers:
        return value * Fraction(row.price)
    bounds = [(Fraction(b) if b else None, Fraction(p)) for b, p in row.tiers]
    bounds.sort(key=lambda tier: (tier[0] is None, tier[0] or 0))
    if row.by_volume:
        for bound, price in bounds:
            if bound is None or value <= bound:
                return value * price
    fee, below = Fraction(0), Fraction(0)
    for bound, price in bounds:
        above = value if bound is None else min(value, bound)
        fee += max(above - below, 0) * price
        below = max(below, above)
    return fee
