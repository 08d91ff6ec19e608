"""pytest, phase by phase: the engine's tests without Odoo, setup's own, then Odoo's."""

import json
import os
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import console, databases, fetch, odoo, paths, postgres

NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Phase:
    """Tests that run in one pytest.

    :param folder: where pytest starts: beside the pytest.ini, if there is one
    """

    name: str
    folder: Path
    paths: tuple[Path, ...]
    needs_odoo: bool = False

    @property
    def report(self) -> Path:
        """Where pytest writes what became of each test."""
        return paths.LOGS / f"tests-{self.name.lower()}.xml"


def present() -> list[Phase]:
    """In the order of their speed; a phase without any file is left out."""
    tests = paths.ROOT / "tests"
    of_addons = [addon / "tests" for addon in paths.addons()]
    phases = [
        Phase("engine", tests / "engine", (tests / "engine",)),
        Phase("setup", tests / "setup", (tests / "setup",)),
        Phase("Odoo", paths.ROOT, (*of_addons, tests / "acceptance"), needs_odoo=True),
    ]
    there = [
        Phase(p.name, p.folder, tuple(filter(Path.is_dir, p.paths)), p.needs_odoo)
        for p in phases
    ]
    return [phase for phase in there if phase.paths]


def engine() -> Phase:
    """The phase of the tests without Odoo."""
    return next(phase for phase in present() if phase.name == "engine")


def belongs(chosen: str, phase: Phase) -> bool:
    """Whether a path (with ``::name`` perhaps) is one of the phase's."""
    path = Path(chosen.split("::")[0])
    return any(path.is_relative_to(own) for own in phase.paths)


def run(phase: Phase, arguments: list[str], profile: str | None = None) -> int:
    """Run pytest; its status.

    :param profile: hypothesis's, of tests/engine/conftest.py
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    words = [f"--junitxml={phase.report}", f"--rootdir={phase.folder}", *arguments]
    return subprocess.run(
        pytest(*words),
        cwd=phase.folder,
        env=environment(profile),
        preexec_fn=console.die_with_parent,
        check=False,
    ).returncode


def pytest(*arguments: object) -> list[str]:
    """The words that start pytest."""
    python = paths.VENV / "bin" / "python"
    return [str(python), "-m", "pytest", *map(str, arguments)]


def environment(profile: str | None = None) -> dict[str, str]:
    """What tests see; one that starts setup itself needs the caller's variables."""
    extra = {"AFTERSALES_CALLER": json.dumps(dict(os.environ))}
    if profile:
        extra["HYPOTHESIS_PROFILE"] = profile
    return odoo.environment(**extra)


def prepare_odoo(stack: ExitStack) -> list[str]:
    """pytest-odoo's arguments; the server runs as long as the stack is open."""
    server = start_odoo(stack)
    return odoo_arguments(server, "test", paths.TEST_DATABASE)


def start_odoo(stack: ExitStack) -> postgres.Server:
    """A server with the tests' database in it, up as long as the stack is open."""
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
    return server


def odoo_arguments(
    server: postgres.Server, purpose: str, database: str, **options: object
) -> list[str]:
    """pytest-odoo's arguments for a database; options go to Odoo's configuration."""
    config = odoo.write_config(purpose, server, database, log_level="warn", **options)
    return ["--odoo-http", f"--odoo-database={database}", f"--odoo-config={config}"]
