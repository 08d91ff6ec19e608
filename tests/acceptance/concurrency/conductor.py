# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Leads workers step by step, and asks the database who is open and who waits."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from psycopg2 import sql

HERE = Path(__file__).parent
PATIENCE = 60  # seconds until a worker that says nothing is called stuck


@dataclass(frozen=True)
class Outcome:
    """How a call ended: its value, or the error a client would see."""

    tries: int
    value: object = None
    error: str = ""
    message: str = ""


class Worker:
    """A process of its own; see worker.py for what it understands."""

    def __init__(self, config, database, log):
        self.process = subprocess.Popen(
            [sys.executable, HERE / "worker.py", config, database.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log.open("a"),
            text=True,
            bufsize=1,
            env={**os.environ, "PYTHONPATH": str(HERE)},
        )
        self.log = log
        self.backend = None
        self.is_free = True

    def ready(self):
        """Wait until it can be called."""
        assert self._next()["ready"] == self.process.pid
        return self

    def play(self, name, **arguments):
        """Run a function of scene.py there, in a transaction that is committed."""
        self._tell({"do": "play", "name": name, **arguments})
        outcome = self.end()
        assert not outcome.error, outcome
        return outcome.value

    def call(self, model, method, args, waits=(), breaks=(), chunk=100):
        """Start a call; it runs up to its first waiting point, or to its end."""
        self._tell(
            {
                "do": "call",
                "model": model,
                "method": method,
                "args": args,
                "waits": list(waits),
                "breaks": list(breaks),
                "chunk": chunk,
            }
        )

    def reach(self, point):
        """Wait until the call stands at a point, with its transaction open."""
        answer = self._next()
        assert answer.get("at") == point, f"not at {point}: {answer}"
        self.backend = answer["backend"]

    def go(self):
        """Let the call go on from the point where it stands."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def end(self):
        """Wait for the end of the call."""
        answer = self._next()
        assert "at" not in answer, f"stands still: {answer}"
        self.is_free = True
        return Outcome(
            answer["tries"],
            answer.get("value"),
            answer.get("error", ""),
            answer.get("message", ""),
        )

    def go_to_end(self):
        self.go()
        return self.end()

    def is_usable(self):
        """Whether it lives and is not in the middle of what a test left it with."""
        return self.process.poll() is None and self.is_free

    def kill(self):
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        """End it at once: what it has not committed is of no use to anybody."""
        self.kill()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()

    def _tell(self, task):
        assert self.is_free, "it is in the middle of a call"
        self.is_free = False
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()

    def _next(self):
        readable, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if readable else ""
        assert line, f"no answer; the end of its log:\n{self._log_end()}"
        return json.loads(line)

    def _log_end(self):
        return "\n".join(self.log.read_text().splitlines()[-30:])


class Database:
    """A copy of the tests' database, gone when it is closed."""

    def __init__(self, connect, template):
        """Make the copy.

        :param connect: a function that connects to a database of the server by name
        """
        self.name = f"{template}_concurrency"
        self._connection = connect("postgres")
        self._connection.autocommit = True
        self.drop()
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(self.name), sql.Identifier(template)
            )
        )

    def drop(self):
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(self.name)
            )
        )

    def close(self):
        self.drop()
        self._connection.close()

    def assert_both_open(self, one, other):
        """PostgreSQL itself says that both transactions are open at this moment."""
        rows = self._execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid IN (%s, %s)"
            " AND xact_start IS NOT NULL AND state <> 'idle'",
            [one.backend, other.backend],
        )
        assert one.backend != other.backend
        assert rows == [(2,)]

    def wait_until_blocked(self, waiter, holder):
        """Wait until the waiter's transaction waits for the holder's."""
        self._until(
            "SELECT %s = ANY(pg_blocking_pids(%s))", [holder.backend, waiter.backend]
        )

    def wait_until_gone(self, worker):
        """Wait until PostgreSQL has noticed that a worker is dead, on all connections.

        A scheduled job has two: its own, and one that holds the lock of the job.
        """
        self._until(
            "SELECT count(*) = 0 FROM pg_stat_activity"
            " WHERE pid = %s OR application_name = %s",
            [worker.backend, f"odoo-{worker.process.pid}"],
        )

    def _until(self, question, values):
        deadline = time.monotonic() + PATIENCE
        while self._execute(question, values) != [(True,)]:
            assert time.monotonic() < deadline, f"never: {question} {values}"
            time.sleep(0.01)

    def _execute(self, query, values=None):
        with self._connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else None
