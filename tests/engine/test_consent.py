"""What is beyond the allowance: limits, approval, stop (R25)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cases import facts, in_the_books, month_hours, plan, rate_row, work
from engine.facts import Charge, Ticket
from engine.rating import rate

HOUR_PRICE = 300  # 5.00 a minute
RATES = (rate_row(1, HOUR_PRICE),)


def contract(works, at_end="overage", accepted=0, **values):
    row = month_hours(1, at_end=at_end)
    tickets = tuple(
        Ticket(id_, date(2026, 9, 1), accepted=Decimal(accepted))
        for id_ in {one.ticket_id for one in works}
    )
    return facts(plan("allowance", RATES, (row,)), works, tickets=tickets, **values)


def beyond(outcome):
    """Minutes of overage that are open, and that wait."""
    charges = [charge for charge in outcome.charges if charge.kind == "overage"]
    return tuple(
        sum(charge.minutes for charge in charges if charge.waiting is waits)
        for waits in (False, True)
    )


def test_r25_without_a_limit_overage_is_simply_priced():
    assert beyond(rate(contract([work(1, "2026-09-10", 180)]))) == (120, 0)


def test_r25_overage_beyond_the_limit_waits_cut_at_the_last_whole_minute():
    works = [work(1, "2026-09-10", 180)]
    outcome = rate(contract(works, overage_limit=Decimal("203")))
    assert beyond(outcome) == (40, 80)
    waiting = outcome.charges[-1]
    assert (waiting.args["waits"], waiting.amount) == ("limit", 400)


def test_r25_each_month_has_its_own_limit():
    works = [work(1, "2026-09-10", 180), work(2, "2026-10-10", 180)]
    limited = contract(works, overage_limit=Decimal(500), until=date(2026, 10, 31))
    assert beyond(rate(limited)) == (200, 40)


def test_r25_what_is_invoiced_uses_the_limit_first():
    early, late = work(1, "2026-09-05", 100), work(2, "2026-09-20", 80)
    before = contract([late], overage_limit=Decimal(100))
    before = replace(before, work=(late,))
    books = in_the_books(before, rate(before), lambda charge: not charge.waiting)
    after = rate(replace(books, work=(early, late)))
    assert beyond(after) == (0, 100)


def test_r25_approval_waits_for_all_that_is_beyond():
    works = [work(1, "2026-09-10", 180)]
    outcome = rate(contract(works, "approval", overage_limit=Decimal(1000)))
    assert beyond(outcome) == (0, 120)
    assert outcome.charges[-1].args["waits"] == "approval"


def test_r25_an_accepted_amount_covers_whole_minutes_of_its_ticket():
    works = [work(1, "2026-09-10", 180), work(2, "2026-09-11", 60)]
    outcome = rate(contract(works, "approval", accepted=304))
    assert beyond(outcome) == (60 + 60, 60)
    accepted = [c for c in outcome.charges if c.args.get("by") == "accepted"]
    assert [charge.amount for charge in accepted] == [300, 300]


def test_r25_acceptance_is_of_all_that_the_ticket_costs_beyond_its_allowance():
    """Limit 200, accepted 450, beyond 600: 200 by the limit, 250 agreed, 150 wait."""
    works = [work(1, "2026-09-10", 180)]
    outcome = rate(contract(works, accepted=450, overage_limit=Decimal(200)))
    amounts = [(c.args.get("by"), c.amount) for c in outcome.charges[1:]]
    assert amounts == [("limit", 200), ("accepted", 250), (None, 150)]


def test_r25_accepted_minutes_leave_the_limit_to_others():
    one, other = work(1, "2026-09-10", 180), work(2, "2026-09-11", 30)
    limited = contract([one, other], overage_limit=Decimal(700))
    assert beyond(rate(limited)) == (140, 10)


def test_r25_what_an_acceptance_has_covered_later_work_takes_back_no_more():
    """Dear work fits no more into the limit, and is accepted; cheap work does later."""
    rates = (rate_row(1, 800, grade_id=1), rate_row(2, 100, grade_id=2))
    works = [
        work(1, "2026-09-10", 10, grade_id=1),  # 13.33 a minute: 2 in the limit of 30
        work(2, "2026-09-11", 10, grade_id=2),  # 1.67 a minute: 1 in what is left of it
    ]
    limited = replace(
        contract(works, accepted=40, overage_limit=Decimal(30)),
        terms=facts(plan("allowance", rates), []).terms,
    )
    dear = beyond(rate(replace(limited, work=(works[0],))))
    assert dear == (3, 7), "two by the limit, one by the 40.00 accepted"
    outcome = rate(replace(limited, work=tuple(works)))
    first = [c for c in outcome.charges if c.work_id == 1 and not c.waiting]
    assert sum(charge.minutes for charge in first) == 3


def test_r25_freezing_changes_nothing_of_what_is_agreed():
    works = [work(1, "2026-09-10", 85), work(2, "2026-09-11", 60)]
    before = contract(works, accepted=75, overage_limit=Decimal(100))
    whole = beyond(rate(before))
    books = in_the_books(
        before, rate(before), lambda c: c.work_id == 1 and not c.waiting
    )
    rest = beyond(rate(books))
    frozen = [item.charge for item in books.existing if item.frozen]
    billed = sum(charge.minutes for charge in frozen if charge.kind == "overage")
    assert (billed + rest[0], rest[1]) == whole


def test_r25_work_before_the_facts_begin_has_used_the_acceptance():
    books = contract([work(1, "2026-10-10", 180)], "approval", accepted=400)
    used = Charge(
        "w9.1", "overage", date(2026, 9, 9), Decimal(300), ticket_id=1,
        minutes=60, unit="hour", price=Decimal(HOUR_PRICE), args={"by": "accepted"},
    )  # fmt: skip
    part = replace(
        books, since=date(2026, 10, 1), until=date(2026, 10, 31), earlier=(used,)
    )
    assert beyond(rate(part)) == (20, 100)


def test_r25_stop_is_priced_when_it_is_passed_and_says_so():
    outcome = rate(contract([work(1, "2026-09-10", 90)], "stop"))
    assert beyond(outcome) == (30, 0)
    assert outcome.charges[-1].args["at_end"] == "stop"


def test_r25_the_last_matching_plan_grant_decides():
    first = month_hours(1, id_=1, priority=1, at_end="stop")
    last = month_hours(1, id_=2, priority=2, at_end="approval")
    both = facts(plan("allowance", RATES, (first, last)), [work(1, "2026-09-10", 180)])
    assert beyond(rate(both)) == (0, 60)


def test_r25_amounts_are_compared_to_the_cent_as_the_customer_reads_them():
    """40 minutes at 100 an hour cost 66.67, 20 minutes 33.33."""
    works = [work(1, "2026-09-10", 80)]
    thirds = (rate_row(1, 100),)
    row = month_hours(1, at_end="approval")
    for accepted, agreed in (("33.33", 20), ("33.32", 19), ("0", 0), ("0.01", 0)):
        ticket = Ticket(1, date(2026, 9, 1), accepted=Decimal(accepted))
        asked = facts(plan("allowance", thirds, (row,)), works, tickets=(ticket,))
        assert beyond(rate(asked)) == (agreed, 20 - agreed)
    row = month_hours(1)
    for limit, free in (("33.33", 20), ("33.32", 19), ("0.01", 0)):
        limited = facts(
            plan("allowance", thirds, (row,)), works, overage_limit=Decimal(limit)
        )
        assert beyond(rate(limited)) == (free, 20 - free)


def test_r25_what_is_invoiced_to_the_cent_leaves_nothing_of_what_was_accepted():
    ticket = Ticket(1, date(2026, 9, 1), accepted=Decimal("33.33"))
    row = month_hours(1, at_end="approval")
    thirds = plan("allowance", (rate_row(1, 100),), (row,))
    asked = facts(thirds, [work(1, "2026-09-10", 90)], tickets=(ticket,))
    books = in_the_books(asked, rate(asked), lambda charge: not charge.waiting)
    assert beyond(rate(books)) == (0, 10)
