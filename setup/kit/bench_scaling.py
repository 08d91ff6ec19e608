"""Whether twice the work takes twice the time.

``scaling_16x``: time of the whole run (OCA's cron: find, rate, bill) at 16 x the
contracts / at 1 x: 800 and 50 contracts, each with a fee line and two usage lines of
five timesheets, not yet rated. In each round all other contracts are archived.
"""

from __future__ import annotations

from . import bench_billing as billing
from . import bench_clock as clock
from . import bench_data as data

CONTRACTS = 50
TIMES = 16


def measure(place, _plain, rounds: int):
    """Small and large run in turns; figures and details."""
    with place.prepared() as env:
        ids = billing.contracts_with_work(env, CONTRACTS * TIMES).ids
    sizes = {"1x": ids[:CONTRACTS], "16x": ids}
    watches = clock.take_turns(
        {name: lambda some=some: _run(place, some) for name, some in sizes.items()},
        rounds,
    )
    times = {name: clock.seconds(many) for name, many in watches.items()}
    details = {
        "contracts": [len(some) for some in sizes.values()],
        **{f"{name}_s": clock.median(many) for name, many in times.items()},
        **{f"{name}_queries": many[0].queries for name, many in watches.items()},
    }
    return {"scaling_16x": clock.ratio(times["16x"], times["1x"])}, details


def _run(place, ids):
    with place.round() as env:
        others = [("id", "not in", ids)]
        env["contract.contract"].search(others).active = False
        env.flush_all()
        env.invalidate_all()
        before = env["account.move"].search_count([])
        with clock.stopwatch(env.cr) as watch:
            env["contract.contract"].cron_recurring_create_invoice(data.DAY)
        made = env["account.move"].search_count([]) - before
        if made != len(ids):
            raise AssertionError(f"{made} invoices of {len(ids)} contracts")
    return watch
