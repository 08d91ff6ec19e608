"""Random rows of plans and contracts: what is agreed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache, partial
from itertools import product

from cases import OFFICE
from engine.facts import AllowanceRow, CoverageRow, OwnRows, Plan, RateRow
from hypothesis import strategies as st

SERVICES = {1: "maintenance", 2: "value_added", 3: "value_added"}
VENDOR_FAULT_SERVICE = 3
CHANGE = date(2026, 9, 30)
POLICIES = (
    "included",
    "allowance",
    "allowance",
    "allowance",
    "billable",
    "excluded",
    "incident",
    "quote",
)
OWN = 300
"""Ids of a contract's own rows begin here; those of plan 1 at 100, of plan 2 at 200."""

_prices = st.sampled_from([Decimal(price) for price in ("800", "333.33", "0.07", "1")])
_firsts = st.sampled_from((None, None, CHANGE))
_lasts = st.sampled_from((None, None, date(2026, 10, 1)))
_service_sets = st.sampled_from((frozenset(), frozenset({1}), frozenset({1, 2})))
DISCOUNTS = st.sampled_from([Decimal(0), Decimal(0), Decimal(3), Decimal("12.5")])

# (increment, minimum, per visit) and (unit, burn factor, first day, last day)
_measures = st.sampled_from(
    list(product((1, 15, 30, 60), (0, 0, 20, 60), (False, True)))
)
_uses = st.sampled_from(
    list(
        product(
            ("hour", "hour", "day", "incident", "incident"),
            [Decimal(factor) for factor in ("1", "1.5", "0.3", "7")],
            (None, None, None, CHANGE),
            (None, None, None, date(2026, 10, 1)),
        )
    )
)


# What a row names: mostly nothing, so that rows match.
_named_services = st.sampled_from((None, None, *SERVICES))
_named_modes = st.sampled_from((None, None, None, "remote", "onsite"))
_named_bands = st.sampled_from((None,) * 4 + ("normal", "after_hours", "holiday"))


@cache
def coverages(policies=POLICIES, min_size=1):
    """Rows of coverage that name a service, a category, a mode, or none."""
    row = st.builds(
        partial(CoverageRow, 0),
        sequence=st.integers(0, 2),
        service_id=_named_services,
        category=st.sampled_from((None, None, None, "maintenance", "value_added")),
        mode=_named_modes,
        policy=st.sampled_from(policies),
        discount=DISCOUNTS,
    )
    return with_ids(st.lists(row, min_size=min_size, max_size=3))


@cache
def rate_rows(max_size=4, min_size=0):
    """Rate rows that differ in everything that R5 and R10 look at."""
    row = st.builds(
        _rate_row,
        _measures,
        _uses,
        sequence=st.integers(0, 2),
        price=_prices,
        service_id=_named_services,
        grade_id=st.sampled_from((None, None, 1, 2)),
        mode=_named_modes,
        region_id=st.sampled_from((None, None, None, 5)),
        band=_named_bands,
    )
    return with_ids(st.lists(row, min_size=min_size, max_size=max_size))


def _rate_row(measure, use, **values):
    increment, minimum, per_visit = measure
    unit, burn_factor, start, end = use
    return RateRow(
        id=0,
        increment=increment,
        minimum=minimum,
        per_visit=per_visit,
        unit=unit,
        burn_factor=burn_factor,
        start=start,
        end=end,
        **values,
    )


@cache
def allowance_rows():
    """Allowances small enough that random work ends them."""
    hours = st.builds(
        partial(AllowanceRow, 0),
        size=st.integers(0, 300),
        rollover_max=st.sampled_from((0, 0, 50)),
        **_allowance_values(),
    )
    incidents = st.builds(
        partial(AllowanceRow, 0, unit="incident"),
        size=st.integers(0, 2),
        rollover_max=st.integers(0, 1),
        **_allowance_values(),
    )
    return with_ids(st.lists(hours | hours | incidents, max_size=3))


def _allowance_values():
    return {
        "period": st.sampled_from(("month", "month", "quarter", "year", "term")),
        "service_ids": _service_sets,
        "priority": st.integers(1, 2),
        "prorate": st.booleans(),
        "at_end": st.sampled_from(("overage", "approval", "stop")),
        "rollover_periods": st.integers(0, 2),
    }


def with_ids(rows):
    """Lists of such rows with ids of their own, rising or falling."""
    return st.tuples(rows, st.booleans()).map(_numbered)


def _numbered(given):
    rows, is_falling = given
    ids = range(len(rows), 0, -1) if is_falling else range(1, len(rows) + 1)
    return tuple(replace(row, id=id_) for row, id_ in zip(rows, ids, strict=True))


@cache
def plans(id_=1, policies=POLICIES):
    """A plan; ids of its rows never are those of another plan's."""
    calendar = st.sampled_from((OFFICE, OFFICE, None))
    rows = st.tuples(coverages(policies), rate_rows(min_size=1), allowance_rows())
    return st.builds(_plan, st.just(id_), calendar, rows)


def _plan(id_, calendar, rows):
    return Plan(id_, calendar, *(_moved(many, 100 * id_) for many in rows))


def _moved(rows, by):
    return tuple(replace(row, id=row.id + by) for row in rows)


@cache
def own_rows(policies=POLICIES):
    """A contract's own rows: often none, with days of their own, or percents."""
    dated = st.tuples(_firsts, _lasts)
    percents = st.sampled_from((None, Decimal(90), Decimal("33.3")))
    replaced = st.sampled_from((None, None, 101, 102))
    extras = st.lists(st.tuples(dated, percents, replaced), min_size=4, max_size=4)
    rows = st.tuples(coverages(policies, min_size=0), rate_rows(2), allowance_rows())
    return st.just(OwnRows()) | st.builds(_own, rows, extras)


def _own(rows, extras):
    coverage, rates, allowances = (_moved(many, OWN) for many in rows)
    return OwnRows(
        _dated(coverage, extras),
        tuple(
            replace(row, percent=percent)
            for row, (_days, percent, _id) in _beside(_dated(rates, extras), extras)
        ),
        tuple(
            replace(row, replaces_id=id_)
            for row, (_days, _percent, id_) in _beside(
                _dated(allowances, extras), extras
            )
        ),
    )


def _beside(rows, extras):
    return zip(rows, extras, strict=False)


def _dated(rows, extras):
    return tuple(
        replace(row, start=start, end=end)
        for row, ((start, end), _percent, _id) in _beside(rows, extras)
    )
