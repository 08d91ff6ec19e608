"""The files that setup is made of: entries, pins, images."""

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from kit import paths

COMMANDS = ("run", "test", "bench", "lint", "shell", "readme", "screens", "i18n")
ENTRIES = [paths.SETUP / name for name in COMMANDS]
REQUIREMENTS = sorted(paths.SETUP.glob("requirements*.txt"))


@pytest.mark.parametrize("entry", [*ENTRIES, paths.ROOT / ".ci" / "run"], ids=str)
def test_entries_are_executable_and_correct_shell(entry):
    assert os.access(entry, os.X_OK)
    subprocess.run(["bash", "-n", entry], check=True)


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_every_python_package_is_pinned_to_one_version(file):
    lines = paths.pins(file)
    assert lines
    names = [re.match(r"([\w.-]+)==[\w.]+$", line)[1].lower() for line in lines]
    assert len(set(names)) == len(names)


def test_packages_shared_by_two_files_have_one_version():
    runtime = ["requirements.txt", "requirements-test.txt", "requirements-postgres.txt"]
    seen = {}
    for name in runtime:
        for line in paths.pins(paths.SETUP / name):
            package, version = line.lower().split("==")
            assert seen.setdefault(package, version) == version


def test_odoo_packages_are_pinned_with_a_suite():
    for line in paths.pins(paths.SETUP / "odoo-debs.txt"):
        pin, suite = line.split()
        assert re.fullmatch(r"[\w.+-]+=[\w.:+~-]+", pin)
        assert suite in {"sid", "bookworm"}


def test_every_oca_add_on_that_ours_depend_on_is_pinned():
    """What is neither ours nor pinned must be Odoo's own, so without OCA's name."""
    depends = {
        name
        for addon in paths.addons()
        for name in ast.literal_eval((addon / "__manifest__.py").read_text())["depends"]
    }
    pinned = {
        line.split("==")[0].removeprefix("odoo-addon-").replace("-", "_")
        for line in paths.pins(paths.SETUP / "requirements-oca.txt")
    }
    of_oca = re.compile(r"contract|helpdesk|document_page|document_knowledge|queue_job")
    assert {name for name in depends if of_oca.match(name)} <= pinned


def test_everything_that_setup_makes_is_ignored_by_git():
    assert "/.local/" in (paths.ROOT / ".gitignore").read_text().splitlines()


def test_no_linter_leaves_setup_out():
    for name in (".pre-commit-config.yaml", "ruff.toml", ".pylintrc"):
        text = (paths.ROOT / name).read_text()
        assert not re.search(r"exclude.*\bsetup/", text), name


def test_files_of_setup_stay_short():
    for file in [*paths.SETUP.rglob("*.py"), *Path(__file__).parent.glob("*.py")]:
        assert len(file.read_text().splitlines()) < 400, file


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((paths.ROOT / "docker-compose.yml").read_text())


def test_every_lasting_service_has_a_health_check_and_restarts(compose):
    for name in ("db", "odoo"):
        assert compose["services"][name]["healthcheck"]["test"]
        assert compose["services"][name]["restart"] == "unless-stopped"


def test_secrets_come_from_the_environment_and_have_no_default(compose):
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert value.startswith("${"), name
                assert ":?" in value, name


def test_data_outlives_the_containers(compose):
    named = set(compose["volumes"])
    for name in ("db", "odoo"):
        sources = {
            volume.split(":")[0] for volume in compose["services"][name]["volumes"]
        }
        assert sources <= named


def test_ports_are_open_on_this_machine_only(compose):
    for service in compose["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_image_is_the_official_one_with_production_settings():
    docker = paths.SETUP / "docker"
    assert "FROM odoo:19.0\n" in (docker / "Dockerfile").read_text()
    settings = (docker / "odoo.conf").read_text()
    for line in ("list_db = False", "proxy_mode = True", "with_demo = False"):
        assert line in settings
    assert int(re.search(r"^workers = (\d+)", settings, re.MULTILINE)[1]) > 1


def test_every_file_that_the_image_copies_exists():
    dockerfile = (paths.SETUP / "docker" / "Dockerfile").read_text()
    for source in re.findall(r"^COPY (?:--\S+ )?(\S+) ", dockerfile, re.MULTILINE):
        assert (paths.ROOT / source).exists()
