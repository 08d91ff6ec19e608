"""The rules of money on examples computed by hand (R1 to R13)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import (
    ARCHITECT,
    DEVELOPMENT,
    JUNIOR,
    SENIOR,
    SUPPORT,
    coverage,
    facts,
    in_the_books,
    month_hours,
    plan,
    rate_row,
    work,
)
from engine.difference import difference
from engine.facts import Term
from engine.rating import rate

RETAIL = plan(
    rates=(
        rate_row(1, 600, grade_id=JUNIOR, increment=15),
        rate_row(2, 1000, grade_id=SENIOR, increment=15),
        rate_row(3, 1600, grade_id=ARCHITECT, increment=15),
        rate_row(
            4,
            1200,
            grade_id=SENIOR,
            mode="onsite",
            increment=30,
            minimum=60,
            per_visit=True,
        ),
        rate_row(5, 1500, grade_id=SENIOR, band="after_hours", increment=15),
        rate_row(6, 800, service_id=DEVELOPMENT),
    )
)
HYBRID = plan(
    policy="allowance",
    rates=(rate_row(1, 300, increment=30),),
    allowances=(month_hours(10),),
)


def amounts(*works, plan_=RETAIL, **values):
    charges = rate(facts(plan_, works, **values)).charges
    return [charge.amount for charge in charges]


def kinds(*works, plan_=RETAIL, **values):
    return [charge.kind for charge in rate(facts(plan_, works, **values)).charges]


def test_r05_fifty_minutes_are_an_hour_in_steps_of_fifteen():
    junior = work(1, "2026-09-02", 50, grade_id=JUNIOR)
    assert amounts(junior) == [Decimal(600)]


def test_r06_an_evening_is_split_where_the_office_closes():
    assert amounts(work(1, "2026-09-03", 60, "17:30")) == [Decimal(500), Decimal(750)]


def test_r05_a_visit_is_measured_as_a_whole():
    visit = [
        work(1, "2026-09-08", 20, "10:00", mode="onsite", ticket_id=7),
        work(2, "2026-09-08", 25, "14:00", mode="onsite", ticket_id=7),
    ]
    charges = rate(facts(RETAIL, visit)).charges
    assert [charge.minutes for charge in charges] == [20, 40]
    assert sum(charge.amount for charge in charges) == Decimal(1200)


def test_r05_two_visits_to_two_tickets_are_two_minimums():
    visits = [
        work(1, "2026-09-08", 20, mode="onsite", ticket_id=7),
        work(2, "2026-09-08", 25, mode="onsite", ticket_id=8),
    ]
    assert sum(amounts(*visits)) == Decimal(2400)


def test_r05_at_least_the_minimum_even_between_two_steps():
    rows = (rate_row(1, 60, increment=45, minimum=60),)
    assert amounts(work(1, "2026-09-08", 20), plan_=plan(rates=rows)) == [Decimal(60)]


def test_r05_hundred_minutes_of_an_architect():
    architect = work(1, "2026-09-10", 100, grade_id=ARCHITECT)
    assert amounts(architect) == [Decimal(2800)]


def test_r06_saturday_is_after_hours():
    assert amounts(work(1, "2026-09-12", 60, "10:00")) == [Decimal(1500)]


def test_r06_a_holiday_without_a_rate_of_its_own_costs_the_ordinary_rate():
    holiday = work(1, "2026-10-02", 30, "10:00")
    (charge,) = rate(facts(RETAIL, [holiday])).charges
    assert (charge.band, charge.amount) == ("holiday", Decimal(500))


def test_r06_what_rounding_adds_falls_on_the_last_piece():
    (first, last) = rate(facts(RETAIL, [work(1, "2026-09-03", 50, "17:30")])).charges
    assert (first.minutes, last.minutes, last.worked) == (30, 30, 20)


def test_r13_three_times_twenty_minutes_at_800_are_800():
    thirds = [work(n, f"2026-09-2{n}", 20, service_id=DEVELOPMENT) for n in (1, 2, 3)]
    assert amounts(*thirds) == [Decimal("266.67"), Decimal("266.66"), Decimal("266.67")]


def test_r13_the_sentence_knows_who_carries_the_cent():
    thirds = [work(n, f"2026-09-2{n}", 20, service_id=DEVELOPMENT) for n in (1, 2, 3)]
    charges = rate(facts(RETAIL, thirds)).charges
    assert [charge.args.get("cent") for charge in charges] == [None, "-0.01", None]


def test_r13_months_are_rounded_apart():
    days = ("2026-09-30", "2026-10-08", "2026-10-09")
    works = [work(n, day, 20, service_id=DEVELOPMENT) for n, day in enumerate(days, 1)]
    assert amounts(*works) == [Decimal("266.67"), Decimal("266.67"), Decimal("266.66")]


def test_r13_frozen_amounts_come_first():
    thirds = [work(n, f"2026-09-2{n}", 20, service_id=DEVELOPMENT) for n in (1, 2, 3)]
    before = facts(RETAIL, thirds[1:])
    books = in_the_books(before, rate(before), frozen=lambda charge: True)
    (charge,) = rate(replace(books, work=tuple(thirds))).charges
    frozen = sum(item.charge.amount for item in books.existing)
    assert charge.work_id == 1
    assert frozen + charge.amount == Decimal(800)


def test_r13_a_currency_without_decimals():
    thirds = [work(n, f"2026-09-2{n}", 20, service_id=DEVELOPMENT) for n in (1, 2, 3)]
    assert amounts(*thirds, rounding=Decimal(1)) == [267, 266, 267]


def test_r07_piece_is_cut_where_the_grant_ends():
    works = [
        work(1, "2026-09-02", 240),
        work(2, "2026-09-09", 240),
        work(3, "2026-09-16", 250),
    ]
    charges = rate(facts(HYBRID, works)).charges
    assert [(c.work_id, c.kind, c.minutes) for c in charges] == [
        (1, "allowance", 240),
        (2, "allowance", 240),
        (3, "allowance", 120),
        (3, "overage", 150),
    ]
    assert charges[-1].amount == Decimal(750)
    assert charges[-1].args == {"part": 2, "parts": 2, "begin": 120}


def test_r07_the_factor_burns_faster_but_never_touches_overage():
    rows = (rate_row(1, 300, burn_factor=Decimal("1.5")),)
    fast = replace(HYBRID, rates=rows)
    taken, over = rate(facts(fast, [work(1, "2026-09-02", 500)])).charges
    assert (taken.minutes, taken.taken) == (400, Decimal(600))
    assert (over.minutes, over.amount) == (100, Decimal(500))


def test_r07_a_rest_that_pays_no_whole_minute_counts_as_empty():
    rows = (rate_row(1, 60, burn_factor=Decimal(7)),)
    fast = replace(HYBRID, rates=rows)
    taken, over = rate(facts(fast, [work(1, "2026-09-02", 100)])).charges
    assert (taken.minutes, taken.taken, over.minutes) == (85, Decimal(595), 15)


def test_r19_what_a_long_factor_takes_is_the_same_when_it_comes_back():
    rows = (rate_row(1, 300, burn_factor=Decimal(str(4 / 3))),)
    fast = replace(HYBRID, rates=rows)
    taken = rate(facts(fast, [work(1, "2026-09-02", 2)])).charges[0].taken
    assert taken == Decimal("2.666666667")
    assert Decimal(str(float(taken))) == taken


def test_r07_lowest_priority_number_first():
    rows = (month_hours(1, id_=1, priority=20), month_hours(1, id_=2, priority=5))
    both = replace(HYBRID, allowances=rows)
    charges = rate(facts(both, [work(1, "2026-09-02", 90)])).charges
    assert [charge.grant[1] for charge in charges] == [2, 1]


def test_r07_a_grant_serves_its_services_only():
    rows = (month_hours(10, service_ids=frozenset({DEVELOPMENT})),)
    narrow = replace(HYBRID, allowances=rows)
    assert kinds(work(1, "2026-09-02", 60), plan_=narrow) == ["overage"]


def test_r08_overage_never_crosses_into_the_next_period():
    works = [work(1, "2026-09-30", 660), work(2, "2026-10-09", 60)]
    assert kinds(*works, plan_=HYBRID) == ["allowance", "overage", "allowance"]


def test_r08_part_of_a_period_is_prorated_up_to_the_whole_minute():
    outcome = rate(
        facts(
            HYBRID,
            start=date(2026, 9, 1),
            end=date(2026, 10, 10),
            until=date(2026, 12, 1),
        )
    )
    assert [grant.size for grant in outcome.grants] == [600, 194]  # 600 x 10/31


def test_r08_a_term_allowance_lasts_as_long_as_the_contract():
    rows = (month_hours(40, period="term", prorate=False),)
    (grant,) = rate(facts(replace(HYBRID, allowances=rows))).grants
    assert (grant.start, grant.end, grant.size) == (date(2026, 9, 1), None, 2400)


def test_r03_a_named_service_beats_its_category_and_any():
    rows = (
        coverage(1, "billable"),
        coverage(2, "included", category="maintenance"),
        coverage(3, "excluded", service_id=SUPPORT),
    )
    named = plan(rows=rows, rates=RETAIL.rates)
    card = (rate_row(9, 2000),)
    one = work(1, "2026-09-02", 60, category="maintenance")
    assert amounts(one, plan_=named, card=card) == [Decimal(2000)]


def test_r03_a_named_mode_beats_any():
    rows = (coverage(1, "billable"), coverage(2, "included", mode="remote"))
    two = plan(rows=rows, rates=RETAIL.rates)
    assert kinds(work(1, "2026-09-02", 60), plan_=two) == ["included"]


def test_r03_outside_the_contract_only_the_card_and_no_discount():
    rows = (coverage(1, "excluded", discount=Decimal(50)),)
    out = plan(rows=rows, rates=RETAIL.rates)
    one = work(1, "2026-09-02", 60)
    (charge,) = rate(facts(out, [one], card=(rate_row(9, 2000),))).charges
    assert (charge.kind, charge.amount) == ("billable", Decimal(2000))
    assert (charge.reason, charge.discount) == ("not_covered", 0)


def test_r03_the_discount_comes_off_what_is_priced():
    rows = (coverage(1, "billable", discount=Decimal(10)),)
    cheap = plan(rows=rows, rates=RETAIL.rates)
    assert amounts(work(1, "2026-09-02", 60), plan_=cheap) == [Decimal(900)]


def test_r04_the_vendors_fault_is_free():
    fault = work(1, "2026-09-02", 60, is_vendor_fault=True)
    assert kinds(fault) == ["included"]


def test_r02_the_day_of_a_change_belongs_to_the_new_plan():
    new = plan(policy="included")
    terms = (Term(date(2026, 9, 1), RETAIL), Term(date(2026, 9, 15), new))
    works = [work(1, "2026-09-14", 60), work(2, "2026-09-15", 60)]
    assert kinds(*works, terms=terms) == ["billable", "included"]


def test_r02_the_plan_comes_before_the_card():
    card = (rate_row(9, 1, service_id=SUPPORT, grade_id=SENIOR, mode="remote"),)
    assert amounts(work(1, "2026-09-02", 60), card=card) == [Decimal(1000)]


def test_r10_a_row_of_the_card_is_in_force_from_day_to_day():
    card = (
        rate_row(8, 100, end=date(2026, 9, 10)),
        rate_row(9, 200, start=date(2026, 9, 11)),
    )
    bare = plan()
    works = [work(1, "2026-09-10", 60), work(2, "2026-09-11", 60)]
    assert amounts(*works, plan_=bare, card=card) == [Decimal(100), Decimal(200)]


def test_r10_no_price_waits_and_is_never_zero_money():
    nobody = work(1, "2026-09-02", 60, grade_id=None)
    (charge,) = rate(facts(RETAIL, [nobody])).charges
    assert (charge.kind, charge.waiting, charge.amount) == ("unrated", True, 0)
    assert charge.args == {"because": "billable", "no_grade": 1}


def test_r10_a_day_is_480_minutes():
    rows = (rate_row(1, 8000, unit="day"),)
    assert amounts(work(1, "2026-09-02", 120), plan_=plan(rates=rows)) == [2000]


def test_r01_order_of_typing_is_irrelevant():
    works = [
        work(3, "2026-09-16", 400, "10:00"),
        work(2, "2026-09-16", 400, "09:00"),
        work(1, "2026-09-16", 400),
    ]
    charges = rate(facts(HYBRID, works)).charges
    assert [charge.work_id for charge in charges] == [2, 3, 3, 1]


def test_zero_minutes_are_kept_without_a_charge():
    assert amounts(work(1, "2026-09-02", 0)) == []


def test_work_after_the_end_is_outside_the_contract():
    late = work(1, "2026-09-20", 60)
    assert kinds(late, end=date(2026, 9, 19), card=(rate_row(9, 50),)) == ["billable"]


def test_r19_a_second_run_finds_nothing_to_write():
    works = [work(1, "2026-09-03", 700, "17:30"), work(2, "2026-09-04", 50)]
    before = facts(HYBRID, works)
    first = difference(before, rate(before))
    books = in_the_books(before, rate(before))
    assert len(first.create) == len(rate(before).charges)
    assert not difference(books, rate(books))


def test_r16_frozen_charges_stand_and_the_open_rest_is_rated():
    visit = [
        work(1, "2026-09-08", 20, mode="onsite", ticket_id=7),
        work(2, "2026-09-08", 25, mode="onsite", ticket_id=7),
    ]
    before = facts(RETAIL, visit[:1])
    books = in_the_books(before, rate(before), frozen=lambda charge: True)
    (charge,) = rate(replace(books, work=tuple(visit))).charges
    assert (charge.minutes, charge.amount, charge.reason) == (0, 0, "paid")


def test_r05_a_frozen_part_comes_off_the_whole_of_a_visit():
    visit = [
        work(1, "2026-09-08", 60, mode="onsite", ticket_id=7),
        work(2, "2026-09-08", 25, mode="onsite", ticket_id=7),
    ]
    before = facts(RETAIL, visit[:1])
    books = in_the_books(before, rate(before), frozen=lambda charge: True)
    (charge,) = rate(replace(books, work=tuple(visit))).charges
    assert (charge.work_id, charge.minutes, charge.amount) == (2, 30, 600)


def test_a_price_found_later_rates_only_the_waiting_half():
    """The evening had no price when the day's half was invoiced."""
    half = plan(rates=(rate_row(1, 1000, band="normal"),))
    evening = work(1, "2026-09-03", 60, "17:30")
    before = facts(half, [evening])
    books = in_the_books(
        before, rate(before), frozen=lambda charge: charge.kind == "billable"
    )
    card = (rate_row(9, 1500),)
    (charge,) = rate(replace(books, card=card)).charges
    assert (charge.key, charge.band, charge.amount) == ("w1.2", "after_hours", 750)


def test_r18_late_work_gets_what_frozen_charges_have_left():
    early = facts(HYBRID, [work(2, "2026-09-20", 600)])
    books = in_the_books(early, rate(early), frozen=lambda charge: True)
    late = replace(books, work=(work(1, "2026-09-02", 60), work(2, "2026-09-20", 600)))
    (charge,) = rate(late).charges
    assert (charge.work_id, charge.kind, charge.amount) == (1, "overage", 300)


def test_a_run_from_a_day_on_gives_what_a_whole_run_gives():
    works = [work(1, "2026-09-02", 480), work(2, "2026-10-09", 500)]
    yearly = replace(HYBRID, allowances=(month_hours(12, period="year"),))
    whole = facts(yearly, works)
    outcome = rate(whole)
    books = in_the_books(whole, outcome)
    grants = tuple(replace(grant, taken=Decimal(480)) for grant in books.grants)
    part = replace(
        books,
        since=date(2026, 10, 1),
        work=works[1:],
        grants=grants,
        existing=books.existing[1:],
    )
    assert not difference(part, rate(part))


def test_work_before_the_first_day_rated_is_a_callers_mistake():
    with pytest.raises(ValueError, match="before the first day"):
        rate(facts(RETAIL, [work(1, "2026-09-02", 5)], since=date(2026, 10, 1)))


def test_r08_a_grant_that_ended_before_the_first_day_rated_stands():
    works = [work(1, "2026-09-02", 60)]
    whole = facts(HYBRID, works, until=date(2026, 11, 10))
    books = in_the_books(whole, rate(whole))
    part = replace(books, since=date(2026, 11, 1), work=(), existing=())
    assert not difference(part, rate(part))


def test_r03_work_without_any_terms_is_priced_by_the_card():
    bare = facts(works=[work(1, "2026-09-02", 60)], card=(rate_row(9, 100),))
    (charge,) = rate(replace(bare, terms=())).charges
    assert (charge.reason, charge.amount) == ("not_covered", 100)
