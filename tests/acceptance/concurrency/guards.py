# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What keeps two transactions apart, each taken away for the time of a call.

A test that still passes without the guard it relies on proves nothing; so each has a
twin that takes the guard away and sees the damage.
"""

from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo import sql_db


@contextmanager
def broken(name, registry):
    """Be without one guard within the block, in this process."""
    with _BREAKERS[name](registry):
        yield


def _lock(registry):
    """Billing takes contracts without asking whether somebody holds them."""
    contracts = registry["contract.contract"]
    everything = lambda records, **_options: records  # noqa: E731 -- a stand-in
    return patch.object(contracts, "try_lock_for_update", everything)


def _serialize(registry):
    """Rating writes charges without touching the contract's row."""
    rating = registry["aftersales.rating"]
    return patch.object(rating, "_serialize", lambda *_args: None)


def _correction(registry):
    """A correction does not hold the work that it has judged."""
    lines = registry["account.analytic.line"]
    return patch.object(lines, "_aftersales_lock", lambda _lines: None)


def _isolation(_registry):
    """The database lets a transaction overwrite what it has not seen."""
    level = ISOLATION_LEVEL_READ_COMMITTED
    return patch.object(sql_db, "ISOLATION_LEVEL_REPEATABLE_READ", level)


@contextmanager
def _transaction(registry):
    """Invoices are committed before their charges are linked."""
    moves = registry["account.move"]
    create = moves.create

    def committing(records, values):
        made = create(records, values)
        records.env.cr.commit()
        return made

    committing.__dict__.update(create.__dict__)
    with patch.object(moves, "create", committing):
        yield


def _commits(registry):
    """A scheduled run commits nothing before its end."""
    contracts = registry["contract.contract"]
    return patch.object(contracts, "_aftersales_progress", lambda *_args: True)


_BREAKERS = {
    "lock": _lock,
    "serialize": _serialize,
    "correction": _correction,
    "isolation": _isolation,
    "transaction": _transaction,
    "commits": _commits,
}
