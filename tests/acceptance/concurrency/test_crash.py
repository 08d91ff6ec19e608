# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A run is killed between making its invoices and committing them, and run again."""

JOB = ("ir.cron", "method_direct_trigger")


def _killed(database, one, point, **options):
    """Run the scheduled job; kill it when its second chunk stands at a point."""
    job = one.play("billing_job")
    one.call(*JOB, [[job]], waits=[point, point], chunk=2, **options)
    one.reach(point)
    one.go()
    one.reach(point)
    one.kill()
    database.wait_until_gone(one)
    return job


def test_r15_a_killed_run_keeps_its_chunks_and_another_does_the_rest(
    two, database, scene
):
    one, other = two
    contracts = scene(count=5)
    ids = [contract["id"] for contract in contracts]
    job = _killed(database, one, "linked")
    found = other.play("books", ids=ids)
    assert (len(found["invoiced"]), found["billed"]) == (2, 2 * 60)
    assert found["broken"] == []
    other.call(*JOB, [[job]], chunk=2)
    assert not other.end().error
    found = other.play("books", ids=ids)
    assert found["broken"] == found["errors"] == []
    assert (len(found["invoiced"]), found["billed"]) == (5, 5 * 60)


def test_without_commits_a_killed_run_loses_everything(two, database, scene):
    one, other = two
    ids = [contract["id"] for contract in scene(count=5)]
    _killed(database, one, "linked", breaks=["commits"])
    assert other.play("books", ids=ids)["invoiced"] == []


def test_without_one_transaction_a_killed_run_leaves_invoices_of_nothing(
    two, database, scene
):
    one, other = two
    ids = [contract["id"] for contract in scene(count=2)]
    job = one.play("billing_job")
    one.call(*JOB, [[job]], waits=["linked"], breaks=["transaction"])
    one.reach("linked")
    one.kill()
    database.wait_until_gone(one)
    other.call(*JOB, [[job]])
    assert not other.end().error
    found = other.play("books", ids=ids)
    assert "invoiced otherwise than charged" in found["broken"]
