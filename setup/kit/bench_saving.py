"""Saving work, rating included, beside the same in a database without our add-on.

``saving_vs_plain``: saving 1 000 timesheets over 50 contracts, rating included / the
same without our add-on: in one call, by one user of the desk (not the superuser), for
ten employees. Without our add-on there is no ticket on a timesheet, so the project
stands there; all else is the same, and so are the other modules.

``queries_one_line``: queries to save one line on a contract with 500 open entries, and
the same number with 50: all that the transaction asks from an empty cache on.
"""

from __future__ import annotations

from . import bench_clock as clock
from . import bench_data as data
from .console import SetupError

CONTRACTS = 50
TIMESHEETS = 1000
MANY, FEW = 500, 50


def measure(place, plain, rounds: int):
    """With and without our add-on in turns; figures and details."""
    user_id, work = _prepare_ours(place, CONTRACTS, TIMESHEETS)
    plain_user_id, plain_work = _prepare_plain(plain)
    ratio, details = clock.against_plain(
        lambda: _save(place, user_id, work),
        lambda: _save(plain, plain_user_id, plain_work),
        rounds,
    )
    known = {"timesheets": TIMESHEETS, "contracts": CONTRACTS}
    return {"saving_vs_plain": ratio}, known | details


def measure_one_line(place, _plain, _rounds: int):
    """The queries of a save, the second of its kind; figures and details.

    :raises SetupError: when the number grows with the contract
    """
    counts = {entries: _one_line(place, entries) for entries in (MANY, FEW)}
    if counts[MANY] != counts[FEW]:
        raise SetupError(
            f"Saving one line takes {counts[MANY]} queries on a contract with {MANY} "
            f"open entries, but {counts[FEW]} on one with {FEW}: it must not grow."
        )
    details = {f"with_{entries}_entries": count for entries, count in counts.items()}
    return {"queries_one_line": counts[MANY]}, details


def _prepare_ours(place, contracts: int, timesheets: int):
    """Contracts with two tickets each; the user, and the values to save."""
    with place.prepared() as env:
        made = data.catalogue(env)
        tickets = data.tickets(
            env, data.contracts(env, data.rich_plan(env, made), contracts), each=2
        )
        places = [{"ticket_id": ticket_id} for ticket_id in tickets.ids]
        engineers = data.employees(env, made["grades"])
        user = data.vendor(env, is_ours=True)
        return user.id, data.timesheets(engineers, timesheets, places)


def _prepare_plain(plain):
    with plain.prepared() as env:
        user = data.vendor(env, is_ours=False)
        project = (
            env["project.project"]
            .with_context(**data.QUIET)
            .create({"name": "Bench", "allow_timesheets": True})
        )
        places = [{"project_id": project.id}]
        work = data.timesheets(data.employees(env), TIMESHEETS, places)
        return user.id, [
            {key: vals[key] for key in vals if key != "start_datetime"} for vals in work
        ]


def _save(place, user_id, work):
    with place.round(user_id) as env:
        values = [dict(vals) for vals in work]
        with clock.stopwatch(env.cr) as watch:
            env["account.analytic.line"].create(values)
    return watch


def _one_line(place, entries: int) -> int:
    """Queries to save one line beside so many others; Odoo's own caches are warm."""
    user_id, work = _prepare_ours(place, 1, entries + 1)
    with place.prepared() as env:
        env["account.analytic.line"].create(work[1:])
    _save(place, user_id, work[:1])
    return _save(place, user_id, work[:1]).queries
