"""What was invoiced and does not hold any more is taken back (R11, R16, R17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import reasons
from .facts import ZERO, Charge, Facts

BACK = "/back"
ADJUSTMENT = "adjustment"
BEYOND = ("by", "beyond")  # what R25 counts


@dataclass(frozen=True, slots=True)
class Books:
    """What invoices say, and what has to be said against it.

    ``frozen``: all that is invoiced; ``valid``: those of it that still hold; ``backs``:
    open charges that take back the others; ``kept``: open charges whose taking back is
    invoiced while their own invoice is gone, so that they must be billed again.
    """

    frozen: tuple[Charge, ...]
    valid: tuple[Charge, ...]
    backs: tuple[Charge, ...]
    kept: tuple[Charge, ...]


def work_key(work_id: int, revision: int, number: int) -> str:
    """The identity of a piece of work: corrected work begins anew (R17)."""
    version = f"/{revision}" if revision else ""
    return f"w{work_id}{version}.{number}"


def revision_of(key: str) -> int:
    """The revision of the work that a charge's key speaks of."""
    head, _dot, _number = key.partition(".")
    return int(head.partition("/")[2] or 0)


def books(facts: Facts, is_incident: Callable[[int], bool]) -> Books:
    """Sort the charges on invoices by whether they still hold.

    :param is_incident: tells whether the ticket of an invoiced incident is one (R11)
    """
    revisions = {work.id: work.revision for work in facts.work}
    frozen = [item.charge for item in facts.existing if item.frozen]
    taken_back = {charge.key for charge in frozen if charge.key.endswith(BACK)}
    valid, backs = [], []
    for charge in frozen:
        if charge.key.endswith(BACK) or charge.key + BACK in taken_back:
            continue
        if _holds(charge, revisions, is_incident):
            valid.append(charge)
        else:
            backs.append(_back(charge))
    kept = [
        item.charge
        for item in facts.existing
        if not item.frozen and item.charge.key + BACK in taken_back
    ]
    return Books(tuple(frozen), tuple(valid), tuple(backs), tuple(kept))


def _holds(
    charge: Charge, revisions: dict[int, int], is_incident: Callable[[int], bool]
) -> bool:
    if charge.work_id:
        return revision_of(charge.key) >= revisions.get(charge.work_id, 0)
    if charge.kind == "incident":
        return is_incident(charge.ticket_id)
    return True


def _back(charge: Charge) -> Charge:
    """The same charge with the opposite sign, at its own price (R17)."""
    told = {name: charge.args[name] for name in BEYOND if name in charge.args}
    return charge.but(
        key=charge.key + BACK,
        kind=ADJUSTMENT,
        amount=ZERO,
        worked=-charge.worked,
        minutes=-charge.minutes,
        taken=-charge.taken,
        count=-charge.count,
        waiting=False,
        reason=reasons.TAKEN_BACK,
        args={**told, "as": charge.priced_as},
    )
