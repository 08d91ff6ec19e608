"""Tiers, factors and what changes inside a paid period (R20, R21, R22)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import facts, fee_line, in_the_books
from engine.difference import difference
from engine.facts import FeeRow, Metric
from engine.fee_price import fee_price, tier_steps
from engine.rating import rate

YEAR = date(2026, 1, 1)
USERS = FeeRow(1, "users", Decimal(1000))
STEPS = (
    (Decimal(20), Decimal(1000)),
    (Decimal(50), Decimal(900)),
    (None, Decimal(800)),
)
TIERS = FeeRow(2, "users", tiers=STEPS)
VOLUME = replace(TIERS, by_volume=True)


def users(number, day=YEAR, installation=1):
    return Metric(installation, "users", day, Decimal(number))


def yearly(row, *metrics, invoicing="pre-paid", **values):
    line = fee_line(row, YEAR, rule="yearly", invoicing=invoicing)
    values = {"start": YEAR, "fees_until": YEAR, **values}
    return facts(fee_lines=(line,), metrics=metrics, **values)


def invoiced(books):
    return in_the_books(books, rate(books), lambda charge: not charge.waiting)


def told(charges):
    return [(charge.kind, charge.start, charge.amount) for charge in charges]


# Prices


@pytest.mark.parametrize(
    ("value", "graduated", "volume"),
    [
        ("0", 0, 0),
        ("19.5", 19_500, 19_500),
        ("20", 20_000, 20_000),  # a value at a bound is still in its tier
        ("20.5", 20_450, 18_450),
        ("35", 33_500, 31_500),  # 20 x 1000 + 15 x 900
        ("50", 47_000, 45_000),
        ("50.25", 47_200, 40_200),
        ("100", 87_000, 80_000),
    ],
)
def test_r20_tiers_at_and_around_every_bound(value, graduated, volume):
    assert fee_price(TIERS, Decimal(value)).full == graduated
    assert fee_price(VOLUME, Decimal(value)).full == volume


def test_r20_the_order_of_tiers_is_that_of_their_bounds():
    mixed = replace(TIERS, tiers=STEPS[::-1])
    assert list(tier_steps(mixed, Decimal(35))) == [(20, 1000), (15, 900)]


def test_r20_factors_then_member_price_then_discount_then_minimum():
    row = replace(
        TIERS,
        factors=((7, Decimal("1.3")), (8, Decimal("1.1"))),
        discount=Decimal(10),
        minimum_fee=Decimal(45_000),
    )
    price = fee_price(row, Decimal(35), member=Decimal(5))
    # 33 500 x 1.3 x 1.1 = 47 905; less 5 % 45 509.75; less 10 % 40 958.775
    assert price.full == 45_000
    assert price.args == {
        "basis": "users",
        "value": "35",
        "tiers": [["20", "1000"], ["15", "900"]],
        "factors": [[7, "1.3"], [8, "1.1"]],
        "member": "5",
        "minimum": "45000",
    }
    without = fee_price(replace(row, minimum_fee=Decimal(0)), Decimal(35), Decimal(5))
    assert without.full == Decimal("40958.775")


# True-ups


def test_r21_a_rise_is_paid_for_the_days_left():
    books = invoiced(yearly(USERS, users(35)))
    grown = replace(books, metrics=(users(35), users(38, date(2026, 10, 10))))
    (charge,) = rate(grown).charges
    # 3 x 1000 x 83 / 365 = 682.19
    assert told([charge]) == [("true_up", date(2026, 10, 10), Decimal("682.19"))]
    assert (charge.day, charge.end) == (date(2026, 10, 10), date(2026, 12, 31))
    said = {"basis": "users", "value": "38", "before": "35", "to": "38000"}
    said["price"] = "1000"
    days = {"days": 83, "whole_days": 365, "daily": "600/73"}
    assert charge.args == {**said, "was": "35000", **days}
    settled = invoiced(grown)
    assert rate(settled).charges == ()


def test_r21_a_fall_is_credited_only_if_the_row_says_so():
    fall = users(35), users(30, date(2026, 7, 2))
    books = invoiced(yearly(USERS, users(35)))
    assert rate(replace(books, metrics=fall)).charges == ()
    row = replace(USERS, credit_decrease=True)
    books = invoiced(yearly(row, users(35)))
    # 5 x 1000 x 183 / 365 = 2506.85
    assert told(rate(replace(books, metrics=fall)).charges) == [
        ("true_up", date(2026, 7, 2), Decimal("-2506.85"))
    ]


def test_r21_a_fall_and_a_rise_pay_only_what_exceeds_the_highest():
    books = invoiced(yearly(USERS, users(35)))
    moved = users(35), users(30, date(2026, 4, 1)), users(37, date(2026, 7, 1))
    # 2 x 1000 x 184 / 365 = 1008.22
    assert told(rate(replace(books, metrics=moved)).charges) == [
        ("true_up", date(2026, 7, 1), Decimal("1008.22"))
    ]


def test_r21_a_fall_on_the_first_day_counts_from_it_whenever_typed():
    books = invoiced(yearly(USERS, users(35, date(2025, 6, 1))))
    fallen = users(35, date(2025, 6, 1)), users(30)
    assert told(rate(replace(books, metrics=fallen)).charges) == [
        ("true_up", YEAR, Decimal(-5000))
    ]


def test_r21_a_corrected_metric_is_settled_both_ways():
    grown = users(35), users(38, date(2026, 10, 10))
    books = invoiced(invoiced(yearly(USERS, users(35))))
    books = invoiced(replace(books, metrics=grown))
    assert told(rate(replace(books, metrics=(users(35),))).charges) == [
        ("true_up", date(2026, 10, 10), Decimal("-682.19"))
    ]
    fewer = users(35), users(36, date(2026, 10, 10))
    assert told(rate(replace(books, metrics=fewer)).charges) == [
        ("true_up", date(2026, 10, 10), Decimal("-454.79"))  # 227.40 - 682.19 (R13)
    ]


def test_r21_tiers_true_up_by_their_own_steps():
    books = invoiced(yearly(TIERS, users(19)))
    grown = replace(books, metrics=(users(19), users(22, date(2026, 7, 2))))
    # (1 x 1000 + 2 x 900) x 183 / 365 = 1403.84
    assert told(rate(grown).charges) == [
        ("true_up", date(2026, 7, 2), Decimal("1403.84"))
    ]


def test_r21_in_arrears_all_changes_come_with_the_fee():
    metrics = users(35), users(38, date(2026, 10, 10))
    before = yearly(
        USERS, *metrics, invoicing="post-paid", fees_until=date(2026, 12, 31)
    )
    assert rate(before).charges == ()
    due = replace(before, fees_until=date(2027, 1, 1))
    assert told(rate(due).charges) == [
        ("fee", YEAR, Decimal(35_000)),
        ("true_up", date(2026, 10, 10), Decimal("682.19")),
    ]


def test_r21_a_fee_whose_basis_loses_all_its_values_waits_and_is_never_zero():
    books = invoiced(yearly(USERS, users(35)))
    (charge,) = rate(replace(books, metrics=())).charges
    assert (charge.kind, charge.amount, charge.waiting) == ("unrated", 0, True)


def test_r20_a_new_price_list_changes_no_invoiced_period():
    books = invoiced(yearly(USERS, users(35)))
    cheaper = tuple(replace(line, member=Decimal(50)) for line in books.fee_lines)
    assert rate(replace(books, fee_lines=cheaper)).charges == ()


# Ends, pauses, other fees


def ending(books, last):
    """The contract whose lines all end with the day."""
    lines = tuple(
        replace(line, schedule=replace(line.schedule, date_end=last))
        for line in books.fee_lines
    )
    return replace(books, fee_lines=lines)


def test_r22_a_line_that_ends_gives_back_what_was_charged_behind():
    grown = users(35), users(38, date(2026, 10, 10))
    books = invoiced(yearly(USERS, users(35)))
    books = invoiced(replace(books, metrics=grown))
    # 38 000 x 31 / 365 = 3227.40, of it 35 000 x 31 / 365 = 2972.60 for the fee
    charges = rate(ending(books, date(2026, 11, 30))).charges
    assert told(charges) == [("credit", date(2026, 12, 1), Decimal("-3227.40"))]
    assert (charges[0].end, charges[0].args["why"]) == (date(2026, 12, 31), "plan")


def test_r22_change_and_change_back_costs_nothing():
    books = invoiced(yearly(USERS, users(35)))
    gone = ending(books, date(2026, 6, 30))
    assert rate(replace(gone, fee_lines=books.fee_lines)).charges == ()
    credited = invoiced(gone)
    (again,) = rate(replace(credited, fee_lines=books.fee_lines)).charges
    (credit,) = rate(gone).charges
    assert (again.kind, again.amount) == ("fee", -credit.amount)


def test_r22_the_end_refunds_or_not():
    books = invoiced(yearly(USERS, users(35)))
    ended = replace(books, end=date(2026, 11, 30))
    (credit,) = rate(ended).charges
    assert (credit.kind, credit.amount) == ("credit", Decimal("-2972.60"))
    assert credit.args["why"] == "end"
    assert rate(replace(ended, refunds_end=False)).charges == ()


def test_r22_a_pause_gives_its_days_back_and_is_lifted():
    books = invoiced(yearly(USERS, users(35)))
    paused = replace(books, pauses=((date(2026, 3, 1), date(2026, 3, 31)),))
    (credit,) = rate(paused).charges
    assert told([credit]) == [("credit", date(2026, 3, 1), Decimal("-2972.60"))]
    assert (credit.end, credit.args["why"]) == (date(2026, 3, 31), "pause")
    (again,) = rate(replace(invoiced(paused), pauses=())).charges
    assert (again.kind, again.amount) == ("fee", Decimal("2972.60"))


def test_r22_a_fee_that_falls_due_in_a_pause_is_made_without_it():
    pause = (date(2026, 3, 1), date(2026, 3, 31))
    charges = rate(yearly(USERS, users(35), pauses=(pause,))).charges
    assert told(charges) == [
        ("fee", YEAR, Decimal("5657.53")),
        ("fee", date(2026, 3, 1), Decimal(0)),
        ("fee", date(2026, 4, 1), Decimal("26369.87")),
    ]
    assert sum(charge.amount for charge in charges) == Decimal("32027.40")
    books = yearly(USERS, users(35), pauses=(pause,))
    books = in_the_books(books, rate(books))
    assert not difference(books, rate(books))
    # Lifted before it is invoiced, it leaves nothing behind.
    without = yearly(USERS, users(35))
    assert rate(replace(books, pauses=())).charges == rate(without).charges


def test_r16_a_freed_fee_whose_credit_stands_is_billed_again():
    books = invoiced(yearly(USERS, users(35)))
    gone = invoiced(ending(books, date(2026, 11, 30)))
    freed = replace(
        gone,
        existing=tuple(
            replace(item, frozen=item.charge.kind == "credit") for item in gone.existing
        ),
    )
    charges = rate(freed).charges
    assert told(charges) == [
        ("fee", YEAR, Decimal("32027.39")),
        ("fee", date(2026, 12, 1), Decimal("2972.61")),
    ]
    assert charges[1].reason == "fee_again"


def test_c8_increases_of_renewals_come_one_on_the_other():
    price = fee_price(USERS, Decimal(35), increases=(Decimal(5), Decimal(10)))
    assert price.full == Decimal("40425")  # 35 000 x 1.05 x 1.10
    assert price.args["increases"] == ["5", "10"]


def test_c8_a_renewal_amid_a_period_changes_the_price_from_its_day():
    first = fee_line(USERS, YEAR, date(2026, 6, 30), rule="yearly")
    second = fee_line(USERS, date(2026, 7, 1), rule="yearly")
    second = replace(second, increases=(Decimal(10),))
    charges = rate(
        facts(
            start=YEAR,
            renewals=(date(2026, 7, 1),),
            fee_lines=(first, second),
            metrics=(users(10),),
            fees_until=date(2026, 7, 1),
        )
    ).charges
    assert told(charges) == [
        ("fee", YEAR, Decimal("4958.90")),  # 10 000 x 181 / 365
        ("fee", date(2026, 7, 1), Decimal(11_000)),  # a whole year of its own
    ]


def test_r22_a_pause_that_is_lifted_after_all_was_freed_leaves_no_day_out():
    """The fee and its credit are both taken off their invoices, one after the other."""
    books = invoiced(yearly(USERS, users(35)))
    paused = invoiced(replace(books, pauses=((date(2026, 3, 1), date(2026, 3, 31)),)))
    for freed in ("fee", "credit"):
        paused = in_the_books(paused, rate(paused))
        paused = replace(
            paused,
            existing=tuple(
                replace(item, frozen=item.frozen and item.charge.kind != freed)
                for item in paused.existing
            ),
        )
    paused = in_the_books(paused, rate(paused))
    lifted = rate(replace(paused, fees_until=None, pauses=())).charges
    assert told(lifted) == [("fee", YEAR, Decimal(35_000))]


def test_r19_billing_more_does_not_cut_a_true_up_anew():
    """A renewal amid the year: the old year's fee reaches into the new term."""
    first = fee_line(USERS, YEAR, date(2026, 6, 30), rule="yearly")
    second = fee_line(USERS, date(2026, 7, 1), rule="yearly")
    whole = yearly(USERS, users(10))
    books = invoiced(whole)
    books = replace(
        books,
        renewals=(date(2026, 7, 1),),
        fee_lines=(first, second),
        metrics=(users(10), users(12, date(2026, 9, 1))),
        fees_until=date(2026, 7, 1),
    )
    before = in_the_books(books, rate(books))
    billed = replace(
        before,
        existing=tuple(
            replace(item, frozen=item.frozen or item.charge.kind == "fee")
            for item in before.existing
        ),
    )
    assert not difference(billed, rate(billed))
