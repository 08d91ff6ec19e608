"""The first step, in the machine's own Python: make a virtual environment, enter it."""

import os
from pathlib import Path

from . import console, paths, venv


def bootstrap(arguments: list[str]) -> None:
    """Replace this process by ``kit.COMMAND`` in the environment that it needs."""
    command, *rest = arguments
    folder, files = (
        (paths.LINT_VENV, venv.LINT)
        if command == "lint"
        else (paths.VENV, venv.RUNTIME)
    )
    if not os.access(paths.LOCAL if paths.LOCAL.exists() else paths.ROOT, os.W_OK):
        raise console.SetupError(
            f"{paths.ROOT} is not yours to write in; "
            "clone the project into a folder of your own."
        )
    venv.ensure(Path(folder), files)
    python = folder / "bin" / "python"
    os.execv(  # noqa: S606 -- no shell is wanted
        python, [str(python), "-m", f"kit.{command}", *rest]
    )


if __name__ == "__main__":
    console.main(bootstrap)
