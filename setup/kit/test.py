"""setup/test: the engine's tests without Odoo, setup's own, then Odoo's.

A run without arguments is the gate: all tests, the laws on 500 examples each, the
engine's mutants, the table of rules, and two suites of what we build on.
"""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from . import console, laws, mutants, peers, phases, rounds, rules
from .console import SetupError
from .phases import NOTHING_COLLECTED, Phase

HELP = f"""\
./setup/test
    All tests, the gate: laws on {laws.EXAMPLES["ci"]} examples each,
    the engine's mutants, the table of rules, two suites of --peers.
./setup/test [PYTEST'S OPTIONS] [PATHS]
    Some tests: -k rounding, tests/engine, FILE::CLASS::NAME
./setup/test --laws [PYTEST'S OPTIONS]
    Every law of the engine on {laws.EXAMPLES["laws"]} new examples, on all
    cores; prints how many each one had.
./setup/test --mutants [RULE ...]
    Breaks each rule of money (R7 R13: these) by its patches in tests/mutants, on a
    copy; fails where the tests of the rule in tests/rules.toml stay green.
./setup/test --peers [{peers.ONLY_WITH}] [SUITE ...]
    The tests of what we build on, without our add-ons and with them; {peers.ONLY_WITH}
    leaves out the first half. Suites: {", ".join(peers.SUITES[:5])},
    {", ".join(peers.SUITES[5:])}.
./setup/test --lives N [SEED]
    N random lives of 30 steps of contracts in Odoo, from a seed on; a life that breaks
    a law of money is told with its seed, and lived again by it: --lives 1 SEED
./setup/test --count N [PYTEST'S OPTIONS]
    The tests of concurrency and crashes N times in a row.
"""

# Options of pytest whose value, in a word of its own, is no path to test.
_TAKES_VALUE = {
    "-k",
    "-m",
    "-p",
    "-c",
    "-n",
    "-W",
    "-o",
    "-r",
    "--maxfail",
    "--durations",
    "--ignore",
    "--deselect",
    "--tb",
}
LIVES = Path("tests/acceptance/test_whole_lives.py")
_WORDS = {0: "passed", NOTHING_COLLECTED: "no tests match"}


def test(arguments: list[str]) -> int:
    """Do what the first argument names, else run tests."""
    first, *rest = arguments or [""]
    if command := _commands().get(first):
        return command(rest)
    if first == "--count" or first.startswith("--count="):
        return rounds.run([*filter(None, [first[len("--count=") :]]), *rest])
    if misplaced := {*_commands(), "--count"} & set(rest):
        raise SetupError(f"{misplaced.pop()} comes first; see ./setup/test --help")
    return _gate() if not arguments else _some(arguments)


def _commands() -> dict[str, Callable[[list[str]], int]]:
    return {
        "-h": _help,
        "--help": _help,
        "--laws": laws.run,
        "--lives": _lives,
        "--mutants": mutants.run,
        "--peers": peers.run,
    }


def _help(_arguments: list[str]) -> int:
    print(HELP, end="")
    return 0


def _lives(arguments: list[str]) -> int:
    """The lives of tests/acceptance/test_whole_lives.py, so many of them."""
    if not arguments or not all(word.isdigit() for word in arguments[:2]):
        raise SetupError("--lives takes the number of lives: ./setup/test --lives 300")
    names = ("AFTERSALES_LIVES", "AFTERSALES_LIFE_SEED")
    os.environ.update(zip(names, arguments, strict=False))
    return _some([str(LIVES), "-s", *arguments[2:]])


def _some(arguments: list[str]) -> int:
    """Run the phases that the paths belong to, all of them without paths."""
    options, chosen = _split(arguments)
    statuses = {}
    with ExitStack() as stack:
        for phase in phases.present():
            targets = (
                [path for path in chosen if phases.belongs(path, phase)]
                if chosen
                else phase.paths
            )
            if not targets:
                continue
            statuses[phase.name] = _pytest(stack, phase, [*options, *map(str, targets)])
            if statuses[phase.name] not in _WORDS and {"-x", "--exitfirst"} & set(
                options
            ):
                break
    return _summary(statuses)


def _gate() -> int:
    """All there is, the fast first; each part's time is told at the end."""
    present = phases.present()
    steps: list[tuple[str, Callable[[], int]]] = []
    with ExitStack() as stack:
        for phase in present:
            words = list(map(str, phase.paths))
            if phase.name == "engine":
                words = [*laws.parallel(), *words]
            steps.append(
                (phase.name, lambda p=phase, w=words: _pytest(stack, p, w)),
            )
            if phase.name == "engine":
                steps.append(("laws", lambda p=phase: _laws(p)))
                steps.append(("mutants", mutants.run_engine))
        steps.append(("rules", lambda: _rules(present)))
        steps.append(("peers", lambda: peers.compare(peers.IN_CI, both=False)))
        return _summary(*_timed(steps))


def _timed(
    steps: list[tuple[str, Callable[[], int]]],
) -> tuple[dict[str, int], dict[str, float]]:
    """Take each step, whatever became of the ones before it."""
    statuses, seconds = {}, {}
    for name, step in steps:
        begun = time.monotonic()
        statuses[name] = step()
        seconds[name] = time.monotonic() - begun
    return statuses, seconds


def _pytest(stack: ExitStack, phase: Phase, arguments: list[str]) -> int:
    console.say(f"Tests: {phase.name} ...")
    extra = phases.prepare_odoo(stack) if phase.needs_odoo else []
    profile = os.environ.get("HYPOTHESIS_PROFILE", "ci")
    return phases.run(phase, [*extra, *arguments], profile)


def _laws(phase: Phase) -> int:
    """Whether each law had its examples in the run of the engine's tests."""
    found, asked = laws.read(phase), laws.EXAMPLES["ci"]
    problems = laws.problems(found, asked)
    print("\n".join([*problems, laws.summary(found, asked)]))
    return int(bool(problems) or not found)


def _rules(ran: list[Phase]) -> int:
    """Whether each test in the table of rules was collected and not skipped."""
    table, needs = rules.read(), rules.read(rules.REQUIREMENTS)
    problems = rules.run_problems([*table, *needs], ran)
    told = [
        f"{len(rows)} {what}, {sum(len(row.tests) for row in rows)} tests of theirs"
        for what, rows in (("rules", table), ("requirements", needs))
    ]
    print("\n".join([*problems, *told]))
    return int(bool(problems))


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """pytest's options, and the paths (with ``::name`` perhaps) as absolute ones."""
    options, chosen = [], []
    for before, word in zip(["", *arguments], arguments, strict=False):
        path = Path(word.split("::")[0])
        if word.startswith("-") or before in _TAKES_VALUE or not path.exists():
            options.append(word)
        else:
            chosen.append(
                str(path.resolve()) + word[len(str(path)) :]
                if "::" in word
                else str(path.resolve())
            )
    return options, chosen


def _summary(statuses: dict[str, int], seconds: dict[str, float] | None = None) -> int:
    """The first failure's status; that of no tests only if no phase had any."""
    for name, status in statuses.items():
        took = f"  {seconds[name]:.0f} s" if seconds else ""
        console.say(f"Tests: {name}: {_WORDS.get(status, 'FAILED')}{took}")
    failed = [status for status in statuses.values() if status not in _WORDS]
    if failed:
        return failed[0]
    return 0 if 0 in statuses.values() else NOTHING_COLLECTED


if __name__ == "__main__":
    console.main(test)
