"""A slow, naive model of rating: it walks work minute by minute and sums fractions.

It shares no code with the engine but the facts it reads. It knows nothing of charges,
keys or frozen money: only what every minute costs or takes, in the order of R1.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

MONTHS = {"month": 1, "quarter": 3, "year": 12}
FOREVER = date(9999, 12, 31)


@dataclass
class Result:
    """What the minutes come to."""

    cost: dict = field(default_factory=lambda: defaultdict(Fraction))
    taken: dict = field(default_factory=lambda: defaultdict(Fraction))
    billed: dict = field(default_factory=lambda: defaultdict(int))
    free: dict = field(default_factory=lambda: defaultdict(int))
    unrated: dict = field(default_factory=lambda: defaultdict(int))


def reckon(facts) -> Result:
    """Price every minute of all work of a contract of which nothing is frozen."""
    result = Result()
    stock = {grant: Fraction(grant[-1]) for grant in _grants(facts)}
    for work in _in_order(facts.work):
        plan = _plan(facts, work.day)
        policy, discount = _policy(plan, work)
        bands = _bands(plan, work) if work.minutes else []
        bands += [bands[-1]] * _added(facts, work) if bands else []
        for band in bands:
            _minute(facts, result, stock, work, policy, discount, band)
    return result


def rounded(amount: Fraction, step: Decimal) -> Decimal:
    """To a multiple of the step, halves away from zero."""
    steps = int(abs(amount) / Fraction(step) + Fraction(1, 2))
    return step * steps * (-1 if amount < 0 else 1)


def _in_order(works):
    """R1, as three piles a day."""
    for day in sorted({work.day for work in works}):
        of_day = [work for work in works if work.day == day]
        timed = [work for work in of_day if work.start]
        yield from sorted(timed, key=lambda work: (work.start, work.id))
        rest = [work for work in of_day if not work.start]
        yield from sorted(rest, key=lambda work: work.id)


def _plan(facts, day):
    plan = None
    for term in facts.terms:
        if term.start <= day <= (facts.end or FOREVER):
            plan = term.plan
    return plan


def _policy(plan, work):
    """R3 and R4: narrow the rows down, from what weighs most."""
    if work.is_vendor_fault:
        return "included", Decimal(0)
    rows = [
        row
        for row in (plan.coverage if plan else ())
        if (row.service_id is None or row.service_id == work.service_id)
        and (row.category is None or row.category == work.category)
        and (row.mode is None or row.mode == work.mode)
    ]
    rows = (
        [row for row in rows if row.service_id is not None]
        or [row for row in rows if row.category is not None]
        or rows
    )
    rows = [row for row in rows if row.mode is not None] or rows
    rows = [row for row in rows if row.sequence == min(r.sequence for r in rows)]
    rows = [row for row in rows if row.id == min(r.id for r in rows)]
    return (rows[0].policy, rows[0].discount) if rows else ("excluded", Decimal(0))


def _rate(facts, work, band):
    """R2 and R10: the first layer with a match, narrowed down by name."""
    plan = _plan(facts, work.day)
    is_out = not plan or _covered_as(plan, work) == "excluded"
    for layer in [facts.card] if is_out else [plan.rates, facts.card]:
        rows = [row for row in layer if _fits(row, work, band)]
        for name in ("service_id", "grade_id", "mode", "region_id", "band"):
            rows = [row for row in rows if getattr(row, name) is not None] or rows
        rows = [row for row in rows if row.sequence == min(r.sequence for r in rows)]
        rows = [row for row in rows if row.id == min(r.id for r in rows)]
        if rows:
            return rows[0]
    return None


def _covered_as(plan, work):
    """The policy of the rows alone, whoever's fault it was."""
    rows = _Blameless(work)
    return _policy(plan, rows)[0]


class _Blameless:
    """The same work as if it were nobody's fault."""

    is_vendor_fault = False

    def __init__(self, work):
        self.service_id, self.category = work.service_id, work.category
        self.mode = work.mode


def _fits(row, work, band):
    return (
        row.service_id in (None, work.service_id)
        and row.grade_id in (None, work.grade_id)
        and row.mode in (None, work.mode)
        and row.region_id in (None, work.region_id)
        and row.band in (None, band)
        and (row.start or date.min) <= work.day <= (row.end or FOREVER)
    )


def _bands(plan, work):
    """R6: look at the clock on the wall every minute; Monday to Friday 9 to 18."""
    if not work.start or not plan or not plan.calendar:
        return ["normal"] * work.minutes
    bands = []
    for minute in range(work.minutes):
        moment = work.start + timedelta(minutes=minute)
        wall = moment.astimezone(ZoneInfo(plan.calendar.tz))
        is_office = wall.weekday() < 5 and 9 <= wall.hour < 18
        is_leave = any(start <= moment < end for start, end in plan.calendar.leaves)
        bands.append(
            "holiday" if is_leave else "normal" if is_office else "after_hours"
        )
    return bands


def _added(facts, work):
    """R5: the minutes that rounding adds to this entry."""
    group = [
        other
        for other in _in_order(facts.work)
        if other.minutes and _visit(other) == _visit(work)
    ]
    while group:
        first = group[0]
        band = _bands(_plan(facts, first.day), first)[0]
        row = _rate(facts, first, band)
        together = group if row and row.per_visit else group[:1]
        if work in together:
            whole = sum(other.minutes for other in together)
            billed = (
                max(ceil(Fraction(whole, row.increment)) * row.increment, row.minimum)
                if row
                else whole
            )
            return billed - whole if work is together[-1] else 0
        group = group[len(together) :]
    return 0


def _visit(work):
    return work.ticket_id, work.day, work.service_id, work.mode, work.grade_id


def _minute(facts, result, stock, work, policy, discount, band):
    """One billed minute: free, from the first grant that can pay it, or priced."""
    row = _rate(facts, work, band)
    result.billed[work.id] += 1
    if policy == "included":
        result.free[work.id] += 1
        return
    if policy == "allowance":
        factor = Fraction(row.burn_factor) if row else Fraction(1)
        for grant in stock:
            *_order, start, end, services, _origin, key, _minutes = grant
            if (
                start <= work.day <= end
                and (not services or work.service_id in services)
                and stock[grant] >= factor
            ):
                stock[grant] -= factor
                result.taken[key] += factor
                return
    if row is None:
        result.unrated[work.id] += 1
        return
    less = Decimal(0) if policy == "excluded" else discount
    minutes = 480 if row.unit == "day" else 60
    group = work.day.year, work.day.month, row.price, row.unit, less
    result.cost[group] += Fraction(row.price) * (1 - Fraction(less) / 100) / minutes


def _grants(facts):
    """R7 and R8: what there is to take from, in the order it is taken."""
    found = []
    for grant in facts.grants:
        number = {"purchase": 1, "manual": 1, "rollover": 0}[grant.origin]
        key = (grant.origin, grant.id)
        found.append(_grant(grant, grant.size, grant.start, grant.end, number, key))
    for index, term in enumerate(facts.terms):
        last = facts.end or FOREVER
        if index + 1 < len(facts.terms):
            last = min(last, facts.terms[index + 1].start - timedelta(days=1))
        for row in term.plan.allowances:
            found += _of_row(facts, row, term.start, last)
    return sorted(found, key=lambda grant: grant[:6])


def _grant(row, minutes, start, end, origin_number, key):
    is_pack = key[0] == "purchase"
    end = end or FOREVER
    new = key[0] == "plan"
    order = (is_pack, row.priority, end, origin_number, start, (new, row.id))
    return (*order, start, end, row.service_ids, key[0], key, minutes)


def _of_row(facts, row, first, last):
    """The grants of one allowance row under one plan."""
    begin = facts.start
    while begin <= max(last, facts.start) and begin <= facts.until:
        months = MONTHS.get(row.period)
        whole_end = facts.end or FOREVER
        if months:
            year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
            whole_end = date(year, month + 1, begin.day) - timedelta(days=1)
        start, end = max(begin, first), min(whole_end, last)
        minutes = Fraction(row.size)
        if row.prorate and whole_end != FOREVER:
            days = (end - start).days + 1
            minutes = minutes * days / ((whole_end - begin).days + 1)
        if start <= end and start <= facts.until:
            key = ("plan", row.id, start)
            yield _grant(row, ceil(minutes), start, end, 1, key)
        if whole_end == FOREVER:
            return
        begin = whole_end + timedelta(days=1)
