"""Behind "Why?": which rows were tried and why each did not apply (R24)."""

from collections import Counter
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
    return verdicts(books, books.existing[number].charge, step)


def verdicts(books, charge, step):
    return {
        (each.layer, each.row_id): each.verdict
        for each in tried(books, charge, "maintenance")
        if each.step == step
    }


def by(books, charge, step):
    """Which row was taken instead of each."""
    found = tried(books, charge, "maintenance")
    return {each.row_id: each.by for each in found if each.step == step and each.by}


def frozen(contract):
    return in_the_books(contract, rate(contract), lambda charge: True)


def changed(books, *rows, **plan_values):
    """The same books after what is agreed was changed."""
    term = replace(books.terms[0], plan=replace(books.terms[0].plan, **plan_values))
    own = replace(books.own, rates=rows) if rows else books.own
    return replace(books, terms=(term,), own=own)


def taken_of(books):
    """What all charges took stands in the grants, as the loader gives them."""
    taken = Counter()
    for item in books.existing:
        if item.charge.grant:
            taken[item.charge.grant] += item.charge.used
    grants = [replace(g, taken=Decimal(taken[g.key])) for g in books.grants]
    return replace(books, grants=tuple(grants))


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


def test_r24_free_work_tries_no_grants_and_no_prices():
    """The vendor's fault (R4), and work that is part of an incident (R11)."""
    rates = (rate_row(1, 300), rate_row(2, 500, unit="incident"))
    fault = replace(WORK, is_vendor_fault=True)
    hours = facts(plan("allowance", rates, (month_hours(1),)), [fault])
    ticket = Ticket(1, date(2026, 9, 10), at("2026-09-10 10:00"), service_id=1)
    incident = facts(plan("incident", rates), [WORK], tickets=(ticket,))
    said = []
    for contract in (hours, incident):
        (free,) = [c for c in rate(contract).charges if c.kind == "included"]
        (one,) = tried(in_the_books(contract, rate(contract)), free)
        said.append((one.step, one.verdict))
    assert said == [("coverage", "overruled"), ("coverage", "applied")]


def test_r24_what_stands_instead_is_named():
    own = OwnRows(coverage=(coverage(50, "billable"), coverage(51, "included")))
    rates = (rate_row(1, 300), rate_row(2, 400, service_id=1))
    contract = facts(plan(rates=rates), [WORK], own=own, card=(rate_row(90, 1),))
    books = frozen(contract)
    charge = books.existing[0].charge
    assert by(books, charge, "coverage") == {51: 50, 1: 50}
    assert by(books, charge, "rate") == {1: 2, 90: 2}


def test_r24_no_row_says_so():
    rows = (coverage(1, "billable", service_id=2),)
    contract = facts(plan(rates=(rate_row(1, 300),), rows=rows), [WORK])
    assert why(contract, "coverage") == {
        (None, 0): "nothing",
        ("plan", 1): "other_service",
    }
    assert why(contract, "rate") == {(None, 0): "nothing", ("plan", 1): "card_only"}


def test_r24_a_percent_of_nothing_is_no_price():
    own = OwnRows(rates=(rate_row(60, 0, percent=Decimal(50)),))
    contract = facts(plan(rates=(rate_row(1, 300, grade_id=9),)), [WORK], own=own)
    assert why(contract, "rate") == {
        (None, 0): "nothing",
        ("own", 60): "no_base",
        ("plan", 1): "other_grade",
    }


def test_r24_below_a_percent_the_price_it_takes_beats_its_layer():
    own = OwnRows(rates=(rate_row(60, 0, percent=Decimal(50)), rate_row(61, 9)))
    rates = (rate_row(1, 300), rate_row(2, 400, grade_id=2))
    contract = facts(plan(rates=rates), [WORK], own=own, card=(rate_row(90, 100),))
    books = frozen(contract)
    assert verdicts(books, books.existing[0].charge, "rate") == {
        ("own", 60): "applied",
        ("own", 61): "less_specific",
        ("plan", 1): "less_specific",
        ("plan", 2): "base",
        ("card", 90): "layer_above",
    }
    assert by(books, books.existing[0].charge, "rate") == {61: 60, 1: 2, 90: 60}


# What is frozen says what it said, whatever was changed since


def test_r24_an_invoiced_price_stands_beside_newer_rows():
    books = frozen(facts(plan(rates=(rate_row(1, 300),)), [WORK]))
    charge = books.existing[0].charge
    after = changed(books, rate_row(60, 100))
    assert verdicts(after, charge, "rate") == {
        ("own", 60): "newer",
        ("plan", 1): "applied",
    }
    ended = changed(books, rates=(rate_row(1, 300, end=date(2026, 9, 1)),))
    assert verdicts(ended, charge, "rate") == {("plan", 1): "applied"}


def test_r24_coverage_changed_after_the_invoice_did_not_decide():
    books = frozen(facts(plan(rates=(rate_row(1, 300),)), [WORK]))
    charge = books.existing[0].charge
    for row in (coverage(1, "included"), coverage(1, "billable", discount=Decimal(5))):
        after = changed(books, coverage=(row,))
        assert verdicts(after, charge, "coverage") == {("plan", 1): "newer"}
        assert verdicts(after, charge, "rate") == {("plan", 1): "applied"}


def test_r24_a_grant_given_after_the_invoice_had_nothing_then():
    rates, hours = (rate_row(1, 300),), month_hours(1)
    entry = replace(WORK, minutes=90)
    books = taken_of(frozen(facts(plan("allowance", rates, (hours,)), [entry])))
    overage = next(i.charge for i in books.existing if i.charge.kind == "overage")
    pack = Grant(9, None, "purchase", 600, date(2026, 9, 1))
    after = replace(books, grants=(*books.grants, pack))
    assert verdicts(after, overage, "grant") == {
        (None, 0): "nothing",
        (None, 1): "empty",
        (None, 9): "empty_then",
    }


def test_r24_other_months_of_an_allowance_are_left_out():
    works = [WORK, replace(WORK, id=2, day=date(2026, 10, 5))]
    contract = facts(plan("allowance", (rate_row(1, 300),), (month_hours(9),)), works)
    assert why(contract, "grant") == {(None, 1): "applied"}
    assert why(contract, "grant", 1) == {(None, 2): "applied"}


def test_r24_an_incident_that_was_prepaid_looks_for_no_price():
    ticket = Ticket(1, date(2026, 9, 10), at("2026-09-10 20:00"), service_id=1)
    rates = (rate_row(1, 500, unit="incident"),)
    incidents = month_hours(1, unit="incident")
    contract = facts(plan("incident", rates, (incidents,)), tickets=(ticket,))
    assert why(contract, "rate") == {}
    assert why(contract, "grant") == {(None, 1): "applied"}


def test_r24_corrected_work_tells_what_it_was_and_what_it_is():
    """The old version asked for other rows than the new one (R17)."""
    rates = (rate_row(1, 300, grade_id=2), rate_row(2, 200, grade_id=1))
    books = frozen(facts(plan(rates=rates), [WORK]))
    after = replace(books, work=(replace(WORK, grade_id=1, revision=1),))
    old, back, new = (
        *(item.charge for item in books.existing),
        *rate(after).charges,
    )
    was = {("plan", 1): "applied", ("plan", 2): "other_grade"}
    assert verdicts(after, old, "rate") == was
    assert (back.key, verdicts(after, back, "rate")) == ("w1.1/back", was)
    assert (new.key, verdicts(after, new, "rate")) == (
        "w1/1.1",
        {("plan", 1): "other_grade", ("plan", 2): "applied"},
    )


def test_r24_an_incident_taken_back_was_one():
    ticket = Ticket(1, date(2026, 9, 10), at("2026-09-10 20:00"), service_id=1)
    rates = (rate_row(1, 500, unit="incident"),)
    books = frozen(facts(plan("incident", rates), tickets=(ticket,)))
    after = replace(books, tickets=(replace(ticket, no_incident="merged"),))
    (back,) = rate(after).charges
    assert back.key == "t1.1/back"
    assert verdicts(after, back, "coverage") == {("plan", 1): "applied"}
    assert verdicts(after, back, "rate") == {("plan", 1): "applied"}


def test_r24_what_a_visit_has_paid_needs_no_grant():
    """Minutes that a frozen part of the visit paid already (R5)."""
    row = rate_row(1, 300, minimum=60, per_visit=True)
    one = replace(WORK, minutes=10)
    books = frozen(facts(plan("allowance", (row,), (month_hours(2),)), [one]))
    two = replace(one, id=2, ticket_id=one.ticket_id)
    (paid,) = rate(replace(books, work=(one, two))).charges
    assert (paid.minutes, paid.reason) == (0, "paid")
    assert verdicts(books, paid, "grant") == {
        (None, 0): "nothing",
        (None, 1): "not_needed",
    }
