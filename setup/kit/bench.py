"""setup/bench: ours beside its peers, in one run (what and how: bench_figures)."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import bench_figures as figures
from . import console, databases, fetch, odoo, paths, postgres
from .console import SetupError

ROUNDS = 5
# What is measured in a database without our add-on as well.
_PLAIN = {"saving", "tickets"}
Found = tuple[dict[str, float], dict]


def bench(arguments: list[str]) -> int:
    """Measure what is asked for and print it; 1 when a figure misses its goal."""
    options = _options(arguments)
    values, details = measure(options.figures or list(figures.NAMES), options.rounds)
    if options.json:
        print(json.dumps(figures.document(values, details), indent=2))
    else:
        print(figures.table(values))
    return 1 if figures.missed(values) else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="setup/bench",
        description="Measures ours beside its peers; the median of the rounds.",
        epilog="The status is 1 when a figure misses its goal.",
    )
    parser.add_argument(
        "figures",
        nargs="*",
        metavar="FIGURE",
        help=f"measure only these: {', '.join(figures.NAMES)}",
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"rounds (default {ROUNDS})"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document instead"
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.figures) - set(figures.NAMES):
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def measure(names: list[str], rounds: int) -> Found:
    """The figures asked for, and the details of how they came about."""
    todo = figures.measures(names)
    values: dict[str, float] = {}
    details: dict = {"rounds": rounds}
    if "engine" in todo:
        found, details["engine"] = _engine(rounds)
        values |= found
    if others := [name for name in todo if name != "engine"]:
        found, more = _in_odoo(others, rounds)
        values |= found
        details |= more
    return {name: values[name] for name in names}, details


def _engine(rounds: int) -> Found:
    from . import bench_engine  # it puts the engine on the path

    console.say("Measuring: engine ...")
    return bench_engine.measure(rounds)


def _in_odoo(measures: list[str], rounds: int) -> Found:
    """Measure in new databases; they are gone afterwards."""
    fetch.everything()
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server())
        stack.enter_context(databases.of_bench(server))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        output = Path(folder) / "found.json"
        order = {
            "measures": measures,
            "rounds": rounds,
            "plain": paths.PLAIN_DATABASE if _PLAIN & set(measures) else None,
            "output": str(output),
        }
        _run(server, order)
        values, details = json.loads(output.read_text())
    return values, details


def _run(server: postgres.Server, order: dict) -> None:
    """Odoo's shell does it; what it prints is progress, so not for standard output."""
    config = odoo.write_config(
        "bench", server, paths.BENCH_DATABASE, log_level="error", dbfilter=""
    )
    given = {"PYTHONPATH": str(paths.SETUP), figures.ORDER_VARIABLE: json.dumps(order)}
    with (paths.SETUP / "bench.py").open() as script:
        status = subprocess.run(
            odoo.command(config, "--no-http", sub="shell"),
            stdin=script,
            stdout=sys.stderr,
            env=odoo.environment(**given),
            cwd=paths.ROOT,
            preexec_fn=console.die_with_parent,
            check=False,
        ).returncode
    if status:
        raise SetupError("The bench ended early; the reason stands above.")


if __name__ == "__main__":
    console.main(bench)
