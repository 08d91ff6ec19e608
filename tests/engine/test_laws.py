"""What holds for any contract and any work, and a naive model beside the engine."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from agreement import assert_agree
from books import everything, frozen_of, invoiced
from cases import in_the_books
from contracts import contracts, rolling, works
from engine.difference import difference
from engine.invoicing import compose
from engine.rating import rate
from hypothesis import given
from hypothesis import strategies as st
from model import reckon, rounded
from sums import by_key, net_price, summed, taken_by_grant, total

OCTOBER = date(2026, 10, 1)
GROUPINGS = st.sampled_from(("service", "ticket", "entry"))
picks = st.sets(st.integers(0, 30))


# The naive model


@given(contracts(), st.lists(picks, max_size=2))
def test_r05_r06_r07_r08_r10_r11_r12_r25_minute_by_minute_comes_to_the_same(
    facts, invoices
):
    for picked in invoices:
        assert_agree(facts, rate(facts))
        facts = invoiced(facts, picked)
    assert_agree(facts, rate(facts))


@given(contracts())
def test_r13_each_price_of_a_month_is_rounded_once(facts):
    charges = [charge for charge in rate(facts).charges if charge.amount]
    cost = reckon(facts).cost
    wanted = {group: rounded(cost[group], facts.rounding) for group in cost}
    got = summed(charges, net_price, lambda charge: charge.amount)
    assert got == {group: amount for group, amount in wanted.items() if amount}


# Minutes


@given(contracts() | rolling(), st.lists(picks, max_size=3))
def test_r05_every_minute_worked_stands_in_one_charge(facts, invoices):
    for picked in invoices:
        facts = invoiced(facts, picked)
    worked = summed(
        everything(facts), lambda charge: charge.work_id, lambda charge: charge.worked
    )
    assert worked == {work.id: work.minutes for work in facts.work if work.minutes}


@given(contracts() | rolling(), st.lists(picks, max_size=3))
def test_r07_no_grant_is_overdrawn(facts, invoices):
    for picked in invoices:
        facts = invoiced(facts, picked)
    granted = {grant.key: grant.size for grant in facts.grants}
    granted |= {grant.key: grant.size for grant in rate(facts).grants}
    charges = everything(facts)
    assert all(charge.taken >= 0 for charge in charges)
    assert all(
        int(charge.args.get("left", "0").split(".")[0]) >= 0 for charge in charges
    )
    for key, taken in taken_by_grant(charges).items():
        assert taken <= granted[key]


@given(contracts())
def test_r05_work_of_no_minutes_changes_nothing(facts):
    empty = replace(facts.work[0], id=99, minutes=0)
    assert rate(replace(facts, work=(empty, *facts.work))) == rate(facts)


# Order


@given(contracts() | rolling(), st.randoms(use_true_random=False), picks)
def test_r01_the_order_of_the_input_is_irrelevant(facts, random, picked):
    facts = invoiced(facts, picked)

    def shuffled(rows):
        return tuple(random.sample(rows, len(rows)))

    terms = tuple(
        replace(
            term,
            plan=replace(
                term.plan,
                coverage=shuffled(term.plan.coverage),
                rates=shuffled(term.plan.rates),
                allowances=shuffled(term.plan.allowances),
            ),
        )
        for term in facts.terms
    )
    mixed = replace(
        facts,
        terms=terms,
        card=shuffled(facts.card),
        work=shuffled(facts.work),
        grants=shuffled(facts.grants),
        existing=shuffled(facts.existing),
    )
    assert rate(mixed) == rate(facts)


# Runs


@given(contracts() | rolling(), picks)
def test_r19_a_second_run_finds_nothing_to_write(facts, picked):
    facts = invoiced(facts, picked)
    books = in_the_books(facts, rate(facts))
    assert not difference(books, rate(books))


@given(contracts() | rolling(), picks, st.data())
def test_r19_an_edit_undone_gives_what_was_there(facts, picked, data):
    facts = invoiced(facts, picked)
    books = in_the_books(facts, rate(facts))
    untouched = {charge.work_id for charge in frozen_of(facts)}
    kept = tuple(
        work
        for work in facts.work
        if work.id in untouched or data.draw(st.booleans(), label=f"keep {work.id}")
    )
    edited = replace(books, work=(*kept, *data.draw(works(90))))
    undone = replace(in_the_books(edited, rate(edited)), work=facts.work)
    assert by_key(rate(undone).charges) == by_key(rate(books).charges)


@given(contracts() | rolling(), picks)
def test_r19_a_run_from_a_month_on_equals_the_whole_run(facts, picked):
    facts = invoiced(facts, picked)
    books = in_the_books(facts, rate(facts))
    before = [item.charge for item in books.existing if item.charge.day < OCTOBER]
    taken = taken_by_grant(before)
    part = replace(
        books,
        since=OCTOBER,
        work=tuple(work for work in books.work if work.day >= OCTOBER),
        tickets=tuple(
            ticket
            for ticket in books.tickets
            if ticket.day >= OCTOBER
            or any(w.ticket_id == ticket.id and w.day >= OCTOBER for w in books.work)
        ),
        earlier=tuple(charge for charge in before if charge.ticket_id),
        existing=tuple(item for item in books.existing if item.charge.day >= OCTOBER),
        grants=tuple(
            replace(grant, taken=as_decimal(taken.get(grant.key, Fraction(0))))
            for grant in books.grants
            if grant.end is None or grant.end >= OCTOBER or rolls(books, grant)
        ),
    )
    assert not difference(part, rate(part))


def rolls(facts, grant):
    """Whether what is left of a grant may still live in a rollover (R8)."""
    plans = [row for term in facts.terms for row in term.plan.allowances]
    rows = [*plans, *facts.own.allowances]
    return any(row.id == grant.allowance_id and row.rollover_periods for row in rows)


def as_decimal(minutes):
    """Exact: burn factors have no thirds."""
    return Decimal(minutes.numerator) / Decimal(minutes.denominator)


@given(contracts() | rolling(), picks)
def test_r19_nothing_that_goes_in_is_changed(facts, picked):
    facts = invoiced(facts, picked)
    before = deepcopy(facts)
    difference(facts, rate(facts))
    assert facts == before


# Frozen


@given(contracts() | rolling(), st.lists(picks, min_size=1, max_size=4))
def test_r13_the_parts_cost_what_the_whole_costs(facts, invoices):
    """However many invoices the charges fall on, and in which order."""
    whole = rate(facts).charges
    for picked in invoices:
        facts = invoiced(facts, picked)
        now = everything(facts)
        assert total(now) == total(whole)
        assert summed(now, net_price, lambda charge: charge.amount) == summed(
            whole, net_price, lambda charge: charge.amount
        )
        assert taken_by_grant(now) == taken_by_grant(whole)


@given(contracts() | rolling(), picks, picks)
def test_r16_what_is_frozen_is_never_touched(facts, one, other):
    facts = invoiced(invoiced(facts, one), other)
    frozen = {item.charge.key: item.id for item in facts.existing if item.frozen}
    changes = difference(facts, rate(replace(facts, card=())))
    assert not frozen.keys() & {charge.key for charge in changes.create}
    assert not frozen.keys() & {charge.key for _id, charge in changes.update}
    assert not set(frozen.values()) & {id_ for id_, _charge in changes.update}
    assert not set(frozen.values()) & set(changes.delete)


@given(contracts() | rolling(), st.lists(picks, max_size=3))
def test_r15_every_charge_has_a_key_of_its_own(facts, invoices):
    for picked in invoices:
        facts = invoiced(facts, picked)
    keys = [charge.key for charge in everything(facts)]
    assert len(set(keys)) == len(keys)


@given(contracts() | rolling(), picks, picks)
def test_r16_freed_charges_are_what_they_were(facts, one, other):
    """An invoice is made and deleted: nothing remains of it."""
    before = invoiced(facts, one)
    after = invoiced(before, other)
    freed = replace(after, existing=before.existing)
    assert by_key(rate(freed).charges) == by_key(rate(before).charges)


# Money


@given(contracts(policies=("included",)))
def test_r03_a_contract_that_includes_everything_costs_nothing(facts):
    facts = replace(facts, end=None)
    full = tuple(
        replace(row, service_id=None, category=None, mode=None)
        for row in facts.terms[0].plan.coverage
    )
    terms = tuple(
        replace(term, plan=replace(term.plan, coverage=full)) for term in facts.terms
    )
    charges = rate(replace(facts, terms=terms)).charges
    assert {charge.kind for charge in charges} <= {"included"}
    assert total(charges) == 0
    assert sum(charge.worked for charge in charges) == sum(
        work.minutes for work in facts.work
    )


@given(contracts())
def test_r10_what_has_no_price_waits_and_only_that(facts):
    """Beside it wait quoted work (R12) and what nobody agreed to (R25)."""
    for charge in rate(facts).charges:
        has_no_order = charge.kind == "quoted" and "order" not in charge.args
        is_agreed = "waits" not in charge.args and not has_no_order
        assert charge.waiting == (charge.kind == "unrated" or not is_agreed)
        if charge.kind == "unrated":
            assert charge.amount == 0
            assert charge.minutes or charge.count


@given(contracts(), GROUPINGS, st.sampled_from((Decimal("0.01"), Decimal("0.001"))))
def test_r14_lines_are_exactly_their_charges(facts, grouping, step):
    charges = rate(facts).charges
    draft = compose(charges, grouping, step)
    if draft is None:
        assert not any(charge.amount for charge in charges)
        return
    on_lines = [charge for line in draft.lines for charge in line.charges]
    assert by_key(on_lines) == by_key(charges)
    for line in draft.lines:
        assert line.amount == total(line.charges)
        assert line.quantity * line.price == line.amount
        assert Fraction(line.quantity) % Fraction(step) == 0
    assert sum(line.amount for line in draft.lines) == total(charges)
