"""Behind "Why?": which rows were tried and why each did not apply (R24)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cases import at, coverage, facts, in_the_books, month_hours, plan, rate_row, work
from engine.facts import Grant, OwnRows, Ticket
from engine.rating import rate
from engine.why import tried

WORK = work(1, "2026-09-10", 60, service_id=1, category="maintenance")


def why(contract, step, number=0):
    books = in_the_books(contract, rate(contract))
    charge = books.existing[number].charge
    return {
        (each.layer, each.row_id): each.verdict
        for each in tried(books, charge)
        if each.step == step
    }


def test_r24_each_coverage_row_says_why_it_did_not_apply():
    rows = (
        coverage(1, "billable"),
        coverage(2, "included", service_id=2),
        coverage(3, "included", mode="onsite"),
        coverage(4, "billable", service_id=1),
        coverage(5, "included", category="value_added"),
    )
    contract = facts(plan(rates=(rate_row(1, 300),), rows=rows), [WORK])
    assert why(contract, "coverage") == {
        ("plan", 1): "less_specific",
        ("plan", 2): "other_service",
        ("plan", 3): "other_mode",
        ("plan", 4): "applied",
        ("plan", 5): "other_category",
    }


def test_r24_an_own_row_stands_above_those_that_match_below():
    own = OwnRows(
        coverage=(
            coverage(50, "billable"),
            coverage(51, "included", start=date(2026, 9, 11)),
        ),
        rates=(rate_row(60, 0, percent=Decimal(50)),),
    )
    rates = (rate_row(1, 300), rate_row(2, 400, grade_id=9))
    contract = facts(plan(rates=rates), [WORK], own=own, card=(rate_row(90, 100),))
    assert why(contract, "coverage") == {
        ("own", 50): "applied",
        ("own", 51): "other_days",
        ("plan", 1): "layer_above",
    }
    assert why(contract, "rate") == {
        ("own", 60): "applied",
        ("plan", 1): "base",
        ("plan", 2): "other_grade",
        ("card", 90): "layer_above",
    }


def test_r24_what_is_not_covered_looks_at_the_card_alone():
    rows = (coverage(1, "excluded"),)
    card = (
        rate_row(90, 100),
        rate_row(91, 120, service_id=1),
        rate_row(92, 9, band="holiday"),
    )
    contract = facts(plan(rates=(rate_row(1, 300),), rows=rows), [WORK], card=card)
    assert why(contract, "rate") == {
        ("plan", 1): "card_only",
        ("card", 90): "less_specific",
        ("card", 91): "applied",
        ("card", 92): "other_band",
    }


def test_r24_grants_before_the_one_that_paid_were_empty():
    packs = (
        Grant(7, None, "purchase", 600, date(2026, 9, 1)),
        Grant(8, None, "manual", 0, date(2026, 9, 1), priority=1),
        Grant(9, None, "manual", 60, date(2026, 10, 1)),
        Grant(10, None, "manual", 60, date(2026, 9, 1), service_ids=frozenset({2})),
    )
    contract = facts(
        plan("allowance", (rate_row(1, 300),), (month_hours(1),)), [WORK], grants=packs
    )
    assert why(contract, "grant") == {
        (None, 8): "empty",
        (None, 11): "applied",  # the plan's, written after them
        (None, 7): "not_needed",
        (None, 9): "other_days",
        (None, 10): "other_service",
    }


def test_r24_an_incident_tries_prices_of_incidents():
    ticket = Ticket(1, date(2026, 9, 10), at("2026-09-10 20:00"), service_id=1)
    rates = (rate_row(1, 500, unit="incident"), rate_row(2, 300))
    contract = facts(plan("incident", rates), tickets=(ticket,))
    assert why(contract, "rate") == {("plan", 1): "applied", ("plan", 2): "other_unit"}


def test_r24_fees_try_no_rows():
    charge = replace(rate(facts(plan(), [WORK])).charges[0], work_id=None)
    assert tried(facts(plan(), [WORK]), charge) == []
