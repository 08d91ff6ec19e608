"""The engine decides numbers from what it is given: exact, and the same every time.

Each rule is tried on code that breaks it too, so that the walk cannot pass blindly.
"""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "erp_aftersales" / "engine"
ADDONS = [path for path in ROOT.glob("erp_aftersales*") if path.is_dir()]

# bridge is the one door; Odoo's own tests hold the engine against Odoo
MAY_IMPORT_ENGINE = {"engine", "bridge", "tests"}

OUTSIDE = {
    *("asyncio", "http", "io", "locale", "logging", "multiprocessing", "os", "pathlib"),
    *("random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "sys"),
    *("tempfile", "threading", "time", "urllib", "uuid"),
}
CLOCK = {"now", "today", "utcnow"}
INPUT = {"open", "input", "print"}


def sources(folder):
    """Every Python file under a folder, with its tree."""
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree):
    """Absolute names of modules, relative ones with their dots, and what is taken."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            glue = "" if base.endswith(".") else "."
            yield from (f"{base}{glue}{alias.name}" for alias in node.names)


def impurities(tree):
    """What no module of the engine may contain, as sentences."""
    for name in imported(tree):
        top = name.split(".")[0]
        if name.startswith(".."):
            yield f"imports {name}: the engine knows nothing around it"
        elif top and (top in OUTSIDE or top not in sys.stdlib_module_names):
            yield f"imports {name}: not pure, or not of the standard library"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            yield f"line {node.lineno}: {node.value} is not exact"
        elif isinstance(node, ast.Name) and node.id in {"float", *INPUT}:
            yield f"line {node.lineno}: uses {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in {"timestamp", *CLOCK}:
            yield f"line {node.lineno}: uses .{node.attr}"


def engine_imports(tree):
    """Imports that reach the engine, by whichever name."""
    return [
        name
        for name in imported(tree)
        if "erp_aftersales.engine" in name
        or (name.startswith(".") and name.lstrip(".").split(".")[0] == "engine")
    ]


ENGINE_SOURCES = list(sources(ENGINE))
OTHER_SOURCES = [
    (path, tree)
    for addon in ADDONS
    for path, tree in sources(addon)
    if path.relative_to(addon).parts[0] not in MAY_IMPORT_ENGINE
]


def named(found):
    """Test ids: the file's path in the project."""
    return [str(path.relative_to(ROOT)) for path, _tree in found]


@pytest.mark.parametrize(("path", "tree"), ENGINE_SOURCES, ids=named(ENGINE_SOURCES))
def test_the_engine_is_exact_and_reads_no_clock(path, tree):
    assert list(impurities(tree)) == []


@pytest.mark.parametrize(("path", "tree"), ENGINE_SOURCES, ids=named(ENGINE_SOURCES))
def test_every_module_of_the_engine_says_what_it_is_for(path, tree):
    assert ast.get_docstring(tree) or not tree.body, f"{path.name} has no docstring"


@pytest.mark.parametrize(("path", "tree"), ENGINE_SOURCES, ids=named(ENGINE_SOURCES))
def test_every_public_function_of_the_engine_has_types(path, tree):
    untyped = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if node.returns is None
        or any(
            arg.annotation is None
            for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            if arg.arg not in {"self", "cls"}
        )
    ]
    assert untyped == []


@pytest.mark.parametrize(("path", "tree"), OTHER_SOURCES, ids=named(OTHER_SOURCES))
def test_nobody_but_the_bridge_imports_the_engine(path, tree):
    assert engine_imports(tree) == []


def test_the_walk_finds_both_sides_of_the_wall():
    assert {path.stem for path, _tree in ENGINE_SOURCES} >= {"money", "worktime"}
    assert {path.parent.name for path, _tree in OTHER_SOURCES} >= {"models", "wizards"}


@pytest.mark.parametrize(
    "code",
    [
        "share = 0.1",
        "hours = float(minutes)",
        "import random",
        "import time",
        "from time import monotonic",
        "import odoo",
        "from odoo import fields",
        "from dateutil.relativedelta import relativedelta",
        "from ..models import plan",
        "from .. import bridge",
        "datetime.now()",
        "datetime.datetime.utcnow()",
        "date.today()",
        "at.timestamp()",
        "open('rates.csv')",
        "def late():\n    import os",
    ],
)
def test_impure_code_is_found(code):
    assert list(impurities(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import UTC, datetime, time",
        "from .intervals import union",
        "from . import money",
        "share = Fraction(1, 10)",
    ],
)
def test_pure_code_is_left_in_peace(code):
    assert list(impurities(ast.parse(code))) == []


@pytest.mark.parametrize(
    "code",
    [
        "from ..engine import rating",
        "from .. import engine",
        "from ..engine.rating import rate",
        "import odoo.addons.erp_aftersales.engine.rating",
        "from odoo.addons.erp_aftersales import engine",
        "from odoo.addons.erp_aftersales.engine import rating",
        "def late():\n    from ..engine import rating",
    ],
)
def test_an_import_of_the_engine_is_found(code):
    assert engine_imports(ast.parse(code))
