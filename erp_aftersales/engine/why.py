"""The rows that were tried for a charge, and why each did not apply (R24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from .allowance import Ledger
from .facts import Charge, CoverageRow, Facts, Grant, RateRow, Ticket, Work
from .grants import stock
from .specificity import INCIDENT_UNITS, TIME_UNITS, best_price, in_force, names
from .terms import ALLOWANCE, EXCLUDED, INCIDENT, INCLUDED, QUOTE, Terms
from .worktime import NORMAL

OWN, PLAN, CARD = "own", "plan", "card"
COVERAGE, GRANT, RATE = "coverage", "grant", "rate"

APPLIED = "applied"  # this row decided
OTHER_DAYS = "other_days"  # not in force that day
OTHER = {  # names something else
    "service": "other_service",
    "category": "other_category",
    "grade": "other_grade",
    "mode": "other_mode",
    "region": "other_region",
    "band": "other_band",
    "unit": "other_unit",
}
PRICE_NAMES = ("service", "grade", "mode", "region", "band")
LESS_SPECIFIC = "less_specific"  # matches, but another row of its layer says more
LAYER_ABOVE = "layer_above"  # a layer above has a row that matches
BASE = "base"  # the price that a percent was taken of
CARD_ONLY = "card_only"  # what is not covered is priced by the card alone
EMPTY = "empty"  # the grant has no minute left that pays
NOT_NEEDED = "not_needed"  # a grant before it paid


@dataclass(frozen=True, slots=True)
class Tried:
    """One row or grant that was looked at, and what became of it."""

    step: str
    layer: str | None
    row_id: int
    verdict: str


def tried(facts: Facts, charge: Charge) -> list[Tried]:
    """Return all rows that were tried for a charge of work or of an incident (R24).

    In the order of the rules: coverage (R3), grants (R7), prices (R10). Fees and
    credits try no rows.

    :param facts: of the charge's contract, with the work or ticket of the charge
    """
    terms = Terms(facts)
    asked = _asked(facts, charge)
    if asked is None:
        return []
    policy, row = terms.policy(asked)
    found = list(_coverage(facts, terms, asked, row))
    if policy in (ALLOWANCE, INCIDENT):
        found += _grants(facts, asked, charge)
    if policy not in (QUOTE, INCLUDED) or charge.rate_id:
        found += _rates(facts, terms, asked, charge, policy != EXCLUDED)
    return found


def _asked(facts: Facts, charge: Charge) -> Work | Ticket | None:
    if charge.work_id:
        return next((work for work in facts.work if work.id == charge.work_id), None)
    tickets = facts.tickets if charge.unit == INCIDENT else ()
    return next((one for one in tickets if one.id == charge.ticket_id), None)


def _coverage(
    facts: Facts, terms: Terms, asked: Work | Ticket, winner: CoverageRow | None
) -> Iterator[Tried]:
    plan = terms.plan(asked.day)
    wanted = {
        "service": asked.service_id,
        "category": asked.category,
        "mode": asked.mode,
    }
    is_above = False
    for layer, rows in (
        (OWN, facts.own.coverage if plan else ()),
        (PLAN, plan.coverage if plan else ()),
    ):
        for row in rows:
            named = {
                "service": row.service_id,
                "category": row.category,
                "mode": row.mode,
            }
            verdict = _mismatch(row, named, wanted, asked.day)
            if verdict is None:
                verdict = LAYER_ABOVE if is_above else LESS_SPECIFIC
            yield Tried(COVERAGE, layer, row.id, APPLIED if row is winner else verdict)
        is_above = is_above or any(row is winner for row in rows)


def _mismatch(
    row: CoverageRow | RateRow, named: dict, wanted: dict, day: date
) -> str | None:
    """The first thing in which a row differs from what was asked."""
    if not in_force(row, day):
        return OTHER_DAYS
    for name, value in named.items():
        if value is not None and value != wanted[name]:
            return OTHER[name]
    return None


def _grants(facts: Facts, asked: Work | Ticket, charge: Charge) -> Iterator[Tried]:
    """Grants in the order of use: those before the one that paid were empty."""
    unit = INCIDENT if charge.unit == INCIDENT else "hour"
    ledger = Ledger(stock(facts))
    serving = [grant.key for grant in ledger.serving(asked.day, asked.service_id, unit)]
    verdict = EMPTY
    for grant in _in_order(ledger.grants, serving):
        if grant.id is None:
            continue
        if grant.key == charge.grant:
            yield Tried(GRANT, None, grant.id, APPLIED)
            verdict = NOT_NEEDED
        elif grant.key in serving:
            yield Tried(GRANT, None, grant.id, verdict)
        elif grant.unit != unit:
            yield Tried(GRANT, None, grant.id, OTHER["unit"])
        elif grant.service_ids and asked.service_id not in grant.service_ids:
            yield Tried(GRANT, None, grant.id, OTHER["service"])
        else:
            yield Tried(GRANT, None, grant.id, OTHER_DAYS)


def _in_order(grants: Iterable[Grant], serving: Sequence[tuple]) -> list[Grant]:
    return sorted(grants, key=lambda grant: grant.key not in serving)


def _rates(
    facts: Facts, terms: Terms, asked: Work | Ticket, charge: Charge, is_inside: bool
) -> Iterator[Tried]:
    plan = terms.plan(asked.day)
    units = INCIDENT_UNITS if charge.unit == INCIDENT else TIME_UNITS
    values = (
        asked.service_id,
        charge.grade_id,
        asked.mode,
        asked.region_id,
        charge.band or NORMAL,
    )
    wanted = dict(zip(PRICE_NAMES, values, strict=True))
    state = APPLIED
    for layer, rows in (
        (OWN, facts.own.rates),
        (PLAN, plan.rates if plan else ()),
        (CARD, facts.card),
    ):
        if not is_inside and layer != CARD:
            yield from (Tried(RATE, layer, row.id, CARD_ONLY) for row in rows)
            continue
        today = [row for row in rows if in_force(row, asked.day)]
        best = best_price(today, values, units)
        for row in rows:
            named = dict(zip(PRICE_NAMES, names(row), strict=True))
            verdict = _mismatch(row, named, wanted, asked.day)
            if verdict is None and row.unit not in units:
                verdict = OTHER["unit"]
            if verdict is None:
                is_decided = row is best or state == LAYER_ABOVE
                verdict = state if is_decided else LESS_SPECIFIC
            yield Tried(RATE, layer, row.id, verdict)
        if best is not None:
            is_base = best.percent is not None and state != LAYER_ABOVE
            state = BASE if is_base else LAYER_ABOVE
