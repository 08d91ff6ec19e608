"""What became of each test, read from the report that pytest writes (junit's XML)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_TAGS = {"failure": FAILED, "error": FAILED, "skipped": SKIPPED}


@dataclass(frozen=True)
class Outcome:
    """One run of a test: ``name`` as in a table of tests, without parameters.

    :param test: with its parameters
    :param properties: what the test's own plugins say of it
    """

    name: str
    test: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """The test's own name, with its parameters."""
        name, bracket, parameters = self.test.partition("[")
        return name.rpartition(".")[2] + bracket + parameters


def read(report: Path, folder: str = "") -> list[Outcome]:
    """All outcomes in a report.

    :param folder: of the tests, from the project's root, if pytest started in it
    """
    # Written by our own pytest a moment ago.
    root = ElementTree.parse(report).getroot()  # noqa: S314
    return [_outcome(case, folder) for case in root.iter("testcase")]


def _outcome(case: ElementTree.Element, folder: str) -> Outcome:
    prefix = f"{folder.replace('/', '.')}." if folder else ""
    test = f"{prefix}{case.get('classname')}.{case.get('name')}"
    results = [_TAGS[child.tag] for child in case if child.tag in _TAGS]
    properties = {
        found.get("name"): found.get("value") for found in case.iter("property")
    }
    return Outcome(
        test.split("[")[0], test, results[0] if results else PASSED, properties
    )


def dotted(test: str) -> str:
    """A test as pytest names it (``tests/a.py::B::c``), in the words of a report."""
    path, *names = test.split("::")
    return ".".join([path.removesuffix(".py").replace("/", "."), *names])


def by_name(outcomes: Iterable[Outcome]) -> dict[str, set[str]]:
    """All results of each test: it runs once for each of its parameters."""
    results: dict[str, set[str]] = {}
    for outcome in outcomes:
        results.setdefault(outcome.name, set()).add(outcome.result)
    return results
