# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two that bill the same contracts at the same time: each charge once (R15)."""

from functools import partial

RUN = ("contract.contract", "cron_recurring_create_invoice", [[]])
# Last month's fee and this month's, and an hour of last month's work.
EVERYTHING = 2 * 100 + 60


def _click(contract):
    """What the button 'Invoice open charges' sends."""
    return "contract.contract", "action_aftersales_invoice", [[contract["id"]]]


def _once(books, contracts):
    """The books of contracts of which everything is billed, once."""
    assert books["broken"] == []
    assert books["errors"] == []
    assert len(books["invoiced"]) == len(contracts)
    assert books["billed"] == EVERYTHING * len(contracts)


# Two runs


def test_r15_a_run_leaves_what_another_holds(two, database, scene, books):
    one, other = two
    contracts = scene(count=3, fee=True)
    one.call(*RUN, waits=["done"])
    one.reach("done")
    other.call(*RUN, waits=["open", "done"])
    other.reach("open")
    database.assert_both_open(one, other)
    other.go()
    other.reach("done")
    database.assert_both_open(one, other)
    assert not other.go_to_end().error
    assert books(contracts)["invoices"] == 0, "the first has committed nothing yet"
    assert not one.go_to_end().error
    _once(books(contracts), contracts)


def test_without_the_lock_a_run_has_to_wait_for_another(two, database, scene, books):
    one, other = two
    contracts = scene(count=3, fee=True)
    one.call(*RUN, waits=["done"])
    one.reach("done")
    other.call(*RUN, waits=["open"], breaks=["lock"])
    other.reach("open")
    other.go()
    database.wait_until_blocked(other, one)
    assert not one.go_to_end().error
    assert other.end().tries > 1, "and does everything again"
    _once(books(contracts), contracts)


def test_r15_a_run_that_saw_the_books_before_another_begins_again(
    two, database, scene, books
):
    one, other = two
    contracts = scene(count=3, fee=True)
    one.call(*RUN, waits=["open"])
    other.call(*RUN, waits=["open"])
    one.reach("open")
    other.reach("open")
    database.assert_both_open(one, other)
    assert one.go_to_end().tries == 1
    assert other.go_to_end().tries == 2
    _once(books(contracts), contracts)


def test_without_lock_and_isolation_two_runs_bill_twice(two, database, scene, books):
    one, other = two
    contracts = scene()
    breaks = ["lock", "serialize", "isolation"]
    for worker in two:
        worker.call(*RUN, waits=["composed"], breaks=breaks)
        worker.reach("composed")
    database.assert_both_open(one, other)
    for worker in two:
        worker.go_to_end()
    assert "invoiced otherwise than charged" in books(contracts)["broken"]


# A double click


def test_r15_a_second_click_is_told_to_wait(two, database, scene, books):
    one, other = two
    contracts = scene(fee=True)
    one.call(*_click(contracts[0]), waits=["done"])
    one.reach("done")
    other.call(*_click(contracts[0]), waits=["open"])
    other.reach("open")
    database.assert_both_open(one, other)
    outcome = other.go_to_end()
    assert outcome.error == "UserError"
    assert "is being billed" in outcome.message
    assert not one.go_to_end().error
    _once(books(contracts), contracts)


def test_r15_a_second_click_that_saw_the_books_before_finds_nothing(
    two, database, scene, books
):
    one, other = two
    contracts = scene(fee=True)
    one.call(*_click(contracts[0]), waits=["open"])
    other.call(*_click(contracts[0]), waits=["open"])
    one.reach("open")
    other.reach("open")
    database.assert_both_open(one, other)
    one.go_to_end()
    outcome = other.go_to_end()
    assert outcome.tries == 2
    assert "Nothing is open" in outcome.value["params"]["message"]
    _once(books(contracts), contracts)


def test_r15_the_index_alone_stops_a_fee_from_being_charged_twice(
    two, database, scene, books
):
    one, other = two
    contracts = scene(fee=True)
    one.call(*_click(contracts[0]), waits=["done"])
    one.reach("done")
    other.call(*_click(contracts[0]), waits=["open"], breaks=["lock", "serialize"])
    other.reach("open")
    database.assert_both_open(one, other)
    other.go()
    database.wait_until_blocked(other, one)
    one.go_to_end()
    outcome = other.end()
    assert outcome.error
    assert "charged already" in outcome.message
    _once(books(contracts), contracts)


def test_without_lock_and_index_two_clicks_bill_a_fee_twice(
    two, database, scene, books, no_index
):
    one, other = two
    contracts = scene(fee=True, work=())
    for worker in two:
        worker.call(
            *_click(contracts[0]), waits=["composed"], breaks=["lock", "serialize"]
        )
        worker.reach("composed")
    database.assert_both_open(one, other)
    for worker in two:
        assert not worker.go_to_end().error
    found = books(contracts)
    assert "charged twice" in found["broken"]
    assert found["billed"] == 2 * 200


# A crowd


def test_r15_a_crowd_of_runs_and_clicks_bills_each_contract_once(two, scene, books):
    """Nobody is led here: who comes first comes first."""
    one, other = two
    contracts = scene(count=6, fee=True)
    runs = [partial(worker.call, *RUN, chunk=2) for worker in two]
    for run in runs:
        run()
    ends = [worker.end() for worker in two]
    assert not any(end.error for end in ends), ends
    one.call(*RUN)  # what one left to the other may have been repeated by nobody
    assert not one.end().error
    assert not other.process.poll()
    _once(books(contracts), contracts)
