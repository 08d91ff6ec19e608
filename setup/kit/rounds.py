"""setup/test --count N: the tests of concurrency so many times in a row.

What goes wrong now and then has to be looked for more than once. These tests commit,
and make a copy of the tests' database for that.
"""

from collections import Counter
from contextlib import ExitStack

from . import console, outcomes, paths, phases
from .console import SetupError
from .tables import table

FOLDER = paths.ROOT / "tests" / "acceptance" / "concurrency"


def run(arguments: list[str]) -> int:
    """``N`` and pytest's own arguments; 1 if a test failed in any round."""
    count = number(arguments)
    if not FOLDER.is_dir():
        raise SetupError(f"There are no tests in {FOLDER}.")
    rows, ever_failed = [], False
    with ExitStack() as stack:
        server = phases.start_odoo(stack)
        for nth in range(1, count + 1):
            console.say(f"Round {nth} of {count} ...")
            found = _round(server, arguments[1:])
            rows.append(row(nth, found))
            console.say(f"   {rows[-1][1]} passed, {rows[-1][2]} failed")
            ever_failed |= not is_good(found)
    heading = ("round", "passed", "failed", "skipped", "which")
    print(table([heading, *rows], set(heading[:4])))
    return int(ever_failed)


def number(arguments: list[str]) -> int:
    """How many rounds."""
    if not arguments or not arguments[0].isdecimal() or not int(arguments[0]):
        raise SetupError("--count takes the number of rounds: ./setup/test --count 20")
    return int(arguments[0])


def _round(server, arguments: list[str]) -> list[outcomes.Outcome]:
    phase = phases.Phase("rounds", paths.ROOT, (FOLDER,), needs_odoo=True)
    words = phases.odoo_arguments(server, "rounds", paths.TEST_DATABASE)
    phase.report.unlink(missing_ok=True)
    phases.run(phase, [*words, "-q", "--disable-warnings", *arguments, str(FOLDER)])
    return outcomes.read(phase.report) if phase.report.exists() else []


def is_good(found: list[outcomes.Outcome]) -> bool:
    """Whether there were tests, and all of them passed."""
    return bool(found) and all(o.result == outcomes.PASSED for o in found)


def row(nth: int, found: list[outcomes.Outcome]) -> tuple[str, ...]:
    """The round's numbers, and the names of what did not pass."""
    counts = Counter(outcome.result for outcome in found)
    numbers = [
        str(counts[result])
        for result in (outcomes.PASSED, outcomes.FAILED, outcomes.SKIPPED)
    ]
    which = [o.short for o in found if o.result != outcomes.PASSED]
    return str(nth), *numbers, ", ".join(which)
