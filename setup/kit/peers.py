"""setup/test --peers: the tests of what we build on, without our add-ons and with them.

Run the classic way (``odoo -u MODULE --test-tags /MODULE``). None may fail with our
add-ons installed that passes without them, and none may be left out.
"""

import re
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import console, databases, fetch, odoo, paths, phases, postgres
from .console import SetupError
from .tables import table

# helpdesk_mgmt_merge is missing: its own tests do not start beside the other bases.
SUITES = (
    "contract",
    "contract_line_successor",
    "helpdesk_mgmt",
    "helpdesk_mgmt_project",
    "helpdesk_mgmt_sale",
    "helpdesk_mgmt_rating",
    "document_page",
    "hr_timesheet",
    "sale_timesheet",
)
# Those that every whole run of setup/test tries, with our add-ons.
IN_CI = ("contract", "helpdesk_mgmt")
ONLY_WITH = "--only-with"

_STARTED = re.compile(r" odoo\.addons\.(\S+): Starting (\w+)\.(\w+) \.\.\.")
_FAILED = re.compile(
    r" ERROR \S+ odoo\.addons\.(\S+): (?:FAIL|ERROR): (?:Subtest )?(\S+)"
)
_SKIPPED = re.compile(r" odoo\.addons\.\S+: skipped (\w+\.\w+)")
_TIMEOUT = 3600


@dataclass(frozen=True)
class Result:
    """One run of a suite: names of tests, ``TestCase.test_method``."""

    ran: frozenset[str]
    failed: frozenset[str]
    status: int
    seconds: float


def run(arguments: list[str]) -> int:
    """Try the suites named, or all; ``--only-with`` saves the comparison."""
    names = [word for word in arguments if word != ONLY_WITH] or list(SUITES)
    if unknown := set(names) - set(SUITES):
        raise SetupError(
            f"No such suite: {', '.join(sorted(unknown))}; there are "
            + ", ".join(SUITES)
        )
    return compare(names, both=ONLY_WITH not in arguments)


def compare(names: Sequence[str], both: bool = True) -> int:
    """Run the suites, print a table; 1 if one is worse with our add-ons."""
    with ExitStack() as stack:
        server = phases.start_odoo(stack)
        ours = {}
        theirs: dict[str, Result] = {}
        bases = databases.ensure_bases(server) if both else ""
        for name in names:
            if both:
                console.say(f"Peers: {name}, without our add-ons ...")
                theirs[name] = _suite(server, name, bases, "without")
            console.say(f"Peers: {name}, with our add-ons ...")
            ours[name] = _suite(server, name, paths.TEST_DATABASE, "with")
    print(report(names, theirs, ours))
    return int(any(problems(theirs.get(name), ours[name]) for name in names))


def _suite(server: postgres.Server, name: str, template: str, side: str) -> Result:
    """Update the module and run its tests, on a copy of a database."""
    database = f"{paths.PEERS_DATABASE}_{side}"
    purpose = f"peers-{side}"
    log = paths.LOGS / f"{purpose}-{name}.log"
    addons = fetch.addons_path()
    if side == "without":
        addons.remove(paths.ROOT)
    begun = time.monotonic()
    with databases.copy(server, template, database):
        config = odoo.write_config(
            purpose,
            server,
            database,
            addons_path=",".join(map(str, addons)),
            http_port=_free_port(),
        )
        words = odoo.command(
            config, "-u", name, "--test-tags", f"/{name}", "--stop-after-init"
        )
        with log.open("w") as output:
            status = subprocess.run(
                words,
                cwd=paths.ROOT,
                env=odoo.environment(),
                preexec_fn=console.die_with_parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_TIMEOUT,
                check=False,
            ).returncode
    return read(log, status, time.monotonic() - begun)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read(log: Path, status: int, seconds: float) -> Result:
    """What Odoo's log says of its tests."""
    text = log.read_text(errors="replace")
    started = {f"{case}.{name}" for _module, case, name in _STARTED.findall(text)}
    ran = started - set(_SKIPPED.findall(text))
    failed = {name for _module, name in _FAILED.findall(text)}
    return Result(frozenset(ran), frozenset(failed), status, seconds)


def problems(theirs: Result | None, ours: Result) -> list[str]:
    """What is worse with our add-ons; without a comparison nothing may fail."""
    failed_before = theirs.failed if theirs else frozenset()
    worse = [f"{name} fails" for name in sorted(ours.failed - failed_before)]
    if theirs:
        missing = theirs.ran - ours.ran
        worse += [f"{name} is not run" for name in sorted(missing)]
    if not ours.ran:
        worse.append("no test was run")
    if ours.status and not worse and not failed_before:
        worse.append(f"Odoo ended with {ours.status}")
    return worse


def report(
    names: Sequence[str], theirs: dict[str, Result], ours: dict[str, Result]
) -> str:
    """A row a suite, then each test that is worse."""
    heading = ("suite", "tests", "failed without", "failed with", "seconds")
    rows = [_row(name, theirs.get(name), ours[name]) for name in names]
    worse = [
        f"{name}: {problem}; see {paths.LOGS / f'peers-with-{name}.log'}"
        for name in names
        for problem in problems(theirs.get(name), ours[name])
    ]
    return "\n\n".join([table([heading, *rows], set(heading[1:])), *worse])


def _row(name: str, theirs: Result | None, ours: Result) -> tuple[str, ...]:
    tests = str(len(ours.ran))
    if theirs and len(theirs.ran) != len(ours.ran):
        tests = f"{len(theirs.ran)}, with ours {tests}"
    seconds = f"{theirs.seconds:.0f} + {ours.seconds:.0f}" if theirs else ""
    return (
        name,
        tests,
        str(len(theirs.failed)) if theirs else "-",
        str(len(ours.failed)),
        seconds or f"{ours.seconds:.0f}",
    )
