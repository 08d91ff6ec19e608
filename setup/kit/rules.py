"""tests/rules.toml: which tests prove each rule of money, which patches break it."""

import ast
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import outcomes, paths, phases

TABLE = paths.ROOT / "tests" / "rules.toml"
REQUIREMENTS = paths.ROOT / "tests" / "requirements.toml"
MUTANTS = paths.ROOT / "tests" / "mutants"
# What the table has to prove.
REQUIRED = tuple(f"R{number}" for number in range(1, 26))
_SKIPPING = {
    "skip",
    "skipif",
    "skipIf",
    "skipUnless",
    "skipTest",
    "xfail",
    "importorskip",
}


@dataclass(frozen=True)
class Rule:
    """A rule of money; or a requirement, which has no mutants.

    ``tests`` as pytest names them, ``mutants`` as file names.
    """

    name: str
    says: str
    tests: tuple[str, ...]
    mutants: tuple[str, ...]


def read(table: Path = TABLE) -> list[Rule]:
    """The rules in the order of the table."""
    rows = tomllib.loads(table.read_text(encoding="utf-8"))
    return [
        Rule(name, row["says"], tuple(row["tests"]), tuple(row.get("mutants", ())))
        for name, row in rows.items()
    ]


def written_problems(rules: Iterable[Rule]) -> list[str]:
    """What is wrong with the table, as far as reading the sources tells."""
    rules = list(rules)
    there = {path.name for path in MUTANTS.glob("*.patch")}
    named = [mutant for rule in rules for mutant in rule.mutants]
    missing = [name for name in REQUIRED if name not in {rule.name for rule in rules}]
    return [
        *(f"{name} is missing" for name in missing),
        *(f"{rule.name} has no test" for rule in rules if not rule.tests),
        *(f"{rule.name} has no mutant" for rule in rules if not rule.mutants),
        *(f"{name} stands twice" for name in sorted(set(_twice(named)))),
        *(f"{name} is no file" for name in sorted(set(named) - there)),
        *(f"{name} is not in the table" for name in sorted(there - set(named))),
        *(
            f"{rule.name}: {test} {problem}"
            for rule in rules
            for test in rule.tests
            if (problem := source_problem(test))
        ),
    ]


def _twice(names: list[str]) -> Iterable[str]:
    return (name for name in names if names.count(name) > 1)


def source_problem(test: str, root: Path | None = None) -> str:
    """Why pytest could not collect a test and run it, or nothing."""
    name, *words = test.split("::")
    path = (root or paths.ROOT) / name
    if not path.is_file():
        return "is in no file"
    node: ast.AST | None = ast.parse(path.read_text(encoding="utf-8"))
    inside = [node]
    for word in words:
        node = _child(node, word)
        if node is None:
            return "is not there"
        inside.append(node)
    if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test"):
        return "is no test"
    marks = [word for scope in inside for word in _decorations(scope)]
    marks += [word for child in node.body for word in _names(child)]
    return "may be skipped" if _SKIPPING & set(marks) else ""


def _child(node: ast.AST, name: str) -> ast.AST | None:
    """The last definition of that name, which is the one that counts."""
    found = [
        child
        for child in getattr(node, "body", ())
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and child.name == name
    ]
    return found[-1] if found else None


def _decorations(node: ast.AST) -> Iterable[str]:
    """Names in the decorators of a function or class, or in a module's pytestmark."""
    for decorator in getattr(node, "decorator_list", ()):
        yield from _names(decorator)
    if isinstance(node, ast.Module | ast.ClassDef):
        for child in node.body:
            if isinstance(child, ast.Assign) and "pytestmark" in _names(child):
                yield from _names(child)


def _names(node: ast.AST) -> list[str]:
    return [
        getattr(child, "attr", None) or getattr(child, "id", "")
        for child in ast.walk(node)
        if isinstance(child, ast.Attribute | ast.Name)
    ]


def run_problems(rules: Iterable[Rule], ran: Iterable[phases.Phase]) -> list[str]:
    """What the reports of a whole run say against the table."""
    results: dict[str, set[str]] = {}
    for phase in ran:
        folder = phase.folder.relative_to(paths.ROOT).as_posix()
        found = outcomes.read(phase.report, "" if folder == "." else folder)
        results |= outcomes.by_name(found)
    return [
        f"{rule.name}: {test} {problem}"
        for rule in rules
        for test in rule.tests
        if (problem := _run_problem(results.get(outcomes.dotted(test))))
    ]


def _run_problem(results: set[str] | None) -> str:
    if not results:
        return "was not collected"
    return "was skipped" if outcomes.SKIPPED in results else ""
