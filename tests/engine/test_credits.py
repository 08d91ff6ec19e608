"""Missed promises credit a month's fees (R23), computed by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import facts, fee_line, in_the_books
from engine.facts import FeeRow, Miss
from engine.rating import rate

YEAR = FeeRow(1, "fixed", Decimal(240_000))


def yearly(*misses, row=YEAR, start=date(2026, 1, 1), **values):
    line = fee_line(row, start, rule="yearly")
    return facts(start=start, fee_lines=(line,), misses=misses, **values)


def miss(percent, day=date(2026, 10, 15), ticket=1, target="response"):
    return Miss(ticket, target, day, Decimal(percent))


def credits_of(contract):
    return [charge for charge in rate(contract).charges if charge.kind == "credit"]


def test_r23_a_month_of_240_000_a_year_is_20_383_56():
    (credit,) = credits_of(yearly(miss(100)))
    assert credit.amount == Decimal("-20383.56")
    assert (credit.key, credit.day) == ("s1.response", date(2026, 10, 15))
    assert (credit.start, credit.end) == (date(2026, 10, 1), date(2026, 10, 31))


def test_r23_percent_of_it_each_rounded_by_itself():
    both = credits_of(yearly(miss(5), miss(10, target="resolution")))
    # 20 383.5616 x 5 % = 1 019.178, x 10 % = 2 038.356
    assert {charge.amount for charge in both} == {
        Decimal("-1019.18"),
        Decimal("-2038.36"),
    }


def test_r23_a_months_credits_are_at_most_its_fees():
    first, second = credits_of(yearly(miss(70), miss(70, ticket=2)))
    assert first.amount + second.amount == Decimal("-20383.56")
    assert "capped" not in first.args
    assert second.args["capped"]


def test_r23_invoiced_credits_count_and_stand_even_if_the_target_is_met():
    before = yearly(miss(70))
    books = in_the_books(before, rate(before), lambda charge: charge.kind == "credit")
    assert not credits_of(replace(books, misses=()))
    (second,) = credits_of(replace(books, misses=(miss(70), miss(70, ticket=2))))
    assert second.amount == Decimal("-6115.07")  # 20 383.56 - 14 268.49


def test_r23_no_fee_no_credit():
    assert not credits_of(facts(misses=(miss(100),), start=date(2026, 1, 1)))


@pytest.mark.parametrize(("day", "has_credit"), [(19, False), (20, True)])
def test_r23_only_fees_dated_up_to_the_miss_count(day, has_credit):
    late = yearly(miss(100, date(2026, 1, day)), start=date(2026, 1, 20))
    assert bool(credits_of(replace(late, start=date(2026, 1, 1)))) is has_credit


def test_r23_the_same_before_and_after_the_fee_is_made():
    open_, made = yearly(miss(10)), yearly(miss(10), fees_until=date(2026, 10, 31))
    assert credits_of(open_) == credits_of(made)
