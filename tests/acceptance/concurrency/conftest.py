# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A database of their own, and two workers with transactions of their own."""

import configparser
import os
import shutil
import time
from functools import partial
from pathlib import Path

import psycopg2
import pytest
from conductor import Database, Worker

from odoo import sql_db
from odoo.tests.common import get_db_name
from odoo.tools import config

SERVER = ("db_host", "db_port", "db_user", "db_password", "db_sslmode")
COPYING = 10  # attempts, while a connection of the tests' own is still closing


@pytest.fixture(scope="session")
def database():
    """A copy of the tests' database, where transactions are really committed."""
    template = get_db_name()
    copy = _copy(template)
    files = Path(config.filestore(template)), Path(config.filestore(copy.name))
    shutil.rmtree(files[1], ignore_errors=True)
    if files[0].exists():
        # Odoo never writes into a stored file, so the copy may share it.
        shutil.copytree(*files, copy_function=os.link)
    yield copy
    copy.close()
    shutil.rmtree(files[1], ignore_errors=True)


def _copy(template, attempts=COPYING):
    # PostgreSQL copies no database that somebody is connected to.
    sql_db.close_db(template)
    try:
        return Database(_connect, template)
    except psycopg2.errors.ObjectInUse:
        if attempts == 1:
            raise
    time.sleep(1)
    return _copy(template, attempts - 1)


def _connect(name):
    values = {key.removeprefix("db_"): config[key] or None for key in SERVER}
    return psycopg2.connect(dbname=name, **values)


@pytest.fixture(scope="session")
def start(database, tmp_path_factory):
    """Start a worker; it is ended with the session."""
    folder = tmp_path_factory.mktemp("workers")
    settings = configparser.RawConfigParser()
    settings["options"] = {
        **{key: config[key] for key in SERVER if config[key]},
        "db_name": database.name,
        "addons_path": ",".join(config["addons_path"]),
        "data_dir": config["data_dir"],
        "log_level": "warn",
        "max_cron_threads": 0,
        "http_enable": False,
    }
    path = folder / "odoo.conf"
    path.touch(mode=0o600)
    with path.open("w") as file:
        settings.write(file)
    workers = []

    def start():
        workers.append(Worker(path, database, folder / f"worker{len(workers)}.log"))
        return workers[-1]

    yield start
    for worker in workers:
        worker.close()


@pytest.fixture(scope="session")
def pair(start):
    """Two workers, made anew where a test has killed one."""
    return [worker.ready() for worker in [start(), start()]]


@pytest.fixture
def two(pair, start):
    """Two workers and nothing else in their way."""
    for number, worker in enumerate(pair):
        if not worker.is_usable():
            worker.kill()
            pair[number] = start().ready()
    pair[0].play("clear")
    return pair


@pytest.fixture
def scene(two):
    """Make contracts; the values of scene.contracts."""
    return partial(two[0].play, "contracts")


@pytest.fixture
def books(two):
    """Read the books of contracts, as far as they are committed."""

    def books(contracts):
        worker = next(worker for worker in two if worker.is_free)
        return worker.play("books", ids=[contract["id"] for contract in contracts])

    return books


@pytest.fixture
def no_index(two):
    """Charges may have the same key within the test."""
    two[0].play("drop_index")
    yield
    two[0].play("restore_index")
