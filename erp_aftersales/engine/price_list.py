"""What costs how much on a day, for every kind of work (E2).

The terms that rate work are asked for each service, mode, region, grade and band (R2
to R4, R10, R11), so that a list never says other than the bill. What is alike is said
once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from .facts import ONE, ZERO, AllowanceRow, Charge, Facts, FeeLine, RateRow, Work
from .fees import fee_charges
from .money import storable
from .specificity import HUNDRED, INCIDENT_UNITS, in_force
from .terms import EXCLUDED, INCIDENT, INCLUDED, QUOTE, Terms
from .worktime import AFTER_HOURS, HOLIDAY, NORMAL

MODES = ("remote", "onsite")
UNPRICED = (INCLUDED, QUOTE)


@dataclass(frozen=True, slots=True)
class Service:
    """A service that may be asked for."""

    id: int
    category: str | None = None
    is_vendor_fault: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a customer may ask for: all services, grades and regions of a list."""

    services: tuple[Service, ...]
    grade_ids: tuple[int | None, ...] = (None,)
    region_ids: tuple[int | None, ...] = (None,)


@dataclass(frozen=True, slots=True)
class Price:
    """A price with its measure (R5); ``net`` is less the coverage's discount (R3)."""

    price: Decimal
    net: Decimal
    unit: str
    increment: int = 1
    minimum: int = 0
    per_visit: bool = False
    burn_factor: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Priced:
    """A price and when it applies; an empty tuple: always. No price: work waits."""

    region_ids: tuple[int | None, ...]
    grade_ids: tuple[int | None, ...]
    bands: tuple[str, ...]
    price: Price | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the contract does with one kind of work: policy (R3) and prices (R10)."""

    policy: str
    discount: Decimal
    prices: tuple[Priced, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """Services and modes with the same terms; no modes: all of them."""

    service_ids: tuple[int, ...]
    modes: tuple[str, ...]
    terms: Agreed


def price_list(facts: Facts, offer: Offer, day: date) -> list[Item]:
    """Say what applies on a day to all that may be asked for, each alike once."""
    terms = Terms(facts)

    def of_mode(service: Service, mode: str) -> Agreed:
        return _terms(terms, offer, asked_work(service, mode, day))

    return [
        Item(tuple(service.id for service in services), _all_or(modes, MODES), found)
        for services, by_mode in _alike(
            offer.services,
            lambda service: _alike(MODES, lambda mode: of_mode(service, mode)),
        )
        for modes, found in by_mode
    ]


def asked_work(service: Service, mode: str, day: date) -> Work:
    """Work of no minutes, to ask which terms it would have."""
    return Work(
        id=0,
        ticket_id=0,
        day=day,
        minutes=0,
        service_id=service.id,
        category=service.category,
        mode=mode,
        is_vendor_fault=service.is_vendor_fault,
    )


def bands_on(terms: Terms, day: date) -> tuple[str, ...]:
    """The bands that work of a day may lie in (R6)."""
    plan = terms.plan(day)
    return (NORMAL, AFTER_HOURS, HOLIDAY) if plan and plan.calendar else (NORMAL,)


def allowances_on(facts: Facts, day: date) -> list[AllowanceRow]:
    """Allowance rows in force: the plan's, less those replaced, and own ones (R2)."""
    own = [row for row in facts.own.allowances if in_force(row, day)]
    plan, replaced = Terms(facts).plan(day), {row.replaces_id for row in own}
    kept = [row for row in plan.allowances if row.id not in replaced] if plan else []
    return [*kept, *own] if plan else []


def fees_on(facts: Facts, lines: Iterable[FeeLine], day: date) -> list[Charge]:
    """What a whole period of each fee in force costs, by the values of a day (R20).

    As if the period began on that day; a fee without a value is ``unrated`` (R10).
    """
    return [
        _fee(facts, line, day)
        for line in lines
        if not line.is_canceled
        and line.schedule.date_start <= day <= (line.schedule.date_end or date.max)
    ]


def _fee(facts: Facts, line: FeeLine, day: date) -> Charge:
    rule = line.schedule.rule
    schedule = replace(
        line.schedule,
        date_start=day,
        date_end=None,
        rule="monthly" if rule == "monthlylastday" else rule,
        invoicing="pre-paid",
        last_invoiced=None,
        next_date=day,
    )
    alone = Facts(
        contract_id=facts.contract_id,
        start=day,
        end=None,
        until=day,
        rounding=facts.rounding,
        fees_until=day,
        fee_lines=(replace(line, schedule=schedule),),
        metrics=tuple(metric for metric in facts.metrics if metric.day <= day),
    )
    return fee_charges(alone)[0]


def _terms(terms: Terms, offer: Offer, asked: Work) -> Agreed:
    policy, row = terms.policy(asked)
    if asked.is_vendor_fault:
        policy, row = INCLUDED, None
    discount = row.discount if row and policy != EXCLUDED else ZERO
    if policy in UNPRICED:
        return Agreed(policy, ZERO if policy == INCLUDED else discount)
    grades = (None,) if policy == INCIDENT else offer.grade_ids
    bands = bands_on(terms, asked.day)

    def price(region_id: int | None, grade_id: int | None, band: str) -> Price | None:
        work = replace(asked, region_id=region_id, grade_id=grade_id)
        return _price(rate_row(terms, work, policy, band), discount)

    nested = _alike(
        offer.region_ids,
        lambda region: _alike(
            grades,
            lambda grade: _alike(bands, lambda band: price(region, grade, band)),
        ),
    )
    return Agreed(
        policy,
        discount,
        tuple(
            Priced(
                _all_or(region_ids, offer.region_ids),
                _all_or(grade_ids, grades),
                _all_or(in_bands, bands),
                found,
            )
            for region_ids, by_grade in nested
            for grade_ids, by_band in by_grade
            for in_bands, found in by_band
        ),
    )


def rate_row(terms: Terms, work: Work, policy: str, band: str) -> RateRow | None:
    """The rate row of work in a band, or of an incident of that time (R10, R11)."""
    prices = terms.prices(work.day, policy != EXCLUDED)
    if policy == INCIDENT:
        wanted = work.service_id, None, work.mode, work.region_id, band
        return prices.row(wanted, INCIDENT_UNITS)
    return prices.row((work.service_id, work.grade_id, work.mode, work.region_id, band))


def _price(row: RateRow | None, discount: Decimal) -> Price | None:
    if row is None:
        return None
    return Price(
        row.price,
        storable(row.price * (HUNDRED - discount) / HUNDRED),
        row.unit,
        row.increment,
        row.minimum,
        row.per_visit,
        row.burn_factor,
    )


def _alike(
    keys: Sequence[Any], of: Callable[[Any], Hashable]
) -> tuple[tuple[tuple, Any], ...]:
    """Keys for which the same is true, together, in the order of the first of each."""
    found: dict[Hashable, list] = {}
    for key in keys:
        found.setdefault(of(key), []).append(key)
    return tuple((tuple(alike), value) for value, alike in found.items())


def _all_or(some: tuple, everything: Sequence) -> tuple:
    """Some of all; nothing when they are all of them."""
    return () if len(some) == len(everything) else some
