"""The parts of setup that decide: stamps, locks, arguments, the environment."""

import os
import signal
import subprocess
import sys

import pytest
from kit import cluster, console, databases, imports, odoo, paths, phases, stamps, test
from kit.postgres import Server


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A project of its own, so that nothing touches the real one's folder."""
    monkeypatch.setattr(paths, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(paths, "LOGS", tmp_path / ".local" / "log")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    paths.LOCAL.mkdir()
    return tmp_path


def test_digest_follows_the_content_of_a_tree_but_not_its_tests(tmp_path):
    addon = tmp_path / "addon"
    (addon / "tests").mkdir(parents=True)
    (addon / "model.py").write_text("a = 1")
    first = stamps.digest(addon)
    (addon / "tests" / "test_model.py").write_text("assert True")
    assert stamps.digest(addon) == first
    (addon / "model.py").write_text("a = 2")
    assert stamps.digest(addon) != first


def test_digest_tells_where_one_part_ends_and_the_next_begins():
    assert stamps.digest("ab", "c") != stamps.digest("a", "bc")


def test_a_folder_is_current_only_with_its_own_stamp(tmp_path):
    assert not stamps.is_current(tmp_path, "x")
    stamps.set_current(tmp_path, "x")
    assert stamps.is_current(tmp_path, "x")
    assert not stamps.is_current(tmp_path, "y")


def test_pins_are_read_without_comments(tmp_path):
    file = tmp_path / "pins.txt"
    file.write_text("# why\na==1\n\nb==2 # because\n")
    assert paths.pins(file) == ["a==1", "b==2"]


def test_a_failed_program_is_reported_with_its_last_words(local):
    words = [sys.executable, "-c", "print('No space left on device'); exit(3)"]
    with pytest.raises(console.SetupError) as caught:
        console.run_logged("Copying", words, "copy")
    assert str(caught.value).startswith("Copying failed. The disk is full.")
    assert str(paths.LOGS / "copy.log") in str(caught.value)


def test_a_child_dies_with_its_parent_even_by_kill_9(tmp_path):
    note = tmp_path / "pid"
    script = (
        "import subprocess, sys, time; from kit import console;"
        "p = subprocess.Popen(['sleep', '60'], preexec_fn=console.die_with_parent);"
        f"open({str(note)!r}, 'w').write(str(p.pid)); print('up', flush=True);"
        "time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(paths.SETUP)}
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment
    )
    parent.stdout.readline()
    parent.kill()
    parent.wait()
    child = int(note.read_text())
    for _attempt in range(50):
        if not _runs(child):
            return
        signal.sigtimedwait([], 0.1)
    pytest.fail("the child outlived its parent")


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_socket_path_is_never_longer_than_the_kernel_allows(tmp_path):
    assert cluster._short_enough(tmp_path / "s") == tmp_path / "s"
    short = cluster._short_enough(tmp_path / ("x" * 120))
    assert len(str(short)) < 60


def test_odoo_is_not_told_by_variables_of_the_environment(monkeypatch):
    for name in ("PGHOST", "ODOO_RC", "OPENERP_SERVER", "PYTHONPATH"):
        monkeypatch.setenv(name, "elsewhere")
    kept = odoo.environment(EXTRA="1")
    assert "elsewhere" not in kept.values()
    assert kept["EXTRA"] == "1"


def test_configuration_is_private_and_closed(local, monkeypatch):
    monkeypatch.setattr(odoo.fetch, "addons_path", lambda: [paths.ROOT])
    server = Server("/socket", "5432", "odoo")
    file = odoo.write_config("x", server, "base", http_port=1)
    assert file.stat().st_mode & 0o077 == 0
    lines = file.read_text().splitlines()
    for line in ("list_db = False", "http_interface = 127.0.0.1", "http_port = 1"):
        assert line in lines
    assert not any(line.startswith("db_password") for line in lines)


def test_state_of_a_database_is_recognised_as_ours():
    assert str(databases.State("a", "b")).startswith(databases._MARK)
    assert databases._UNFINISHED.startswith(databases._MARK)


def test_values_of_options_are_not_taken_for_paths(local, monkeypatch):
    (local / "setup").mkdir()
    (local / "test_x.py").touch()
    monkeypatch.chdir(local)
    options, chosen = test._split(["-k", "setup", "test_x.py::Case::case", "-x"])
    assert options == ["-k", "setup", "-x"]
    assert chosen == [f"{local}/test_x.py::Case::case"]


def test_phases_are_those_whose_folders_are_there(local):
    (local / "tests" / "engine").mkdir(parents=True)
    addon = local / "erp_x"
    (addon / "tests").mkdir(parents=True)
    (addon / "__manifest__.py").write_text("{}")
    engine, own = phases.present()
    assert (engine.name, engine.needs_odoo) == ("engine", False)
    assert own.paths == (addon / "tests",)
    assert phases.belongs(str(addon / "tests" / "test_a.py"), own)
    assert not phases.belongs(str(addon / "tests" / "test_a.py"), engine)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ({"engine": 0, "Odoo": 5}, 0),
        ({"engine": 5, "Odoo": 5}, 5),
        ({"engine": 1, "Odoo": 0}, 1),
        ({"engine": 5, "Odoo": 2}, 2),
    ],
)
def test_no_tests_in_a_phase_matter_only_if_no_phase_has_any(statuses, expected):
    assert test._summary(statuses) == expected


def test_contracts_name_only_modules_that_exist(local):
    (local / "erp_aftersales" / "engine").mkdir(parents=True)
    (local / "erp_aftersales" / "engine" / "__init__.py").touch()
    assert imports.exists("erp_aftersales.engine")
    assert not imports.exists("erp_aftersales.wizards")
    assert imports.exists("psycopg2")


def test_long_work_shows_how_far_it_is(local, monkeypatch, capsys):
    monkeypatch.setattr(console, "_PATIENCE", 0.3)
    script = "import time; print('Loading module x (3/9)', flush=True); time.sleep(1)"
    console.run_logged("Installing", [sys.executable, "-c", script], "install")
    assert "module 3 of 9" in capsys.readouterr().err


def test_work_that_takes_too_long_is_ended(local):
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(console.SetupError):
        console.run_logged("Waiting", words, "wait", timeout=0.5)
