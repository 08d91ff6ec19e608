"""What is on invoices, and what a correction takes back of it (R16, R17).

A charge and its taking back are a family: they have one key but for ``/back``.
"""

from fractions import Fraction

BACK = "/back"


def is_work(charge):
    return charge.key.startswith("w")


def is_incident(charge):
    return charge.key.startswith("t")


def frozen_charges(facts):
    """Frozen charges of work and incidents."""
    charges = [item.charge for item in facts.existing if item.frozen]
    return [charge for charge in charges if is_work(charge) or is_incident(charge)]


def family(charge):
    return charge.key.removesuffix(BACK)


def revision(charge):
    """``w7/2.1`` is of the second correction, ``w7.1`` of none."""
    number = family(charge).split(".")[0].partition("/")[2]
    return int(number or 0)


def sign(charge):
    return -1 if charge.key.endswith(BACK) else 1


def exact(charge):
    """What it costs before rounding."""
    net = Fraction(charge.price) * (1 - Fraction(charge.discount) / 100)
    if charge.unit is None:
        return Fraction(0)
    if charge.unit == "incident":
        return net * Fraction(charge.count)
    return net * charge.minutes / (480 if charge.unit == "day" else 60)


def standing_of(facts, work):
    """Frozen charges of the work as it is now."""
    return [
        charge
        for charge in frozen_charges(facts)
        if is_work(charge)
        and charge.work_id == work.id
        and revision(charge) == work.revision
    ]


def families(facts):
    found = {}
    for charge in frozen_charges(facts):
        found.setdefault(family(charge), []).append(charge)
    return found


def to_settle(facts, incidents):
    """Frozen charges that an open one must undo: of old versions, or no incidents.

    :param incidents: ids of the tickets that are incidents
    """
    versions = {work.id: work.revision for work in facts.work}
    found = []
    for charges in families(facts).values():
        one = charges[0]
        if sum(sign(charge) for charge in charges) == 0:
            continue
        if is_work(one) and revision(one) == versions.get(one.work_id, revision(one)):
            continue
        if is_incident(one) and sign(one) == 1 and one.ticket_id in incidents:
            continue
        found.append(one)
    return found


def has_incident(facts, ticket_id):
    """Whether an incident of the ticket is on an invoice, and not taken back."""
    return any(
        charges[0].ticket_id == ticket_id
        and is_incident(charges[0])
        and sum(sign(charge) for charge in charges) == 1
        for charges in families(facts).values()
    )
