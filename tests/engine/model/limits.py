"""R25: which overage may be billed, and which waits for the customer."""

from collections import defaultdict
from fractions import Fraction

from .rounding import rounded


def decide(facts, atoms, sure):
    """Mark overage that waits, minute by minute in the order of R1.

    :param sure: charges that count before all others: frozen ones and what
        corrections take back, as (charge, exact cost)
    """
    overage = [atom for atom in atoms if atom.is_overage and atom.price is not None]
    by_month, by_ticket = defaultdict(Fraction), defaultdict(Fraction)
    for charge, cost in sure:
        if is_overage(charge):
            by_ticket[charge.ticket_id] += cost
            if charge.args.get("by") != "accepted":
                by_month[month(charge)] += cost
    accepted = {ticket.id: ticket.accepted for ticket in facts.tickets}
    for atom in overage:
        cost = by_ticket[atom.ticket_id] + atom.exact
        if in_limit(facts, atom, by_month):
            by_ticket[atom.ticket_id] = cost
            continue
        amount = accepted.get(atom.ticket_id, 0)
        if amount and rounded(cost, facts.rounding) <= amount:
            by_ticket[atom.ticket_id] = cost
            atom.by = "accepted"
        else:
            atom.waiting = True


def in_limit(facts, atom, by_month):
    """Whether the month's limit pays this minute; then it is used by it."""
    if atom.at_end == "approval":
        return False
    cost = by_month[month(atom)] + atom.exact
    if facts.overage_limit and rounded(cost, facts.rounding) > facts.overage_limit:
        return False
    by_month[month(atom)] = cost
    atom.by = "limit" if facts.overage_limit else None
    return True


def is_overage(charge):
    """Work or an incident beyond its allowance, also as an adjustment."""
    return charge.priced_as == "overage" or "beyond" in charge.args


def month(thing):
    return thing.day.year, thing.day.month
