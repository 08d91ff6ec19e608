"""Random contracts: the facts of rating, nothing written yet."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, partial

from cases import SHANGHAI, fee_line
from engine.facts import Facts, FeeRow, Grant, Miss, Term, Ticket, Work
from hypothesis import strategies as st
from rows import (
    CHANGE,
    POLICIES,
    SERVICES,
    VENDOR_FAULT_SERVICE,
    own_rows,
    plans,
    rate_rows,
    with_ids,
)
from strategies import roundings

TICKETS = (1, 2)
_modes = st.sampled_from(("remote", "onsite"))
SERVICE_IDS = st.sampled_from((1, 1, 2, 2, VENDOR_FAULT_SERVICE))
_regions = st.sampled_from((None, 5))
_work_days = st.dates(date(2026, 9, 28), date(2026, 10, 3))
_minutes_of_day = st.none() | st.integers(0, 24 * 60 - 1)
# A first day at a month's ends, so that a period ends among the days of work.
_first_days = st.builds(
    date,
    st.just(2026),
    st.sampled_from((1, 8, 9)),
    st.sampled_from((1, 1, 2, 3, 28, 15)),
)
LIMITS = st.sampled_from([Decimal(limit) for limit in ("0", "0", "30", "500")])
ACCEPTED = st.sampled_from([Decimal(amount) for amount in ("0", "0", "25", "700")])
QUOTES = st.sampled_from((None, "S00001"))
REASONS = st.sampled_from((None, None, None, "not_charged"))

_work = st.builds(
    partial(Work, 0),
    ticket_id=st.sampled_from(TICKETS),
    day=_work_days,
    minutes=st.sampled_from((0, 1, 10, 20, 45, 125, 600)),
    service_id=SERVICE_IDS,
    mode=_modes,
    grade_id=st.sampled_from((None, 1, 2)),
    region_id=_regions,
)
_works = st.lists(st.tuples(_work, _minutes_of_day), min_size=1, max_size=5)


def works(first=1):
    """Entries of some minutes or hours, with a start of the day or without."""
    return _works.map(
        lambda drawn: tuple(
            work_of(work, minute, number)
            for number, (work, minute) in enumerate(drawn, first)
        )
    )


def work_of(work, minute, number):
    """The entry with a number, its start on its day, and what its service brings."""
    start = None if minute is None else moment(work.day, minute)
    return replace(of_service(work), id=number, start=start)


def moment(day, minute):
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minute)


def of_service(thing):
    """Work or a ticket with the category of its service."""
    return replace(
        thing,
        category=SERVICES[thing.service_id],
        is_vendor_fault=thing.service_id == VENDOR_FAULT_SERVICE,
    )


@cache
def tickets():
    """The tickets of the work: incidents, quoted, accepted, or nothing of it."""
    ticket = st.builds(
        partial(Ticket, 0),
        day=_work_days,
        service_id=SERVICE_IDS,
        mode=_modes,
        region_id=_regions,
        no_incident=REASONS,
        quote=QUOTES,
        accepted=ACCEPTED,
    )
    drawn = st.tuples(ticket, _minutes_of_day)
    return st.tuples(*[drawn] * len(TICKETS)).map(_tickets)


def _tickets(drawn):
    return tuple(
        replace(
            of_service(ticket),
            id=number,
            received_at=None if minute is None else moment(ticket.day, minute),
        )
        for number, (ticket, minute) in zip(TICKETS, drawn, strict=True)
    )


@cache
def packs():
    """Prepaid packs, and grants made by hand."""
    grant = st.builds(
        _pack,
        st.sampled_from((("hour", 200), ("hour", 45), ("incident", 1))),
        origin=st.sampled_from(("purchase", "manual")),
        start=st.sampled_from((date(2026, 9, 1), CHANGE)),
        end=st.sampled_from((None, date(2026, 9, 30), date(2026, 10, 2))),
        service_ids=st.sampled_from((frozenset(), frozenset({2}))),
        priority=st.integers(1, 2),
    )
    return with_ids(st.lists(grant, max_size=2))


def _pack(measure, **values):
    unit, size = measure
    return Grant(None, None, unit=unit, size=size, **values)


@cache
def misses():
    """Targets that were missed, each at most once a ticket (R23)."""
    miss = st.builds(
        Miss,
        ticket_id=st.sampled_from(TICKETS),
        target=st.sampled_from(("response", "resolution")),
        day=_work_days,
        percent=st.sampled_from([Decimal(percent) for percent in ("5", "33.3", "80")]),
    )
    return st.lists(
        miss, max_size=3, unique_by=lambda miss: (miss.ticket_id, miss.target)
    ).map(tuple)


@cache
def contracts(policies=POLICIES):
    """A contract's facts: plans, own rows, card, packs, tickets and work."""
    return st.builds(
        _contract,
        start=_first_days,
        end=st.sampled_from((None, None, date(2026, 10, 2), date(2027, 1, 15))),
        plan=plans(policies=policies),
        next_plan=st.none() | plans(2, policies),
        own=own_rows(policies),
        rounding=roundings,
        card=rate_rows(3),
        overage_limit=LIMITS,
        tickets=tickets(),
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


def with_fees(facts, percent):
    """The contract with a monthly fee that is due, for credits of missed targets."""
    row = FeeRow(901, "fixed", Decimal(1000), discount=percent)
    line = fee_line(row, facts.start, facts.end)
    return replace(facts, fee_lines=(line,), fees_until=facts.until)


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
