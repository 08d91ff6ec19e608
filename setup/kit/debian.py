"""Debian packages: unpacked beside the project, or installed where we are root."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from . import console, paths
from .console import SetupError

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def unpack(packages: Iterable[str], root: Path) -> None:
    """Download packages and unpack them into ``root``, without touching the system.

    :param packages: lines as in odoo-debs.txt, ``NAME[=VERSION] [SUITE]``; the suite is
        bookworm unless given
    """
    wanted = [[*line.split(), "bookworm"][:2] for line in packages]
    _require_apt()
    apt = _private_apt({suite for _pin, suite in wanted})
    console.run_logged("Reading Debian's package lists", [*apt, "update"], "apt-update")
    downloads = paths.LOCAL / "debs"
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir(parents=True)
    pins = [_available(apt, pin, suite) for pin, suite in wanted]
    console.run_logged(
        "Downloading Debian packages",
        [*apt, "download", *pins],
        "apt-download",
        cwd=downloads,
    )
    for deb in sorted(downloads.glob("*.deb")):
        console.run_logged(f"Unpacking {deb.name}", ["dpkg", "-x", deb, root], "dpkg")
    shutil.rmtree(downloads)


def install_missing(file: Path) -> None:
    """Install by apt what the machine lacks; tell it to those who are not root."""
    missing = [package for package in paths.pins(file) if not is_installed(package)]
    if not missing:
        return
    if os.geteuid() or not shutil.which("apt-get"):
        console.say(
            "Going on without these, as only root may install them: "
            + " ".join(missing)
        )
        return
    install(missing)


def install(packages: list[str]) -> None:
    """Install packages by apt, as root."""
    console.say(f"Installing from Debian: {' '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    console.run_logged(
        "Reading Debian's package lists",
        ["apt-get", "update"],
        "apt-update",
        env=environment,
    )
    console.run_logged(
        "Installing from Debian", command, "apt-install", env=environment
    )


def is_installed(package: str) -> bool:
    """Whether dpkg knows the package as installed, in whatever version."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}", package]
    return (
        subprocess.run(query, capture_output=True, text=True, check=False).stdout
        == "installed"
    )


def _require_apt() -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise SetupError(
            "Odoo is taken from Debian's packages, and there is no apt-get here. "
            "Set ODOO_SOURCE to the folder of an Odoo 19 checkout instead."
        )


def _private_apt(suites: Iterable[str]) -> list[str]:
    """apt-get with sources, lists and cache of its own, on the machine's mirror."""
    state = paths.LOCAL / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    signed = f" [signed-by={_KEYRING}]" if Path(_KEYRING).exists() else ""
    sources = state / "sources.list"
    sources.write_text(
        "".join(f"deb{signed} {_mirror()} {suite} main\n" for suite in sorted(suites))
    )
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferences": "-",
        "Dir::Etc::preferencesparts": "-",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state / "cache",
        "Acquire::Languages": "none",
        # apt's own unprivileged user may not reach a project in root's home.
        "APT::Sandbox::User": "root",
    }
    return [
        "apt-get",
        *(word for key, value in settings.items() for word in ("-o", f"{key}={value}")),
    ]


def _mirror() -> str:
    query = ["apt-get", "indextargets", "--format", "$(SITE)"]
    sites = subprocess.run(
        query, capture_output=True, text=True, check=False
    ).stdout.split()
    mirrors = [site for site in sites if re.search(r"/debian/?$", site)]
    if not mirrors:
        raise SetupError(
            "This machine's apt knows no Debian mirror to take Odoo 19 from. "
            "Set ODOO_SOURCE to the folder of an Odoo 19 checkout instead."
        )
    return mirrors[0]


def _available(apt: list[str], pin: str, suite: str) -> str:
    """The pin for apt-get download; the suite's version if the pinned one is gone."""
    name, _, version = pin.partition("=")
    if not version:
        return f"{name}/{suite}"
    madison = ["apt-cache", *apt[1:], "madison", name]
    offered = subprocess.run(
        madison, capture_output=True, text=True, check=False
    ).stdout
    if version in (line.split("|")[1].strip() for line in offered.splitlines()):
        return pin
    console.say(f"Debian {suite} has no {name} {version} any more; taking what it has.")
    return f"{name}/{suite}"
