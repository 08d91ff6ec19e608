"""From work to charges: the order of the rules, and nothing else (R1 to R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby

from . import reasons
from .allowance import Burn, Ledger, wanted_grants
from .facts import ZERO, Charge, Facts, Work
from .fees import fee_charges
from .measure import (
    NO_ROW,
    Covered,
    Piece,
    billed_minutes,
    left_to_bill,
    split_at_bands,
)
from .money import plain, round_half_up, share_out
from .results import Outcome
from .specificity import cover, price_row

NO_START = datetime.min.replace(tzinfo=UTC)
UNIT_MINUTES = {"hour": 60, "day": 480}
EXCLUDED = "excluded"


def rate(facts: Facts) -> Outcome:
    """Price all open work and fees of one contract.

    A pure function of the facts and the frozen charges in them (R19): whatever the
    order of its input, it gives the same charges, and none of them is frozen.

    :raises ValueError: when work lies before ``facts.since``
    """
    if facts.since and any(work.day < facts.since for work in facts.work):
        raise ValueError("work before the first day rated")
    frozen = [item.charge for item in facts.existing if item.frozen]
    grants = wanted_grants(facts)
    others = [grant for grant in facts.grants if grant.origin != "plan"]
    ledger = Ledger([*grants, *others], frozen)
    pieces = _pieces(facts, frozen)
    drafts = [draft for piece in pieces for draft in _price(piece, ledger)]
    charges = _numbered(drafts, frozen)
    charges = _to_the_cent(charges, frozen, facts.rounding)
    return Outcome((*charges, *fee_charges(facts)), tuple(grants))


def work_order(work: Work) -> tuple:
    """R1: by day, then work with a start time by that time, then without, then id."""
    return work.day, work.start is None, work.start or NO_START, work.id


def _pieces(facts: Facts, frozen: Sequence[Charge]) -> list[Piece]:
    """Cover, measure and split at bands, in R1 order (R1 to R6)."""
    paid = _by_work(frozen)
    entries = [
        _covered(facts, work)
        for work in sorted(facts.work, key=work_order)
        if work.minutes
    ]
    minutes: dict[int, int] = {}
    for visit in _visits(entries):
        minutes.update(billed_minutes(visit, paid))
    pieces = []
    for entry in entries:
        if left_to_bill(entry.work, paid):
            work_id = entry.work.id
            pieces += split_at_bands(entry, minutes[work_id], paid.get(work_id, ()))
    return pieces


def _by_work(charges: Iterable[Charge]) -> Mapping[int, list[Charge]]:
    by_work = defaultdict(list)
    for charge in charges:
        if charge.work_id:
            by_work[charge.work_id].append(charge)
    return by_work


def _covered(facts: Facts, work: Work) -> Covered:
    """The plan in force on the work date and what it says of the work (R2 to R4)."""
    plan = None
    if facts.end is None or work.day <= facts.end:
        terms = [term for term in facts.terms if term.start <= work.day]
        plan = terms[-1].plan if terms else None
    row = cover(plan.coverage, work) if plan else None
    policy = row.policy if row else EXCLUDED
    if plan and work.is_vendor_fault:
        policy = reasons.VENDOR_FAULT
    layers = (facts.card,) if policy == EXCLUDED else (plan.rates, facts.card)
    return Covered(work, plan, policy, row, layers)


def _visits(entries: Iterable[Covered]) -> Iterable[list[Covered]]:
    """Entries of one ticket, day, service, mode and grade, in R1 order (R5)."""

    def visit(entry: Covered) -> tuple:
        work = entry.work
        none_first = (work.service_id or 0, work.grade_id or 0)
        return work.day, work.ticket_id, *none_first, work.mode

    ordered = sorted(entries, key=lambda entry: (*visit(entry), *_moment(entry.work)))
    return (list(group) for _key, group in groupby(ordered, key=visit))


def _moment(work: Work) -> tuple:
    return work_order(work)[1:]


def _price(piece: Piece, ledger: Ledger) -> list[Charge]:
    """The charges of a piece: covered minutes first, then priced ones (R3, R7, R10)."""
    policy = piece.covered.policy
    if policy in (reasons.INCLUDED, reasons.VENDOR_FAULT):
        return [_free(piece, policy)]
    if policy == "allowance":
        return _allowance(piece, ledger)
    reason = reasons.NOT_COVERED if policy == EXCLUDED else reasons.BILLABLE
    return [_priced(piece, piece.worked, piece.minutes, reason)]


def _free(piece: Piece, reason: str) -> Charge:
    return _charge(piece, piece.worked, piece.minutes, kind="included", reason=reason)


def _allowance(piece: Piece, ledger: Ledger) -> list[Charge]:
    """Split at the minute where a grant ends (R7); the rest is overage."""
    work = piece.covered.work
    row = _row(piece) or NO_ROW
    burns, over = ledger.burn(work.day, work.service_id, piece.minutes, row.burn_factor)
    charges, worked = [], piece.worked
    for burn in burns:
        is_last = burn is burns[-1] and not over
        part = worked if is_last else min(worked, burn.minutes)
        charges.append(_burnt(piece, part, burn, row))
        worked -= part
    if over or not burns:
        charges.append(_priced(piece, worked, over, reasons.OVERAGE))
    return charges


def _burnt(piece: Piece, worked: int, burn: Burn, row) -> Charge:
    return _charge(
        piece,
        worked,
        burn.minutes,
        kind="allowance",
        taken=burn.taken,
        grant=burn.grant.key,
        rate_id=row.id or None,
        reason=reasons.ALLOWANCE,
        args={"left": plain(burn.left), "granted": burn.grant.minutes},
    )


def _priced(piece: Piece, worked: int, minutes: int, reason: str) -> Charge:
    """Overage or billable minutes at the row of their band (R10)."""
    row = _row(piece)
    if row is None:
        no_grade = int(piece.covered.work.grade_id is None)
        return _charge(
            piece,
            worked,
            minutes,
            kind="unrated",
            waiting=True,
            reason=reasons.UNRATED,
            args={"because": reason, "no_grade": no_grade},
        )
    coverage = piece.covered.row
    takes_discount = coverage and reason != reasons.NOT_COVERED
    return _charge(
        piece,
        worked,
        minutes,
        kind="overage" if reason == reasons.OVERAGE else "billable",
        unit=row.unit,
        rate_id=row.id,
        price=row.price,
        discount=coverage.discount if takes_discount else ZERO,
        reason=reason if minutes else reasons.PAID,
    )


def _row(piece: Piece):
    return price_row(piece.covered.layers, piece.covered.work, piece.band)


def _charge(piece: Piece, worked: int, minutes: int, **values) -> Charge:
    work = piece.covered.work
    return Charge(
        **{
            "key": "",
            "day": work.day,
            "amount": ZERO,
            "ticket_id": work.ticket_id,
            "work_id": work.id,
            "service_id": work.service_id,
            "mode": work.mode,
            "grade_id": work.grade_id,
            "band": piece.band,
            "worked": worked,
            "minutes": minutes,
            "unit": "hour",
            **values,
        }
    )


def _numbered(drafts: Sequence[Charge], frozen: Sequence[Charge]) -> list[Charge]:
    """Give each piece its identity, beside the frozen ones of the same entry."""
    taken, counts = defaultdict(set), defaultdict(int)
    for charge in frozen:
        taken[charge.work_id].add(charge.key)
        counts[charge.work_id] += 1
    for draft in drafts:
        counts[draft.work_id] += 1
    numbered = []
    for draft in drafts:
        number = 1
        while (key := f"w{draft.work_id}.{number}") in taken[draft.work_id]:
            number += 1
        taken[draft.work_id].add(key)
        args = dict(draft.args)
        if counts[draft.work_id] > 1:
            args |= {"part": number, "parts": counts[draft.work_id]}
        numbered.append(replace(draft, key=key, args=args))
    return numbered


def exact_amount(charge: Charge) -> Fraction:
    """What minutes cost before rounding: minutes / unit x price less discount."""
    quantity = Fraction(charge.minutes, UNIT_MINUTES[charge.unit])
    return quantity * Fraction(charge.price) * (1 - Fraction(charge.discount) / 100)


def _to_the_cent(charges, frozen, rounding) -> list[Charge]:
    """Round cumulatively within month and net unit price (R13), frozen ones first."""

    def group(charge: Charge) -> tuple | None:
        if not charge.work_id or charge.kind not in ("overage", "billable"):
            return None
        month = charge.day.year, charge.day.month
        return *month, charge.price, charge.unit, charge.discount

    groups, before = defaultdict(list), defaultdict(list)
    for charge in frozen:
        before[group(charge)].append(charge)
    for index, charge in enumerate(charges):
        groups[group(charge)].append(index)
    groups.pop(None, None)
    priced = list(charges)
    for key, indexes in groups.items():
        amounts = share_out(
            [exact_amount(charges[index]) for index in indexes],
            rounding,
            sum(map(exact_amount, before[key]), Fraction(0)),
            sum((charge.amount for charge in before[key]), ZERO),
        )
        for index, amount in zip(indexes, amounts, strict=True):
            priced[index] = _with_amount(charges[index], amount, rounding)
    return priced


def _with_amount(charge: Charge, amount, rounding) -> Charge:
    cent = amount - round_half_up(exact_amount(charge), rounding)
    args = {**charge.args, "cent": plain(cent)} if cent else charge.args
    return replace(charge, amount=amount, args=args)
