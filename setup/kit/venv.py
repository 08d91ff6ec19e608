"""Virtual environments of pinned packages, made with the standard library only."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from . import console, debian, paths, stamps

# The requirement files of each environment.
RUNTIME = ("requirements.txt", "requirements-test.txt")
LINT = ("requirements-lint.txt",)


def ensure(folder: Path, files: tuple[str, ...]) -> None:
    """Make ``folder`` a virtual environment with what the files pin, once."""
    requirements = [paths.SETUP / name for name in files]
    fingerprint = stamps.digest(sys.version, str(folder), *requirements)
    with console.lock(folder.name):
        if stamps.is_current(folder, fingerprint):
            return
        console.say(f"Installing Python packages ({', '.join(files)}) ...")
        shutil.rmtree(folder, ignore_errors=True)
        _create(folder)
        install(folder, *(word for file in requirements for word in ("-r", file)))
        stamps.set_current(folder, fingerprint)


def install(folder: Path, *arguments: object) -> None:
    """pip install, in that environment."""
    pip = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--no-input",
        "--progress-bar=off",
    ]
    console.run_logged(
        "Installing Python packages", [*pip, *arguments], f"pip-{folder.name}"
    )


def _create(folder: Path) -> None:
    """A bare environment with pip in it.

    Debian keeps pip's seed (ensurepip) in a package of its own, which an ordinary user
    cannot install; it is unpacked beside the project then.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    if importlib.util.find_spec("ensurepip"):
        console.run_logged(
            "Installing pip", [python, "-m", "ensurepip", "--default-pip"], "pip-seed"
        )
        return
    seed = paths.LOCAL / "pip-seed"
    debian.unpack(["python3-pip-whl"], seed)
    wheel = next(seed.glob("usr/share/python-wheels/pip-*.whl"))
    console.run_logged(
        "Installing pip",
        [python, f"{wheel}/pip", "install", "--no-index", wheel],
        "pip-seed",
    )
