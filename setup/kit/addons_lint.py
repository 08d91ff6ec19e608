"""Run a linter of Odoo add-ons over our add-ons, whichever there are."""

import subprocess
import sys

from . import paths


def main(command: list[str]) -> int:
    """The linter's own status; add-ons are given by name, as it reports them."""
    addons = [addon.name for addon in paths.addons()]
    if not addons:
        return 0
    return subprocess.run([*command, *addons], cwd=paths.ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
