"""Corrections of what is invoiced (R17), and what invoices come and go (R16)."""

from dataclasses import replace
from decimal import Decimal

from cases import facts, in_the_books, month_hours, plan, rate_row, work
from engine.rating import rate

RATES = (rate_row(1, 300),)


def invoiced(works, *allowances, **values):
    policy = "allowance" if allowances else "billable"
    before = facts(plan(policy, RATES, allowances), works, **values)
    return in_the_books(before, rate(before), lambda charge: True)


def corrected(books, *works):
    return replace(books, work=tuple(works))


def total(charges):
    return sum((charge.amount for charge in charges), Decimal(0))


def test_r17_one_charge_takes_back_and_one_is_the_new_version():
    books = invoiced([work(1, "2026-09-10", 60)])
    after = corrected(books, work(1, "2026-09-10", 40, revision=1))
    back, new = rate(after).charges
    assert (back.kind, back.key) == ("adjustment", "w1.1/back")
    assert (back.minutes, back.worked, back.amount) == (-60, -60, -300)
    assert (new.kind, new.key, new.amount) == ("adjustment", "w1/1.1", 200)
    assert new.args["as"] == "billable"


def test_r17_the_old_minutes_go_back_to_their_grant():
    works = [work(1, "2026-09-10", 600)]
    books = invoiced(works, month_hours(10))
    after = corrected(books, work(1, "2026-09-10", 300, revision=1))
    back, new = rate(after).charges
    assert (back.taken, new.taken, total((back, new))) == (-600, 300, 0)
    other = work(2, "2026-09-20", 300)
    charges = rate(replace(after, work=(*after.work, other))).charges
    assert [charge.kind for charge in charges if charge.work_id == 2] == ["allowance"]


def test_r17_the_old_price_is_taken_back_whatever_the_rows_say_now():
    books = invoiced([work(1, "2026-09-10", 60)])
    terms = (replace(books.terms[0], plan=plan(rates=(rate_row(1, 999),))),)
    after = replace(books, terms=terms, work=(work(1, "2026-09-10", 60, revision=1),))
    back, new = rate(after).charges
    assert (back.amount, new.amount) == (-300, 999)


def test_r17_corrected_to_nothing_leaves_only_what_is_taken_back():
    books = invoiced([work(1, "2026-09-10", 60)])
    (back,) = rate(corrected(books, work(1, "2026-09-10", 0, revision=1))).charges
    assert back.amount == -300


def test_r17_a_correction_of_a_correction_takes_the_last_one_back():
    books = invoiced([work(1, "2026-09-10", 60)])
    first = corrected(books, work(1, "2026-09-10", 40, revision=1))
    first = in_the_books(first, rate(first), lambda charge: True)
    back, new = rate(corrected(first, work(1, "2026-09-10", 50, revision=2))).charges
    assert (back.key, back.amount) == ("w1/1.1/back", -200)
    assert (new.key, new.amount) == ("w1/2.1", 250)


def test_r13_a_correction_and_its_month_are_exact_together():
    works = [work(n, "2026-09-10", 20) for n in (1, 2, 3)]
    before = facts(plan(rates=(rate_row(1, 800),)), works)
    books = in_the_books(before, rate(before), lambda charge: True)
    new = work(1, "2026-09-10", 10, revision=1)
    charges = rate(corrected(books, new, *works[1:])).charges
    assert 800 + total(charges) == Decimal("666.67")  # 50 minutes


def test_r05_a_visit_keeps_its_minimum_around_a_correction():
    row = rate_row(1, 300, minimum=60, per_visit=True)
    works = [work(n, "2026-09-10", 20, ticket_id=1) for n in (1, 2)]
    before = facts(plan(rates=(row,)), works)
    books = in_the_books(before, rate(before), lambda charge: True)
    new = work(2, "2026-09-10", 10, ticket_id=1, revision=1)
    charges = rate(corrected(books, works[0], new)).charges
    assert total(charges) == 0  # 30 minutes are 60 as well


def test_r16_an_invoice_gone_while_its_taking_back_is_billed_is_billed_again():
    books = invoiced([work(1, "2026-09-10", 60)])
    after = corrected(books, work(1, "2026-09-10", 40, revision=1))
    settled = in_the_books(after, rate(after), lambda charge: True)
    existing = tuple(
        replace(item, frozen=item.charge.key != "w1.1") for item in settled.existing
    )
    (again,) = rate(replace(settled, existing=existing)).charges
    assert (again.key, again.amount) == ("w1.1", 300)


def test_r16_an_invoice_gone_before_its_correction_is_billed_leaves_the_new_version():
    books = invoiced([work(1, "2026-09-10", 60)])
    after = corrected(books, work(1, "2026-09-10", 40, revision=1))
    freed = tuple(replace(item, frozen=False) for item in after.existing)
    (new,) = rate(replace(after, existing=freed)).charges
    assert (new.key, new.amount) == ("w1/1.1", 200)
