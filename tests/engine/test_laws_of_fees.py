"""What holds for any fee, whatever changes in a paid period and what is invoiced."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from cases import facts, fee_line, in_the_books
from engine.difference import difference
from engine.facts import FeeRow, Metric
from engine.fee_days import daily, exact
from engine.rating import rate
from hypothesis import given
from hypothesis import strategies as st
from model.fees import cost_by_day, days_of, periods_of
from model.rounding import rounded
from strategies import roundings

START = date(2027, 12, 15)  # the first year has a 29 February
DAYS = st.dates(START - timedelta(days=20), date(2029, 3, 1))
MONEY = st.sampled_from([Decimal(price) for price in ("1000", "333.33", "0.07")])
PERCENTS = st.sampled_from([Decimal(percent) for percent in ("0", "0", "5", "33.3")])
PICKS = st.sets(st.integers(0, 12))


@st.composite
def rows(draw):
    """Fees by users, or fixed, with a price or tiers, and all that moves them."""
    basis = draw(st.sampled_from(("users", "users", "users", "fixed")))
    tiers = draw(st.booleans()) and basis == "users"
    bounds = [Decimal("2.5"), Decimal(20), None]
    return FeeRow(
        1,
        basis,
        price=Decimal(0) if tiers else draw(MONEY),
        discount=draw(PERCENTS),
        minimum_fee=draw(st.sampled_from((Decimal(0), Decimal(0), Decimal(900)))),
        tiers=tuple((bound, draw(MONEY)) for bound in bounds) if tiers else (),
        by_volume=draw(st.booleans()),
        factors=draw(st.sampled_from(((), ((7, Decimal("1.3")), (8, Decimal("0.9")))))),
        credit_decrease=draw(st.booleans()),
    )


def metrics():
    """Users of two installations, from some days on; of the first since ever."""
    values = st.sampled_from(
        [Decimal(n) for n in ("0", "2.5", "3", "19", "20.5", "40")]
    )
    later = st.builds(Metric, st.sampled_from((1, 2)), st.just("users"), DAYS, values)
    first = st.builds(
        Metric, st.just(1), st.just("users"), st.just(date(2020, 1, 1)), values
    )
    changes = st.lists(
        later, max_size=4, unique_by=lambda m: (m.installation_id, m.day)
    )
    return st.builds(lambda one, many: (one, *many), first, changes)


@st.composite
def pauses(draw):
    start = draw(DAYS)
    return ((start, start + timedelta(days=draw(st.integers(0, 60)))),)


@st.composite
def contracts(draw):
    rule, interval = draw(
        st.sampled_from(
            (("monthly", 1), ("quarterly", 1), ("yearly", 1), ("weekly", 3))
        )
    )
    line = fee_line(
        draw(rows()),
        START,
        rule=rule,
        interval=interval,
        invoicing=draw(st.sampled_from(("pre-paid", "post-paid"))),
    )
    return facts(
        start=START,
        fee_lines=(replace(line, member=draw(PERCENTS)),),
        fees_until=draw(st.dates(START, date(2028, 12, 20))),
        metrics=draw(metrics()),
        rounding=draw(roundings),
    )


changes = st.one_of(
    st.builds(lambda many: {"metrics": many}, metrics()),
    st.builds(lambda many: {"pauses": many}, st.just(()) | pauses()),
    st.builds(lambda day: {"end": day}, st.none() | DAYS.filter(lambda d: d >= START)),
    st.builds(
        lambda day: {"line_end": day}, st.none() | st.dates(START, date(2029, 3, 1))
    ),
)


def moved(books, change):
    """The books after something was typed."""
    if "line_end" not in change:
        return replace(books, **change)
    (line,) = books.fee_lines
    schedule = replace(line.schedule, date_end=change["line_end"])
    return replace(books, fee_lines=(replace(line, schedule=schedule),))


def invoiced(books, picked):
    outcome = rate(books)
    ready = [charge for charge in outcome.charges if not charge.waiting]
    keys = {ready[n % len(ready)].key for n in picked if ready}
    return in_the_books(books, outcome, lambda charge: charge.key in keys)


def everything(books):
    frozen = [item.charge for item in books.existing if item.frozen]
    return [*frozen, *rate(books).charges]


def by_day(charges):
    sums = defaultdict(Fraction)
    for charge in charges:
        for day in days_of(charge.start, charge.end):
            sums[day] += daily(charge)
    return sums


@given(contracts(), st.lists(st.tuples(PICKS, changes), max_size=5))
def test_r20_r21_r22_every_day_costs_what_it_costs_by_the_facts_once(books, steps):
    """Whatever is invoiced meanwhile, and by however many charges."""
    asked = set()
    for picked, change in steps:
        books = invoiced(books, picked)
        asked |= set(by_day(everything(books)))
        books = moved(books, change)
    got = by_day(everything(books))
    (line,) = books.fee_lines
    wanted = cost_by_day(books, line, max([START, *got]))
    assert {day: cost for day, cost in got.items() if cost} == {
        day: cost for day, cost in wanted.items() if cost and day in got
    }
    assert all(got[day] == 0 for day in asked if not wanted.get(day))


@given(contracts(), st.lists(st.tuples(PICKS, changes), max_size=5))
def test_r13_charges_of_a_period_are_rounded_together(books, steps):
    for picked, change in steps:
        books = moved(invoiced(books, picked), change)
    charges = everything(books)
    (line,) = books.fee_lines
    schedule, last = line.schedule, max([START, *(c.start for c in charges)])
    still_open = {charge.start for charge in rate(books).charges if charge.amount}
    for first, end in periods_of(START, schedule.rule, schedule.interval, last):
        ours = [charge for charge in charges if first <= charge.start <= end]
        if any(first <= day <= end for day in still_open):
            total = sum(map(exact, ours), Fraction(0))
            amount = sum(charge.amount for charge in ours)
            assert amount == rounded(total, books.rounding)


@given(contracts(), st.lists(st.tuples(PICKS, changes), max_size=4))
def test_r19_fees_that_are_written_are_not_written_again(books, steps):
    for picked, change in steps:
        books = moved(invoiced(books, picked), change)
    outcome = rate(books)
    written = in_the_books(books, outcome)
    assert not difference(written, rate(written))
    keys = [charge.key for charge in everything(written)]
    assert len(keys) == len(set(keys))


@given(contracts(), changes)
def test_r22_change_and_change_back_costs_nothing(books, change):
    """With an invoice in between, and without one."""
    before = {field: getattr(books, field) for field in ("metrics", "pauses", "end")}
    lines = books.fee_lines
    whole = sum(charge.amount for charge in rate(books).charges)
    billed = invoiced(books, set(range(13)))
    for picked in (set(), set(range(13))):
        there = invoiced(moved(billed, change), picked)
        back = replace(there, fee_lines=lines, **before)
        assert sum(charge.amount for charge in everything(back)) == whole
