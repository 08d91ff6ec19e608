"""What is in force for work and tickets on their day (R2, R3, R4, R11)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from . import reasons
from .facts import CoverageRow, Facts, Plan, RateRow, Ticket, Work
from .intervals import Span
from .specificity import INCIDENT_UNITS, Prices, cover, in_force
from .worktime import NORMAL, band_at, band_pieces

INCLUDED = "included"
ALLOWANCE = "allowance"
BILLABLE = "billable"
INCIDENT = "incident"
QUOTE = "quote"
EXCLUDED = "excluded"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Covered:
    """Work with its terms: what the contract says of it and where its price is found.

    ``plan`` is None for work outside the contract's days; ``clock`` are the bands of
    the work, with its minutes that lie in each (R6); ``why`` tells more than the
    policy, where another rule decided.
    """

    work: Work
    ticket: Ticket | None
    plan: Plan | None
    policy: str
    row: CoverageRow | None
    prices: Prices
    clock: Sequence[tuple[str, Span]]
    why: str | None = None

    @property
    def no_incident(self) -> str | None:
        """Why its ticket is no incident, though its service has that policy (R11)."""
        return self.ticket.no_incident if self.ticket else None

    @property
    def first_row(self) -> RateRow | None:
        """The rate row of the first minute: its values measure the work (R5)."""
        return self.rate_row(self.clock[0][0])

    def rate_row(self, band: str) -> RateRow | None:
        """The rate row of minutes in a band; None if there is no price (R10)."""
        work = self.work
        return self.prices.row(
            (work.service_id, work.grade_id, work.mode, work.region_id, band)
        )


class Terms:
    """A contract's terms, looked up once for all days between two turns.

    A turn is a day on which something begins, or is over for the first time.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.tickets = {ticket.id: ticket for ticket in facts.tickets}
        self._turns = sorted(set(_turns(facts)))
        self._found: dict[tuple, Any] = {}

    def _once(self, day: date, about: tuple, find: Callable[[], Any]) -> Any:
        """What ``find`` gives, the same for all days between two turns."""
        key = bisect_right(self._turns, day), about
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]

    def plan(self, day: date) -> Plan | None:
        """The plan in force on a day; None outside the contract's days (R2)."""
        return self._once(day, ("plan",), lambda: self._plan(day))

    def _plan(self, day: date) -> Plan | None:
        if self.facts.end and day > self.facts.end:
            return None
        terms = [term for term in self.facts.terms if term.start <= day]
        return terms[-1].plan if terms else None

    def coverage(self, day: date) -> tuple:
        """The layers of coverage rows in force on a day (R2).

        None outside of the contract, and while it rests (R22).
        """
        if any(first <= day <= last for first, last in self.facts.pauses):
            return ()
        plan = self.plan(day)
        own = [row for row in self.facts.own.coverage if in_force(row, day)]
        return (own, plan.coverage) if plan else ()

    def prices(self, day: date, is_inside: bool) -> Prices:
        """The layers of rate rows; outside the contract the card alone (R2, R3)."""
        return self._once(
            day, ("prices", is_inside), lambda: self._prices(day, is_inside)
        )

    def _prices(self, day: date, is_inside: bool) -> Prices:
        plan = self.plan(day)
        above = (self.facts.own.rates, plan.rates) if plan and is_inside else ()
        return Prices((*above, self.facts.card), day)

    def policy(self, asked: Work | Ticket) -> tuple[str, CoverageRow | None]:
        """What the contract does with work or a ticket, and by which row (R3)."""
        return self._agreed(asked)[:2]

    def _agreed(
        self, asked: Work | Ticket
    ) -> tuple[str, CoverageRow | None, Prices, Plan | None]:
        about = asked.service_id, asked.category, asked.mode
        return self._once(asked.day, about, lambda: self._agreement(asked))

    def _agreement(
        self, asked: Work | Ticket
    ) -> tuple[str, CoverageRow | None, Prices, Plan | None]:
        day, row = asked.day, cover(self.coverage(asked.day), asked)
        policy = row.policy if row else EXCLUDED
        return policy, row, self.prices(day, policy != EXCLUDED), self.plan(day)

    def covered(self, work: Work) -> Covered:
        """The terms of a piece of work (R2 to R4, R11)."""
        policy, row, prices, plan = self._agreed(work)
        ticket = self.tickets.get(work.ticket_id)
        why = None
        if work.is_vendor_fault:
            policy, why = INCLUDED, reasons.VENDOR_FAULT
        elif policy == INCIDENT:
            policy, why = self._incident_work(
                ticket or Ticket(work.ticket_id, work.day)
            )
        clock = _clock(plan, work)
        return Covered(work, ticket, plan, policy, row, prices, clock, why)

    def _incident_work(self, ticket: Ticket) -> tuple[str, str | None]:
        """What becomes of work whose policy is incident (R11)."""
        if self.is_incident(ticket):
            return INCLUDED, reasons.PART_OF_INCIDENT
        if ticket.is_vendor_fault:
            return INCLUDED, reasons.VENDOR_FAULT
        if ticket.no_incident and self.policy(ticket)[0] == INCIDENT:
            return INCLUDED, reasons.NO_INCIDENT
        return BILLABLE, None

    def is_incident(self, ticket: Ticket) -> bool:
        """Whether a ticket is charged as an incident (R11)."""
        return (
            not ticket.no_incident
            and not ticket.is_vendor_fault
            and self.policy(ticket)[0] == INCIDENT
        )

    def incident_band(self, ticket: Ticket) -> str:
        """The band in which a ticket came in (R6, R11)."""
        return band_of(self.plan(ticket.day), ticket.received_at)

    def incident_row(self, ticket: Ticket) -> RateRow | None:
        """The price of an incident: of the band it came in, without grade (R11)."""
        band = self.incident_band(ticket)
        wanted = ticket.service_id, None, ticket.mode, ticket.region_id, band
        return self.prices(ticket.day, True).row(wanted, INCIDENT_UNITS)


def band_of(plan: Plan | None, start: datetime | None) -> str:
    """The band of a moment; normal without one or without a plan (R6)."""
    return band_at(plan.calendar, start) if plan and start else NORMAL


def _clock(plan: Plan | None, work: Work) -> Sequence[tuple[str, Span]]:
    """The bands of an entry, with the entry's minutes that lie in each (R6)."""
    if not (work.start and plan and plan.calendar):
        return ((NORMAL, (0, work.minutes)),)
    clock, begin = [], 0
    for band, length in band_pieces(plan.calendar, work.start, work.minutes):
        clock.append((band, (begin, begin + length)))
        begin += length
    return clock


def _turns(facts: Facts) -> Iterator[date]:
    """The first days on which other terms are in force than on the day before."""
    plans = [term.plan for term in facts.terms]
    rows = [*facts.own.coverage, *facts.own.rates, *facts.card]
    rows += [row for plan in plans for row in plan.rates]
    ends = [facts.end, *(row.end for row in rows), *(last for _f, last in facts.pauses)]
    starts = [*(term.start for term in facts.terms), *(row.start for row in rows)]
    starts += [first for first, _last in facts.pauses]
    yield from (day for day in starts if day)
    yield from (day + DAY for day in ends if day and day < date.max)
