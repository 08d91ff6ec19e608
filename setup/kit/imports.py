"""Run import-linter on those modules of .importlinter that exist.

It refuses a configuration that names a missing module, and the contracts are older than
some of the folders that they speak of.
"""

import configparser
import os
import subprocess
import sys
from pathlib import Path

from . import paths

_LISTS = {
    "root_packages",
    "source_modules",
    "forbidden_modules",
    "protected_modules",
    "allowed_importers",
}


def main() -> int:
    """lint-imports, with ``.importlinter`` reduced to what there is."""
    config = configparser.ConfigParser()
    config.read(paths.ROOT / ".importlinter")
    for section in config.sections():
        for key in _LISTS & set(config[section]):
            kept = [name for name in config[section][key].split() if exists(name)]
            config[section][key] = "".join(f"\n{name}" for name in kept)
        if _is_void(config[section]):
            config.remove_section(section)
    if not config["importlinter"]["root_packages"].strip():
        return 0
    reduced = paths.LOCAL / "importlinter.ini"
    with reduced.open("w") as file:
        config.write(file)
    command = ["lint-imports", "--config", reduced, "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    return subprocess.run(
        command, cwd=paths.ROOT, env=environment, check=False
    ).returncode


def exists(module: str) -> bool:
    """Whether one of our modules is there; others' always count as existing."""
    place = paths.ROOT / Path(*module.split("."))
    ours = module.split(".")[0].startswith("erp_aftersales")
    return (
        not ours
        or (place / "__init__.py").exists()
        or place.with_suffix(".py").exists()
    )


def _is_void(section: configparser.SectionProxy) -> bool:
    """A contract about modules none of which exists."""
    subjects = {"source_modules", "protected_modules"} & set(section)
    return any(not section[key].strip() for key in subjects)


if __name__ == "__main__":
    sys.exit(main())
