"""Where everything lies. What setup fetches or makes is in ``.local``, all of it."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
LOCAL = ROOT / ".local"

LOGS = LOCAL / "log"
VENV = LOCAL / "venv"
LINT_VENV = LOCAL / "lint"
ODOO = LOCAL / "odoo"
OCA = LOCAL / "oca"
OCA_ADDONS = OCA / "odoo" / "addons"
DATA = LOCAL / "data"

# The tests of the demo have one of their own, so that nobody's is made anew.
DEMO_DATABASE = os.environ.get("AFTERSALES_DEMO_DATABASE") or "aftersales_demo"
TEST_DATABASE = "aftersales_test"
MUTANTS_DATABASE = "aftersales_mutants"
PEERS_DATABASE = "aftersales_peers"
SCREENS_DATABASE = "aftersales_screens"
BENCH_DATABASE = "aftersales_bench"
PLAIN_DATABASE = "aftersales_bench_plain"
BASE_PREFIX = "aftersales_base_"

# Tells two clones on one machine apart, where something lies outside of the project.
CLONE = "erp_aftersales-" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def addons() -> list[Path]:
    """Our add-ons: every folder of the project that has a manifest."""
    return sorted(manifest.parent for manifest in ROOT.glob("*/__manifest__.py"))


def pins(path: Path) -> list[str]:
    """The lines of a file of pins, without comments and blanks."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]
