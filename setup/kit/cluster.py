"""A private PostgreSQL cluster of this clone, behind a socket that is its owner's.

It holds demo and test databases, which setup can make again, so it does not wait for
the disk (fsync off). It runs while anyone uses it: every user holds a shared lock, and
who leaves last stops it.
"""

import contextlib
import fcntl
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import console, paths
from .console import SetupError

PORT = 5432  # part of the socket's name only: the cluster listens on no network
SUPERUSER = "postgres"
_SOCKET_PATH_LIMIT = 107

_SETTINGS = """\
# Written by setup on every start.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
max_connections = 100
shared_buffers = 256MB
fsync = off
full_page_writes = off
synchronous_commit = off
jit = off
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_min_messages = warning
"""


class Cluster:
    """The cluster that one set of PostgreSQL programs works on.

    :param programs: the folder of initdb and pg_ctl
    """

    def __init__(self, programs: Path):
        self.owner = _unprivileged() if os.geteuid() == 0 else None
        home = self._home()
        self.programs = self._reachable(programs, home)
        self.base = home / _version(programs)
        self.data = self.base / "data"
        self.socket = _short_enough(self.base / "socket")

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Have the cluster up within the block; who comes first starts it."""
        with (paths.LOCAL / "pg-users.lock").open("w") as users:
            with console.lock("pg-start"):
                fcntl.flock(users, fcntl.LOCK_SH)
                self._start()
            try:
                yield
            finally:
                with (
                    console.undisturbed(),
                    console.lock("pg-start"),
                    contextlib.suppress(BlockingIOError),
                ):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w")

    def _start(self) -> None:
        if self._run("pg_ctl", "status", "-D", self.data) == 0:
            return
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._forget_dead_server()
        self._make_folder(self.socket)
        settings = self.data / "postgresql.conf"
        settings.write_text(_SETTINGS.format(port=PORT, socket=self.socket))
        settings.chmod(0o644)
        log = self.base / "server.log"
        if self._run("pg_ctl", "start", "-D", self.data, "-w", "-t", "60", "-l", log):
            raise SetupError(console.failure("Starting PostgreSQL", log))

    def _initialise(self) -> None:
        """initdb beside the final place: what was interrupted is begun again."""
        console.say(f"Making a PostgreSQL cluster in {self.base} ...")
        self._make_folder(self.base)
        unfinished = self.base / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        output = paths.LOGS / "initdb.log"
        options = [
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        if self._run("initdb", "-D", unfinished, *options, log=output):
            raise SetupError(console.failure("Making a PostgreSQL cluster", output))
        unfinished.rename(self.data)

    def _forget_dead_server(self) -> None:
        """Remove a killed server's pid file: another process may have that number."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        try:
            alive = Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.data.resolve()
        except OSError:
            alive = False
        if not alive:
            pid_file.unlink()

    def _run(self, program: str, *arguments: object, log: Path | None = None) -> int:
        """Run a PostgreSQL program as the cluster's owner, out of Ctrl-C's reach."""
        paths.LOGS.mkdir(parents=True, exist_ok=True)
        with (log or paths.LOGS / f"{program}.log").open("w") as output:
            return subprocess.run(
                [self.programs / program, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
                check=False,
                **self._as_owner(),
            ).returncode

    def _as_owner(self) -> dict:
        """Arguments that make a child another user, as PostgreSQL refuses root."""
        if not self.owner:
            return {}
        return {
            "user": self.owner.pw_uid,
            "group": self.owner.pw_gid,
            "extra_groups": [],
        }

    def _home(self) -> Path:
        """The project's own folder, or where the other user gets into as well."""
        home = paths.LOCAL / "pg"
        home.mkdir(parents=True, exist_ok=True)
        if self._can_enter(home):
            return home
        home = Path("/var/tmp") / paths.CLONE  # noqa: S108 -- owned by root, checked below
        home.mkdir(mode=0o755, exist_ok=True)
        if home.stat().st_uid != os.geteuid():
            raise SetupError(f"{home} belongs to another user; remove it.")
        home.chmod(0o755)
        return home

    def _reachable(self, programs: Path, home: Path) -> Path:
        """The programs, copied to where the cluster's owner can reach them.

        Those of the Python package find their libraries in a folder beside the package.
        """
        if self._can_enter(programs):
            return programs
        package = programs.parents[1]
        copy = home / f"programs-{_version(programs)}"
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for folder in package.parent.glob(f"{package.name}*"):
                shutil.copytree(folder, unfinished / folder.name, symlinks=True)
            unfinished.rename(copy)
        return copy / programs.relative_to(package.parent)

    def _can_enter(self, folder: Path) -> bool:
        if not self.owner:
            return True
        probe = ["test", "-x", folder]
        return (
            subprocess.run(probe, cwd="/", check=False, **self._as_owner()).returncode
            == 0
        )

    def _make_folder(self, folder: Path) -> None:
        """A folder for the cluster's owner alone."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.owner:
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
        wanted = self.owner.pw_uid if self.owner else os.geteuid()
        if folder.is_symlink() or folder.stat().st_uid != wanted:
            raise SetupError(f"{folder} belongs to another user; remove it.")
        folder.chmod(0o700)


def _unprivileged() -> pwd.struct_passwd:
    """Whom PostgreSQL runs as when we are root."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError(
        "PostgreSQL does not run as root; there is no user postgres or nobody."
    )


def _version(programs: Path) -> str:
    """The major version, which a cluster's files depend on."""
    output = subprocess.run(
        [programs / "pg_ctl", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return re.search(r"\d+", output)[0]


def _short_enough(folder: Path) -> Path:
    """The folder, or one in /tmp where the kernel would refuse the socket's path."""
    if len(str(folder / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_LIMIT:
        return folder
    return Path("/tmp") / f"{paths.CLONE}-{os.geteuid()}"  # noqa: S108 -- its owner is checked
