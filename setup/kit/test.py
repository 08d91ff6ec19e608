"""setup/test: the engine's tests without Odoo, setup's own, then Odoo's."""

import json
import os
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import console, databases, fetch, odoo, paths, postgres

_NOTHING_COLLECTED = 5
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


@dataclass(frozen=True)
class Phase:
    """Tests that run in one pytest.

    :param folder: where pytest starts: beside the pytest.ini, if there is one
    """

    name: str
    folder: Path
    paths: tuple[Path, ...]
    needs_odoo: bool = False


def test(arguments: list[str]) -> int:
    """Run the phases that the arguments' paths belong to, all of them without paths."""
    options, chosen = _split(arguments)
    statuses = {}
    with ExitStack() as stack:
        for phase in _phases():
            targets = (
                [path for path in chosen if _belongs(path, phase)]
                if chosen
                else phase.paths
            )
            if not targets:
                continue
            console.say(f"Tests: {phase.name} ...")
            extra = _prepare_odoo(stack) if phase.needs_odoo else []
            statuses[phase.name] = _pytest(
                phase, [*extra, *options, *map(str, targets)]
            )
            if statuses[phase.name] not in (0, _NOTHING_COLLECTED) and {
                "-x",
                "--exitfirst",
            } & set(options):
                break
    return _summary(statuses)


def _phases() -> list[Phase]:
    """In the order of their speed; a phase without any file is left out."""
    tests = paths.ROOT / "tests"
    of_addons = [addon / "tests" for addon in paths.addons()]
    phases = [
        Phase("engine", tests / "engine", (tests / "engine",)),
        Phase("setup", tests / "setup", (tests / "setup",)),
        Phase("Odoo", paths.ROOT, (*of_addons, tests / "acceptance"), needs_odoo=True),
    ]
    present = [
        Phase(p.name, p.folder, tuple(filter(Path.is_dir, p.paths)), p.needs_odoo)
        for p in phases
    ]
    return [phase for phase in present if phase.paths]


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


def _belongs(chosen: str, phase: Phase) -> bool:
    path = Path(chosen.split("::")[0])
    return any(path.is_relative_to(own) for own in phase.paths)


def _pytest(phase: Phase, arguments: list[str]) -> int:
    python = paths.VENV / "bin" / "python"
    words = [python, "-m", "pytest", *arguments]
    return subprocess.run(
        words,
        cwd=phase.folder,
        # A test that starts setup itself needs what odoo.environment leaves out.
        env=odoo.environment(AFTERSALES_CALLER=json.dumps(dict(os.environ))),
        preexec_fn=console.die_with_parent,
        check=False,
    ).returncode


def _prepare_odoo(stack: ExitStack) -> list[str]:
    """pytest-odoo's arguments; the server runs as long as the stack is open."""
    if not any(
        map(
            shutil.which,
            ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        )
    ):
        console.say(
            "WARNING: chromium is missing, so every tour in the browser is SKIPPED."
        )
    fetch.everything()
    server = stack.enter_context(postgres.server())
    databases.ensure_test(server)
    config = odoo.write_config("test", server, paths.TEST_DATABASE, log_level="warn")
    return [
        "--odoo-http",
        f"--odoo-database={paths.TEST_DATABASE}",
        f"--odoo-config={config}",
    ]


def _summary(statuses: dict[str, int]) -> int:
    """The first failure's status; that of no tests only if no phase had any."""
    words = {0: "passed", _NOTHING_COLLECTED: "no tests match"}
    for name, status in statuses.items():
        console.say(f"Tests: {name}: {words.get(status, 'FAILED')}")
    failed = [status for status in statuses.values() if status not in words]
    if failed:
        return failed[0]
    return 0 if 0 in statuses.values() else _NOTHING_COLLECTED


if __name__ == "__main__":
    console.main(test)
