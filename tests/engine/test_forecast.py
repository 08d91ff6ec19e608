"""What a run will have written is what it writes: settle and freeze (R14, R19)."""

from cases import facts, plan, rate_row, work
from contracts import contracts
from engine.difference import difference
from engine.forecast import freeze, settle
from engine.rating import rate
from hypothesis import given

HOURLY = plan(rates=(rate_row(1, 60),))


@given(contracts())
def test_r19_what_is_settled_leaves_nothing_to_write(given_facts):
    settled = settle(given_facts, rate(given_facts))
    assert not difference(settled, rate(settled))


@given(contracts())
def test_r16_what_is_frozen_stands_and_the_rest_is_rated_as_before(given_facts):
    settled = settle(given_facts, rate(given_facts))
    earliest = sorted(settled.existing, key=lambda item: item.charge.day)
    day = earliest[len(earliest) // 2].charge.day if earliest else settled.start
    keys = {
        item.charge.key
        for item in earliest
        # What waits is never invoiced.
        if item.charge.day <= day and not item.charge.waiting
    }
    frozen = freeze(settled, keys)
    assert {item.charge.key for item in frozen.existing if item.frozen} == keys
    again = {charge.key for charge in rate(frozen).charges}
    assert again == {item.charge.key for item in settled.existing} - keys


def test_new_charges_have_ids_above_all_in_the_order_of_their_making():
    first = facts(HOURLY, [work(1, "2026-09-02", 60)])
    settled = settle(first, rate(first))
    assert [item.id for item in settled.existing] == [1]
    more = facts(
        HOURLY,
        [work(n, f"2026-09-0{n}", 60) for n in (1, 2, 3)],
        existing=settled.existing,
    )
    after = settle(more, rate(more)).existing
    assert {item.charge.work_id: item.id for item in after} == {1: 1, 2: 2, 3: 3}


def test_a_charge_that_is_not_wanted_any_more_is_gone():
    first = facts(HOURLY, [work(1, "2026-09-02", 60)])
    settled = settle(first, rate(first))
    none = facts(HOURLY, [], existing=settled.existing)
    assert not settle(none, rate(none)).existing
