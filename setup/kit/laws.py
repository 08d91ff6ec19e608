"""setup/test --laws: every law of the engine, on so many examples, each count printed.

A law is a test that hypothesis gives its examples. One that ran on fewer than were
asked for fails, unless there are no more: then it says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from . import console, outcomes, paths, phases
from .console import SetupError
from .tables import table

# Examples of each law; tests/engine/conftest.py has the profiles of these names.
EXAMPLES = {"ci": 500, "laws": 10_000}
PROPERTY = "hypothesis"
_PASSING = re.compile(r"(\d+) passing\b")
_EXHAUSTED = "Stopped because nothing left to do"


@dataclass(frozen=True)
class Law:
    """A law, and on how many examples it was tried."""

    name: str
    result: str
    examples: int
    exhausted: bool

    def problem(self, asked: int) -> str:
        """Why the law is not proven, or nothing."""
        if self.result != outcomes.PASSED:
            return self.result
        if self.examples < asked and not self.exhausted:
            return f"only {self.examples} of {asked} examples"
        return ""


def run(arguments: list[str]) -> int:
    """Try every law on 10 000 new examples, on all cores; pytest's arguments follow."""
    phase = phases.engine()
    asked = EXAMPLES["laws"]
    console.say(f"Laws: {asked} examples each; this takes a while ...")
    words = ["-m", "hypothesis", *parallel(), "-q", *arguments]
    status = phases.run(phase, words, "laws")
    found = read(phase)
    if not found:
        raise SetupError("No law was found.")
    print(report(found, asked))
    return status or int(bool(problems(found, asked)))


def parallel() -> list[str]:
    """pytest's arguments for all cores."""
    return ["-n", "auto", "--dist", "worksteal"]


def read(phase: phases.Phase) -> list[Law]:
    """The laws in the phase's report, by name."""
    folder = str(phase.folder.relative_to(paths.ROOT))
    found = [
        _law(outcome, folder.replace("/", "."))
        for outcome in outcomes.read(phase.report, folder)
        if PROPERTY in outcome.properties
    ]
    return sorted(found, key=lambda law: law.name)


def _law(outcome: outcomes.Outcome, prefix: str) -> Law:
    text = outcome.properties[PROPERTY]
    return Law(
        outcome.test.removeprefix(f"{prefix}."),
        outcome.result,
        sum(map(int, _PASSING.findall(text))),
        _EXHAUSTED in text,
    )


def report(laws: Iterable[Law], asked: int) -> str:
    """A table with a row a law, and their number."""
    laws = list(laws)
    rows = [
        (law.name, str(law.examples), law.problem(asked) or _remark(law))
        for law in laws
    ]
    parts = [
        table([("law", "examples", ""), *rows], {"examples"}),
        summary(laws, asked),
    ]
    return "\n\n".join(parts)


def _remark(law: Law) -> str:
    return "all there are" if law.exhausted else ""


def summary(laws: list[Law], asked: int) -> str:
    """One sentence on all laws."""
    exhausted = sum(law.exhausted and not law.problem(asked) for law in laws)
    bad = len(problems(laws, asked))
    return (
        f"{len(laws)} laws, {asked} examples each, {sum(law.examples for law in laws)} "
        f"in all; {exhausted} have fewer and were tried on all; {bad} not proven"
    )


def problems(laws: Iterable[Law], asked: int) -> list[str]:
    """The laws that are not proven, and why."""
    return [f"{law.name}: {law.problem(asked)}" for law in laws if law.problem(asked)]
