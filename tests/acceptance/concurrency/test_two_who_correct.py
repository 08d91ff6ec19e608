# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two managers correct the same invoiced work: it is settled once (R17)."""


def _correct(contract, hours):
    values = {"unit_amount": hours}
    method = "action_aftersales_correct"
    return "account.analytic.line", method, [contract["work"], values]


def test_r17_two_who_correct_the_same_work_settle_it_once(two, database, scene, books):
    one, other = two
    [contract] = scene()
    one.play("invoice", ids=[contract["id"]])
    one.call(*_correct(contract, 1.5), waits=["done"])
    one.reach("done")
    other.call(*_correct(contract, 2), waits=["open"])
    other.reach("open")
    database.assert_both_open(one, other)
    other.go()
    database.wait_until_blocked(other, one)
    assert not one.go_to_end().error
    outcome = other.end()
    assert (outcome.tries, outcome.error) == (2, "")
    found = books([contract])
    assert found["broken"] == []
    assert (found["worked"], found["corrections"]) == ([120], [1])
    assert found["charges"] == [
        ["adjustment", "open", -60, -60],
        ["adjustment", "open", 120, 120],
        ["billable", "invoiced", 60, 60],
    ]


def test_r17_a_correction_that_was_invoiced_meanwhile_is_corrected_itself(
    two, database, scene, books
):
    one, other = two
    [contract] = scene()
    one.play("invoice", ids=[contract["id"]])
    other.call(*_correct(contract, 2), waits=["open"])
    other.reach("open")
    one.call(*_correct(contract, 1.5), waits=["open"])
    one.reach("open")
    database.assert_both_open(one, other)
    assert not one.go_to_end().error
    one.play("invoice", ids=[contract["id"]])
    outcome = other.go_to_end()
    assert (outcome.tries, outcome.error) == (2, "")
    found = books([contract])
    assert found["broken"] == []
    assert found["corrections"] == [2]
    assert found["charges"] == [
        ["adjustment", "invoiced", -60, -60],
        ["adjustment", "invoiced", 90, 90],
        ["adjustment", "open", -90, -90],
        ["adjustment", "open", 120, 120],
        ["billable", "invoiced", 60, 60],
    ]


def test_without_its_lock_a_correction_leaves_no_trace(two, database, scene, books):
    one, other = two
    [contract] = scene()
    one.play("invoice", ids=[contract["id"]])
    breaks = ["correction", "serialize", "isolation"]
    other.call(*_correct(contract, 2), waits=["judged"], breaks=breaks)
    other.reach("judged")
    one.call(*_correct(contract, 1.5), waits=["open"])
    one.reach("open")
    database.assert_both_open(one, other)
    assert not one.go_to_end().error
    one.play("invoice", ids=[contract["id"]])
    assert not other.go_to_end().error
    found = books([contract])
    assert found["corrections"] == [1], "two were made, and one left no trace"
    assert sum("adjustment" in charge for charge in found["charges"]) == 3, "not four"
