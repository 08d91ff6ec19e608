"""The rows that were tried for a charge, and why each did not apply (R24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from . import reasons
from .allowance import Ledger
from .facts import ONE, Charge, CoverageRow, Facts, Grant, RateRow
from .grants import BY_RATING, stock
from .specificity import INCIDENT_UNITS, TIME_UNITS, best_price, in_force, names
from .terms import ALLOWANCE, BILLABLE, EXCLUDED, INCIDENT, INCLUDED, QUOTE, Terms
from .worktime import NORMAL

OWN, PLAN, CARD = "own", "plan", "card"
COVERAGE, GRANT, RATE = "coverage", "grant", "rate"

APPLIED = "applied"  # this row decided
NOTHING = "nothing"  # no row did: the row's id is 0
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
LESS_SPECIFIC = "less_specific"  # matches, but ``by`` of its layer says more
LAYER_ABOVE = "layer_above"  # ``by``, of a layer above, matches
BASE = "base"  # the price that a percent was taken of
NO_BASE = "no_base"  # a percent, and nothing that it could be taken of
CARD_ONLY = "card_only"  # what is not covered is priced by the card alone
OVERRULED = "overruled"  # matches, but the fault was the vendor's (R4)
NEWER = "newer"  # decides today, and did not when this was priced
EMPTY = "empty"  # the grant has no minute left that pays
EMPTY_THEN = "empty_then"  # it has now: it was given, or set free, later
NOT_NEEDED = "not_needed"  # a grant before it paid, or nothing was to be paid

# What the kind of a charge tells of the policy it was priced under.
POLICY_OF = {
    "allowance": ALLOWANCE,
    "overage": ALLOWANCE,
    "billable": BILLABLE,
    "incident": INCIDENT,
    "included": INCLUDED,
    "quoted": QUOTE,
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One row or grant that was looked at, and what became of it.

    ``by`` is the row that was taken instead of it.
    """

    step: str
    layer: str | None
    row_id: int
    verdict: str
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a charge is for, as it was when it was priced."""

    day: date
    service_id: int | None
    category: str | None
    mode: str | None
    region_id: int | None

    @property
    def named(self) -> dict:
        """What a row of coverage may name."""
        return {
            "service": self.service_id,
            "category": self.category,
            "mode": self.mode,
        }


def tried(
    facts: Facts,
    charge: Charge,
    category: str | None = None,
    region_id: int | None = None,
) -> list[Tried]:
    """Return all rows that were tried for a charge of work or of an incident (R24).

    In the order of the rules: coverage (R3), grants (R7), prices (R10). What was asked
    is read from the charge, for its work may have been corrected since; and what the
    charge says stands, though its rows may have been changed after it was invoiced.
    Fees and credits try no rows.

    :param facts: what is agreed, and the grants with all that is taken of them
    :param category: of the charge's service
    :param region_id: of the ticket's installation
    """
    if not (charge.work_id or charge.unit == INCIDENT):
        return []
    asked = Asked(charge.day, charge.service_id, category, charge.mode, region_id)
    terms = Terms(facts)
    policy = _policy(terms, asked, charge)
    found = list(_coverage(facts, terms, asked, charge, policy))
    if policy in (ALLOWANCE, INCIDENT):
        found += _grants(facts, asked, charge)
    if policy not in (QUOTE, INCLUDED) and not _is_prepaid(charge):
        found += _rates(facts, terms, asked, charge, policy != EXCLUDED)
    return found


def _is_prepaid(charge: Charge) -> bool:
    """Whether an incident grant paid, so that no price was looked for (R11)."""
    return charge.unit == INCIDENT and charge.grant is not None


def _policy(terms: Terms, asked: Asked, charge: Charge) -> str:
    """The policy that a charge was priced under, as it tells itself."""
    kind = charge.priced_as
    if kind == reasons.UNRATED:
        kind = charge.args.get("because", BILLABLE)
    if reasons.NOT_COVERED in (kind, charge.reason):
        return EXCLUDED
    policy = POLICY_OF.get(kind, BILLABLE)
    is_unsure = charge.reason in (reasons.PAID, reasons.TAKEN_BACK)
    if is_unsure and policy == BILLABLE and terms.policy(asked)[0] == EXCLUDED:
        return EXCLUDED
    return policy


# Coverage


def _coverage(
    facts: Facts, terms: Terms, asked: Asked, charge: Charge, policy: str
) -> Iterator[Tried]:
    plan = terms.plan(asked.day)
    winner = terms.policy(asked)[1]
    if winner is None:
        yield Tried(COVERAGE, None, 0, NOTHING)
    is_above = False
    for layer, rows in (
        (OWN, facts.own.coverage if plan else ()),
        (PLAN, plan.coverage if plan else ()),
    ):
        for row in rows:
            if row is winner:
                verdict = _of_winner(row, charge, policy)
                yield Tried(COVERAGE, layer, row.id, verdict)
                continue
            named = {
                "service": row.service_id,
                "category": row.category,
                "mode": row.mode,
            }
            verdict = _mismatch(row, named, asked.named, asked.day)
            if verdict:
                yield Tried(COVERAGE, layer, row.id, verdict)
            else:
                verdict = LAYER_ABOVE if is_above else LESS_SPECIFIC
                yield Tried(COVERAGE, layer, row.id, verdict, winner.id)
        is_above = is_above or any(row is winner for row in rows)


def _of_winner(row: CoverageRow, charge: Charge, policy: str) -> str:
    """Whether the row that decides today is what the charge was priced under."""
    if charge.reason == reasons.VENDOR_FAULT:
        return OVERRULED
    may_be = {policy}
    if charge.work_id and policy in (INCLUDED, BILLABLE):
        may_be.add(INCIDENT)  # work beside incidents (R11)
    is_other_price = charge.price and charge.discount != row.discount
    if row.policy not in may_be or (is_other_price and policy != EXCLUDED):
        return NEWER
    return APPLIED


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


# Grants


def _grants(facts: Facts, asked: Asked, charge: Charge) -> Iterator[Tried]:
    """Grants in the order of use: those before the one that paid were empty.

    Other periods of an allowance that was open on the day are left out.
    """
    unit = INCIDENT if charge.unit == INCIDENT else "hour"
    ledger = Ledger(stock(facts))
    serving = [
        grant
        for grant in ledger.serving(asked.day, asked.service_id, unit)
        if grant.id is not None
    ]
    paid = next((grant.id for grant in serving if grant.key == charge.grant), None)
    if paid is None:
        yield Tried(GRANT, None, 0, NOTHING)
    yield from _serving(ledger, serving, charge, paid, _burn_factor(facts, charge))
    rows = {grant.allowance_id for grant in serving} - {None}
    for grant in ledger.grants:
        is_listed = any(grant is one for one in serving)
        if grant.id is None or is_listed or _is_other_period(grant, rows):
            continue
        yield Tried(GRANT, None, grant.id, _unfit(grant, asked, unit))


def _serving(
    ledger: Ledger,
    serving: Sequence[Grant],
    charge: Charge,
    paid: int | None,
    factor: Decimal,
) -> Iterator[Tried]:
    is_paid = not (charge.minutes or charge.count)
    for grant in serving:
        if grant.id == paid:
            is_paid = True
            yield Tried(GRANT, None, grant.id, APPLIED)
        elif is_paid:
            yield Tried(GRANT, None, grant.id, NOT_NEEDED, paid)
        else:
            verdict = EMPTY_THEN if ledger.pays(grant, factor) else EMPTY
            yield Tried(GRANT, None, grant.id, verdict)


def _is_other_period(grant: Grant, rows: set[int]) -> bool:
    return grant.origin in BY_RATING and grant.allowance_id in rows


def _unfit(grant: Grant, asked: Asked, unit: str) -> str:
    if grant.unit != unit:
        return OTHER["unit"]
    if grant.service_ids and asked.service_id not in grant.service_ids:
        return OTHER["service"]
    return OTHER_DAYS


def _burn_factor(facts: Facts, charge: Charge) -> Decimal:
    """What a minute of the charge takes from a grant, by the row it was priced by."""
    rows = [*facts.own.rates, *facts.card]
    rows += [row for term in facts.terms for row in term.plan.rates]
    return next((row.burn_factor for row in rows if row.id == charge.rate_id), ONE)


# Prices


def _rates(
    facts: Facts, terms: Terms, asked: Asked, charge: Charge, is_inside: bool
) -> Iterator[Tried]:
    layers = _layers(facts, terms, asked.day)
    if not is_inside:
        for layer, rows in layers[:-1]:
            yield from (Tried(RATE, layer, row.id, CARD_ONLY) for row in rows)
        layers = layers[-1:]
    search = _Search(asked, charge)
    if not search.finds(row for _layer, rows in layers for row in rows):
        yield Tried(RATE, None, 0, NOTHING)
    for number, (layer, rows) in enumerate(layers):
        lower = [row for _layer, below in layers[number + 1 :] for row in below]
        yield from search.layer(layer, rows, lower)


def _layers(
    facts: Facts, terms: Terms, day: date
) -> list[tuple[str, Sequence[RateRow]]]:
    plan = terms.plan(day)
    return [
        (OWN, facts.own.rates if plan else ()),
        (PLAN, plan.rates if plan else ()),
        (CARD, facts.card),
    ]


class _Search:
    """Walks the layers of prices from the top, and knows what it has found."""

    def __init__(self, asked: Asked, charge: Charge) -> None:
        self.day = asked.day
        self.rate_id = charge.rate_id
        self.units = INCIDENT_UNITS if charge.unit == INCIDENT else TIME_UNITS
        self.values = (
            asked.service_id,
            charge.grade_id,
            asked.mode,
            asked.region_id,
            charge.band or NORMAL,
        )
        self._is_base = False  # what is found next is what a percent is taken of
        self._decided: int | None = None

    def finds(self, rows: Iterable[RateRow]) -> bool:
        """Whether the row that priced the charge is among these."""
        return any(row.id == self.rate_id for row in rows)

    def layer(
        self, layer: str, rows: Sequence[RateRow], lower: Sequence[RateRow]
    ) -> Iterator[Tried]:
        """What became of the rows of a layer, and of those below it."""
        ours = next((row for row in rows if row.id == self.rate_id), None)
        best = best_price(self._today(rows), self.values, self.units)
        taken = ours or best
        for row in rows:
            verdict = APPLIED if row is ours else self._differs(row)
            by = None
            if verdict is None and row is best:
                verdict = self._of_best(row, ours, lower)
            if verdict is None:
                is_above = self._decided and not self._is_base
                verdict = LAYER_ABOVE if is_above else LESS_SPECIFIC
                by = self._decided if is_above else taken.id
            yield Tried(RATE, layer, row.id, verdict, by)
        self._after(ours, best, lower)

    def _today(self, rows: Iterable[RateRow]) -> list[RateRow]:
        return [row for row in rows if in_force(row, self.day)]

    def _differs(self, row: RateRow) -> str | None:
        wanted = dict(zip(PRICE_NAMES, self.values, strict=True))
        named = dict(zip(PRICE_NAMES, names(row), strict=True))
        verdict = _mismatch(row, named, wanted, self.day)
        if verdict is None and row.unit not in self.units:
            return OTHER["unit"]
        return verdict

    def _of_best(
        self, row: RateRow, ours: RateRow | None, lower: Sequence[RateRow]
    ) -> str | None:
        """What is said of the best row of a layer that did not price the charge."""
        if self._is_base:
            return BASE
        if self._decided:
            return None
        if row.percent is not None and not ours and not self._base(lower):
            return NO_BASE
        return NEWER

    def _base(self, lower: Sequence[RateRow]) -> RateRow | None:
        return best_price(self._today(lower), self.values, self.units)

    def _after(
        self, ours: RateRow | None, best: RateRow | None, lower: Sequence[RateRow]
    ) -> None:
        if ours:
            self._decided, self._is_base = ours.id, ours.percent is not None
        elif best and self._is_base:
            self._is_base = False
        elif best and not self.finds(lower) and best.percent is None:
            self._decided = self._decided or best.id
