"""The part of ``setup/bench`` that runs inside Odoo: its measures, one by one."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from odoo import api
from odoo.modules.registry import Registry

from . import (
    bench_billing,
    bench_finding,
    bench_rating,
    bench_saving,
    bench_scaling,
    bench_tickets,
)
from .bench_figures import ORDER_VARIABLE
from .console import say

MEASURES = {
    "billing": bench_billing.measure,
    "rating": bench_rating.measure,
    "saving": bench_saving.measure,
    "one_line": bench_saving.measure_one_line,
    "scaling": bench_scaling.measure,
    "finding": bench_finding.measure,
    "tickets": bench_tickets.measure,
    "watch": bench_tickets.measure_watch,
    "deadlines": bench_tickets.measure_deadlines,
}


class Place:
    """A database to measure in: what is prepared stays, what is measured goes."""

    def __init__(self, name: str) -> None:
        self.registry = Registry(name)

    @contextlib.contextmanager
    def prepared(self) -> Iterator[api.Environment]:
        """Make data that all rounds find, with statistics as a grown database has."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, api.SUPERUSER_ID, {})
            cr.flush()
            cr.execute("ANALYZE")

    @contextlib.contextmanager
    def round(self, uid: int = api.SUPERUSER_ID) -> Iterator[api.Environment]:
        """An environment without any cache, in a transaction that is rolled back.

        What commits within is flushed instead.
        """
        with self.registry.cursor() as cr:
            cr.commit = cr.flush
            try:
                yield api.Environment(cr, uid, {})
            finally:
                cr.rollback()
                del cr.commit


def main(env) -> None:
    """Do what the environment variable orders; write figures and details as JSON."""
    order = json.loads(os.environ[ORDER_VARIABLE])
    ours, plain = (
        Place(env.cr.dbname),
        Place(order["plain"]) if order["plain"] else None,
    )
    env.cr.rollback()
    values, details = {}, {}
    for name in order["measures"]:
        say(f"Measuring: {name} ...")
        found, more = MEASURES[name](ours, plain, order["rounds"])
        values |= found
        details[name] = more
    Path(order["output"]).write_text(json.dumps([values, details]))
