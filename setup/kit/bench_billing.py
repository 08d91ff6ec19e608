"""Billing beside a bare create and beside OCA's own run.

All three in the same database and as the superuser, as the cron runs, with everything
flushed:

``billing_vs_bare``: billing of 200 contracts with a fee line and two usage lines of
five charges each, already rated (lock, load, create, link, advance, log) / bare batched
``account.move.create`` of the same values in the same context.
``billing_vs_oca``: the same / OCA contract's own run making the same lines (as many,
with the same texts, products, quantities and prices; it has no charges to link).
``extra_queries_per_contract``: queries of billing less those of the bare create, per
contract.

The run is ``_recurring_create_invoice``, OCA's own for both: what the cron calls with
the contracts that are due. The values of the bare create are those that our run hands
to ``account.move.create``, recorded once.
"""

from __future__ import annotations

import copy
from unittest.mock import patch

from . import bench_clock as clock
from . import bench_data as data

CONTRACTS = 200
CHARGES = 5  # of each of two services
LINES = 3


def measure(place, _plain, rounds: int):
    """The three in turns; figures and details."""
    with place.prepared() as env:
        contracts = contracts_with_work(env, CONTRACTS)
        env["aftersales.rating"]._rate(contracts, fees_until=data.DAY)
        ids = contracts.ids
    calls = _recorded(place, ids)
    with place.prepared() as env:
        peer_ids = _peers(env, [vals for many, _context in calls for vals in many]).ids
    watches = clock.take_turns(
        {
            "ours": lambda: _run(place, ids),
            "bare": lambda: _bare(place, calls),
            "oca": lambda: _run(place, peer_ids),
        },
        rounds,
    )
    times = {name: clock.seconds(many) for name, many in watches.items()}
    queries = {
        name: clock.median([watch.queries for watch in many])
        for name, many in watches.items()
    }
    values = {
        "billing_vs_bare": clock.ratio(times["ours"], times["bare"]),
        "billing_vs_oca": clock.ratio(times["ours"], times["oca"]),
        "extra_queries_per_contract": round(
            (queries["ours"] - queries["bare"]) / CONTRACTS, 4
        ),
    }
    details = {
        "contracts": CONTRACTS,
        **{f"{name}_s": clock.median(many) for name, many in times.items()},
        **{f"{name}_queries": count for name, count in queries.items()},
    }
    return values, details


def contracts_with_work(env, count: int):
    """Contracts whose May is due: a fee, two services with five timesheets each."""
    data.ledger(env)
    made = data.catalogue(env)
    contracts = data.contracts(env, data.billing_plan(env, made), count)
    tickets = data.tickets(env, contracts)
    places = [
        {"ticket_id": ticket.id, "service_id": service.id}
        for ticket in tickets
        for service in made["services"]
        for _charge in range(CHARGES)
    ]
    engineers = data.employees(env, made["grades"])
    work = data.timesheets(engineers, len(places), places, started=False)
    env["account.analytic.line"]._aftersales_rated_later().create(work)
    return contracts


def _run(place, ids):
    with place.round() as env:
        contracts = _contracts(env, ids)
        with clock.stopwatch(env.cr) as watch:
            moves = contracts._recurring_create_invoice(data.DAY)
        _check(moves)
    return watch


def _contracts(env, ids):
    return env["contract.contract"].browse(ids).with_company(env.company)


def _check(moves) -> None:
    """A run that makes something else measures something else."""
    lines = len(moves.invoice_line_ids)
    if len(moves) != CONTRACTS or lines != CONTRACTS * LINES:
        raise AssertionError(f"{len(moves)} invoices with {lines} lines")


def _recorded(place, ids) -> list[tuple[list[dict], dict]]:
    """The values and contexts that our run hands to ``account.move.create``."""
    calls = []
    model = place.registry["account.move"]
    create = model.create

    def record(self, vals_list):
        calls.append((copy.deepcopy(vals_list), dict(self.env.context)))
        return create(self, vals_list)

    with patch.object(model, "create", record):
        _run(place, ids)
    return calls


def _bare(place, calls):
    with place.round() as env:
        todo = [
            (_contracts(env, []).with_context(**context).env, copy.deepcopy(vals))
            for vals, context in calls
        ]
        moves = env["account.move"]
        with clock.stopwatch(env.cr) as watch:
            for own, vals in todo:
                moves |= own["account.move"].create(vals)
        _check(moves)
    return watch


def _peers(env, values: list[dict]):
    """OCA contracts without a plan that make the lines of these invoices."""
    partners = data.customers(env, "Bench: OCA", len(values))
    return (
        env["contract.contract"]
        .with_context(**data.QUIET)
        .create(
            [
                {
                    "name": partner.name,
                    "partner_id": partner.id,
                    "line_recurrence": True,
                    "date_start": data.MAY,
                    "contract_line_ids": [
                        (0, 0, _peer_line(command[2]))
                        for command in vals["invoice_line_ids"]
                    ],
                }
                for partner, vals in zip(partners, values, strict=True)
            ]
        )
    )


def _peer_line(vals: dict) -> dict:
    return {
        "product_id": vals["product_id"],
        "name": vals["name"],
        "quantity": vals["quantity"],
        "uom_id": vals["product_uom_id"],
        "specific_price": vals["price_unit"],
        "date_start": data.MAY,
        "date_end": data.LAST,
        "recurring_rule_type": "monthly",
        "recurring_interval": 1,
        "recurring_invoicing_type": "post-paid",
        "recurring_next_date": data.DAY,
    }
