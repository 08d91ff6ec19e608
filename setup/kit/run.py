"""setup/run: Odoo with the demo vendor, or what the demo vendor bills."""

import argparse
import contextlib
import datetime
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from . import bill, console, databases, debian, fetch, odoo, paths, postgres
from .console import SetupError

_WELCOME = """
  Odoo with the demo vendor runs on   http://localhost:{port}

  who             login        password
  vendor          vendor       vendor
  support         support      support
  accountant      accountant   accountant
  customer        customer     customer       (the portal)
  administrator   admin        admin

  Look first, as vendor:   After-sales > Contracts    what was sold to whom
                           After-sales > Plans        what is included, at which prices
  then, as accountant:     Invoicing > Customers > Invoices
  The demo is not billed by itself:  ./setup/run --bill  (then reload the invoices)

  Ctrl-C stops it. Its log: {log}
"""


def run(arguments: list[str]) -> int:
    """Get what is needed, then serve or bill."""
    options = _options(arguments)
    serve = not options.bill
    port = free_port() if serve else 0
    debian.install_missing(paths.SETUP / "system-run.txt")
    fetch.everything()
    with postgres.server() as server:
        databases.ensure_demo(server, options.fresh)
        return _serve(server, port) if serve else _bill(server, options)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="setup/run",
        description="Odoo 19 with the demo vendor; HTTP_PORT names another port.",
    )
    parser.add_argument(
        "--bill", action="store_true", help="bill what is due, print it, and end"
    )
    parser.add_argument(
        "--date",
        type=datetime.date.fromisoformat,
        help=f"bill up to this day (default {bill.DEMO_DATE})",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the bill as one JSON document"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="make the demo database anew first"
    )
    options = parser.parse_args(arguments)
    if (options.date or options.json) and not options.bill:
        parser.error("--date and --json belong to --bill")
    return options


def free_port() -> int:
    """The port to serve on; found taken now rather than minutes later."""
    text = os.environ.get("HTTP_PORT", "8069")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError(f"HTTP_PORT must be a port number, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise SetupError(
                f"Port {text} cannot be used ({error.strerror}); perhaps Odoo runs. "
                f"Another port: HTTP_PORT=8169 ./setup/run"
            ) from None
    return int(text)


def _bill(server: postgres.Server, options: argparse.Namespace) -> int:
    """Bill the demo; the outcome goes to standard output."""
    date = options.date or bill.DEMO_DATE
    return bill_database(server, paths.DEMO_DATABASE, date, json=options.json)


def bill_database(
    server: postgres.Server,
    name: str,
    date: datetime.date,
    json: bool = False,
    output: IO | int | None = None,
) -> int:
    """Do the ordinary recurring run in Odoo's shell; it prints the outcome."""
    config = odoo.write_config(f"bill-{name}", server, name, log_level="warn")
    console.say(f"Billing what is due up to {date} ...")
    words = odoo.command(config, "--no-http", sub="shell")
    given = {
        "PYTHONPATH": str(paths.SETUP),
        bill.DATE_VARIABLE: str(date),
        bill.JSON_VARIABLE: "1" if json else "",
    }
    with (paths.SETUP / "bill.py").open() as script:
        return subprocess.run(
            words,
            stdin=script,
            stdout=output,
            env=odoo.environment(**given),
            cwd=paths.ROOT,
            preexec_fn=console.die_with_parent,
            check=False,
        ).returncode


def _serve(server: postgres.Server, port: int) -> int:
    """Serve until Ctrl-C, of which Odoo, in a session of its own, hears from us."""
    with serving(server, paths.DEMO_DATABASE, port, "run") as (process, log):
        print(_WELCOME.format(port=port, log=log), flush=True)
        process.wait()
        raise SetupError(console.failure("Odoo", log))


@contextlib.contextmanager
def serving(
    server: postgres.Server, name: str, port: int, purpose: str
) -> Iterator[tuple[subprocess.Popen, Path]]:
    """Have Odoo answer on a port within the block; its process and its log."""
    config = odoo.write_config(
        purpose, server, name, http_port=port, max_cron_threads=1
    )
    _print_from(server, name, f"http://127.0.0.1:{port}")
    log = paths.LOGS / f"{config.stem}.log"
    console.say("Starting Odoo ...")
    with log.open("w") as output:
        process = subprocess.Popen(
            odoo.command(config),
            env=odoo.environment(),
            cwd=paths.ROOT,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=console.die_with_parent,
        )
    try:
        _wait_until_it_answers(process, port, log)
        yield process, log
    finally:
        _stop(process)


def _print_from(server: postgres.Server, name: str, url: str) -> None:
    """Reports fetch their styles where Odoo answers now, not where it usually does."""
    with server.cursor(name) as cursor:
        cursor.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES ('report.url', %s)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [url],
        )


def _wait_until_it_answers(process: subprocess.Popen, port: int, log: Path) -> None:
    """Until the login page is there, which people see first."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/web/login", timeout=120
            ):
                return
        except urllib.error.HTTPError as error:
            raise SetupError(f"Odoo answers {error.code}; see {log}") from None
        except OSError:
            time.sleep(0.3)
    raise SetupError(console.failure("Starting Odoo", log))


def _stop(process: subprocess.Popen) -> None:
    with console.undisturbed():
        if process.poll() is None:
            console.say("Stopping Odoo ...")
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


if __name__ == "__main__":
    console.main(run)
