"""The table of requirements and of the clock is whole: menus, demo records, tests."""

import tomllib

import pytest
from kit import rules

ROWS = tomllib.loads(rules.REQUIREMENTS.read_text(encoding="utf-8"))
WANTED = [
    *(f"A{number}" for number in range(1, 11)),
    *(f"B{number}" for number in range(1, 6)),
    *(f"C{number}" for number in range(1, 9)),
    *(f"D{number}" for number in range(1, 7)),
    *("E1", "E3", "F4"),
    *(f"L{number}" for number in range(1, 8)),
]


def test_every_requirement_has_its_row():
    assert list(ROWS) == WANTED


@pytest.mark.parametrize("name", WANTED)
def test_a_row_says_where_it_is_met_and_proven(name):
    row = ROWS[name]
    assert row["says"].endswith(".")
    assert all(row[key] for key in ("menus", "demo", "tests"))
    for test in row["tests"]:
        assert rules.source_problem(test) == "", test
