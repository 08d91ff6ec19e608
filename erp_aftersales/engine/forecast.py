"""What a run will have written, without writing it: preview(day) = bill(day)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import count

from .difference import difference
from .facts import Existing, Facts, Grant
from .results import Outcome


def settle(facts: Facts, outcome: Outcome) -> Facts:
    """The facts as they are once the outcome of their rating is written.

    New charges and grants get ids above all there are, in the order in which they
    would be made.
    """
    changes = difference(facts, outcome)
    updated, gone = dict(changes.update), set(changes.delete)
    kept = [
        replace(item, charge=updated.get(item.id, item.charge))
        for item in facts.existing
        if item.id not in gone
    ]
    ids = count(1 + max((item.id for item in facts.existing), default=0))
    new = [Existing(next(ids), charge) for charge in changes.create]
    return replace(
        facts,
        existing=(*kept, *new),
        grants=_grants(facts, changes.grants_create, changes.grants_delete),
    )


def _grants(
    facts: Facts, create: Collection[Grant], delete: Collection[int]
) -> tuple[Grant, ...]:
    kept = [grant for grant in facts.grants if grant.id not in delete]
    ids = count(1 + max((grant.id or 0 for grant in facts.grants), default=0))
    return (*kept, *(replace(grant, id=next(ids)) for grant in create))


def freeze(facts: Facts, keys: Collection[str]) -> Facts:
    """The facts once invoices carry the charges with these keys (R16)."""
    return replace(
        facts,
        existing=tuple(
            replace(item, frozen=item.frozen or item.charge.key in keys)
            for item in facts.existing
        ),
    )
