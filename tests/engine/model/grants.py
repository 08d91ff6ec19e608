"""R7, R8 and R9: what there is to take from, in the order it is taken."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from engine.periods import ALLOWANCE_RULES, periods

from .terms import FOREVER

DAY = timedelta(days=1)


@dataclass
class Pot:
    """A grant and what is left of it; a rollover is filled when its source ends."""

    key: tuple
    start: date
    end: date
    size: int
    services: frozenset
    unit: str
    at_end: str | None
    priority: int
    begun: int = 0
    left: Fraction = Fraction(0)
    frozen: Fraction = Fraction(0)
    source: "Pot | None" = None
    row: object = None
    base: Fraction | None = None
    agreed: date | None = None
    term: int | None = None
    is_filled: bool = field(default=True)

    @property
    def order(self):
        is_pack = self.key[0] == "purchase"
        not_rollover = self.key[0] != "rollover"
        of_row = len(self.key) == 3
        last = (of_row, self.key[1])
        return is_pack, self.priority, self.end, not_rollover, self.start, last

    def serves(self, thing, unit):
        return (
            self.unit == unit
            and self.start <= thing.day <= self.end
            and (not self.services or thing.service_id in self.services)
        )


class Pots:
    """All grants of a contract."""

    def __init__(self, facts, taken):
        """:param taken: what charges take that are sure: key of a grant -> how much"""
        self.pots = [*given(facts), *of_rows(facts)]
        for pot in self.pots:
            pot.frozen = Fraction(taken.get(pot.key, 0))
            if pot.is_filled:
                pot.left = pot.left + pot.size - pot.frozen
        for pot in self.pots:
            if pot.source:
                pot.source.left -= pot.frozen
        self.cut_off(facts)
        self.pots.sort(key=lambda pot: pot.order)

    def cut_off(self, facts):
        """R22: which pot of a new plan pays for overuse of the old plan's."""
        self.pays = {}
        for number in range(1, len(facts.terms)):
            old, new = facts.terms[number - 1], facts.terms[number]
            if old.plan.id == new.plan.id:
                continue
            begun = [p for p in self.pots if p.term == number and p.start == new.start]
            for pot in self.pots:
                is_cut = pot.term == number - 1 and pot.end == new.start - DAY
                if not is_cut or pot.agreed == pot.end:
                    continue
                alike = [p for p in begun if p.unit == pot.unit and meet(p, pot)]
                if alike:
                    first = min(alike, key=lambda p: p.order)
                    self.pays.setdefault(first.key, []).append(pot)
        for pot in self.pots:
            pot.is_filled = pot.is_filled and pot.key not in self.pays

    def fill(self, day):
        """Open what another pot decides on: rollovers, and pots of a new plan."""
        for pot in sorted(self.pots, key=lambda pot: pot.start):
            if not pot.is_filled and pot.start <= day and pot.key in self.pays:
                over = sum(map(overused, self.pays[pot.key]))
                pot.begun = max(ceil(pot.base - over), 0)
                pot.left += pot.begun - pot.size
                pot.size = max(pot.begun, ceil(pot.frozen))
                pot.is_filled = True
            elif not pot.is_filled and pot.start <= day:
                passed = floor(pot.source.left + pot.frozen)
                if pot.row.rollover_max:
                    passed = min(passed, pot.row.rollover_max)
                pot.size = max(passed, ceil(pot.frozen), 0)
                pot.left = pot.size - pot.frozen
                pot.begun = pot.size
                pot.is_filled = True

    def take(self, thing, much, unit="hour"):
        """Key of the first grant that pays so much, less it; None: they are empty."""
        self.fill(thing.day)
        for pot in self.pots:
            if pot.is_filled and pot.serves(thing, unit) and pot.left >= much:
                pot.left -= much
                return pot.key
        return None

    def at_end(self, thing, unit="hour"):
        """R25: what the last plan grant says of work beyond it."""
        says = None
        for pot in self.pots:
            is_there = pot.is_filled and (pot.size or pot.key[0] == "plan")
            if is_there and pot.serves(thing, unit) and pot.at_end:
                says = pot.at_end
        return says

    def sizes(self):
        """Key -> size of what is open, rollovers of nothing left out."""
        return {
            pot.key: pot.size
            for pot in self.pots
            if pot.is_filled and (pot.size or pot.key[0] != "rollover")
        }


def meet(one, other):
    """Whether two pots serve the same service."""
    return not one.services or not other.services or bool(one.services & other.services)


def overused(pot):
    """What was taken of a pot beyond the share of its days."""
    used = pot.begun - pot.left
    if pot.agreed is None:
        return Fraction(0)
    days, agreed = (pot.end - pot.start).days + 1, (pot.agreed - pot.start).days + 1
    return max(used - Fraction(pot.begun * days, agreed), Fraction(0))


def given(facts):
    """Packs and what was given by hand."""
    for grant in facts.grants:
        if len(grant.key) == 2:
            yield Pot(
                grant.key,
                grant.start,
                grant.end or FOREVER,
                grant.size,
                grant.service_ids,
                grant.unit,
                grant.at_end,
                grant.priority,
                left=-Fraction(grant.taken),
            )


def of_rows(facts):
    """Grants of every allowance row for the days it is in force."""
    last_day = facts.end or FOREVER
    for index, term in enumerate(facts.terms):
        last = last_day
        if index + 1 < len(facts.terms):
            last = min(last, facts.terms[index + 1].start - DAY)
        for row in term.plan.allowances:
            for first, end in not_replaced(facts, row, term.start, last):
                for pot in of_row(facts, row, first, end, ends=last):
                    pot.term = index if pot.key[0] == "plan" else None
                    yield pot
    for row in facts.own.allowances:
        first, last = row.start or facts.start, min(row.end or FOREVER, last_day)
        yield from of_row(facts, row, max(first, facts.start), last, ends=None)


def not_replaced(facts, row, first, last):
    """Spans of days on which no row of the contract stands instead of this one."""
    spans = [(first, last)]
    for own in facts.own.allowances:
        if own.replaces_id != row.id:
            continue
        start, end = own.start or date.min, own.end or FOREVER
        before = [(a, min(b, start - DAY)) for a, b in spans if start > date.min]
        after = [(max(a, end + DAY), b) for a, b in spans if end < FOREVER]
        spans = [(a, b) for a, b in before + after if a <= b]
    return sorted(set(spans))


def of_row(facts, row, first, last, ends):
    """A grant a period, and behind it the rollover it may leave.

    :param ends: last day of the plan, which passes nothing on (R22)
    """
    rule, interval = ALLOWANCE_RULES[row.period]
    chain = periods(facts.start, facts.end, rule, interval, date(2035, 1, 1))
    written = {grant.key: grant for grant in facts.grants}
    for number, period in enumerate(chain):
        start = max(period.start, first)
        end = min(period.end or FOREVER, last)
        if start > end or start > facts.until:
            continue
        key = "plan", row.id, start
        # The end of a plan is not known when a grant opens: it ends uncut (R22).
        agreed = min(period.end or FOREVER, row.end or FOREVER)
        base = share(row, period, start, agreed)
        size = ceil(base)
        before = Fraction(0)
        if key in written:
            size, before = written[key].size, -Fraction(written[key].taken)
        pot = pot_of(row, key, start, end, size)
        pot.left, pot.begun = before, size
        pot.base, pot.agreed = base, period.end and agreed
        yield pot
        following = chain[number + 1 : number + 1 + row.rollover_periods]
        if following and end == period.end and end != ends:
            key = "rollover", row.id, end + DAY
            lives = min(following[-1].end or FOREVER, facts.end or FOREVER)
            rest = pot_of(row, key, end + DAY, lives, 0)
            rest.source, rest.row, rest.is_filled = pot, row, False
            yield rest


def pot_of(row, key, start, end, size):
    unit, at_end = row.unit, row.at_end
    return Pot(key, start, end, size, row.service_ids, unit, at_end, row.priority)


def share(row, period, start, end):
    """R8: by days, exact."""
    if not row.prorate or period.whole_end is None:
        return Fraction(row.size)
    days = (end - start).days + 1
    whole = (period.whole_end - period.start).days + 1
    return Fraction(row.size * days, whole)
