"""What is written is what differs, and nothing that is frozen (R16, R19)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cases import facts, in_the_books, month_hours, plan, rate_row, work
from engine.difference import difference
from engine.facts import Charge, Existing, Grant
from engine.rating import rate
from engine.results import Outcome

DAY = date(2026, 9, 2)
ONE = Charge("w1.1", "billable", DAY, Decimal(800))
GRANT = Grant(7, 1, "plan", 600, date(2026, 9, 1), date(2026, 9, 30))


def changes(existing=(), wanted=(), grants=(), wanted_grants=()):
    books = facts(existing=tuple(existing), grants=tuple(grants))
    return difference(books, Outcome(tuple(wanted), tuple(wanted_grants)))


def test_r19_what_is_the_same_is_not_written():
    assert not changes([Existing(3, ONE)], [ONE])


def test_r19_what_is_missing_is_made():
    assert changes([], [ONE]).create == (ONE,)


def test_r19_another_price_updates_the_record_that_stands():
    dear = replace(ONE, amount=Decimal(900))
    change = changes([Existing(3, ONE)], [dear])
    assert change.update == ((3, dear),)
    assert not change.create
    assert not change.delete


def test_r19_what_is_wanted_no_more_is_deleted():
    assert changes([Existing(3, ONE)], []).delete == (3,)


def test_r16_a_frozen_charge_is_never_deleted():
    assert not changes([Existing(3, ONE, frozen=True)], [])


def test_r19_a_new_grant_is_made_and_a_known_one_stands():
    new = replace(GRANT, id=None, allowance_id=2)
    change = changes([], [], [GRANT], [GRANT, new])
    assert change.grants_create == (new,)
    assert change.grants_delete == ()


def test_r08_a_grant_of_no_period_goes_when_nothing_was_taken():
    assert changes(grants=[GRANT]).grants_delete == (7,)


def test_r08_a_grant_that_was_used_stays():
    assert not changes(grants=[replace(GRANT, taken=Decimal(1))])
    burnt = replace(ONE, kind="allowance", taken=Decimal(60), grant=GRANT.key)
    assert not changes([Existing(3, burnt, frozen=True)], [], [GRANT])


def test_r09_a_pack_is_never_the_engines_to_delete():
    assert not changes(grants=[replace(GRANT, origin="purchase")])


def test_r19_each_kind_of_change_counts_as_one():
    assert changes([], [ONE])
    assert changes([Existing(3, ONE)], [])
    assert changes([Existing(3, ONE)], [replace(ONE, minutes=1)])
    assert changes([], [], [], [replace(GRANT, id=None)])
    assert changes(grants=[GRANT])


def test_r16_a_new_price_reaches_the_open_charges_only():
    hybrid = plan("allowance", (rate_row(1, 300),), (month_hours(1),))
    works = [work(1, "2026-09-02", 90), work(2, "2026-09-03", 60)]
    before = facts(hybrid, works)
    books = in_the_books(before, rate(before), lambda charge: charge.work_id == 1)
    dear = facts(replace(hybrid, rates=(rate_row(1, 400),)), works)
    now = replace(dear, existing=books.existing, grants=books.grants)
    change = difference(now, rate(now))
    assert [charge.work_id for _id, charge in change.update] == [2]
    assert not change.create
    assert not change.delete
