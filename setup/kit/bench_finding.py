"""Whether a day's run finds what is due among many contracts that are not.

``finding_queries``: queries of OCA's cron, per 1 000 contracts, over 10 000 contracts
of five fees each, of which nothing is due.
"""

from __future__ import annotations

from . import bench_clock as clock
from . import bench_data as data

CONTRACTS = 10_000
FEES = 5
CHUNK = 1_000


def measure(place, _plain, _rounds: int):
    """One run is enough: queries are counted, no time is measured."""
    with place.round() as env:
        plan = data.fees_plan(env, data.catalogue(env), FEES)
        for _number in range(CONTRACTS // CHUNK):
            data.contracts(env, plan, CHUNK)
            env.flush_all()
            env.invalidate_all()
        before = env["account.move"].search_count([])
        with clock.stopwatch(env.cr) as watch:
            env["contract.contract"].cron_recurring_create_invoice(data.MAY)
        if env["account.move"].search_count([]) != before:
            raise AssertionError("nothing was due, but something was invoiced")
    queries = watch.queries
    details = {"contracts": CONTRACTS, "fees": FEES, "queries": queries}
    return {"finding_queries": queries * 1_000 / CONTRACTS}, details
