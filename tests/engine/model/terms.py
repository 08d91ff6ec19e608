"""What is agreed for a day: policy and price (R2, R3, R4, R10)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FOREVER = date(9999, 12, 31)
WORK_UNITS = ("hour", "day")
INCIDENT_UNITS = ("incident",)


@dataclass(frozen=True)
class Price:
    """A price, and how minutes are measured for it."""

    rate_id: int
    price: Decimal
    unit: str
    increment: int
    minimum: int
    per_visit: bool
    factor: Decimal


def plan_on(facts, day):
    """The plan in force, None outside the contract."""
    plan = None
    for term in facts.terms:
        if term.start <= day <= (facts.end or FOREVER):
            plan = term.plan
    return plan


def in_force(row, day):
    return (row.start or date.min) <= day <= (row.end or FOREVER)


def policy_of(facts, thing):
    """R4, else R3: policy and discount for work, or for a ticket as it came in."""
    if thing.is_vendor_fault:
        return "included", Decimal(0)
    return covered(facts, thing)


def covered(facts, thing):
    """R3: the first layer with a row that matches, narrowed by what weighs most."""
    plan = plan_on(facts, thing.day)
    if plan is None or any(a <= thing.day <= b for a, b in facts.pauses):
        return "excluded", Decimal(0)
    for layer in (facts.own.coverage, plan.coverage):
        rows = [
            row
            for row in layer
            if row.service_id in (None, thing.service_id)
            and row.category in (None, thing.category)
            and row.mode in (None, thing.mode)
            and in_force(row, thing.day)
        ]
        rows = (
            [row for row in rows if row.service_id is not None]
            or [row for row in rows if row.category is not None]
            or rows
        )
        rows = [row for row in rows if row.mode is not None] or rows
        if rows:
            row = first(rows)
            return row.policy, row.discount
    return "excluded", Decimal(0)


def price_of(facts, thing, band, grade_id, units=WORK_UNITS):
    """R10: the price of a minute or an incident; only the card outside the contract."""
    layers = [facts.card]
    if covered(facts, thing)[0] != "excluded":
        layers = [facts.own.rates, plan_on(facts, thing.day).rates, facts.card]
    return from_layers(layers, thing, band, grade_id, units)


def from_layers(layers, thing, band, grade_id, units):
    """R2: a percent row asks the layers below it."""
    for number, layer in enumerate(layers):
        rows = [
            row
            for row in layer
            if row.service_id in (None, thing.service_id)
            and row.grade_id in (None, grade_id)
            and row.mode in (None, thing.mode)
            and row.region_id in (None, thing.region_id)
            and row.band in (None, band)
            and row.unit in units
            and in_force(row, thing.day)
        ]
        for name in ("service_id", "grade_id", "mode", "region_id", "band"):
            rows = [row for row in rows if getattr(row, name) is not None] or rows
        if not rows:
            continue
        row = first(rows)
        if row.percent is None:
            return as_price(row)
        below = from_layers(layers[number + 1 :], thing, band, grade_id, units)
        return below and percent_of(row, below)
    return None


def first(rows):
    """The lowest sequence, then the lowest id."""
    rows = [row for row in rows if row.sequence == min(r.sequence for r in rows)]
    return next(row for row in rows if row.id == min(r.id for r in rows))


def as_price(row):
    return Price(
        row.id,
        row.price,
        row.unit,
        row.increment,
        row.minimum,
        row.per_visit,
        row.burn_factor,
    )


def percent_of(row, below):
    price = below.price * row.percent / 100
    return Price(
        row.id,
        price,
        below.unit,
        below.increment,
        below.minimum,
        below.per_visit,
        below.factor,
    )
