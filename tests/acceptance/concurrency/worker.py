# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A process with a registry and transactions of its own, led by lines of JSON.

Calls go the way of Odoo's RPC, with its retries. A call can be told to wait at points,
where its transaction stays open until the other side says go.
"""

import json
import os
import sys
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import scene
from guards import broken

import odoo.service.model as rpc
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

# Where a call can wait: before or after a method of a model. Besides there are "open",
# when it has its snapshot and has done nothing, and "done", before it commits.
POINTS = {
    "judged": ("before", "account.analytic.line", "_aftersales_write"),
    "rated": ("before", "aftersales.rating", "_serialize"),
    "composed": ("before", "account.move", "create"),
    "linked": ("after", "aftersales.billing", "_link"),
}


class Worker:
    """Does what it is told, one call after the other."""

    def __init__(self, database, inbox, outbox):
        self.inbox, self.outbox = inbox, outbox
        self.registry = Registry(database)
        self.waits, self.tries = [], 0

    def serve(self):
        self._say(ready=os.getpid())
        for line in self.inbox:
            task = json.loads(line)
            try:
                self._say(value=getattr(self, task.pop("do"))(**task), tries=self.tries)
            except Exception as error:  # the other side judges it
                kind = type(error).__name__
                self._say(error=kind, message=str(error), tries=self.tries)

    def play(self, name, **arguments):
        """Run a function of the scene in a transaction."""
        with self.registry.cursor() as cr:
            return getattr(scene, name)(Environment(cr, SUPERUSER_ID, {}), **arguments)

    def call(self, model, method, args, waits, breaks, chunk):
        """Call a method as a client would; wait at the points named."""
        self.waits, self.tries = list(waits), 0
        with ExitStack() as stack:
            for name in breaks:
                stack.enter_context(broken(name, self.registry))
            for point in set(waits) & set(POINTS):
                stack.enter_context(self._hooked(point))
            stack.enter_context(patch.object(rpc, "call_kw", self._call_kw))
            # Only time is saved: a collision is repeated soon instead of later.
            stack.enter_context(patch.object(rpc.random, "uniform", lambda *_: 0.01))
            run = sys.modules["odoo.addons.erp_aftersales.models.contract_contract_run"]
            stack.enter_context(patch.object(run, "CHUNK", chunk))
            cr = stack.enter_context(self.registry.cursor())
            value = rpc.execute_cr(cr, SUPERUSER_ID, model, method, args, {})
        return value if isinstance(value, dict | list | int) else None

    def _call_kw(self, model, method, args, kwargs, call_kw=rpc.call_kw):
        """One try of a call, from its snapshot to what it would commit."""
        self.tries += 1
        model.env.cr.execute("SELECT count(*) FROM contract_contract")
        self._wait("open", model.env.cr)
        value = call_kw(model, method, args, kwargs)
        model.env.flush_all()
        self._wait("done", model.env.cr)
        return value

    @contextmanager
    def _hooked(self, point):
        """Wait around a method, where it has something to do."""
        when, model, method = POINTS[point]
        original = getattr(self.registry[model], method)

        def hooked(records, some, *args, **kwargs):
            if when == "before" and some:
                self._wait(point, records.env.cr)
            value = original(records, some, *args, **kwargs)
            if when == "after" and some:
                self._wait(point, records.env.cr)
            return value

        # What marks a method for the ORM (api.model ...) is kept.
        hooked.__dict__.update(original.__dict__)
        with patch.object(self.registry[model], method, hooked):
            yield

    def _wait(self, point, cr):
        if self.waits[:1] == [point]:
            self.waits.pop(0)
            self._say(at=point, backend=cr.connection.info.backend_pid)
            self.inbox.readline()

    def _say(self, **message):
        self.outbox.write(json.dumps(message, default=str) + "\n")
        self.outbox.flush()


def main():
    # What Odoo prints must not get into the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    config.parse_config(["-c", sys.argv[1]], setup_logging=True)
    Worker(sys.argv[2], sys.stdin, answers).serve()


if __name__ == "__main__":
    main()
