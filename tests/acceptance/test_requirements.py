# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Menus and demo records of tests/requirements.toml, loaded from the demo's database.

It reads the database that ``test_demo_bill`` makes, and changes nothing.
"""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = tomllib.loads((ROOT / "tests" / "requirements.toml").read_text("utf-8"))
# Runs inside Odoo, in the demo's database, and prints one JSON document.
TELL = """
import json
names = %s
found = {name: env.ref(name, raise_if_not_found=False) for name in names}
print(json.dumps({
    name: [record._name, bool(record.exists()), record.display_name]
    for name, record in found.items() if record
}))
"""


@pytest.fixture(scope="module")
def records():
    """Model, whether it is there, and name of each record that the table names."""
    names = sorted({n for row in ROWS.values() for n in (*row["menus"], *row["demo"])})
    caller = json.loads(os.environ.get("AFTERSALES_CALLER", "null")) or os.environ
    done = subprocess.run(
        [ROOT / "setup" / "shell"],
        input=TELL % json.dumps(names),
        env={**caller, "AFTERSALES_DEMO_DATABASE": "aftersales_demo_test"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ROWS)
def test_menus_and_demo_records_are_there(records, name):
    for menu in ROWS[name]["menus"]:
        assert records[menu][:2] == ["ir.ui.menu", True], menu
    for record in ROWS[name]["demo"]:
        assert records[record][1], record
        assert records[record][2], f"{record} has no name"
