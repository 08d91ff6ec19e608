"""From facts to charges: the order of the rules, and nothing else (R1 to R25)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from heapq import merge
from itertools import chain, groupby

from .allowance import Ledger
from .amounts import Cents
from .consent import Consent
from .corrections import Books, books, work_key
from .credits import credit_charges
from .facts import Charge, Facts, Ticket, Work
from .fees import fee_charges
from .grants import stock
from .measure import Piece, billed_minutes, split_at_bands
from .money import plain
from .pricing import Pricing
from .results import Outcome
from .terms import INCIDENT, Covered, Terms

NO_START = datetime.min.replace(tzinfo=UTC)


def rate(facts: Facts) -> Outcome:
    """Price all open work, incidents, fees and credits of one contract.

    A pure function of the facts and the frozen charges in them (R19): whatever the
    order of its input, it gives the same charges, and none of them is frozen.

    :raises ValueError: when work lies before ``facts.since``
    """
    if facts.since and any(work.day < facts.since for work in facts.work):
        raise ValueError("work before the first day rated")
    terms = Terms(facts)
    said = books(facts, lambda ticket_id: _is_incident(terms, ticket_id))
    standing = (*said.frozen, *said.backs, *said.kept)
    ledger = Ledger(stock(facts), standing)
    pricing = Pricing(terms, ledger, Consent(facts, standing))
    things = _in_order(_incidents(facts, terms, said), _pieces(facts, terms, said))
    drafts = (draft for thing in things for draft in pricing.price(thing))
    charges = tuple(_finished(facts, drafts, said))
    fees = fee_charges(facts)
    return Outcome((*charges, *fees, *credit_charges(facts)), ledger.close())


def work_order(work: Work) -> tuple:
    """R1: by day, then work with a start time by that time, then without, then id."""
    rank = 2 if work.start is None else 1
    return work.day, rank, work.start or NO_START, work.id


def _in_order(
    incidents: Iterable[Ticket], pieces: Iterable[Piece]
) -> Iterable[Ticket | Piece]:
    """R1: incidents of a day come before its work.

    :param pieces: in R1 order already
    """
    tickets = sorted(incidents, key=_order)
    return merge(tickets, pieces, key=_order) if tickets else pieces


def _order(thing: Ticket | Piece) -> tuple:
    if isinstance(thing, Piece):
        return work_order(thing.covered.work)
    came_in = thing.received_at
    return thing.day, 0, came_in is None, came_in or NO_START, thing.id


def _is_incident(terms: Terms, ticket_id: int | None) -> bool:
    """Whether an invoiced incident still is one; what is not known stays (R11)."""
    ticket = terms.tickets.get(ticket_id)
    return ticket is None or terms.is_incident(ticket)


def _incidents(facts: Facts, terms: Terms, said: Books) -> list[Ticket]:
    """The tickets that are incidents and not invoiced as such (R11)."""
    paid = {charge.ticket_id for charge in said.valid if charge.kind == INCIDENT}
    return [
        ticket
        for ticket in facts.tickets
        if (facts.since is None or ticket.day >= facts.since)
        and ticket.id not in paid
        and terms.is_incident(ticket)
    ]


def _pieces(facts: Facts, terms: Terms, said: Books) -> Iterator[Piece]:
    """Cover, measure and split at bands, in R1 order (R1 to R6)."""
    paid = _by_work(said.valid)
    entries = [
        terms.covered(work)
        for work in sorted(facts.work, key=work_order)
        if work.minutes
    ]
    minutes: dict[int, int] = {}
    for visit in _visits(entries):
        minutes.update(billed_minutes(visit, paid))
    for entry in entries:
        work_id = entry.work.id
        if work_id in minutes:
            yield from split_at_bands(entry, minutes[work_id], paid.get(work_id, ()))


def _by_work(charges: Iterable[Charge]) -> Mapping[int, list[Charge]]:
    by_work = defaultdict(list)
    for charge in charges:
        if charge.work_id:
            by_work[charge.work_id].append(charge)
    return by_work


def _visits(entries: Iterable[Covered]) -> Iterable[list[Covered]]:
    """Entries of one ticket, day, service, mode and grade, kept in R1 order (R5)."""
    visits = defaultdict(list)
    for entry in entries:
        work = entry.work
        visit = work.day, work.ticket_id, work.service_id, work.mode, work.grade_id
        visits[visit].append(entry)
    return visits.values()


def _finished(facts: Facts, drafts: Iterable[Charge], said: Books) -> Iterator[Charge]:
    """Give each charge its amount (R13), and each new piece its identity (R16)."""
    cents = Cents(said.frozen, facts.rounding)
    standing = ((each, each.key, each.args) for each in (*said.backs, *said.kept))
    for charge, key, args in chain(standing, _named(facts, drafts, said)):
        amount, cent = cents.share(charge)
        if cent:
            args = {**args, "cent": plain(cent)}
        yield charge.having({"key": key, "args": args, "amount": amount})


def _named(
    facts: Facts, drafts: Iterable[Charge], said: Books
) -> Iterator[tuple[Charge, str, Mapping]]:
    """Pieces with key and arguments, beside the frozen ones of their entry (R16).

    :param drafts: in R1 order, so the pieces of one entry follow each other
    """
    revisions = {work.id: work.revision for work in facts.work}
    taken = {charge.key for charge in (*said.frozen, *said.kept)}
    beside = Counter(map(_thing, said.valid))
    # What groupby of odoo.tools would gather over the whole list follows in order here.
    for thing, found in groupby(drafts, key=_thing):  # pylint: disable=W8155
        charges, number = list(found), 0
        parts = beside[thing] + len(charges)
        for charge in charges:
            number, key = number + 1, _key(thing, revisions, number + 1)
            while key in taken:
                number, key = number + 1, _key(thing, revisions, number + 1)
            yield charge, key, _part_args(charge, number, parts)


def _thing(charge: Charge) -> tuple[int | None, int | None]:
    """What a charge is for: an entry of work, or a ticket."""
    return (charge.work_id, None) if charge.work_id else (None, charge.ticket_id)


def _key(
    thing: tuple[int | None, int | None], revisions: Mapping[int, int], number: int
) -> str:
    work_id, ticket_id = thing
    if work_id:
        return work_key(work_id, revisions[work_id], number)
    return f"t{ticket_id}.{number}"


def _part_args(charge: Charge, part: int, parts: int) -> Mapping:
    """Which part of its entry a charge is, and from which minute on, if split."""
    if parts == 1 or not charge.work_id:
        return charge.args
    begin = charge.args.get("begin", 0)
    return {**charge.args, "part": part, "parts": parts, "begin": begin}
