"""Odoo 19 and the OCA add-ons, as the pin files name them, beside the project."""

import os
import shutil
import subprocess
from pathlib import Path

from . import console, debian, paths, stamps, venv
from .console import SetupError

_DEBS = paths.SETUP / "odoo-debs.txt"
_OCA = paths.SETUP / "requirements-oca.txt"
_NPM = paths.SETUP / "npm.txt"
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_TRANSLATIONS = paths.SETUP / "i18n_extra"


def everything() -> None:
    """Fetch what is not there yet, and let the virtual environment find it."""
    with console.lock("fetch"):
        if "ODOO_SOURCE" not in os.environ:
            _unpack_odoo()
        _install_oca()
        _add_translations()
        _link_odoo()


def fingerprint() -> str:
    """Of all below our own add-ons; databases are made again when it changes."""
    requirements = paths.SETUP / "requirements.txt"
    return stamps.digest(
        os.environ.get("ODOO_SOURCE", _DEBS), requirements, _OCA, *_tree(_TRANSLATIONS)
    )


def odoo_path() -> Path:
    """The folder that ``import odoo`` is found in."""
    source = os.environ.get("ODOO_SOURCE")
    if not source:
        return paths.ODOO / "usr/lib/python3/dist-packages"
    path = Path(source).expanduser().resolve()
    if not (path / "odoo" / "release.py").is_file():
        raise SetupError(
            f"ODOO_SOURCE names {path}, where no Odoo checkout is (no odoo/release.py)."
        )
    return path


def addons_path() -> list[Path]:
    """Odoo's add-ons (a checkout has two folders of them), OCA's, ours."""
    candidates = [
        odoo_path() / "odoo" / "addons",
        odoo_path() / "addons",
        paths.OCA_ADDONS,
        paths.ROOT,
    ]
    return [path for path in candidates if path.is_dir()]


def _unpack_odoo() -> None:
    fingerprint = stamps.digest(_DEBS, _NPM)
    if stamps.is_current(paths.ODOO, fingerprint):
        return
    console.say(
        "Fetching Odoo 19 from Debian, to unpack it beside the project (150 MB) ..."
    )
    shutil.rmtree(paths.ODOO, ignore_errors=True)
    paths.ODOO.mkdir(parents=True)
    debian.unpack(paths.pins(_DEBS), paths.ODOO)
    for line in paths.pins(_NPM):
        _add_npm_file(*line.split())
    stamps.set_current(paths.ODOO, fingerprint)


def _add_npm_file(package: str, name: str, place: str) -> None:
    """Put one file of an npm package among Odoo's add-ons; go on without it."""
    folder = paths.LOCAL / "npm"
    target = odoo_path() / "odoo" / "addons" / place
    try:
        if not shutil.which("npm"):
            raise SetupError("npm is not installed.")
        install = [
            "npm",
            "install",
            "--ignore-scripts",
            "--no-save",
            "--fetch-retries=1",
            "--prefix",
            folder,
            package,
        ]
        if _CERTIFICATES.exists():  # npm's own list lacks what the machine trusts
            install.insert(2, f"--cafile={_CERTIFICATES}")
        console.run_logged("Fetching from npm", install, "npm", timeout=60)
    except SetupError as error:
        console.say(
            f"Without {package}, so a browser's console names a missing file: "
            + str(error).splitlines()[0]
        )
        return
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "node_modules" / package.rpartition("@")[0] / name, target)


def _install_oca() -> None:
    fingerprint = stamps.digest(_OCA, *_tree(_TRANSLATIONS))
    if stamps.is_current(paths.OCA, fingerprint):
        return
    console.say("Installing the OCA add-ons ...")
    shutil.rmtree(paths.OCA, ignore_errors=True)
    venv.install(paths.VENV, "--no-deps", "--target", paths.OCA, "-r", _OCA)
    stamps.set_current(paths.OCA, fingerprint)


def _add_translations() -> None:
    """Put our Chinese for others' add-ons into their folders, where Odoo looks for it.

    Nothing is written into a checkout that somebody else keeps.
    """
    folders = [paths.OCA_ADDONS]
    if "ODOO_SOURCE" not in os.environ:
        folders.append(odoo_path() / "odoo" / "addons")
    for catalogue in _TRANSLATIONS.glob("*/*.po"):
        for folder in folders:
            addon = folder / catalogue.parent.name
            if addon.is_dir():
                place = addon / "i18n_extra"
                place.mkdir(exist_ok=True)
                shutil.copy(catalogue, place)


def _link_odoo() -> None:
    """Let ``import odoo`` work in the virtual environment."""
    libraries = next(paths.VENV.glob("lib/python3.*/site-packages"))
    link = libraries / "odoo19.pth"
    wanted = f"{odoo_path()}\n"
    if not link.exists() or link.read_text() != wanted:
        link.write_text(wanted)
    check = [
        paths.VENV / "bin" / "python",
        "-c",
        "import odoo.release as r; print(r.version_info[0])",
    ]
    version = subprocess.run(
        check, capture_output=True, text=True, check=False
    ).stdout.strip()
    if version != "19":
        raise SetupError(
            f"Odoo 19 is needed, but {odoo_path()} holds "
            f"{version or 'one that cannot be imported'}."
        )


def _tree(folder: Path) -> list[Path]:
    return [folder] if folder.exists() else []
