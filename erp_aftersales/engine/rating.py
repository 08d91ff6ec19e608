"""From work to charges: the order of the rules, and nothing else (R1 to R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

from . import reasons
from .allowance import Burn, Ledger, wanted_grants
from .facts import ZERO, Charge, Facts, RateRow, Work
from .fees import fee_charges
from .measure import (
    NO_ROW,
    Covered,
    Piece,
    billed_minutes,
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
    return [
        piece
        for entry in entries
        if (work_id := entry.work.id) in minutes
        for piece in split_at_bands(entry, minutes[work_id], paid.get(work_id, ()))
    ]


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
    is_inside = policy != EXCLUDED
    layers = (plan.rates, facts.card) if is_inside else (facts.card,)
    if work.is_vendor_fault:
        policy = reasons.VENDOR_FAULT
    return Covered(work, plan, policy, row, layers)


def _visits(entries: Iterable[Covered]) -> Iterable[list[Covered]]:
    """Entries of one ticket, day, service, mode and grade, kept in R1 order (R5)."""
    visits = defaultdict(list)
    for entry in entries:
        work = entry.work
        visit = work.day, work.ticket_id, work.service_id, work.mode, work.grade_id
        visits[visit].append(entry)
    return visits.values()


def _price(piece: Piece, ledger: Ledger) -> list[Charge]:
    """The charges of a piece: covered minutes first, then priced ones (R3, R7, R10)."""
    policy = piece.covered.policy
    if policy in (reasons.INCLUDED, reasons.VENDOR_FAULT):
        return [_charge(piece, kind="included", reason=policy)]
    if policy == "allowance":
        return _allowance(piece, ledger)
    reason = reasons.NOT_COVERED if policy == EXCLUDED else reasons.BILLABLE
    return [_priced(piece, reason)]


def _allowance(piece: Piece, ledger: Ledger) -> list[Charge]:
    """Split at the minute where a grant ends (R7); the rest is overage."""
    work = piece.covered.work
    row = _row(piece) or NO_ROW
    burns, over = ledger.burn(work.day, work.service_id, piece.minutes, row.burn_factor)
    billed = [burn.minutes for burn in burns]
    if over or not burns:
        billed.append(over)
    parts = _parts(piece, billed)
    charges = [
        _burnt(part, burn, row) for part, burn in zip(parts, burns, strict=False)
    ]
    return charges + [_priced(part, reasons.OVERAGE) for part in parts[len(burns) :]]


def _parts(piece: Piece, billed: Sequence[int]) -> list[Piece]:
    """Cut a piece into parts of so many billed minutes; the last takes what is left.

    What is billed beyond the minutes worked is rounding, and stands at the end.
    """
    parts, begin, worked = [], piece.begin, piece.worked
    for minutes in billed[:-1]:
        part = min(worked, minutes)
        parts.append(replace(piece, begin=begin, worked=part, minutes=minutes))
        begin, worked = begin + part, worked - part
    parts.append(replace(piece, begin=begin, worked=worked, minutes=billed[-1]))
    return parts


def _burnt(piece: Piece, burn: Burn, row: RateRow) -> Charge:
    return _charge(
        piece,
        kind="allowance",
        taken=burn.taken,
        grant=burn.grant.key,
        rate_id=row.id or None,
        reason=reasons.ALLOWANCE,
        args={"left": plain(burn.left), "granted": burn.grant.size},
    )


def _priced(piece: Piece, reason: str) -> Charge:
    """Overage or billable minutes at the row of their band (R10)."""
    row = _row(piece)
    if row is None and piece.minutes:
        return _unrated(piece, reason)
    row = row or NO_ROW
    coverage = piece.covered.row
    takes_discount = coverage and reason != reasons.NOT_COVERED
    return _charge(
        piece,
        kind="overage" if reason == reasons.OVERAGE else "billable",
        unit=row.unit,
        rate_id=row.id or None,
        price=row.price,
        discount=coverage.discount if takes_discount else ZERO,
        reason=reason if piece.minutes else reasons.PAID,
    )


def _unrated(piece: Piece, reason: str) -> Charge:
    """Minutes that wait for a price: never billed at zero (R10)."""
    no_grade = int(piece.covered.work.grade_id is None)
    return _charge(
        piece,
        kind="unrated",
        waiting=True,
        reason=reasons.UNRATED,
        args={"because": reason, "no_grade": no_grade},
    )


def _row(piece: Piece) -> RateRow | None:
    return price_row(piece.covered.layers, piece.covered.work, piece.band)


def _charge(
    piece: Piece, kind: str, reason: str, args: Mapping | None = None, **values: Any
) -> Charge:
    work = piece.covered.work
    return Charge(
        key="",
        kind=kind,
        day=work.day,
        amount=ZERO,
        ticket_id=work.ticket_id,
        work_id=work.id,
        service_id=work.service_id,
        mode=work.mode,
        grade_id=work.grade_id,
        band=piece.band,
        worked=piece.worked,
        minutes=piece.minutes,
        reason=reason,
        args={**(args or {}), "begin": piece.begin},
        **{"unit": "hour", **values},
    )


def _numbered(drafts: Sequence[Charge], frozen: Sequence[Charge]) -> list[Charge]:
    """Give each piece its identity, beside the frozen ones of the same entry (R16)."""
    keys, drafted = _by_work(frozen), _by_work(drafts)
    numbered = []
    for work_id, charges in drafted.items():
        taken = {charge.key for charge in keys.get(work_id, ())}
        parts = len(taken) + len(charges)
        free = (n for n in count(1) if _key(work_id, n) not in taken)
        for charge, part in zip(charges, free, strict=False):
            args = _part_args(charge, part, parts)
            numbered.append(replace(charge, key=_key(work_id, part), args=args))
    return numbered


def _key(work_id: int, part: int) -> str:
    return f"w{work_id}.{part}"


def _part_args(charge: Charge, part: int, parts: int) -> Mapping:
    """Which part of its entry a charge is, and from which minute on, if split."""
    args = {name: value for name, value in charge.args.items() if name != "begin"}
    if parts > 1:
        args |= {"part": part, "parts": parts, "begin": charge.args["begin"]}
    return args


def exact_amount(charge: Charge) -> Fraction:
    """What minutes cost before rounding: minutes / unit x price less discount."""
    quantity = Fraction(charge.minutes, UNIT_MINUTES[charge.unit])
    return quantity * Fraction(charge.price) * (1 - Fraction(charge.discount) / 100)


def _to_the_cent(
    charges: Sequence[Charge], frozen: Sequence[Charge], rounding: Decimal
) -> list[Charge]:
    """Round cumulatively within month and net unit price (R13), frozen ones first."""
    before, after = _by_price(frozen), _by_price(charges)
    amounts: dict[str, Decimal] = {}
    for price, group in after.items():
        shares = share_out(
            list(map(exact_amount, group)),
            rounding,
            sum(map(exact_amount, before[price]), Fraction(0)),
            sum((charge.amount for charge in before[price]), ZERO),
        )
        amounts |= zip((charge.key for charge in group), shares, strict=True)
    return [
        _with_amount(charge, amounts[charge.key], rounding)
        if charge.key in amounts
        else charge
        for charge in charges
    ]


def _by_price(charges: Iterable[Charge]) -> Mapping[tuple, list[Charge]]:
    """What is priced by time, by month of the work date and net unit price."""
    groups = defaultdict(list)
    for charge in charges:
        if charge.kind in ("overage", "billable"):
            month = charge.day.year, charge.day.month
            price = charge.price, charge.unit, charge.discount
            groups[*month, *price].append(charge)
    return groups


def _with_amount(charge: Charge, amount: Decimal, rounding: Decimal) -> Charge:
    cent = amount - round_half_up(exact_amount(charge), rounding)
    args = {**charge.args, "cent": plain(cent)} if cent else charge.args
    return replace(charge, amount=amount, args=args)
