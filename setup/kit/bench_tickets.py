"""Tickets and their clocks, beside what Odoo and helpdesk_mgmt do.

``ticket_vs_plain``: creating 500 tickets over 50 contracts, with contract, promise and
clock / the same without our add-on: in one call, by one user of the desk.

``watch_queries``: queries that read when 10 000 open tickets are brought up to date,
per 1 000; nothing changed, so that nothing may be written.

``watch_writes``: tickets written when the states of 100 among them change, per 100.

``deadlines_vs_odoo``: both deadlines of 1 000 tickets in a business calendar with
holidays, the calendar's reading included / ``resource.calendar.plan_hours`` for each.
"""

from __future__ import annotations

import datetime

from . import bench_clock as clock
from . import bench_data as data

CONTRACTS = 50
TICKETS = 500
OPEN = 10_000
TURNING = 100
ASKED = 1_000
NOW = datetime.datetime(2026, 6, 3, 2, 0)  # a Wednesday, 10:00 in Shanghai
STARTED = datetime.datetime(2026, 1, 1)


def measure(place, plain, rounds: int):
    """With and without our add-on in turns; figures and details."""
    user_id, values = _prepare_ours(place)
    plain_user_id, plain_values = _prepare_plain(plain)
    ratio, details = clock.against_plain(
        lambda: _create(place, user_id, values),
        lambda: _create(plain, plain_user_id, plain_values),
        rounds,
    )
    known = {"tickets": TICKETS, "contracts": CONTRACTS}
    return {"ticket_vs_plain": ratio}, known | details


def _prepare_ours(place):
    with place.prepared() as env:
        contracts = data.contracts(env, _plan(env), CONTRACTS)
        user = data.vendor(env, is_ours=True)
        return user.id, _values(contracts.partner_id)


def _prepare_plain(plain):
    with plain.prepared() as env:
        user = data.vendor(env, is_ours=False)
        return user.id, _values(data.customers(env, "Bench: desk", CONTRACTS))


def _values(partners):
    return [
        {
            "name": f"Ticket {number}",
            "description": "Something does not work.",
            "partner_id": partners[number % len(partners)].id,
        }
        for number in range(TICKETS)
    ]


def _create(place, user_id, values):
    with place.round(user_id) as env:
        given = [dict(vals) for vals in values]
        with clock.stopwatch(env.cr) as watch:
            env["helpdesk.ticket"].create(given)
    return watch


def _plan(env):
    made = data.catalogue(env)
    return data.levels_plan(env, made)


def measure_watch(place, _plain, _rounds: int):
    """One run is enough: queries are counted, no time is measured."""
    with place.round() as env:
        contracts = data.contracts(env, _plan(env), 200)
        tickets = env["helpdesk.ticket"]
        for _number in range(OPEN // 1_000):
            tickets |= data.tickets(env, contracts, each=5)
        tickets._aftersales_watch()
        env.flush_all()
        env.invalidate_all()
        with clock.stopwatch(env.cr) as watch:
            tickets._aftersales_watch()
        turning = tickets[:TURNING].sudo()
        turning._aftersales_note({t: {"resolution_state": "met"} for t in turning})
        written = _written(env, tickets)
        if written < TURNING:
            raise AssertionError(f"{TURNING} tickets changed, {written} were written")
    details = {"tickets": OPEN, "queries": watch.queries, "seconds": watch.seconds}
    values = {
        "watch_queries": watch.queries * 1_000 / OPEN,
        "watch_writes": written * 100 / TURNING,
    }
    return values, details


def _written(env, tickets) -> int:
    """How many tickets the watch writes."""
    noted = []
    kind = type(tickets)
    plain = kind._aftersales_note

    def note(self, values):
        noted.extend(ticket.id for ticket in values)
        return plain(self, values)

    kind._aftersales_note = note
    try:
        tickets._aftersales_watch()
    finally:
        kind._aftersales_note = plain
    return len(set(noted))


def measure_deadlines(place, _plain, rounds: int):
    """Ours and Odoo's in turns; figures and details."""
    with place.prepared() as env:
        calendar_id = data.business_calendar(env).id
    moments = [
        STARTED + datetime.timedelta(minutes=n * 521 % (365 * 24 * 60))
        for n in range(ASKED)
    ]
    watches = clock.take_turns(
        {
            "ours": lambda: _ours(place, calendar_id, moments),
            "odoo": lambda: _odoo(place, calendar_id, moments),
        },
        rounds,
    )
    times = {name: clock.seconds(many) for name, many in watches.items()}
    details = {name: clock.median(many) for name, many in times.items()}
    return {"deadlines_vs_odoo": clock.ratio(times["ours"], times["odoo"])}, details


def _ours(place, calendar_id, moments):
    from odoo.addons.erp_aftersales.engine import opening, sla

    opening._window.cache_clear()
    with place.round() as env, clock.stopwatch(env.cr) as watch:
        calendar = env["resource.calendar"].browse(calendar_id)
        facts = env["aftersales.loader"]._calendars(calendar)[calendar_id]
        for moment in moments:
            received_at = moment.replace(tzinfo=datetime.UTC)
            sla.read(sla.Case(facts, received_at, 30, 240), received_at)
    return watch


def _odoo(place, calendar_id, moments):
    with place.round() as env, clock.stopwatch(env.cr) as watch:
        calendar = env["resource.calendar"].browse(calendar_id)
        for moment in moments:
            for hours in (0.5, 4):
                calendar.plan_hours(hours, moment, compute_leaves=True)
    return watch
