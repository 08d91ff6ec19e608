"""Running Odoo: a configuration file a purpose, an environment without surprises."""

import os
import secrets
from pathlib import Path

from . import console, fetch, paths
from .postgres import Server

PYTHON = paths.VENV / "bin" / "python"


def write_config(
    purpose: str, server: Server, database: str, **options: object
) -> Path:
    """Write ``.local/odoo-PURPOSE.conf``, which tells Odoo everything.

    What serves a browser is safe for a machine on a network: it listens on this machine
    only, trusts no proxy's headers, and neither lists nor manages databases.
    """
    settings = {
        "addons_path": ",".join(str(path) for path in fetch.addons_path()),
        "data_dir": paths.DATA,
        "db_name": database,
        "dbfilter": f"^{database}$",
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_password": server.password,
        "db_sslmode": server.sslmode,
        "db_maxconn": 32,
        "admin_passwd": secrets.token_urlsafe(24),
        "list_db": False,
        "http_interface": "127.0.0.1",
        "proxy_mode": False,
        "workers": 0,
        "max_cron_threads": 0,
        **options,
    }
    path = paths.LOCAL / f"odoo-{purpose}.conf"
    lines = [f"{key} = {value}\n" for key, value in settings.items() if value != ""]
    path.touch(mode=0o600)
    path.write_text("[options]\n" + "".join(lines))
    return path


def command(config: Path, *arguments: object, sub: str | None = None) -> list[str]:
    """The words that start Odoo, or one of its subcommands."""
    return [
        str(PYTHON),
        "-m",
        "odoo",
        *(sub.split() if sub else []),
        "-c",
        str(config),
        *map(str, arguments),
    ]


def environment(**extra: str) -> dict[str, str]:
    """Ours without what Odoo would prefer to its configuration file (PGHOST ...)."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "ODOO_", "OPENERP_", "PYTHONPATH"))
    }
    # The time zone of somebody's machine must not change what the tests see.
    return {**kept, "TZ": "UTC", "PYTHONUNBUFFERED": "1", **extra}


def manage(what: str, config: Path, *arguments: object) -> None:
    """Run Odoo without a web server until it has done what the arguments say."""
    words = command(config, *arguments, "--stop-after-init", "--no-http")
    console.run_logged(what, words, config.stem, env=environment(), cwd=paths.ROOT)
