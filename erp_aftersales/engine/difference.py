"""What should be, minus what is: the second run finds nothing to write (R16, R19)."""

from __future__ import annotations

from datetime import date

from .facts import Facts, Grant
from .grants import BY_RATING
from .results import Changes, Outcome


def difference(facts: Facts, outcome: Outcome) -> Changes:
    """Compare the outcome with the charges and grants that exist.

    Frozen charges are never touched. A charge is the same thing as long as its key
    is, so its record, links and identity survive a new price.
    """
    wanted = {charge.key: charge for charge in outcome.charges}
    standing = {item.charge.key: item for item in facts.existing if not item.frozen}
    return Changes(
        create=tuple(wanted[key] for key in wanted if key not in standing),
        update=tuple(
            (standing[key].id, charge)
            for key, charge in wanted.items()
            if key in standing and standing[key].charge != charge
        ),
        delete=tuple(item.id for key, item in standing.items() if key not in wanted),
        grants_create=tuple(grant for grant in outcome.grants if grant.id is None),
        grants_update=_changed_grants(facts, outcome),
        grants_delete=_stale_grants(facts, outcome),
    )


def _changed_grants(facts: Facts, outcome: Outcome) -> tuple[tuple[int, Grant], ...]:
    """Rollovers of another size, and grants that end on another day (R8, R22)."""
    standing = {grant.id: grant for grant in facts.grants}
    return tuple(
        (grant.id, grant)
        for grant in outcome.grants
        if grant.id is not None and grant != standing[grant.id]
    )


def _stale_grants(facts: Facts, outcome: Outcome) -> tuple[int, ...]:
    """Grants of rows and periods that are none any more, unless something was taken.

    What ended before the first day rated is not judged.
    """
    since = facts.since or date.min
    kept = {grant.key for grant in outcome.grants}
    kept |= {item.charge.grant for item in facts.existing if item.frozen}
    return tuple(
        grant.id
        for grant in facts.grants
        if grant.origin in BY_RATING
        and grant.key not in kept
        and not grant.taken
        and (grant.end is None or grant.end >= since)
    )
