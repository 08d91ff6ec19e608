"""What a change of plan, a pause and a renewal do to grants and work (R8, R22)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cases import facts, in_the_books, month_hours, plan, rate_row, work
from engine.difference import difference
from engine.facts import Term
from engine.rating import rate

SEPTEMBER = date(2026, 9, 1)
CHANGE = date(2026, 9, 16)
BASIC = replace(plan("allowance", [rate_row(1, 100)], [month_hours(10)]), id=1)
LARGE = replace(plan("allowance", [rate_row(2, 90)], [month_hours(20, id_=2)]), id=2)


def changed(*works, old=BASIC, new=LARGE, **values):
    terms = Term(SEPTEMBER, old), Term(CHANGE, new)
    return facts(works=works, terms=terms, **values)


def grants(outcome):
    return [
        (grant.start, grant.end, grant.size, grant.less) for grant in outcome.grants
    ]


def test_r22_the_new_plans_grant_is_prorated_and_the_old_ones_ends_uncut():
    assert grants(rate(changed())) == [
        (SEPTEMBER, date(2026, 9, 15), 600, 0),
        (CHANGE, date(2026, 9, 30), 600, 0),  # 20 h x 15 / 30 days
    ]


def test_r22_what_was_used_beyond_the_old_share_comes_off_the_new_grant():
    # 5 h are the share of 15 of 30 days; 7 h were used: 2 h less.
    books = changed(work(1, "2026-09-10", 420))
    assert grants(rate(books))[1] == (CHANGE, date(2026, 9, 30), 480, 120)
    later = replace(books, work=(*books.work, work(2, "2026-09-20", 540)))
    kinds = [(charge.kind, charge.minutes) for charge in rate(later).charges]
    assert kinds == [("allowance", 420), ("allowance", 480), ("overage", 60)]


def test_r22_less_than_the_share_gives_nothing_back():
    assert grants(rate(changed(work(1, "2026-09-10", 60))))[1][2:] == (600, 0)


def test_r22_overuse_is_exact_and_rounded_up_once_at_the_end():
    burn = replace(BASIC, rates=(rate_row(1, 100, burn_factor=Decimal("1.3")),))
    # 300 minutes are the share; 237 x 1.3 = 308.1 were used: 600 - 8.1 = 591.9
    books = changed(work(1, "2026-09-10", 237), old=burn)
    assert grants(rate(books))[1][2:] == (592, 8)


def test_r22_a_rest_that_the_new_grant_cannot_bear_stays_paid():
    small = replace(LARGE, allowances=(month_hours(1, id_=2),))
    books = changed(work(1, "2026-09-10", 600), new=small)
    assert grants(rate(books))[1][2:] == (0, 30)


def test_r22_late_work_of_the_old_plan_makes_the_new_grant_smaller_never_below_used():
    books = changed(work(1, "2026-09-20", 590))
    books = in_the_books(books, rate(books), lambda charge: True)
    late = replace(books, work=(*books.work, work(2, "2026-09-10", 360)))
    outcome = rate(late)
    assert grants(outcome)[1][2:] == (590, 10)
    written = in_the_books(late, outcome)
    assert not difference(written, rate(written))


def test_r22_a_grant_for_other_services_does_not_bear_it():
    other = month_hours(9, id_=3, priority=1, service_ids=frozenset({99}))
    first = month_hours(10, service_ids=frozenset({1}))
    old = replace(BASIC, allowances=(first,))
    new = replace(LARGE, allowances=(other, *LARGE.allowances))
    books = changed(work(1, "2026-09-10", 420), old=old, new=new)
    sizes = {g.allowance_id: g.size for g in rate(books).grants if g.start == CHANGE}
    assert sizes == {3: 270, 2: 480}


def test_r22_a_renewal_is_no_change_of_plan():
    books = changed(work(1, "2026-09-10", 420), new=BASIC, renewals=(CHANGE,))
    assert [grant.less for grant in rate(books).grants] == [0, 0]


def test_r08_a_renewal_begins_periods_anew():
    terms = Term(SEPTEMBER, BASIC), Term(date(2026, 9, 21), BASIC)
    books = facts(terms=terms, renewals=(date(2026, 9, 21),), until=date(2026, 10, 25))
    assert [(grant.start, grant.end) for grant in rate(books).grants] == [
        (SEPTEMBER, date(2026, 9, 20)),
        (date(2026, 9, 21), date(2026, 10, 20)),
        (date(2026, 10, 21), date(2026, 11, 20)),
    ]


def test_r22_work_in_a_pause_is_outside_the_contract_and_grants_stay():
    pause = (date(2026, 9, 10), date(2026, 9, 12))
    card = (rate_row(9, 500),)
    works = [work(n, f"2026-09-{day}", 60) for n, day in enumerate(("09", 10, 12, 13))]
    books = facts(BASIC, works, pauses=(pause,), card=card)
    outcome = rate(books)
    assert [charge.kind for charge in outcome.charges] == [
        "allowance",
        "billable",
        "billable",
        "allowance",
    ]
    assert outcome.charges[1].reason == "not_covered"
    assert outcome.charges[1].amount == 500
    assert [grant.size for grant in outcome.grants] == [600]


def test_r22_what_is_passed_on_ends_with_the_contract():
    rolls = replace(
        BASIC, allowances=(month_hours(10, rollover_periods=1, rollover_max=300),)
    )
    books = facts(rolls, until=date(2026, 10, 5))
    books = in_the_books(books, rate(books))
    ended = rate(replace(books, end=date(2026, 10, 20)))
    ends = {grant.origin: grant.end for grant in ended.grants if grant.start.month > 9}
    assert ends == {"plan": date(2026, 10, 20), "rollover": date(2026, 10, 20)}


def test_r22_what_was_agreed_behind_the_end_is_not_agreed():
    terms = Term(SEPTEMBER, BASIC), Term(date(2026, 11, 1), LARGE)
    books = facts(terms=terms, end=date(2026, 10, 20), until=date(2026, 12, 1))
    assert [grant.start for grant in rate(books).grants] == [
        SEPTEMBER,
        date(2026, 10, 1),
    ]
