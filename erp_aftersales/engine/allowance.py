"""How work uses up what was made available (R7, R8, R25)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import ceil, floor

from . import reasons
from .facts import ONE, Charge, Facts, Grant
from .grants import DAY, Passing, Stock, stock

ORIGIN_ORDER = {"rollover": 0, "plan": 1, "manual": 1}
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
        self.balance: dict[tuple, Decimal] = {}
        self.grants: list[Grant] = []
        self._passings = sorted(held.rollovers, key=lambda each: each.grant.start)
        self._add(*held.plan, *held.others)
        for each in self._passings:
            self.balance[each.source] -= self._spent(each.grant)

    def _spent(self, grant: Grant) -> Decimal:
        return grant.taken + self._used[grant.key]

    def _add(self, *grants: Grant) -> None:
        for grant in grants:
            self.balance[grant.key] = grant.size - self._spent(grant)
        self.grants = sorted([*self.grants, *grants], key=_burn_order)
        ends = (grant.end for grant in self.grants if grant.end)
        turns = {*(grant.start for grant in self.grants), *(end + DAY for end in ends)}
        self._turns = sorted(turns)
        self._serving: dict[tuple, list[Grant]] = {}

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
        self._open_rollovers(day)
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

    def _open_rollovers(self, day: date) -> None:
        while self._passings and self._passings[0].grant.start <= day:
            self._open(self._passings.pop(0))

    def _open(self, passing: Passing) -> None:
        """Give a rollover its size: whole minutes, never less than is invoiced (R8)."""
        spent = self._spent(passing.grant)
        size = floor(self.balance[passing.source] + spent)
        size = min(size, passing.most or size)
        stored = max(size, ceil(spent))
        if stored:
            self._add(replace(passing.grant, size=stored))
            self.balance[passing.grant.key] = size - spent

    def close(self) -> tuple[Grant, ...]:
        """All grants of plans and own rows, with the rollovers open by now."""
        self._open_rollovers(date.max)
        return tuple(grant for grant in self.grants if grant.allowance_id)


def minutes_left(
    facts: Facts, charges: Iterable[Charge], day: date, service_id: int | None
) -> int:
    """Whole minutes that grants open on a day still have for a service (E5).

    :param charges: all that takes from the grants and is dated from ``facts.since`` on
    """
    opened = replace(facts, until=max(facts.until, day))
    return Ledger(stock(opened), charges).left(day, service_id)


def _burn_order(grant: Grant) -> tuple:
    """Packs last; lowest priority, earliest end, rollover first, start, id (R7).

    A rollover may go and come again while work is edited: its row's id stands for its
    own, so that nothing remembers that (R19).
    """
    id_ = grant.allowance_id if grant.origin == "rollover" else grant.id
    return (
        grant.origin == "purchase",
        grant.priority,
        grant.end or date.max,
        ORIGIN_ORDER.get(grant.origin, 1),
        grant.start,
        id_ is None,
        id_ or 0,
        grant.allowance_id or 0,
    )
