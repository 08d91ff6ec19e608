"""setup/lint: the linters of .pre-commit-config.yaml over all that git would track."""

import os
import subprocess

from . import console, paths
from .console import SetupError


def lint(arguments: list[str]) -> int:
    """Run the hooks; arguments go to pre-commit (the id of one hook, for example)."""
    binaries = paths.LINT_VENV / "bin"
    environment = {
        **os.environ,
        "PATH": f"{binaries}:{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(paths.LOCAL / "pre-commit"),
    }
    # pre-commit's own --all-files leaves out what is not added yet.
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(
            listing, cwd=paths.ROOT, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(
            "The linters take the list of files from git: "
            f"{getattr(error, 'stderr', '') or error}"
        ) from None
    files = [
        name for name in listed.split("\0") if name and (paths.ROOT / name).is_file()
    ]
    command = [binaries / "pre-commit", "run", *arguments, "--files", *files]
    return subprocess.run(
        command, cwd=paths.ROOT, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    console.main(lint)
