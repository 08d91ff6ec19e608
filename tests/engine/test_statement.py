"""Opening and closing balances, what came between, sums of charges (R7, R8, R14)."""

from collections import defaultdict
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from cases import facts, month_hours, plan, rate_row, work
from contracts import contracts
from engine.facts import Grant
from engine.forecast import settle
from engine.rating import rate
from engine.statement import (
    PLACES,
    Account,
    Balance,
    Entry,
    Use,
    accounts,
    by_kind,
    summed,
    total,
)
from hypothesis import given
from hypothesis import strategies as st

ONE_DAY = timedelta(days=1)
LATER = date(2099, 1, 1)
COLUMNS = [field.name for field in fields(Balance)]


def day(text):
    return date.fromisoformat(text)


def grant(size, start, end=None, id_=1, origin="plan", **values):
    values.setdefault("allowance_id", 1 if origin in ("plan", "rollover") else None)
    values["end"] = end and day(end)
    return Grant(id=id_, origin=origin, size=size, start=day(start), **values)


def use(of, on, taken):
    return Use(of.key, day(on), Decimal(taken))


def stated(grants, uses, first, last, today=LATER):
    """The balances of a statement, by the id of their grant, zeros left out."""
    return {
        account.grant.id: {
            name: getattr(account.balance, name)
            for name in COLUMNS
            if getattr(account.balance, name)
        }
        for account in accounts(grants, uses, day(first), day(last), today)
    }


# Worked examples: 10 h a month, at most 2 h passed on for a month

SEPTEMBER = grant(600, "2026-09-01", "2026-09-30")
PASSED = grant(120, "2026-10-01", "2026-10-31", id_=2, origin="rollover")
OCTOBER = grant(600, "2026-10-01", "2026-10-31", id_=3)
MONTHS = [SEPTEMBER, PASSED, OCTOBER]
USES = [
    use(SEPTEMBER, "2026-09-03", 90),
    use(SEPTEMBER, "2026-09-30", "210.5"),
    use(PASSED, "2026-10-05", 100),
    use(OCTOBER, "2026-10-20", 30),
]


def test_r08_a_month_shows_what_is_granted_used_passed_on_and_expired():
    assert stated(MONTHS, USES, "2026-09-01", "2026-09-30") == {
        1: {"granted": 600, "used": Decimal("300.5"), "passed_on": 120}
        | {"expired": Decimal("179.5")},
        2: {"rolled_in": 120, "closing": 120},
    }


def test_r08_what_was_passed_on_opens_the_next_month_and_expires_with_it():
    assert stated(MONTHS, USES, "2026-10-01", "2026-10-31") == {
        2: {"opening": 120, "used": 100, "expired": 20},
        3: {"granted": 600, "used": 30, "expired": 570},
    }


def test_r08_days_in_the_middle_of_a_month_open_and_close_with_its_rest():
    assert stated(MONTHS, USES, "2026-09-04", "2026-09-29") == {
        1: {"opening": 510, "closing": 510}
    }


def test_a_last_day_that_is_not_over_leaves_its_rest():
    uses = [use(SEPTEMBER, "2026-09-03", 90)]
    assert stated(
        [SEPTEMBER], uses, "2026-09-01", "2026-09-30", today=day("2026-09-30")
    ) == {1: {"granted": 600, "used": 90, "closing": 510}}
    assert stated(
        [SEPTEMBER], uses, "2026-09-01", "2026-09-30", today=day("2026-10-01")
    ) == {1: {"granted": 600, "used": 90, "expired": 510}}


def test_a_pack_without_end_lives_on_and_an_empty_one_is_left_out():
    pack = grant(120, "2026-08-15", origin="purchase", id_=7)
    spent = grant(60, "2026-01-01", origin="purchase", id_=8)
    uses = [use(pack, "2026-09-02", 45), use(spent, "2026-02-01", 60)]
    assert stated([pack, spent], uses, "2026-09-01", "2026-09-30") == {
        7: {"opening": 120, "used": 45, "closing": 75}
    }


def test_r17_what_a_correction_gives_back_makes_use_smaller():
    uses = [use(SEPTEMBER, "2026-09-03", 90), use(SEPTEMBER, "2026-09-03", -90)]
    assert stated([SEPTEMBER], uses, "2026-09-01", "2026-09-15") == {
        1: {"granted": 600, "closing": 600}
    }


def test_r22_what_another_plan_cuts_off_passes_nothing_on():
    cut = grant(600, "2026-09-01", "2026-09-14")
    assert stated([cut], [], "2026-09-01", "2026-09-30") == {
        1: {"granted": 600, "expired": 600}
    }


def test_what_is_still_to_come_is_not_stated():
    assert not stated(MONTHS, USES, "2026-08-01", "2026-08-31")


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="2026-09-01 is before 2026-09-02"):
        accounts(MONTHS, USES, day("2026-09-02"), day("2026-09-01"), LATER)


def test_totals_cancel_what_one_grant_passes_to_another():
    both = accounts(MONTHS, USES, day("2026-09-01"), day("2026-09-30"), LATER)
    whole = total(account.balance for account in both)
    assert whole.passed_on == whole.rolled_in == 120
    assert whole.closing == 120


def test_r14_charges_add_up_by_kind_and_by_where_they_stand():
    entries = [
        Entry("overage", "asked", Decimal("10.01"), 60, 90),
        Entry("fee", "invoiced", Decimal("100.00")),
        Entry("overage", "unbilled", Decimal("-0.01"), 1, 1),
        Entry("overage", "waiting", Decimal("5.00"), 30, 30),
    ]
    kinds = by_kind(entries)
    assert list(kinds) == ["overage", "fee"]
    assert kinds["overage"].amount == Decimal("15.00")
    assert (kinds["overage"].worked, kinds["overage"].minutes) == (91, 121)
    assert kinds["overage"].asked == Decimal("10.01")
    assert summed(entries).amount == Decimal("115.00")


def test_a_place_that_is_none_is_refused():
    with pytest.raises(ValueError, match="drawer is no place"):
        summed([Entry("fee", "drawer", Decimal(1))])


# Laws, on what rating makes of random contracts


def books(given_facts):
    """The grants and uses that rating leaves in the books."""
    settled = settle(given_facts, rate(given_facts))
    uses = [
        Use(item.charge.grant, item.charge.day, item.charge.used)
        for item in settled.existing
        if item.charge.grant
    ]
    uses += [
        Use(each.key, each.start, each.taken) for each in settled.grants if each.taken
    ]
    return settled.grants, uses, settled


@st.composite
def statements(draw):
    """Books, the days of a statement, and a today."""
    grants, uses, settled = books(draw(contracts()))
    offsets = st.integers(-20, 120)
    first, last = sorted(settled.start + draw(offsets) * ONE_DAY for _ in range(2))
    today = settled.start + draw(st.integers(0, 200)) * ONE_DAY
    return grants, uses, first, last, today


def by_key(found):
    return defaultdict(Balance, {a.grant.key: a.balance for a in found})


@given(statements())
def test_r08_opening_and_what_comes_and_goes_make_the_closing_balance(given_books):
    for account in accounts(*given_books):
        b = account.balance
        ins = b.opening + b.granted + b.rolled_in
        assert ins - b.used - b.passed_on - b.expired == b.closing


@given(statements(), st.integers(0, 60))
def test_r08_one_statement_closes_where_the_next_one_opens(given_books, split):
    grants, uses, first, last, today = given_books
    middle = min(first + split * ONE_DAY, last)
    whole = by_key(accounts(grants, uses, first, last, today))
    one = by_key(accounts(grants, uses, first, middle, today))
    following = by_key(accounts(grants, uses, middle + ONE_DAY, last + ONE_DAY, today))
    for each in grants:
        key = each.key
        assert one[key].closing == following[key].opening
    if middle < last:
        two = by_key(accounts(grants, uses, middle + ONE_DAY, last, today))
        for each in grants:
            parts = one[each.key] + two[each.key]
            w = whole[each.key]
            assert replace(parts, opening=w.opening, closing=w.closing) == w


@given(statements())
def test_r08_no_closing_balance_is_more_or_less_than_the_grant(given_books):
    grants, uses, first, last, today = given_books
    for account in accounts(grants, uses, first, last, today):
        assert -1 < account.balance.closing <= account.grant.size
        assert account.balance.expired > -1


@given(statements())
def test_r07_what_is_left_is_what_charges_have_not_used(given_books):
    """Held against the plainest reckoning: size less what was ever taken."""
    grants, uses, first, _last, _today = given_books
    found = by_key(accounts(grants, uses, first, LATER, date.min))
    passed = {
        (each.allowance_id, each.start - ONE_DAY)
        for each in grants
        if each.origin == "rollover"
    }
    for each in grants:
        if (each.allowance_id, each.end) in passed and each.origin == "plan":
            assert not found[each.key].closing
        else:
            taken = sum(u.taken for u in uses if u.grant == each.key)
            assert found[each.key].closing == each.size - taken


@given(statements())
def test_the_order_of_grants_and_uses_is_irrelevant(given_books):
    grants, uses, *days = given_books
    found = accounts(grants, uses, *days)
    assert by_key(found) == by_key(accounts(grants[::-1], uses[::-1], *days))


@given(
    st.lists(
        st.builds(
            Entry,
            st.sampled_from(("fee", "overage", "included")),
            st.sampled_from(PLACES),
            st.decimals("-1000", "1000", places=2),
            st.integers(0, 600),
            st.integers(0, 600),
        )
    )
)
def test_r14_sums_lose_no_cent_and_no_minute(entries):
    whole = summed(entries)
    kinds = by_kind(entries).values()
    assert whole.amount == sum(entry.amount for entry in entries)
    assert whole.amount == sum(kind.amount for kind in kinds)
    assert whole.worked == sum(kind.worked for kind in kinds)
    assert whole.minutes == sum(entry.minutes for entry in entries)


def test_an_hour_of_a_rated_month_is_stated():
    hourly = plan("allowance", rates=(rate_row(1, 60),), allowances=(month_hours(10),))
    rated = facts(hourly, [work(1, "2026-09-02", 60)])
    grants, uses, _settled = books(rated)
    (account,) = accounts(
        grants, uses, day("2026-09-01"), day("2026-09-30"), day("2026-09-10")
    )
    assert account == Account(
        account.grant,
        Balance(granted=Decimal(600), used=Decimal(60), closing=Decimal(540)),
    )
