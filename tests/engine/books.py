"""The books in memory: what the writer does with changes, and what billing freezes."""

from dataclasses import replace
from itertools import count

from cases import in_the_books
from engine.difference import difference
from engine.facts import Existing
from engine.rating import rate


def written(facts, outcome):
    """The facts after the difference to the outcome was written."""
    changes = difference(facts, outcome)
    return replace(
        facts,
        existing=_charges(facts, changes),
        grants=_grants(facts, changes),
    )


def _charges(facts, changes):
    ids = count(max((item.id for item in facts.existing), default=0) + 1)
    updated = dict(changes.update)
    kept = [
        replace(item, charge=updated.get(item.id, item.charge))
        for item in facts.existing
        if item.id not in changes.delete
    ]
    return (*kept, *(Existing(next(ids), charge) for charge in changes.create))


def _grants(facts, changes):
    ids = count(max((grant.id for grant in facts.grants), default=0) + 1)
    updated = dict(changes.grants_update)
    kept = [
        updated.get(grant.id, grant)
        for grant in facts.grants
        if grant.id not in changes.grants_delete
    ]
    return (*kept, *(replace(grant, id=next(ids)) for grant in changes.grants_create))


def rated(facts):
    """The books after a run."""
    return written(facts, rate(facts))


def marked(facts, ids, frozen):
    """The books with some charges on an invoice, or taken off it."""
    return replace(
        facts,
        existing=tuple(
            replace(item, frozen=frozen) if item.id in ids else item
            for item in facts.existing
        ),
    )


def billable(facts):
    """Charges that an invoice may take."""
    return [
        item for item in facts.existing if not item.frozen and not item.charge.waiting
    ]


def invoiced(facts, picked):
    """The facts after a run of which the picked charges went on an invoice."""
    charges = [charge for charge in rate(facts).charges if not charge.waiting]
    keys = {charges[n % len(charges)].key for n in picked if charges}
    books = in_the_books(facts, rate(facts))
    return replace(
        books,
        existing=tuple(
            replace(item, frozen=item.frozen or item.charge.key in keys)
            for item in books.existing
        ),
    )


def frozen_of(facts):
    return [item.charge for item in facts.existing if item.frozen]


def everything(facts):
    """What stands after a run: what is invoiced and what is open."""
    return [*frozen_of(facts), *rate(facts).charges]
