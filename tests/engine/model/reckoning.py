"""The walk: every incident and every minute, in the order of R1."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import frozen as books
from .clock import band_at, calendar_on, in_order
from .grants import Pots
from .limits import decide
from .rounding import rounded
from .terms import INCIDENT_UNITS, policy_of, price_of
from .visits import open_bands


@dataclass
class Atom:
    """One minute to be billed, or one incident; the least thing that has a price."""

    day: date
    ticket_id: int
    work_id: int | None
    kind: str
    band: str
    price: Decimal | None = None
    unit: str | None = None
    discount: Decimal = Decimal(0)
    grant: tuple | None = None
    taken: Fraction = Fraction(0)
    rate_id: int | None = None
    at_end: str | None = None
    is_overage: bool = False
    waiting: bool = False
    by: str | None = None
    exact: Fraction = Fraction(0)
    amount: Decimal = Decimal(0)

    @property
    def net_price(self):
        """R13: what is rounded together."""
        return self.day.year, self.day.month, self.price, self.unit, self.discount


@dataclass
class Result:
    """What should stand open, by what, and the grants behind it."""

    atoms: list = field(default_factory=list)
    settled: list = field(default_factory=list)
    grants: dict = field(default_factory=dict)
    cost: dict = field(default_factory=lambda: defaultdict(Fraction))
    taken: dict = field(default_factory=lambda: defaultdict(Fraction))
    billed: dict = field(default_factory=lambda: defaultdict(int))
    free: dict = field(default_factory=lambda: defaultdict(int))
    unrated: dict = field(default_factory=lambda: defaultdict(int))


def reckon(facts) -> Result:
    """Price every open minute of a contract.

    ``settled`` are frozen charges that an open one undoes (R11, R17).
    """
    incidents = {ticket.id for ticket in facts.tickets if is_incident(facts, ticket)}
    settled = books.to_settle(facts, incidents)
    frozen = books.frozen_charges(facts)
    pots = Pots(facts, taken_by(frozen, settled))
    atoms = []
    minutes = open_bands(facts)
    for thing in everything(facts, incidents):
        if thing in facts.tickets:
            atoms.append(incident(facts, thing, pots))
            continue
        for band in minutes.get(thing.id, ()):
            atoms.append(minute(facts, thing, band, pots, incidents))
    pots.fill(facts.until)
    sure = [(charge, books.exact(charge)) for charge in frozen]
    sure += [(charge, -books.exact(charge)) for charge in settled]
    decide(facts, atoms, sure)
    add_amounts(facts, atoms, frozen, settled)
    return summed(atoms, settled, pots)


def everything(facts, incidents):
    """R1: incidents of a day as they came in, then its work."""
    tickets = [
        ticket
        for ticket in sorted(facts.tickets, key=arrival)
        if ticket.id in incidents and not books.has_incident(facts, ticket.id)
    ]
    works = list(in_order(facts.work))
    for day in sorted({thing.day for thing in [*tickets, *works]}):
        yield from (ticket for ticket in tickets if ticket.day == day)
        yield from (work for work in works if work.day == day)


def arrival(ticket):
    moment = ticket.received_at
    return moment is None, moment.timestamp() if moment else 0, ticket.id


def is_incident(facts, ticket):
    """R11: its own service has that policy, and nothing says it is none."""
    return policy_of(facts, ticket)[0] == "incident" and not ticket.no_incident


def incident(facts, ticket, pots):
    calendar = calendar_on(facts, ticket.day)
    band = "normal"
    if calendar and ticket.received_at:
        band = band_at(calendar, ticket.received_at)
    atom = Atom(ticket.day, ticket.id, None, "incident", band)
    atom.grant = pots.take(ticket, 1, "incident")
    if atom.grant:
        atom.taken = Fraction(1)
        return atom
    atom.at_end = pots.at_end(ticket, "incident")
    atom.is_overage = atom.at_end is not None
    discount = policy_of(facts, ticket)[1]
    return priced(atom, price_of(facts, ticket, band, None, INCIDENT_UNITS), discount)


def minute(facts, work, band, pots, incidents):
    """One billed minute: free, from the first grant that can pay it, or priced."""
    policy, discount = policy_for(facts, work, incidents)
    price = price_of(facts, work, band, work.grade_id)
    atom = Atom(work.day, work.ticket_id, work.id, policy, band)
    if price:
        atom.rate_id = price.rate_id
    if policy == "quoted":
        quotes = {ticket.id: ticket.quote for ticket in facts.tickets}
        atom.waiting = not quotes.get(work.ticket_id)
    elif policy == "allowance":
        factor = Fraction(price.factor) if price else Fraction(1)
        atom.grant = pots.take(work, factor)
        atom.taken = factor if atom.grant else Fraction(0)
        if not atom.grant:
            atom.kind, atom.is_overage = "overage", True
            atom.at_end = pots.at_end(work) or "overage"
            priced(atom, price, discount)
    elif policy == "billable":
        priced(atom, price, discount)
    return atom


def policy_for(facts, work, incidents):
    """What happens to the minutes: included, quoted, allowance or billable."""
    policy, discount = policy_of(facts, work)
    if policy == "excluded":
        return "billable", Decimal(0)
    if policy == "quote":
        return "quoted", discount
    if policy == "incident":
        tickets = {ticket.id: ticket for ticket in facts.tickets}
        ticket = tickets.get(work.ticket_id)
        is_free = ticket and (is_none(facts, ticket) or ticket.is_vendor_fault)
        is_free = is_free or work.ticket_id in incidents
        return ("included" if is_free else "billable"), discount
    return policy, discount


def is_none(facts, ticket):
    """R11: it would be an incident but for its stage, or as a duplicate."""
    return ticket.no_incident and policy_of(facts, ticket)[0] == "incident"


def priced(atom, price, discount):
    """At the price that was found, or waiting for one."""
    if price is None:
        atom.kind, atom.waiting = "unrated", True
        return atom
    atom.rate_id, atom.price = price.rate_id, price.price
    atom.unit, atom.discount = price.unit, discount
    per = {"hour": 60, "day": 480, "incident": 1}[price.unit]
    atom.exact = Fraction(price.price) * (1 - Fraction(discount) / 100) / per
    return atom


def taken_by(frozen, settled):
    taken = defaultdict(Fraction)
    for charges, factor in ((frozen, 1), (settled, -1)):
        for charge in charges:
            if charge.grant:
                taken[charge.grant] += factor * Fraction(charge.used)
    return taken


def add_amounts(facts, atoms, frozen, settled):
    """R13: round the running total of each net price, minute by minute."""
    running, given = defaultdict(Fraction), defaultdict(Decimal)
    for charge in frozen:
        running[net_price(charge)] += books.exact(charge)
        given[net_price(charge)] += charge.amount
    for charge in settled:
        total = running[net_price(charge)] - books.exact(charge)
        running[net_price(charge)] = total
        given[net_price(charge)] = rounded(total, facts.rounding)
    for atom in atoms:
        if atom.unit:
            running[atom.net_price] += atom.exact
            total = rounded(running[atom.net_price], facts.rounding)
            atom.amount = total - given[atom.net_price]
            given[atom.net_price] = total


def net_price(charge):
    day = charge.day
    return day.year, day.month, charge.price, charge.unit, charge.discount


def summed(atoms, settled, pots):
    result = Result(atoms, settled, pots.sizes())
    for atom in atoms:
        if atom.grant:
            result.taken[atom.grant] += atom.taken
        if atom.unit:
            result.cost[atom.net_price] += atom.exact
        if atom.work_id is not None:
            result.billed[atom.work_id] += 1
            result.free[atom.work_id] += atom.kind == "included"
            result.unrated[atom.work_id] += atom.kind == "unrated"
    for minutes in (result.free, result.unrated):
        for work_id in [work_id for work_id in minutes if not minutes[work_id]]:
            del minutes[work_id]
    return result
