"""What is left of a period and passed on (R8), also under late work (R18)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cases import facts, in_the_books, month_hours, plan, rate_row, work
from engine.difference import difference
from engine.facts import Term
from engine.rating import rate

RATES = (rate_row(1, 300),)
OCTOBER = date(2026, 10, 31)


def contract(works, until=OCTOBER, row=None, **values):
    row = row or month_hours(10, rollover_periods=1)
    return facts(plan("allowance", RATES, (row,)), works, until=until, **values)


def rollovers(outcome):
    return [grant for grant in outcome.grants if grant.origin == "rollover"]


def taken(outcome, origin):
    charges = [c for c in outcome.charges if c.grant and c.grant[0] == origin]
    return sum(charge.taken for charge in charges)


def test_r08_what_is_left_lives_in_the_next_period():
    """Ten hours, four used in September: six pass on, and are used first."""
    outcome = rate(contract([work(1, "2026-09-10", 240), work(2, "2026-10-05", 420)]))
    (rollover,) = rollovers(outcome)
    assert (rollover.size, rollover.start) == (360, date(2026, 10, 1))
    assert rollover.end == OCTOBER
    assert (taken(outcome, "rollover"), taken(outcome, "plan")) == (360, 240 + 60)


def test_r08_at_most_the_cap_and_in_whole_minutes():
    row = month_hours(10, rollover_periods=1, rollover_max=120)
    assert rollovers(rate(contract([], row=row)))[0].size == 120
    half = (rate_row(1, 300, burn_factor=Decimal("0.5")),)
    works = [work(1, "2026-09-10", 1)]
    row = month_hours(10, rollover_periods=1)
    odd = facts(plan("allowance", half, (row,)), works, until=OCTOBER)
    assert rollovers(rate(odd))[0].size == 599  # of 599.5


def test_r08_it_lives_so_many_periods_and_is_not_passed_on_again():
    row = month_hours(10, rollover_periods=2)
    outcome = rate(contract([], until=date(2026, 11, 30), row=row))
    lives = [(grant.start, grant.end, grant.size) for grant in rollovers(outcome)]
    assert lives == [
        (date(2026, 10, 1), date(2026, 11, 30), 600),
        (date(2026, 11, 1), date(2026, 12, 31), 600),
    ]


def test_r08_nothing_is_left_nothing_is_passed_on():
    assert not rollovers(rate(contract([work(1, "2026-09-10", 600)])))


def test_r08_nothing_passes_the_contracts_end_or_a_change_of_plan():
    row = month_hours(10, rollover_periods=1)
    ended = contract([], end=date(2026, 9, 30))
    assert not rollovers(rate(ended))
    terms = (
        Term(date(2026, 9, 1), plan("allowance", RATES, (row,))),
        Term(date(2026, 10, 1), plan("allowance", RATES)),
    )
    assert not rollovers(rate(facts(terms=terms, until=OCTOBER)))


def test_r08_incidents_pass_on_as_incidents():
    row = month_hours(0, unit="incident", rollover_periods=1)
    row = replace(row, size=3)
    (rollover,) = rollovers(rate(contract([], row=row)))
    assert (rollover.unit, rollover.size) == ("incident", 3)


def test_r18_late_work_shrinks_the_rollover_as_far_as_it_is_not_invoiced():
    """Six hours passed on, five of them invoiced: late work finds one hour."""
    september, october = work(1, "2026-09-10", 240), work(2, "2026-10-05", 300)
    before = contract([september, october])
    books = in_the_books(before, rate(before), lambda charge: True)
    late = work(3, "2026-09-20", 90)
    outcome = rate(replace(books, work=(september, october, late)))
    covered, over = outcome.charges
    assert (covered.kind, covered.taken) == ("allowance", 60)
    assert (over.kind, over.minutes) == ("overage", 30)
    assert rollovers(outcome)[0].size == 300  # never less than is invoiced of it


def test_r19_late_work_deleted_gives_the_rollover_back():
    before = contract([work(1, "2026-10-05", 30)])
    books = in_the_books(before, rate(before))
    late = replace(books, work=(*books.work, work(2, "2026-09-20", 90)))
    changes = difference(late, rate(late))
    ((_id, smaller),) = changes.grants_update
    assert smaller.size == 510
    again = replace(in_the_books(late, rate(late)), work=books.work)
    assert rate(again).grants == books.grants


def test_r19_a_run_of_october_alone_passes_the_same_on():
    before = contract([work(1, "2026-09-10", 240), work(2, "2026-10-05", 30)])
    books = in_the_books(before, rate(before))
    grants = [
        replace(grant, taken=Decimal(240)) if grant.start == date(2026, 9, 1) else grant
        for grant in books.grants
    ]
    part = replace(
        books,
        since=date(2026, 10, 1),
        work=books.work[1:],
        existing=books.existing[1:],
        grants=tuple(grants),
    )
    assert not difference(part, rate(part))


def test_r19_two_rollovers_alike_are_used_in_one_order_whenever_they_open():
    """The first one's source is used up and free again: it opens anew, as the later."""
    rows = (
        month_hours(1, id_=1, rollover_periods=1, service_ids=frozenset({1, 2})),
        month_hours(1, id_=2, rollover_periods=1, service_ids=frozenset({1})),
    )
    october, used_up = (
        work(1, "2026-10-05", 30),
        work(2, "2026-09-10", 60, service_id=2),
    )
    before = facts(plan("allowance", RATES, rows), [october], until=OCTOBER)
    books = in_the_books(before, rate(before))
    edited = replace(books, work=(october, used_up))
    undone = replace(in_the_books(edited, rate(edited)), work=(october,))
    reopened = in_the_books(undone, rate(undone))
    assert rate(undone).charges == rate(books).charges
    assert rate(reopened).charges == rate(books).charges
