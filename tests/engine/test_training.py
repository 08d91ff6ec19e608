from decimal import Decimal

import pytest
from engine.training import TrainingRow, training_price

CENT = Decimal("0.01")
ROWS = [
    TrainingRow(3, Decimal("5000")),
    TrainingRow(1, Decimal("3000"), 5),
    TrainingRow(2, Decimal("4000"), 10),
]


@pytest.mark.parametrize(
    ("attendees", "row_id"),
    [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (500, 3)],
)
def test_a5_the_smallest_group_that_holds_all_decides(attendees, row_id):
    assert training_price(ROWS, Decimal(1), attendees, CENT).row_id == row_id


def test_a5_duration_times_price_is_rounded_once():
    # 2.5 days of 3 000 are 7 500; a third of an hour at 100.01 is 33.34
    assert training_price(ROWS, Decimal("2.5"), 3, CENT).amount == Decimal("7500.00")
    row = TrainingRow(1, Decimal("100.01"))
    duration = Decimal("0.3333333333")
    assert training_price([row], duration, 1, CENT).amount == Decimal("33.34")


def test_a5_more_than_any_group_has_no_price():
    assert training_price(ROWS[1:], Decimal(1), 11, CENT) is None
    assert training_price([], Decimal(1), 1, CENT) is None
