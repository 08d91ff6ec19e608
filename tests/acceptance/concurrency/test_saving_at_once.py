# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Work is saved while it is billed, or while others save: nothing lost or twice."""

LINES = "account.analytic.line"
JOB = ("ir.cron", "method_direct_trigger")


def _click(contract):
    return "contract.contract", "action_aftersales_invoice", [[contract["id"]]]


def _edit(contract, **values):
    return LINES, "write", [contract["work"][:1], values]


def _log(contract, minutes):
    values = {
        "name": "Work",
        "ticket_id": contract["ticket"],
        "employee_id": contract["employee"],
        "date": contract["day"],
        "unit_amount": minutes / 60,
    }
    return LINES, "create", [[values]]


# Billing while timesheets are saved


def test_r15_work_saved_while_its_contract_is_billed_waits_its_turn(
    two, database, scene, books
):
    one, other = two
    [contract] = scene()
    one.call(*_click(contract), waits=["done"])
    one.reach("done")
    other.call(*_log(contract, 30), waits=["open"])
    other.reach("open")
    database.assert_both_open(one, other)
    other.go()
    database.wait_until_blocked(other, one)
    one.go_to_end()
    assert not other.end().error
    found = books([contract])
    assert found["broken"] == []
    assert found["charges"] == [
        ["billable", "invoiced", 60, 60],
        ["billable", "open", 30, 30],
    ]


def test_without_the_guard_of_rating_work_does_not_wait_for_billing(
    two, database, scene, books
):
    one, other = two
    [contract] = scene()
    one.call(*_click(contract), waits=["done"])
    one.reach("done")
    other.call(*_log(contract, 30), waits=["done"], breaks=["serialize"])
    other.reach("done")
    database.assert_both_open(one, other)
    other.go_to_end()
    one.go_to_end()


def test_r16_work_edited_while_it_is_invoiced_is_refused_by_name(
    two, database, scene, books
):
    one, other = two
    [contract] = scene()
    other.call(*_edit(contract, unit_amount=2), waits=["rated"])
    other.reach("rated")
    one.call(*_click(contract), waits=["open"])
    one.reach("open")
    database.assert_both_open(one, other)
    assert not one.go_to_end().error
    outcome = other.go_to_end()
    assert (outcome.tries, outcome.error) == (2, "UserError")
    assert "cannot be changed" in outcome.message
    found = books([contract])
    assert found["broken"] == []
    assert (found["billed"], found["worked"]) == (60, [60])


def test_without_isolation_work_is_edited_under_its_invoice(
    two, database, scene, books
):
    one, other = two
    [contract] = scene()
    other.call(
        *_edit(contract, unit_amount=2),
        waits=["rated"],
        breaks=["serialize", "isolation"],
    )
    other.reach("rated")
    one.call(*_click(contract))
    assert not one.end().error
    assert not other.go_to_end().error
    assert "invoiced otherwise than charged" in books([contract])["broken"]


def test_r15_a_scheduled_run_comes_back_for_what_is_being_saved(
    two, database, scene, books
):
    one, other = two
    contracts = scene(count=3)
    saved = contracts[1]
    other.call(*_edit(saved, unit_amount=2), waits=["done"])
    other.reach("done")
    job = one.play("billing_job")
    one.call(*JOB, [[job]], waits=["open", "linked"], chunk=2)
    one.reach("open")
    database.assert_both_open(one, other)
    one.go()
    one.reach("linked")
    database.assert_both_open(one, other)
    assert not one.go_to_end().error
    found = books(contracts)
    assert sorted(found["invoiced"]) == [contracts[0]["id"], contracts[2]["id"]]
    assert found["errors"] == []
    assert one.play("progress")[1] == 1, "one is left"
    assert not other.go_to_end().error
    one.call(*JOB, [[job]])
    assert not one.end().error
    found = books(contracts)
    assert found["broken"] == []
    assert found["billed"] == 60 + 120 + 60


# Two who save


def test_r19_two_who_edit_one_timesheet_are_both_charged(two, database, scene, books):
    one, other = two
    [contract] = scene()
    one.call(*_edit(contract, unit_amount=1.5), waits=["done"])
    one.reach("done")
    other.call(*_edit(contract, service_mode="onsite"), waits=["open"])
    other.reach("open")
    database.assert_both_open(one, other)
    other.go()
    database.wait_until_blocked(other, one)
    assert not one.go_to_end().error
    outcome = other.end()
    assert (outcome.tries, outcome.error) == (2, "")
    found = books([contract])
    assert found["broken"] == []
    assert found["charges"] == [["billable", "open", 90, 135]], "90 min at 90.00"


def test_without_isolation_two_who_edit_charge_what_nobody_worked(
    two, database, scene, books
):
    one, other = two
    [contract] = scene()
    one.call(*_edit(contract, unit_amount=1.5), waits=["done"])
    one.reach("done")
    breaks = ["serialize", "isolation"]
    edit = _edit(contract, service_mode="onsite")
    other.call(*edit, waits=["open"], breaks=breaks)
    other.reach("open")
    other.go()
    database.wait_until_blocked(other, one)
    one.go_to_end()
    assert not other.end().error
    assert "charged otherwise than worked" in books([contract])["broken"]


def test_r07_two_who_log_work_spend_an_allowance_once(two, database, scene, books):
    one, other = two
    [contract] = scene(allowance=True, work=())
    for worker in two:
        worker.call(*_log(contract, 60), waits=["rated"])
        worker.reach("rated")
    database.assert_both_open(one, other)
    assert one.go_to_end().tries == 1
    outcome = other.go_to_end()
    assert (outcome.tries, outcome.error) == (2, "")
    found = books([contract])
    assert found["broken"] == []
    assert found["charges"] == [
        ["allowance", "open", 60, 0],
        ["overage", "open", 60, 60],
    ]


def test_without_the_guard_of_rating_an_allowance_is_spent_twice(
    two, database, scene, books
):
    one, other = two
    [contract] = scene(allowance=True, work=())
    for worker in two:
        worker.call(*_log(contract, 60), waits=["done"], breaks=["serialize"])
        worker.reach("done")
    database.assert_both_open(one, other)
    for worker in two:
        assert not worker.go_to_end().error
    assert "allowance overspent" in books([contract])["broken"]
