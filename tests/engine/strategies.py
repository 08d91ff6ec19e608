"""Valid inputs for the engine's tests, built once for all of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from itertools import product

from cases import OFFICE, SHANGHAI
from engine.facts import (
    AllowanceRow,
    CoverageRow,
    Facts,
    Grant,
    Plan,
    RateRow,
    Term,
    Work,
)
from engine.periods import Schedule
from engine.worktime import Attendance, Calendar
from hypothesis import strategies as st

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")
RULES = (
    "daily",
    "weekly",
    "monthly",
    "monthlylastday",
    "quarterly",
    "semesterly",
    "yearly",
)

# money

roundings = st.sampled_from([Decimal(step) for step in ("0.01", "1", "0.001", "0.05")])
exact_amounts = st.builds(
    Fraction, st.integers(-10_000_000, 10_000_000), st.sampled_from((1, 3, 60, 480))
)

# days and periods

days = st.dates(date(2023, 1, 1), date(2033, 12, 31))
rules = st.sampled_from(RULES)
recurrences = st.tuples(rules, st.integers(1, 4))


@st.composite
def schedules(draw, forced: bool = False):
    """A line's schedule: new or under way, with or without end and forced date."""
    rule, interval = draw(recurrences)
    start = draw(days)
    billed = draw(st.none() | st.integers(0, 400))
    next_start = start if billed is None else start + timedelta(days=billed + 1)
    end = draw(st.none() | st.integers(0, 1500))
    shift = draw(st.integers(-40, 40)) if forced else 0
    schedule = Schedule(
        date_start=start,
        date_end=None if end is None else next_start + timedelta(days=end),
        rule=rule,
        interval=interval,
        invoicing=draw(st.sampled_from(("pre-paid", "post-paid"))),
        last_invoiced=None if billed is None else next_start - timedelta(days=1),
        next_date=None,
    )
    due = schedule.due_of(next_start) + timedelta(days=shift)
    return schedule.starting(due)


# intervals

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)

# calendars

moments = st.datetimes(
    datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC)
)
dst_nights = st.sampled_from(
    [
        datetime(2026, 3, 7, 12, tzinfo=UTC),  # before 8 March, New York
        datetime(2026, 3, 28, 12, tzinfo=UTC),  # before 29 March, Berlin
        datetime(2026, 10, 24, 12, tzinfo=UTC),  # before 25 October, Berlin
        datetime(2026, 10, 31, 12, tzinfo=UTC),  # before 1 November, New York
    ]
)
near_dst = st.builds(
    lambda night, minutes: night + timedelta(minutes=minutes),
    dst_nights,
    st.integers(0, 48 * 60),
)
starts = moments | near_dst

# No attendance begins or ends in the hours that DST repeats or leaves out: there the
# clock on the wall is no oracle. test_worktime has those hours as examples.
_edges = st.sampled_from([0, *range(4 * 60, 24 * 60 + 1, 15)])


@st.composite
def attendances(draw, two_weeks: bool):
    """One row of a weekly timetable."""
    start, end = sorted(draw(st.lists(_edges, min_size=2, max_size=2, unique=True)))
    week = draw(st.sampled_from((0, 1))) if two_weeks else None
    return Attendance(draw(st.integers(0, 6)), start, end, week)


@st.composite
def leaves(draw):
    """A leave, from an hour to some weeks, at whole minutes of UTC."""
    start = draw(starts).replace(second=0, microsecond=0)
    return start, start + timedelta(minutes=draw(st.integers(1, 9 * 24 * 60)))


@st.composite
def calendars(draw, min_attendances: int = 0):
    """A calendar of one or two weeks, rows may overlap, with a few leaves."""
    rows = attendances(two_weeks=draw(st.booleans()))
    return Calendar(
        tz=draw(st.sampled_from(ZONES)),
        attendances=tuple(draw(st.lists(rows, min_size=min_attendances, max_size=12))),
        leaves=tuple(draw(st.lists(leaves(), max_size=4))),
    )


# contracts

SERVICES = {1: "maintenance", 2: "value_added", 3: "value_added"}
VENDOR_FAULT_SERVICE = 3
CHANGE = date(2026, 9, 30)
POLICIES = ("included", "allowance", "allowance", "billable", "excluded")

_month_days = st.integers(1, 28)
_services = st.sampled_from(sorted(SERVICES))
_grades = st.sampled_from((None, 1, 2))
_modes = st.sampled_from(("remote", "onsite"))
_prices = st.sampled_from([Decimal(price) for price in ("800", "333.33", "0.07", "1")])
_work_days = st.dates(date(2026, 9, 28), date(2026, 10, 3))
DISCOUNTS = st.sampled_from([Decimal(0), Decimal(0), Decimal(3), Decimal("12.5")])


# (increment, minimum, per visit) and (unit, burn factor, first day, last day)
_measures = st.sampled_from(
    list(product((1, 15, 30, 60), (0, 0, 20, 60), (False, True)))
)
_uses = st.sampled_from(
    list(
        product(
            ("hour", "hour", "day"),
            [Decimal(factor) for factor in ("1", "1.5", "0.3", "7")],
            (None, None, CHANGE),
            (None, None, date(2026, 10, 1)),
        )
    )
)


@cache
def coverages(policies=POLICIES):
    """Rows of coverage that name a service, a category, a mode, or none."""
    row = st.builds(
        partial(CoverageRow, 0),
        sequence=st.integers(0, 2),
        service_id=st.sampled_from((None, *SERVICES)),
        category=st.sampled_from((None, "maintenance", "value_added")),
        mode=st.sampled_from((None, "remote", "onsite")),
        policy=st.sampled_from(policies),
        discount=DISCOUNTS,
    )
    return _with_ids(st.lists(row, min_size=1, max_size=3))


@cache
def rate_rows(max_size=4):
    """Rate rows that differ in everything that R5 and R10 look at."""
    row = st.builds(
        _rate_row,
        _measures,
        _uses,
        sequence=st.integers(0, 2),
        price=_prices,
        service_id=st.sampled_from((None, *SERVICES)),
        grade_id=_grades,
        mode=st.sampled_from((None, "remote", "onsite")),
        region_id=st.sampled_from((None, None, 5)),
        band=st.sampled_from((None, None, "normal", "after_hours", "holiday")),
    )
    return _with_ids(st.lists(row, max_size=max_size))


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
    row = st.builds(
        partial(AllowanceRow, 0),
        size=st.integers(0, 300),
        period=st.sampled_from(("month", "quarter", "year", "term")),
        service_ids=st.sampled_from((frozenset(), frozenset({1}), frozenset({1, 2}))),
        priority=st.integers(1, 2),
        prorate=st.booleans(),
    )
    return _with_ids(st.lists(row, max_size=2))


def _with_ids(rows):
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
    rows = st.tuples(coverages(policies), rate_rows(), allowance_rows())
    return st.builds(_plan, st.just(id_), calendar, rows)


def _plan(id_, calendar, rows):
    coverage, rates, allowances = (
        tuple(replace(row, id=row.id + 100 * id_) for row in many) for many in rows
    )
    return Plan(id_, calendar, coverage, rates, allowances)


_work = st.builds(
    partial(Work, 0),
    ticket_id=st.integers(1, 2),
    day=_work_days,
    minutes=st.sampled_from((0, 1, 10, 20, 45, 125, 600)),
    service_id=_services,
    mode=_modes,
    grade_id=_grades,
    region_id=st.sampled_from((None, 5)),
)
_works = st.lists(
    st.tuples(_work, st.none() | st.integers(0, 24 * 60 - 1)), min_size=1, max_size=5
)


def works(first=1):
    """Entries of some minutes or hours, with a start of the day or without."""
    return _works.map(
        lambda drawn: tuple(
            _of_service(work, minute, number)
            for number, (work, minute) in enumerate(drawn, first)
        )
    )


def _of_service(work, minute, number):
    midnight = datetime.combine(work.day, time(), SHANGHAI)
    return replace(
        work,
        id=number,
        category=SERVICES[work.service_id],
        start=None if minute is None else midnight + timedelta(minutes=minute),
        is_vendor_fault=work.service_id == VENDOR_FAULT_SERVICE,
    )


@cache
def packs():
    """Prepaid packs, and grants made by hand."""
    grant = st.builds(
        partial(Grant, 0, None),
        origin=st.sampled_from(("purchase", "manual")),
        size=st.integers(0, 200),
        start=st.sampled_from((date(2026, 9, 1), CHANGE)),
        end=st.sampled_from((None, date(2026, 9, 30), date(2026, 10, 2))),
        service_ids=st.sampled_from((frozenset(), frozenset({2}))),
        priority=st.integers(1, 2),
    )
    return _with_ids(st.lists(grant, max_size=2))


@cache
def contracts(policies=POLICIES):
    """A contract's facts, nothing written yet: plans, card, packs and work."""
    return st.builds(
        _contract,
        start=st.builds(date, st.just(2026), st.sampled_from((1, 9)), _month_days),
        end=st.sampled_from((None, date(2026, 10, 2), date(2027, 1, 15))),
        plan=plans(policies=policies),
        next_plan=st.none() | plans(2, policies),
        rounding=roundings,
        card=rate_rows(2),
        work=works(),
        grants=packs(),
    )


def _contract(start, plan, next_plan, **values):
    terms = [Term(start, plan)]
    if next_plan:
        terms.append(Term(CHANGE, next_plan))
    return Facts(
        contract_id=1,
        start=start,
        until=date(2026, 10, 31),
        terms=tuple(terms),
        **values,
    )


@cache
def rolling():
    """Contracts whose months pass on what is left, amid their work (R8)."""
    allowed = contracts(policies=("allowance",))
    return st.builds(_rolling, allowed, st.integers(1, 2), st.integers(0, 60))


def _rolling(facts, periods, most):
    """One plan; its months begin on the first, and work lies on both sides of it."""
    start = date(2026, 9, 1)
    life = {"period": "month", "rollover_periods": periods, "rollover_max": most}
    plan = facts.terms[0].plan
    rows = tuple(replace(row, **life) for row in plan.allowances)
    terms = (Term(start, replace(plan, allowances=rows)),)
    return replace(facts, start=start, terms=terms)
