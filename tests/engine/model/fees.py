"""R20 to R22, day by day: what each day of a fee costs by today's facts."""

from datetime import timedelta
from fractions import Fraction

from engine.periods import next_period_end

DAY = timedelta(days=1)


def days_of(start, end):
    while start <= end:
        yield start
        start += DAY


def periods_of(start, rule, interval, last):
    """First and last days of the periods counted from the contract's start."""
    while start <= last:
        end = next_period_end(start, rule, interval)
        yield start, end
        start = end + DAY


def cost_by_day(facts, line, last):
    """What each day from the line's first on costs, none at all before a value is."""
    costs = {}
    schedule = line.schedule
    for first, end in periods_of(facts.start, schedule.rule, schedule.interval, last):
        whole = (end - first).days + 1
        highest = None
        for day in days_of(first, end):
            if not in_force(facts, line, day):
                costs[day] = Fraction(0)
                continue
            fee = fee_on(line, facts.metrics, day)
            if fee is not None and highest is not None and not line.row.credit_decrease:
                fee = max(fee, highest)
            highest = fee
            costs[day] = None if fee is None else fee / whole
    return costs


def in_force(facts, line, day):
    ends = [end for end in (line.schedule.date_end, facts.end) if end]
    rests = any(first <= day <= last for first, last in facts.pauses)
    return line.schedule.date_start <= day and day <= min([*ends, day]) and not rests


def fee_on(line, metrics, day):
    """R20, each step on the one before."""
    row = line.row
    value = Fraction(1)
    if row.basis != "fixed":
        values = [last_value(metrics, row.basis, i, day) for i in (1, 2)]
        values = [value for value in values if value is not None]
        if not values:
            return None
        value = Fraction(sum(values))
    fee = priced(row, value)
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
