"""setup/test --mutants: a small patch breaks each rule, and its tests must see it.

A patch never touches the working tree: it is applied to a copy of what its tests need.
Those of the engine run without Odoo, several at a time; the others have a database of
their own each, a copy of the tests'.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import console, databases, fetch, outcomes, paths, phases, postgres, rules
from .console import SetupError
from .tables import table

ENGINE_FOLDER = "erp_aftersales/engine/"
ENGINE_TESTS = "tests/engine/"
_TESTS_FAILED = 1
_FOR_ENGINE = ("erp_aftersales/engine", "erp_aftersales/bridge", "tests/engine")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".hypothesis", ".pytest_cache")


@dataclass(frozen=True)
class Mutant:
    """A patch, the rule it breaks and how, and the tests that have to see it."""

    rule: str
    says: str
    patch: Path
    tests: tuple[str, ...]
    in_engine: bool


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant; without a killer it lives, and ``problem`` says how."""

    mutant: Mutant
    killer: str = ""
    problem: str = ""
    seconds: float = 0


def run(arguments: list[str]) -> int:
    """Try the mutants of the rules named (R7 R13), of all without a name."""
    chosen = _chosen(arguments)
    in_engine = [mutant for mutant in chosen if mutant.in_engine]
    others = [mutant for mutant in chosen if not mutant.in_engine]
    _prove_green(in_engine)
    verdicts = [*engine_verdicts(in_engine), *odoo_verdicts(others)]
    print(report(verdicts))
    return int(not all(verdict.killer for verdict in verdicts))


def run_engine() -> int:
    """Try those of the engine, whose tests were seen to pass a moment ago."""
    verdicts = engine_verdicts([mutant for mutant in read() if mutant.in_engine])
    print(report(verdicts))
    return int(not all(verdict.killer for verdict in verdicts))


def _chosen(arguments: list[str]) -> list[Mutant]:
    mutants = read()
    unknown = set(arguments) - {mutant.rule for mutant in mutants}
    if unknown:
        raise SetupError(f"No rule of the table: {', '.join(sorted(unknown))}")
    return [m for m in mutants if not arguments or m.rule in arguments]


def read() -> list[Mutant]:
    """The mutants of the table; each has the tests of its rule on its own side."""
    return [
        _mutant(rule, rules.MUTANTS / name)
        for rule in rules.read()
        for name in rule.mutants
    ]


def _mutant(rule: rules.Rule, patch: Path) -> Mutant:
    in_engine = all(name.startswith(ENGINE_FOLDER) for name in targets(patch))
    tests = (test for test in rule.tests if test.startswith(ENGINE_TESTS) == in_engine)
    says = patch.read_text().splitlines()[0]
    return Mutant(rule.name, says, patch, tuple(tests), in_engine)


def targets(patch: Path) -> list[str]:
    """The files that a patch changes."""
    return re.findall(r"^\+\+\+ b/(\S+)", patch.read_text(), re.MULTILINE)


def engine_verdicts(mutants: list[Mutant]) -> list[Verdict]:
    """Without Odoo, as many at a time as there are cores."""
    if not mutants:
        return []
    console.say(f"Mutants: {len(mutants)} of the engine ...")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        tried = pool.map(lambda mutant: _try(mutant, _FOR_ENGINE, _engine_run), mutants)
        return list(tried)


def _prove_green(mutants: list[Mutant]) -> None:
    """Without a mutant the tests of the engine pass: else they would prove nothing."""
    if not mutants:
        return
    console.say("Mutants: the tests of the engine without any ...")
    with copy(_FOR_ENGINE) as folder:
        _expect_green(*_engine_run(folder, _tests(mutants)))


def _tests(mutants: Iterable[Mutant]) -> list[str]:
    return sorted({test for mutant in mutants for test in mutant.tests})


def _expect_green(status: int, killer: str) -> None:
    if status:
        raise SetupError(f"Without any mutant tests fail already: {killer or status}")


def _engine_run(folder: Path, tests: Iterable[str]) -> tuple[int, str]:
    names = [test.removeprefix(ENGINE_TESTS) for test in tests]
    return _pytest(folder, folder / ENGINE_TESTS, names)


def odoo_verdicts(mutants: list[Mutant]) -> list[Verdict]:
    """One after the other, each on a copy of the tests' database."""
    if not mutants:
        return []
    with ExitStack() as stack:
        server = phases.start_odoo(stack)
        addons = tuple(path.name for path in paths.addons())
        needed = (*addons, "tests/acceptance")

        def odoo_run(folder: Path, tests: Iterable[str]) -> tuple[int, str]:
            return _odoo_run(server, folder, tests)

        console.say("Mutants: the tests of the others without any ...")
        with copy(needed) as folder:
            _expect_green(*odoo_run(folder, _tests(mutants)))
        verdicts = []
        for mutant in mutants:
            console.say(f"Mutants: {mutant.patch.name} ...")
            verdicts.append(_try(mutant, needed, odoo_run))
    return verdicts


def _odoo_run(
    server: postgres.Server, folder: Path, tests: Iterable[str]
) -> tuple[int, str]:
    addons = [path for path in fetch.addons_path() if path != paths.ROOT]
    options = {"addons_path": ",".join(map(str, [*addons, folder]))}
    database = paths.MUTANTS_DATABASE
    with databases.copy(server, paths.TEST_DATABASE, database):
        words = phases.odoo_arguments(server, "mutants", database, **options)
        return _pytest(folder, folder, [*words, *tests])


def _try(
    mutant: Mutant,
    needed: Iterable[str],
    run_tests: Callable[[Path, Iterable[str]], tuple[int, str]],
) -> Verdict:
    """Apply the patch to a copy and run the tests: they have to fail."""
    begun = time.monotonic()
    if not mutant.tests:
        return Verdict(mutant, problem="no test of the rule is on its side")
    with copy(needed) as folder:
        if problem := apply(mutant.patch, folder):
            return Verdict(mutant, problem=problem)
        status, killer = run_tests(folder, mutant.tests)
    seconds = time.monotonic() - begun
    if status == _TESTS_FAILED and killer:
        return Verdict(mutant, killer, seconds=seconds)
    problem = "its tests stay green" if status == 0 else f"pytest ended with {status}"
    return Verdict(mutant, problem=problem, seconds=seconds)


@contextmanager
def copy(needed: Iterable[str]) -> Iterator[Path]:
    """Parts of the project in a folder of their own, gone after the block."""
    paths.LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.LOCAL, prefix="mutant-") as name:
        for part in needed:
            source, target = paths.ROOT / part, Path(name, part)
            if source.is_dir():
                shutil.copytree(source, target, ignore=_LEFT_OUT)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        yield Path(name)


def apply(patch: Path, folder: Path) -> str:
    """Apply a patch to a copy; why it does not, or nothing."""
    files = [folder / name for name in targets(patch)]
    if not files or not all(file.is_file() for file in files):
        return "changes no file that is there"
    before = [file.read_text() for file in files]
    # The copy lies in a repository, whose files git would take the patch for.
    surroundings = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    done = subprocess.run(
        ["git", "apply", "-C1", "--whitespace=nowarn", str(patch)],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"does not apply any more: {done.stderr.strip().splitlines()[-1]}"
    for file, text in zip(files, before, strict=True):
        if file.read_text() == text:
            return f"leaves {file.relative_to(folder)} as it is"
        if file.suffix == ".py" and (problem := _syntax_problem(file)):
            return problem
    return ""


def _syntax_problem(file: Path) -> str:
    """A mutant breaks a rule, not the grammar."""
    try:
        compile(file.read_text(), file.name, "exec")
    except SyntaxError as error:
        return f"is no Python: {error}"
    return ""


def _pytest(folder: Path, start: Path, arguments: list[str]) -> tuple[int, str]:
    """pytest's status, and the first test that failed."""
    result = folder / "report.xml"
    words = ["-x", "-q", "-p", "no:cacheprovider", f"--junitxml={result}"]
    status = subprocess.run(
        phases.pytest(*words, f"--rootdir={start}", *arguments),
        cwd=start,
        env=phases.environment("mutants"),
        preexec_fn=console.die_with_parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode
    failed = (
        [o.short for o in outcomes.read(result) if o.result == outcomes.FAILED]
        if result.exists()
        else []
    )
    return status, failed[0] if failed else ""


def report(verdicts: Iterable[Verdict]) -> str:
    """A row a mutant: its rule, what it does, and the test that killed it."""
    verdicts = list(verdicts)
    rows = [
        (v.mutant.rule, v.mutant.says, v.killer or f"ALIVE: {v.problem}")
        for v in verdicts
    ]
    killed = sum(bool(verdict.killer) for verdict in verdicts)
    lines = table([("rule", "mutant", "killed by"), *rows])
    return f"{lines}\n\n{killed} of {len(verdicts)} mutants killed"
