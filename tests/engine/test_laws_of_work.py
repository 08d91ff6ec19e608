"""What more work, work in two parts and work typed late do to the cost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from agreement import piece, pieces
from books import everything, frozen_of, invoiced
from cases import in_the_books
from contracts import contracts, rolling, works
from engine.facts import Work
from engine.rating import rate
from hypothesis import assume, given
from hypothesis import strategies as st
from sums import net_price, summed, taken_by_grant, total

picks = st.sets(st.integers(0, 30))


def with_rates(facts, **values):
    """The facts, all their rate rows with such values."""

    def changed(rows):
        return tuple(replace(row, **values) for row in rows)

    terms = tuple(
        replace(term, plan=replace(term.plan, rates=changed(term.plan.rates)))
        for term in facts.terms
    )
    own = replace(facts.own, rates=changed(facts.own.rates))
    return replace(facts, terms=terms, own=own, card=changed(facts.card))


def as_worked(facts, **values):
    """The facts without rounding, minimum or visit."""
    return with_rates(facts, increment=1, minimum=0, per_visit=False, **values)


def amounts(charges):
    return summed(charges, net_price, lambda charge: charge.amount)


# More work


@given(contracts() | rolling(), st.lists(picks, max_size=2), works(90))
def test_r07_more_work_never_costs_less(facts, invoices, more):
    """What waits is counted at its price; no factor burns faster than another."""
    facts = as_worked(facts, burn_factor=Decimal(1))
    for picked in invoices:
        facts = invoiced(facts, picked)
    before = amounts(everything(facts))
    after = amounts(everything(replace(facts, work=(*facts.work, *more))))
    assert all(after.get(price, 0) >= amount for price, amount in before.items())


# Work in two parts


@given(contracts() | rolling(), picks, st.data())
def test_r06_r07_work_in_two_parts_costs_what_it_does_in_one(facts, picked, data):
    """One after the other on the same day, and nothing begins meanwhile."""
    facts = invoiced(as_worked(facts), picked)
    frozen = {charge.work_id for charge in frozen_of(facts)}
    alone = [w for w in facts.work if is_alone(w, facts) and w.id not in frozen]
    assume(alone)
    whole = data.draw(st.sampled_from(alone), label="whole")
    cut = data.draw(st.integers(1, whole.minutes - 1), label="first minutes")
    parts = (
        replace(whole, minutes=cut),
        replace(
            whole,
            id=99,
            minutes=whole.minutes - cut,
            start=whole.start + timedelta(minutes=cut),
        ),
    )
    others = [work for work in facts.work if work is not whole]
    in_parts = rate(replace(facts, work=(*others, *parts)))
    in_one = rate(facts)
    assert total(in_parts.charges) == total(in_one.charges)
    assert amounts(in_parts.charges) == amounts(in_one.charges)
    assert in_parts.grants == in_one.grants
    assert pieces(as_one(in_parts.charges, whole.id)) == pieces(in_one.charges)


def is_alone(work, facts):
    """Whether it may be cut: of one day, and no other work begins in it."""
    if work.start is None or work.minutes < 2:
        return False
    end = work.start + timedelta(minutes=work.minutes)
    return end.date() == work.day and not any(
        other.start and work.start <= other.start < end
        for other in facts.work
        if other is not work
    )


def as_one(charges, work_id):
    return [
        replace(charge, work_id=work_id) if charge.work_id == 99 else charge
        for charge in charges
    ]


# Work typed late


@given(contracts() | rolling(), st.data())
def test_r18_work_typed_late_costs_what_it_would_have_in_time(facts, data):
    """What is invoiced meanwhile is what would be, had all been typed in time."""
    in_time = rate(facts).charges
    wanted = {charge.key: standing(charge) for charge in in_time}
    books = replace(facts, work=(), tickets=())
    for typed in data.draw(st.permutations((*facts.work, *facts.tickets))):
        books = with_typed(books, typed, facts)
        now = rate(books)
        billable = [
            c for c in now.charges if not c.waiting and not stands_in_the_way(c, facts)
        ]
        right = [c for c in billable if wanted.get(c.key) == standing(c)]
        picked = data.draw(picks) if right else ()
        keys = {right[n % len(right)].key for n in picked}
        books = in_the_books(books, now, lambda charge, keys=keys: charge.key in keys)
    late = everything(books)
    assert pieces(late) == pieces(in_time)
    assert taken_by_grant(late) == taken_by_grant(in_time)
    still_open = {net_price(charge) for charge in rate(books).charges if charge.minutes}
    assert of(amounts(late), still_open) == of(amounts(in_time), still_open)


def stands_in_the_way(charge, facts):
    """Whether it is in the way of late work once it is invoiced: what a month's limit
    covers uses up the acceptance of its ticket, before earlier work does (R25)."""
    accepted = {ticket.id for ticket in facts.tickets if ticket.accepted}
    return charge.args.get("by") == "limit" and charge.ticket_id in accepted


def with_typed(books, typed, facts):
    """The books with one entry or ticket of the facts; no entry is without ticket."""
    if isinstance(typed, Work):
        books = replace(books, work=(*books.work, typed))
    number = typed.ticket_id if isinstance(typed, Work) else typed.id
    tickets = [ticket for ticket in facts.tickets if ticket.id == number]
    others = [ticket for ticket in books.tickets if ticket.id != number]
    return replace(books, tickets=(*others, *tickets))


def of(sums, names):
    return {name: sums.get(name, 0) for name in names}


def standing(charge):
    """Of a charge all but the cents, which depend on what was invoiced before (R13)."""
    return piece(charge), charge.minutes, charge.count, charge.used
