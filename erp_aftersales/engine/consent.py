"""How far overage may go without asking, and how far the customer agreed (R25)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from . import reasons
from .amounts import exact_amount
from .facts import Charge, Facts
from .periods import month_of

APPROVAL, STOP = "approval", "stop"
LIMIT, ACCEPTED = "limit", "accepted"


@dataclass(frozen=True, slots=True)
class Part:
    """Minutes beyond an allowance: ``by`` what they are covered, or why they wait."""

    minutes: int
    by: str | None = None
    waits: str | None = None

    @property
    def args(self) -> dict[str, str]:
        """What the reason says of it."""
        said = {"by": self.by, "waits": self.waits}
        return {name: word for name, word in said.items() if word}


class Consent:
    """The month's limit and the tickets' accepted amounts, used up in R1 order.

    What is frozen uses them first. The limit covers before an acceptance does; an
    acceptance is of all that its ticket costs beyond the allowance. A minute that one
    of them cannot pay in full is not covered by it; a cheaper one later may be. Costs
    are compared to the cent, as the customer reads them: 33.33 pays a third of 100.
    """

    def __init__(self, facts: Facts, standing: Iterable[Charge]) -> None:
        """:param standing: the frozen charges, and open ones that take them back"""
        self._step = Fraction(facts.rounding)
        limit = self._to_the_cent(facts.overage_limit)
        self.has_limit = facts.overage_limit > 0
        self._limit: dict[tuple, Fraction] = defaultdict(lambda: limit)
        self._accepted = {
            ticket.id: self._to_the_cent(ticket.accepted)
            for ticket in facts.tickets
            if ticket.accepted > 0
        }
        for charge in standing:
            if is_beyond(charge) and charge.args.get("by") != ACCEPTED:
                self._limit[month_of(charge.day)] -= exact_amount(charge)
        for charge in (*standing, *facts.earlier):
            if is_beyond(charge) and charge.ticket_id in self._accepted:
                self._accepted[charge.ticket_id] -= exact_amount(charge)

    def split(
        self, ticket_id: int, day: date, at_end: str, minutes: int, cost: Fraction
    ) -> list[Part]:
        """Cut what is beyond the allowance into what is agreed and what waits.

        :param minutes: of work, or 1 for an incident
        :param cost: of one of them, not rounded
        """
        parts = []
        asks = at_end == APPROVAL
        if not asks:
            free = self._within_limit(day, minutes, cost)
            parts.append(Part(free, LIMIT if self.has_limit else None))
            self._spend(ticket_id, free, cost)
            minutes -= free
        if minutes:
            agreed = self._whole(self._accepted.get(ticket_id), minutes, cost)
            self._spend(ticket_id, agreed, cost)
            parts.append(Part(agreed, ACCEPTED))
            waits = APPROVAL if asks else LIMIT
            parts.append(Part(minutes - agreed, waits=waits))
        return [part for part in parts if part.minutes]

    def _within_limit(self, day: date, minutes: int, cost: Fraction) -> int:
        if not self.has_limit:
            return minutes
        free = self._whole(self._limit[month_of(day)], minutes, cost)
        self._limit[month_of(day)] -= free * cost
        return free

    def _spend(self, ticket_id: int, minutes: int, cost: Fraction) -> None:
        if ticket_id in self._accepted:
            self._accepted[ticket_id] -= minutes * cost

    def _to_the_cent(self, amount: Decimal) -> Fraction:
        return Fraction(amount) // self._step * self._step

    def _whole(self, left: Fraction | None, minutes: int, cost: Fraction) -> int:
        """How many whole minutes an amount pays; those that cost nothing are all paid.

        :param left: the amount less what it has paid, not rounded; None: no amount
        """
        if not cost:
            return minutes
        if left is None:
            return 0
        # All that it pays, rounded half up, must not be more than the amount.
        return min(minutes, max(ceil((left + self._step / 2) / cost) - 1, 0))


def is_beyond(charge: Charge) -> bool:
    """Whether a charge needs consent: beyond an allowance, or under a cap (R25, E3)."""
    return charge.priced_as == reasons.OVERAGE or bool(charge.args.get("beyond"))
