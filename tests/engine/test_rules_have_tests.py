"""Every rule in force stands in the README, and every reason has a sentence.

Which tests prove a rule is said in tests/rules.toml.
"""

import ast
import re
from pathlib import Path

import pytest
from engine import reasons

ROOT = Path(__file__).resolve().parents[2]
BRIDGE = ROOT / "erp_aftersales" / "bridge"
WORDING = [BRIDGE / f"aftersales_wording_{what}.py" for what in ("reasons", "fees")]
LAWS = ROOT / "erp_aftersales" / "engine" / "README.md"
RULES = (*range(1, 9), 10, *range(13, 17), *range(18, 25))
CODES = [value for name, value in vars(reasons).items() if name.isupper()]


def functions(path):
    """Names of the functions in a file, methods too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def sentences():
    return [name for path in WORDING for name in functions(path)]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_in_force_stands_in_the_readme(rule):
    assert re.search(rf"\bR{rule}\b", LAWS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", CODES)
def test_r24_every_reason_has_a_sentence(code):
    assert f"_say_{code}" in sentences()


def test_r24_no_sentence_is_for_a_reason_that_is_none():
    said = {name[5:] for name in sentences() if name.startswith("_say_")}
    assert said == set(CODES)
