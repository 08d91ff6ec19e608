"""How work uses up what was made available (R7, R8, R25)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from . import reasons
from .facts import ONE, Charge, Facts, Grant
from .grants import DAY, Cutting, Passing, Stock, burn_order, stock

DECIMALS = 9  # of a minute: so many, and their sums, come back as they were stored


@dataclass(frozen=True, slots=True)
class Burn:
    """Minutes of work, or incidents, that one grant pays; ``left`` stays in it."""

    grant: Grant
    minutes: int
    taken: Decimal
    left: Decimal


class Ledger:
    """The balances of a contract's grants while its work is walked in R1 order.

    What frozen charges took of a rollover is missing in its source from the start, so
    that late work gets what no frozen charge has used (R18). A rollover gets its size
    when work of its first day or later is asked for.
    """

    def __init__(self, held: Stock, standing: Iterable[Charge] = ()) -> None:
        """:param standing: the frozen charges, and open ones that take them back"""
        self._used: dict[tuple, Decimal] = defaultdict(Decimal)
        for charge in standing:
            if charge.grant:
                self._used[charge.grant] += charge.used
        self._passed: dict[tuple, Decimal] = defaultdict(Decimal)
        for each in held.rollovers:
            self._passed[each.source] += self._spent(each.grant)
        self.balance: dict[tuple, Decimal] = {}
        self._begun: dict[tuple, int] = {}
        self.grants: list[Grant] = []
        waiting = (*held.cuttings, *held.rollovers)
        self._waiting = sorted(waiting, key=lambda each: each.grant.start)
        self._add(*held.plan, *held.others)

    def _spent(self, grant: Grant) -> Decimal:
        return grant.taken + self._used[grant.key]

    def _add(self, *grants: Grant) -> None:
        for grant in grants:
            self._begin(grant, grant.size)
        self.grants = sorted([*self.grants, *grants], key=burn_order)
        ends = (grant.end for grant in self.grants if grant.end)
        turns = {*(grant.start for grant in self.grants), *(end + DAY for end in ends)}
        self._turns = sorted(turns)
        self._serving: dict[tuple, list[Grant]] = {}

    def _begin(self, grant: Grant, size: int) -> None:
        """:param size: without what is there only because it is invoiced"""
        self._begun[grant.key] = size
        spent = self._spent(grant) + self._passed[grant.key]
        self.balance[grant.key] = size - spent

    def burn(
        self,
        day: date,
        service_id: int | None,
        minutes: int,
        factor: Decimal = ONE,
        unit: str = "hour",
    ) -> tuple[list[Burn], int]:
        """Take minutes or incidents from the grants open on the day (R7).

        A grant pays whole minutes of work only: a remainder that pays none counts as
        empty. Days must not fall from one call to the next (R1).

        :param minutes: billed minutes (R5), or incidents
        :param factor: what is taken from the grant for each of them, above 0
        :return: the burns in order, and what no grant covers
        :raises ValueError: on a factor that is not above 0
        """
        if factor <= 0:
            raise ValueError(f"burn factor {factor} is not above 0")
        burns = []
        for grant in self.serving(day, service_id, unit):
            if not minutes:
                break
            pays = min(minutes, self.pays(grant, factor))
            if pays > 0:
                taken = round(pays * factor, DECIMALS)
                self.balance[grant.key] -= taken
                burns.append(Burn(grant, pays, taken, self.balance[grant.key]))
                minutes -= pays
        return burns, minutes

    def serving(
        self, day: date, service_id: int | None, unit: str = "hour"
    ) -> list[Grant]:
        """The grants open on a day for a service, in the order of use (R7)."""
        self._open_waiting(day)
        # Between two turns no grant begins, and none is over.
        key = bisect_right(self._turns, day), service_id, unit
        if key not in self._serving:
            self._serving[key] = [
                grant
                for grant in self.grants
                if grant.unit == unit
                and grant.start <= day
                and (grant.end is None or day <= grant.end)
                and (not grant.service_ids or service_id in grant.service_ids)
            ]
        return self._serving[key]

    def at_end(self, day: date, service_id: int | None, unit: str = "hour") -> str:
        """What is done with what is beyond the grants of a day (R25)."""
        says = [grant.at_end for grant in self.serving(day, service_id, unit)]
        return next((word for word in reversed(says) if word), reasons.OVERAGE)

    def left(self, day: date, service_id: int | None) -> int:
        """Whole minutes that the grants of a day still have for a service (E5)."""
        return sum(self.pays(grant, ONE) for grant in self.serving(day, service_id))

    def pays(self, grant: Grant, factor: Decimal) -> int:
        """Whole minutes of work that what is left pays."""
        balance = self.balance[grant.key]
        return int(balance // factor) if balance > 0 else 0

    def _open_waiting(self, day: date) -> None:
        while self._waiting and self._waiting[0].grant.start <= day:
            each = self._waiting.pop(0)
            if isinstance(each, Cutting):
                self._open_less(each)
            else:
                self._open_rollover(each)

    def _open_less(self, cutting: Cutting) -> None:
        """Give a new plan's grant its size: up to the whole minute once, at the end,
        down to 0, and never less than is invoiced (R22)."""
        over = Fraction(0)
        for key, share in cutting.sources:
            size = self._begun[key]
            used = Fraction(size - self.balance[key])
            over += max(used - size * share, 0)
        size = max(ceil(cutting.base - over), 0)
        stored = max(size, ceil(self._spent(cutting.grant)))
        less = ceil(cutting.base) - stored
        self._add(replace(cutting.grant, size=stored, less=less))
        self._begin(cutting.grant, size)

    def _open_rollover(self, passing: Passing) -> None:
        """Give a rollover its size: whole minutes, never less than is invoiced (R8)."""
        spent = self._spent(passing.grant)
        size = floor(self.balance[passing.source] + spent)
        size = min(size, passing.most or size)
        stored = max(size, ceil(spent))
        if stored:
            self._add(replace(passing.grant, size=stored))
            self._begin(passing.grant, size)

    def close(self) -> tuple[Grant, ...]:
        """All grants of plans and own rows, with the rollovers open by now."""
        self._open_waiting(date.max)
        return tuple(grant for grant in self.grants if grant.allowance_id)


def minutes_left(
    facts: Facts, charges: Iterable[Charge], day: date, service_id: int | None
) -> int:
    """Whole minutes that grants open on a day still have for a service (E5).

    :param charges: all that takes from the grants and is dated from ``facts.since`` on
    """
    opened = replace(facts, until=max(facts.until, day))
    return Ledger(stock(opened), charges).left(day, service_id)
