"""What is in force for work and tickets on their day (R2, R3, R4, R11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from . import reasons
from .facts import CoverageRow, Facts, Plan, RateRow, Ticket, Work
from .specificity import INCIDENT_UNITS, Prices, cover, in_force
from .worktime import NORMAL, Calendar, band_at

INCLUDED = "included"
ALLOWANCE = "allowance"
BILLABLE = "billable"
INCIDENT = "incident"
QUOTE = "quote"
EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Covered:
    """Work with its terms: what the contract says of it and where its price is found.

    ``plan`` is None for work outside the contract's days; ``why`` tells more than the
    policy, where another rule decided.
    """

    work: Work
    ticket: Ticket
    plan: Plan | None
    policy: str
    row: CoverageRow | None
    prices: Prices
    why: str | None = None

    @property
    def calendar(self) -> Calendar | None:
        """The calendar that tells the bands apart (R6)."""
        return self.plan.calendar if self.plan else None

    @property
    def first_row(self) -> RateRow | None:
        """The rate row of the first minute: its values measure the work (R5)."""
        return self.rate_row(band_of(self.plan, self.work.start))

    def rate_row(self, band: str) -> RateRow | None:
        """The rate row of minutes in a band; None if there is no price (R10)."""
        work = self.work
        return self.prices.row(
            (work.service_id, work.grade_id, work.mode, work.region_id, band)
        )


class Terms:
    """A contract's terms, looked up once a day of work."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.tickets = {ticket.id: ticket for ticket in facts.tickets}
        self._prices: dict[tuple[date, bool], Prices] = {}
        self._coverage: dict[date, tuple] = {}

    def plan(self, day: date) -> Plan | None:
        """The plan in force on a day; None outside the contract's days (R2)."""
        if self.facts.end and day > self.facts.end:
            return None
        terms = [term for term in self.facts.terms if term.start <= day]
        return terms[-1].plan if terms else None

    def coverage(self, day: date) -> tuple:
        """The layers of coverage rows in force on a day (R2); none outside of it."""
        if day not in self._coverage:
            plan = self.plan(day)
            own = [row for row in self.facts.own.coverage if in_force(row, day)]
            self._coverage[day] = (own, plan.coverage) if plan else ()
        return self._coverage[day]

    def prices(self, day: date, is_inside: bool) -> Prices:
        """The layers of rate rows; outside the contract the card alone (R2, R3)."""
        if (day, is_inside) not in self._prices:
            plan = self.plan(day)
            above = (self.facts.own.rates, plan.rates) if plan and is_inside else ()
            self._prices[day, is_inside] = Prices((*above, self.facts.card), day)
        return self._prices[day, is_inside]

    def policy(self, asked: Work | Ticket) -> tuple[str, CoverageRow | None]:
        """What the contract does with work or a ticket, and by which row (R3)."""
        row = cover(self.coverage(asked.day), asked)
        return (row.policy if row else EXCLUDED), row

    def covered(self, work: Work) -> Covered:
        """The terms of a piece of work (R2 to R4, R11)."""
        policy, row = self.policy(work)
        prices = self.prices(work.day, policy != EXCLUDED)
        ticket = self.tickets.get(work.ticket_id) or Ticket(work.ticket_id, work.day)
        why = None
        if work.is_vendor_fault:
            policy, why = INCLUDED, reasons.VENDOR_FAULT
        elif policy == INCIDENT:
            policy, why = self._incident_work(ticket)
        return Covered(work, ticket, self.plan(work.day), policy, row, prices, why)

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
