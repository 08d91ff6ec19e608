"""Which row wins: coverage (R3), rates (R10), and in which layer (R2)."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from cases import coverage, rate_row, work
from engine.specificity import Prices, cover

WORK = work(
    1,
    "2026-09-15",
    60,
    service_id=1,
    category="maintenance",
    grade_id=2,
    mode="onsite",
    region_id=5,
)
NAMES = {
    "service_id": 1,
    "grade_id": 2,
    "mode": "onsite",
    "region_id": 5,
    "band": "normal",
}
OTHERS = {
    "service_id": 9,
    "grade_id": 9,
    "mode": "remote",
    "region_id": 9,
    "band": "holiday",
}


def winner(*layers, work_=WORK, band="normal"):
    wanted = (
        work_.service_id,
        work_.grade_id,
        work_.mode,
        work_.region_id,
        band,
    )
    row = Prices(layers, work_.day).row(wanted)
    return row and row.id


def covering(*rows):
    row = cover([rows], WORK)
    return row and row.id


def test_r03_service_beats_category_beats_none_whatever_the_mode():
    none = coverage(1, "included", mode="onsite")
    category = coverage(2, "included", category="maintenance", mode="onsite")
    service = coverage(3, "included", service_id=1)
    assert covering(none, category, service) == 3
    assert covering(none, category) == 2
    assert covering(none) == 1


def test_r03_a_row_for_something_else_covers_nothing():
    rows = (
        coverage(1, "included", service_id=9),
        coverage(2, "included", category="value_added"),
        coverage(3, "included", mode="remote"),
        coverage(4, "included", service_id=1, mode="remote"),
    )
    assert covering(*rows) is None


def test_r03_then_mode_then_sequence_then_id():
    same = [coverage(id_, "included") for id_ in (4, 3)]
    later = replace(coverage(2, "included"), sequence=11)
    assert covering(later, *same) == 3
    assert covering(later, *same, coverage(9, "included", mode="onsite")) == 9


@pytest.mark.parametrize("index", range(len(NAMES)))
def test_r10_each_name_outweighs_all_that_come_after_it(index):
    names = list(NAMES)
    heavy = rate_row(9, 1, **{names[index]: NAMES[names[index]]})
    light = rate_row(1, 1, **{name: NAMES[name] for name in names[index + 1 :]})
    assert winner([light, heavy]) == 9


@pytest.mark.parametrize(
    "names", [pair for size in (1, 2) for pair in combinations(NAMES, size)]
)
def test_r10_a_row_that_names_something_else_has_no_price(names):
    row = rate_row(1, 1, **{**NAMES, **{name: OTHERS[name] for name in names}})
    assert winner([row]) is None


def test_r10_among_equals_sequence_then_id():
    rows = [rate_row(id_, 1, **NAMES) for id_ in (3, 2)]
    assert winner(rows) == 2
    assert winner([*rows, replace(rows[0], sequence=1)]) == 3


def test_r10_somebody_without_grade_matches_rows_without_grade_only():
    nobody = work(1, "2026-09-15", 60, grade_id=None)
    assert winner([rate_row(1, 1, grade_id=2)], work_=nobody) is None
    assert winner([rate_row(1, 1, grade_id=2), rate_row(2, 1)], work_=nobody) == 2


def test_r10_work_matches_no_row_of_incidents():
    assert winner([rate_row(1, 1, unit="incident"), rate_row(2, 1, unit="day")]) == 2


@pytest.mark.parametrize(
    ("start", "end", "is_in_force"),
    [
        (date(2026, 9, 15), date(2026, 9, 15), True),
        (date(2026, 9, 16), None, False),
        (None, date(2026, 9, 14), False),
        (None, None, True),
    ],
)
def test_r02_a_row_counts_on_its_days(start, end, is_in_force):
    assert (winner([rate_row(1, 1, start=start, end=end)]) == 1) is is_in_force


def test_r02_the_first_layer_with_a_match_wins_however_vague():
    vague, named = rate_row(1, 1), rate_row(2, 1, **NAMES)
    assert winner([vague], [named]) == 1
    assert winner([rate_row(3, 1, grade_id=9)], [named]) == 2
    assert winner([], []) is None
