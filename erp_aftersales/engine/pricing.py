"""What a piece of work or an incident costs, in R1 order (R3, R7, R10 to R12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from . import reasons
from .allowance import Burn, Ledger
from .amounts import exact_amount, net_price
from .consent import APPROVAL, STOP, Consent, Part
from .corrections import ADJUSTMENT
from .facts import ONE, ZERO, Charge, RateRow, Ticket
from .measure import NO_ROW, Piece
from .money import plain
from .terms import ALLOWANCE, EXCLUDED, INCIDENT, INCLUDED, QUOTE, Terms

UNADJUSTED = ("unrated", "quoted")
# What all charges of work begin as.
_TIME = Charge(key="", kind="", day=date.min, amount=ZERO, unit="hour")


class Pricing:
    """Prices one thing after the other; grants and limits go down on the way."""

    def __init__(self, terms: Terms, ledger: Ledger, consent: Consent) -> None:
        self.terms = terms
        self.ledger = ledger
        self.consent = consent

    def price(self, thing: Piece | Ticket) -> list[Charge]:
        """The charges of the next piece of work or incident, in R1 order."""
        return self.work(thing) if isinstance(thing, Piece) else self.incident(thing)

    # Work

    def work(self, piece: Piece) -> list[Charge]:
        """The charges of a piece: covered minutes first, then priced ones."""
        covered = piece.covered
        if covered.policy == INCLUDED:
            return [_included(piece)]
        if covered.policy == ALLOWANCE:
            return self._from_allowance(piece)
        if covered.policy == QUOTE:
            return [_quoted(piece)]
        is_out = covered.policy == EXCLUDED
        reason = reasons.NOT_COVERED if is_out else reasons.BILLABLE
        if covered.ticket and covered.ticket.capped:
            return self._agreed(piece, reason, APPROVAL)
        return [_priced(piece, reason)]

    def _from_allowance(self, piece: Piece) -> list[Charge]:
        """Split at the minute where a grant ends (R7); the rest is overage."""
        work, row = piece.covered.work, piece.row or NO_ROW
        burns, over = self.ledger.burn(
            work.day, work.service_id, piece.minutes, row.burn_factor
        )
        billed = [burn.minutes for burn in burns]
        if over or not burns:
            billed.append(over)
        parts = _cut(piece, billed)
        charges = [
            _burnt(part, burn, row) for part, burn in zip(parts, burns, strict=False)
        ]
        for part in parts[len(burns) :]:
            charges += self._beyond(part)
        return charges

    def _beyond(self, piece: Piece) -> list[Charge]:
        """Overage, as far as limit and customer allow it; the rest waits (R25)."""
        work, ticket = piece.covered.work, piece.covered.ticket
        at_end = self.ledger.at_end(work.day, work.service_id)
        if at_end == STOP and ticket and ticket.is_emergency:
            at_end = APPROVAL
        return self._agreed(piece, reasons.OVERAGE, at_end)

    def _agreed(self, piece: Piece, reason: str, at_end: str) -> list[Charge]:
        """Cut into what is agreed and what waits for the customer (R25, E3)."""
        work, whole = piece.covered.work, _asking(piece, reason)
        if not piece.minutes or whole.kind == reasons.UNRATED:
            return [whole]
        cost = net_price(whole)
        parts = self.consent.split(
            work.ticket_id, work.day, at_end, piece.minutes, cost
        )
        if len(parts) == 1:
            return [_consented(whole, parts[0], at_end)]
        cut = _cut(piece, [part.minutes for part in parts])
        return [
            _consented(_asking(one, reason), part, at_end)
            for one, part in zip(cut, parts, strict=True)
        ]

    # Incidents

    def incident(self, ticket: Ticket) -> list[Charge]:
        """One charge for a ticket: from an incident grant, else at its price (R11)."""
        burns, _over = self.ledger.burn(ticket.day, ticket.service_id, 1, unit=INCIDENT)
        charge = _incident(ticket, self.terms.incident_band(ticket))
        if burns:
            args = {"left": plain(burns[0].left), "granted": burns[0].grant.size}
            return [charge.but(grant=burns[0].grant.key, args=args)]
        row = self.terms.incident_row(ticket)
        if row is None:
            args = {"because": reasons.INCIDENT, "no_grade": 0}
            return [
                charge.but(
                    kind=reasons.UNRATED,
                    reason=reasons.UNRATED,
                    waiting=True,
                    args=args,
                )
            ]
        coverage = self.terms.policy(ticket)[1]
        charge = charge.but(
            rate_id=row.id,
            price=row.price,
            discount=coverage.discount,
            args=_percent(row),
        )
        return [self._beyond_incidents(charge)]

    def _beyond_incidents(self, charge: Charge) -> Charge:
        """An incident after the prepaid ones asks as overage does (R25)."""
        at = charge.day, charge.service_id, INCIDENT
        if not any(grant.at_end for grant in self.ledger.serving(*at)):
            return charge
        at_end = self.ledger.at_end(*at)
        (part,) = self.consent.split(
            charge.ticket_id, charge.day, at_end, 1, exact_amount(charge)
        )
        charge = charge.but(args={**charge.args, "beyond": 1})
        return _consented(charge, part, at_end)


def _cut(piece: Piece, billed: Sequence[int]) -> list[Piece]:
    """Cut a piece into parts of so many billed minutes; the last takes what is left.

    What is billed beyond the minutes worked is rounding, and stands at the end.
    """
    if len(billed) == 1:
        return [piece]
    parts, begin, worked = [], piece.begin, piece.worked
    for minutes in billed[:-1]:
        part = min(worked, minutes)
        parts.append(Piece(piece.covered, piece.band, begin, part, minutes))
        begin, worked = begin + part, worked - part
    parts.append(Piece(piece.covered, piece.band, begin, worked, billed[-1]))
    return parts


def _included(piece: Piece) -> Charge:
    why = piece.covered.why or reasons.INCLUDED
    args = {}
    if why == reasons.NO_INCIDENT:
        args["because"] = piece.covered.no_incident
    return _charge(piece, kind="included", reason=why, args=args)


def _quoted(piece: Piece) -> Charge:
    """Billed by the quotation, never by the meter; without one it waits (R12)."""
    ticket = piece.covered.ticket
    order = ticket.quote if ticket else None
    return _charge(
        piece,
        kind="quoted",
        waiting=not order,
        reason=reasons.QUOTED,
        args={"order": order} if order else {},
    )


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
    row = piece.row
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
        args=_percent(row),
    )


def _asking(piece: Piece, reason: str) -> Charge:
    """Priced minutes that need the customer's consent, and count for it (R25)."""
    charge = _priced(piece, reason)
    if reason == reasons.OVERAGE or charge.kind == reasons.UNRATED:
        return charge
    return charge.but(args={**charge.args, "beyond": 1})


def _percent(row: RateRow) -> Mapping[str, str]:
    return {} if row.percent is None else {"percent": plain(row.percent)}


def _unrated(piece: Piece, reason: str) -> Charge:
    """Minutes that wait for a price: never billed at zero (R10)."""
    no_grade = int(piece.covered.work.grade_id is None)
    return _charge(
        piece,
        kind=reasons.UNRATED,
        waiting=True,
        reason=reasons.UNRATED,
        args={"because": reason, "no_grade": no_grade},
    )


def _consented(charge: Charge, part: Part, at_end: str) -> Charge:
    """Say by what it is agreed, or that it waits (R25)."""
    said = {**part.args, "at_end": STOP} if at_end == STOP else part.args
    if not said:
        return charge
    return charge.but(waiting=part.waits is not None, args={**charge.args, **said})


def _charge(
    piece: Piece, kind: str, reason: str, args: Mapping | None = None, **values: Any
) -> Charge:
    work, args = piece.covered.work, dict(args or ())
    if piece.begin:
        args["begin"] = piece.begin
    if work.revision and kind not in UNADJUSTED:
        kind, args["as"] = ADJUSTMENT, kind
    values |= {
        "kind": kind,
        "day": work.day,
        "ticket_id": work.ticket_id,
        "work_id": work.id,
        "service_id": work.service_id,
        "mode": work.mode,
        "grade_id": work.grade_id,
        "band": piece.band,
        "worked": piece.worked,
        "minutes": piece.minutes,
        "reason": reason,
        "args": args,
    }
    return _TIME.having(values)


def _incident(ticket: Ticket, band: str) -> Charge:
    return Charge(
        key="",
        kind=INCIDENT,
        day=ticket.day,
        amount=ZERO,
        ticket_id=ticket.id,
        service_id=ticket.service_id,
        mode=ticket.mode,
        band=band,
        unit=INCIDENT,
        count=ONE,
        reason=reasons.INCIDENT,
    )
