"""The databases: the demo's, the tests', a shell's, and the template below them.

PostgreSQL's own comment on a database tells what it was made from. It is written last,
so one that was interrupted is recognised and made again; and a database without such a
comment is not ours to touch.
"""

import ast
import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg2 import sql
from psycopg2.errors import ObjectInUse

from . import console, fetch, odoo, paths, stamps
from .console import SetupError
from .postgres import Server

_MARK = "made by erp_aftersales setup"
_UNFINISHED = f"{_MARK}, unfinished"
# OCA's cron would bill the demo up to today; it is billed by hand, to its own date.
_BILLING_CRON = ("contract", "contract_cron_for_invoice")


@dataclass(frozen=True)
class State:
    """What a database is made from now, as its comment says it."""

    bases: str
    addons: str

    def __str__(self):
        return f"{_MARK}, bases {self.bases}, addons {self.addons}"


def wanted_state() -> State:
    """The state a database would have if it were made now."""
    return State(
        stamps.digest(fetch.fingerprint(), *_bases()), stamps.digest(*_our_addons())
    )


def ensure_demo(server: Server, fresh: bool = False) -> None:
    """The demo vendor, in English and Chinese; updated when the add-ons change."""
    name, wanted = paths.DEMO_DATABASE, wanted_state()
    with console.lock(name):
        comment = _comment(server, name)
        if comment == str(wanted) and not fresh:
            return
        config = odoo.write_config(f"{name}-install", server, name, with_demo=True)
        ours = ",".join(path.name for path in _our_addons())
        if fresh or comment in (None, _UNFINISHED):
            console.say("Making the demo database; this takes two to three minutes ...")
            _create(server, name, "template0")
            odoo.manage(
                "Making the demo database",
                config,
                "-i",
                ours,
                "--load-language=en_US,zh_CN",
            )
        else:
            console.say("The add-ons have changed; updating the demo database ...")
            outdated = ours if f"bases {wanted.bases}," in comment else "base"
            _set_comment(server, name, str(State("unknown", "half updated")))
            odoo.manage(
                "Updating the demo database (./setup/run --fresh makes it anew)",
                config,
                "-i",
                ours,
                "-u",
                outdated,
            )
        _check_installed(server, name, with_demo=True)
        _stop_billing_by_itself(server)
        _set_comment(server, name, str(wanted))


def ensure_test(server: Server) -> None:
    """The tests' database, without demo data; made anew when an add-on changes."""
    with console.lock(paths.TEST_DATABASE):
        if _comment(server, paths.TEST_DATABASE) != str(wanted_state()):
            _make_without_demo(server, paths.TEST_DATABASE)


def ensure_named(server: Server, name: str) -> None:
    """A database of the user's choice: made if missing, else left as it is."""
    with console.lock(f"db-{name}"):
        comment = _comment(server, name, foreign_is_fine=True)
        if comment is None or comment == _UNFINISHED:
            _make_without_demo(server, name)


@contextlib.contextmanager
def copy(server: Server, template: str, name: str) -> Iterator[None]:
    """A copy of one of our databases to do with as one likes; gone after the block.

    :raises SetupError: while somebody uses it: PostgreSQL copies nothing then
    """
    with console.lock(name):
        _comment(server, name)  # one that is not ours stays
        try:
            with console.lock(template):
                _create(server, name, template)
        except ObjectInUse:
            raise SetupError(
                f"The database {template} is in use; stop ./setup/run, or whatever "
                "works on it, and try again."
            ) from None
        try:
            yield
        finally:
            with console.undisturbed():
                _drop(server, name)


@contextlib.contextmanager
def of_bench(server: Server) -> Iterator[None]:
    """New databases with our add-ons and without; they are gone after the block."""
    names = (paths.BENCH_DATABASE, paths.PLAIN_DATABASE)
    with console.lock(paths.BENCH_DATABASE):
        for name in names:
            _comment(server, name)  # one that is not ours stays
        try:
            _make_without_demo(server, paths.BENCH_DATABASE)
            _create(server, paths.PLAIN_DATABASE, _ensure_template(server))
            yield
        finally:
            with console.undisturbed():
                for name in names:
                    _drop(server, name)


def ensure_bases(server: Server) -> str:
    """The name of a database with all that ours depend on, and nothing of ours."""
    return _ensure_template(server)


def _make_without_demo(server: Server, name: str) -> None:
    """All our add-ons on a copy of the template."""
    wanted = (
        wanted_state()
    )  # before the work: who edits an add-on meanwhile gets a new one next time
    template = _ensure_template(server)
    console.say(f"Installing our add-ons in {name} ...")
    _create(server, name, template)
    config = odoo.write_config(f"{name}-install", server, name)
    odoo.manage(
        f"Installing our add-ons in {name}",
        config,
        "-i",
        ",".join(path.name for path in _our_addons()),
    )
    _check_installed(server, name)
    _set_comment(server, name, str(wanted))


def _ensure_template(server: Server) -> str:
    """All that ours depend on takes a minute to install, but a second to copy."""
    bases = wanted_state().bases
    name = paths.BASE_PREFIX + bases
    with console.lock("template"):
        if _comment(server, name) in (None, _UNFINISHED):
            _drop_old_templates(server)
            console.say(
                "Installing what our add-ons build on, once; it takes a minute ..."
            )
            _create(server, name, "template0")
            config = odoo.write_config("template-install", server, name)
            odoo.manage(
                "Installing what our add-ons build on",
                config,
                "-i",
                ",".join(["base", *_bases()]),
            )
            _set_comment(server, name, str(State(bases, "none")))
    return name


def _our_addons() -> list[Path]:
    addons = paths.addons()
    if not addons:
        raise SetupError(
            f"There is no add-on (a folder with a __manifest__.py) in {paths.ROOT}."
        )
    return addons


def _bases() -> list[str]:
    """What our add-ons depend on, without themselves."""
    manifests = [
        ast.literal_eval((path / "__manifest__.py").read_text())
        for path in _our_addons()
    ]
    depends = {name for manifest in manifests for name in manifest.get("depends", [])}
    return sorted(depends - {path.name for path in _our_addons()})


def _comment(server: Server, name: str, foreign_is_fine: bool = False) -> str | None:
    """The comment on a database, None if there is no such database."""
    with server.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '')"
            " FROM pg_database WHERE datname = %s",
            [name],
        )
        row = cursor.fetchone()
    if row and not row[0].startswith(_MARK) and not foreign_is_fine:
        raise SetupError(
            f"The database {name} was not made by setup, so it is left alone; "
            "rename or drop it."
        )
    return row[0] if row else None


def _set_comment(server: Server, name: str, comment: str) -> None:
    with server.cursor() as cursor:
        cursor.execute(
            sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)),
            [comment],
        )


def _create(server: Server, name: str, template: str) -> None:
    """Make a database, or make it anew, with its filestore."""
    _drop(server, name)
    with server.cursor() as cursor:
        statement = "CREATE DATABASE {} TEMPLATE {}" + (
            " ENCODING 'UTF8' LC_COLLATE 'C'" if template == "template0" else ""
        )
        cursor.execute(
            sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template))
        )
    _set_comment(server, name, _UNFINISHED)
    files = _filestore(template)
    if files.exists():
        # Odoo never writes into a stored file, so a copy may share it.
        shutil.copytree(files, _filestore(name), copy_function=os.link)


def _drop(server: Server, name: str) -> None:
    with server.cursor() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(name)
            )
        )
    shutil.rmtree(_filestore(name), ignore_errors=True)


def _drop_old_templates(server: Server) -> None:
    with server.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s",
            [paths.BASE_PREFIX + "%"],
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        if _comment(server, name):
            _drop(server, name)


def _filestore(name: str) -> Path:
    return paths.DATA / "filestore" / name


def _check_installed(server: Server, name: str, with_demo: bool = False) -> None:
    """Odoo ends well even where an add-on, or its demo data, could not be installed."""
    with server.cursor(name) as cursor:
        cursor.execute("SELECT name, state, demo FROM ir_module_module")
        found = {module: (state, demo) for module, state, demo in cursor.fetchall()}
    for addon in _our_addons():
        state, demo = found.get(addon.name, ("unknown", False))
        if state != "installed":
            raise SetupError(f"{addon.name} is {state} in {name}; see {paths.LOGS}.")
        if with_demo and not demo:
            raise SetupError(
                f"The demo data of {addon.name} could not be loaded; see "
                f"'demo data failed' in {paths.LOGS / f'odoo-{name}-install.log'}, "
                "and when it is mended: ./setup/run --fresh"
            )


def _stop_billing_by_itself(server: Server) -> None:
    with server.cursor(paths.DEMO_DATABASE) as cursor:
        cursor.execute(
            "UPDATE ir_cron SET active = false WHERE id IN "
            "(SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s)",
            _BILLING_CRON,
        )
