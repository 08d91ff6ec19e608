"""Rating beside the creation of what is rated.

``rating_first``: first rating of 5 000 timesheets / creating them.
``rating_again``: a second rating, nothing to write / creating them.

50 contracts with two tickets each, one month, half of the work with a start time; the
plan has an allowance, bands, rounding by visit and prices by grade. They are created in
one call without being rated, then rated by the contracts' own door. Each step begins
with an empty cache and ends flushed.
"""

from __future__ import annotations

from . import bench_clock as clock
from . import bench_data as data

CONTRACTS = 50
TIMESHEETS = 5000


def measure(place, _plain, rounds: int):
    """Create, rate, rate again, in one transaction a round; figures and details."""
    with place.prepared() as env:
        made = data.catalogue(env)
        contracts = data.contracts(env, data.rich_plan(env, made), CONTRACTS)
        tickets = data.tickets(env, contracts, each=2)
        places = [{"ticket_id": ticket_id} for ticket_id in tickets.ids]
        engineers = data.employees(env, made["grades"])
        work = data.timesheets(engineers, TIMESHEETS, places)
        ids = contracts.ids
    turns = clock.take_turns({"all": lambda: _round(place, ids, work)}, rounds)["all"]
    created, first, again = zip(*turns, strict=True)
    times = [clock.seconds(watches) for watches in (created, first, again)]
    values = {
        "rating_first": clock.ratio(times[1], times[0]),
        "rating_again": clock.ratio(times[2], times[0]),
    }
    details = {
        "timesheets": TIMESHEETS,
        "contracts": CONTRACTS,
        "creating_s": clock.median(times[0]),
        "first_s": clock.median(times[1]),
        "again_s": clock.median(times[2]),
        "creating_queries": created[0].queries,
        "first_queries": first[0].queries,
        "again_queries": again[0].queries,
    }
    return values, details


def _round(place, contract_ids, work):
    """The watches of creating, rating and rating again."""
    with place.round() as env:
        unrated = env["account.analytic.line"]._aftersales_rated_later()
        with clock.stopwatch(env.cr) as created:
            unrated.create([dict(vals) for vals in work])
        contracts = env["contract.contract"].browse(contract_ids)
        watches = [created]
        for _time in range(2):
            env.invalidate_all()
            with clock.stopwatch(env.cr) as watch:
                contracts.action_aftersales_rate()
            watches.append(watch)
        if not env["aftersales.charge"].search_count(
            [("contract_id", "in", contract_ids)]
        ):
            raise AssertionError("nothing was rated")
    return watches
