"""What a contract had, got and used over some days, as a bank would state it.

Every balance follows from dated movements of a grant: it comes, is used, passes its
rest on, and what is left then expires. Both happen at the end of its last day, so that
the closing balance of one statement opens the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from .facts import ZERO, Grant

DAY = timedelta(days=1)
PLACES = ("asked", "invoiced", "unbilled", "waiting")


@dataclass(frozen=True, slots=True)
class Use:
    """What the charges of a day took of a grant: minutes, or incidents (R7, R11)."""

    grant: tuple
    day: date
    taken: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """A grant's movements, or the sum of several of one unit.

    ``opening + granted + rolled_in - used - passed_on - expired == closing``, exactly.
    ``expired`` may be below zero by a part of a minute: a rollover is never smaller
    than what is invoiced of it (R8).
    """

    opening: Decimal = ZERO
    granted: Decimal = ZERO
    rolled_in: Decimal = ZERO
    used: Decimal = ZERO
    passed_on: Decimal = ZERO
    expired: Decimal = ZERO
    closing: Decimal = ZERO

    def __add__(self, other: Balance) -> Balance:
        return Balance(*map(Decimal.__add__, _values(self), _values(other)))

    def __bool__(self) -> bool:
        return any(_values(self))


@dataclass(frozen=True, slots=True)
class Account:
    """One grant of a statement."""

    grant: Grant
    balance: Balance


@dataclass(frozen=True, slots=True)
class Entry:
    """A charge as far as a statement adds it up.

    ``place``: on the invoice ``asked`` for, on another one (``invoiced``), on none yet
    (``unbilled``) or ``waiting``.
    """

    kind: str
    place: str
    amount: Decimal
    worked: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """Minutes and amounts of several charges, by where they stand."""

    worked: int = 0
    minutes: int = 0
    asked: Decimal = ZERO
    invoiced: Decimal = ZERO
    unbilled: Decimal = ZERO
    waiting: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """All of it, what waits as if accepted (R14)."""
        return self.asked + self.invoiced + self.unbilled + self.waiting


def accounts(
    grants: Sequence[Grant], uses: Iterable[Use], first: date, last: date, today: date
) -> tuple[Account, ...]:
    """State each grant from its opening to its closing balance; idle ones are left out.

    :param grants: all of the contract that ever were, rollovers too
    :param uses: all that was ever taken of them, on whichever day
    :param first: the statement's first day
    :param last: its last day, included
    :param today: what has not ended by the day before has its rest still
    :raises ValueError: when the last day is before the first
    """
    if last < first:
        raise ValueError(f"{last} is before {first}")
    taken = defaultdict(list)
    for use in uses:
        taken[use.grant].append(use)
    passed = _passed(grants)
    stated = (
        Account(
            grant,
            _balance(
                _movements(grant, taken[grant.key], passed.get(grant.key), today),
                first,
                last,
            ),
        )
        for grant in grants
    )
    return tuple(account for account in stated if account.balance)


def total(balances: Iterable[Balance]) -> Balance:
    """Add up the grants of one unit; what one passes on another one gets."""
    return sum(balances, Balance())


def _values(balance: Balance) -> tuple[Decimal, ...]:
    return tuple(getattr(balance, field.name) for field in fields(balance))


def _passed(grants: Iterable[Grant]) -> Mapping[tuple, int]:
    """What each plan's grant has passed on, by key: the size of its rollover (R8)."""
    rollovers = {
        (grant.allowance_id, grant.start): grant.size
        for grant in grants
        if grant.origin == "rollover"
    }
    return {
        grant.key: rollovers[grant.allowance_id, grant.end + DAY]
        for grant in grants
        if grant.origin == "plan"
        and grant.end
        and (grant.allowance_id, grant.end + DAY) in rollovers
    }


def _movements(
    grant: Grant, uses: Iterable[Use], passed: int | None, today: date
) -> Iterator[tuple[date, str, Decimal]]:
    """All that ever happens to a grant: the day, the column, and how much."""
    size, used = Decimal(grant.size), ZERO
    if grant.origin == "rollover":
        yield grant.start - DAY, "rolled_in", size
    else:
        yield grant.start, "granted", size
    for use in uses:
        used += use.taken
        yield use.day, "used", use.taken
    if passed is not None:
        yield grant.end, "passed_on", Decimal(passed)
    if grant.end and (grant.end < today or passed is not None):
        yield grant.end, "expired", size - used - (passed or 0)


def _balance(
    movements: Iterable[tuple[date, str, Decimal]], first: date, last: date
) -> Balance:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for day, column, amount in movements:
        gain = amount if column in ("granted", "rolled_in") else -amount
        if day < first:
            sums["opening"] += gain
        elif day <= last:
            sums[column] += amount
        if day <= last:
            sums["closing"] += gain
    return Balance(**sums)


def summed(entries: Iterable[Entry]) -> Sum:
    """Add up charges, by where they stand.

    :raises ValueError: on a place that is none
    """
    worked = minutes = 0
    amounts = dict.fromkeys(PLACES, ZERO)
    for entry in entries:
        if entry.place not in amounts:
            raise ValueError(f"{entry.place} is no place of a charge")
        worked += entry.worked
        minutes += entry.minutes
        amounts[entry.place] += entry.amount
    return Sum(worked, minutes, **amounts)


def by_kind(entries: Iterable[Entry]) -> dict[str, Sum]:
    """Add up charges by kind, in the order in which the kinds come."""
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.kind].append(entry)
    return {kind: summed(of_kind) for kind, of_kind in kinds.items()}
