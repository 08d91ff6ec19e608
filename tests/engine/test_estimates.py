"""Work under an accepted estimate, and in an emergency (R25, E3, A9)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import facts, in_the_books, month_hours, plan, rate_row, work
from engine.facts import Ticket
from engine.rating import rate

RATES = (rate_row(1, 60),)  # 1.00 a minute
SEPTEMBER = date(2026, 9, 1)


def contract(works, policy="billable", at_end="stop", **ticket):
    ticket.setdefault("accepted", Decimal(100))
    tickets = (Ticket(works[0].ticket_id, SEPTEMBER, **ticket),)
    rows = (month_hours(1, at_end=at_end),) if policy == "allowance" else ()
    return facts(plan(policy, RATES, rows), works, tickets=tickets)


def said(outcome):
    """Kind, minutes, amount and whether it waits, of each charge."""
    return [
        (charge.kind, charge.minutes, charge.amount, charge.waiting)
        for charge in outcome.charges
    ]


@pytest.mark.parametrize("policy", ["billable", "excluded"])
def test_r25_priced_work_stops_at_an_accepted_estimate(policy):
    works = [work(1, "2026-09-10", 150)]
    if policy == "excluded":
        capped = replace(contract(works, policy, capped=True), card=RATES)
    else:
        capped = contract(works, policy, capped=True)
    outcome = rate(capped)
    assert said(outcome) == [
        ("billable", 100, 100, False),
        ("billable", 50, 50, True),
    ]
    assert [charge.args.get("by") for charge in outcome.charges] == ["accepted", None]
    assert outcome.charges[1].args["waits"] == "approval"


def test_r25_without_an_estimate_billable_work_asks_nobody():
    outcome = rate(contract([work(1, "2026-09-10", 150)]))
    assert said(outcome) == [("billable", 150, 150, False)]
    assert "beyond" not in outcome.charges[0].args


def test_r25_what_is_invoiced_of_an_estimate_uses_it_first():
    early = work(1, "2026-09-05", 60, ticket_id=1)
    late = work(2, "2026-09-20", 80, ticket_id=1)
    before = contract([late], capped=True)
    books = in_the_books(before, rate(before), lambda charge: not charge.waiting)
    after = rate(replace(books, work=(early, late)))
    minutes = [(charge.minutes, charge.waiting) for charge in after.charges]
    assert minutes == [(20, False), (40, True)]


def test_r25_overage_and_billable_work_share_one_estimate():
    works = [work(1, "2026-09-10", 150), work(2, "2026-09-11", 30, ticket_id=1)]
    capped = contract(works, "allowance", "approval", capped=True)
    assert said(rate(capped)) == [
        ("allowance", 60, 0, False),
        ("overage", 90, 90, False),
        ("overage", 10, 10, False),
        ("overage", 20, 20, True),
    ]


def test_r10_work_without_a_price_waits_for_it_whatever_is_accepted():
    unrated = replace(
        contract([work(1, "2026-09-10", 30)], capped=True),
        terms=facts(plan("billable", (), ()), []).terms,
    )
    assert said(rate(unrated)) == [("unrated", 30, 0, True)]


def test_r25_an_emergency_passes_a_stop_and_waits():
    works = [work(1, "2026-09-10", 100)]
    stopped = rate(contract(works, "allowance", accepted=Decimal(0)))
    assert said(stopped)[1] == ("overage", 40, 40, False)
    assert stopped.charges[1].args["at_end"] == "stop"
    emergency = rate(
        contract(works, "allowance", accepted=Decimal(0), is_emergency=True)
    )
    assert said(emergency)[1] == ("overage", 40, 40, True)
    assert emergency.charges[1].args["waits"] == "approval"
    assert "at_end" not in emergency.charges[1].args


def test_r25_an_emergency_is_open_as_far_as_it_is_accepted_afterwards():
    works = [work(1, "2026-09-10", 100)]
    outcome = rate(
        contract(works, "allowance", accepted=Decimal(25), is_emergency=True)
    )
    assert said(outcome)[1:] == [
        ("overage", 25, 25, False),
        ("overage", 15, 15, True),
    ]


@pytest.mark.parametrize("at_end", ["overage", "approval"])
def test_r25_an_emergency_changes_nothing_where_nothing_stops(at_end):
    works = [work(1, "2026-09-10", 100)]
    facts_ = contract(works, "allowance", at_end)
    emergency = contract(works, "allowance", at_end, is_emergency=True)
    assert rate(facts_).charges == rate(emergency).charges
