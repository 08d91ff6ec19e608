"""R13: half away from zero, and cents that are shared, never lost."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from engine.money import Sharing, round_half_up
from hypothesis import given
from hypothesis import strategies as st
from strategies import exact_amounts, roundings

CENT = Decimal("0.01")


def shared(exact, rounding, *frozen):
    """Amounts rounded together, after frozen ones: their exact and their real total."""
    sharing = Sharing(rounding, Fraction(1), *frozen)
    return [sharing.share(amount)[0] for amount in exact]


@pytest.mark.parametrize(
    ("amount", "rounding", "rounded"),
    [
        ("2.675", "0.01", "2.68"),
        ("-2.675", "0.01", "-2.68"),
        ("2.674999999999", "0.01", "2.67"),
        ("0.005", "0.01", "0.01"),
        ("-0.004", "0.01", "0.00"),
        ("2.5", "1", "3"),
        ("-2.5", "1", "-3"),
        ("1.0005", "0.001", "1.001"),
        ("1.025", "0.05", "1.05"),
        ("1.02", "0.05", "1.00"),
        ("7", "0.01", "7.00"),
        ("14", "10", "10"),
    ],
)
def test_r13_halves_are_rounded_away_from_zero(amount, rounding, rounded):
    assert str(round_half_up(Decimal(amount), Decimal(rounding))) == rounded


def test_r13_thirds_are_rounded_exactly():
    assert round_half_up(Fraction(800, 3), CENT) == Decimal("266.67")
    assert round_half_up(Fraction(1, 200), CENT) == CENT
    assert round_half_up(Fraction(1, 200) - Fraction(1, 10**40), CENT) == 0


def test_r13_rounding_is_the_same_in_a_coarse_decimal_context():
    with localcontext() as context:
        context.prec = 3
        assert str(round_half_up(Decimal("1234567.895"), CENT)) == "1234567.90"


@pytest.mark.parametrize("rounding", [Decimal(0), Decimal("-0.01")])
def test_rounding_must_be_positive(rounding):
    with pytest.raises(ValueError, match="must be positive"):
        round_half_up(Decimal(1), rounding)


def test_inexact_amounts_are_refused():
    with pytest.raises(ValueError, match="not an exact amount"):
        round_half_up(0.1, CENT)


@given(exact_amounts, roundings)
def test_r13_a_rounded_amount_is_the_nearest_multiple(amount, rounding):
    rounded = round_half_up(amount, rounding)
    assert rounded % rounding == 0
    assert rounded.as_tuple().exponent == rounding.as_tuple().exponent
    assert abs(Fraction(rounded) - amount) * 2 <= Fraction(rounding)


@given(exact_amounts, roundings)
def test_r13_rounding_is_symmetric_and_rounds_once(amount, rounding):
    rounded = round_half_up(amount, rounding)
    assert round_half_up(-amount, rounding) == -rounded
    assert round_half_up(rounded, rounding) == rounded


def test_r13_three_entries_of_twenty_minutes_are_one_hour():
    shares = shared([Fraction(800, 3)] * 3, CENT)
    assert list(map(str, shares)) == ["266.67", "266.66", "266.67"]
    assert sum(shares) == 800


def test_r13_shares_without_decimals():
    assert shared([Fraction(100, 3)] * 3, Decimal(1)) == [33, 34, 33]


def test_r13_open_charges_start_from_what_is_frozen():
    frozen = Decimal("266.67")
    shares = shared([Fraction(800, 3)] * 2, CENT, Fraction(800, 3), frozen)
    assert list(map(str, shares)) == ["266.66", "266.67"]


def test_r13_a_frozen_cent_too_much_is_taken_back():
    assert shared([Fraction(1, 200)], CENT, Fraction(0), CENT) == [0]


@given(st.lists(exact_amounts, max_size=12), roundings, st.data())
def test_r13_any_first_n_amounts_sum_to_their_rounded_total(exact, rounding, data):
    shares = shared(exact, rounding)
    n = data.draw(st.integers(0, len(exact)))
    total = round_half_up(sum(exact[:n], Fraction(0)), rounding)
    assert sum(shares[:n], Decimal(0)) == total


@given(st.lists(exact_amounts, max_size=12), roundings, st.data())
def test_r13_freezing_the_first_n_changes_no_amount(exact, rounding, data):
    shares = shared(exact, rounding)
    n = data.draw(st.integers(0, len(exact)))
    frozen = sum(exact[:n], Fraction(0)), sum(shares[:n], Decimal(0))
    assert shared(exact[n:], rounding, *frozen) == shares[n:]


@given(st.lists(exact_amounts, min_size=1), roundings, exact_amounts, exact_amounts)
def test_r13_whatever_was_frozen_the_whole_is_right(exact, rounding, before, wrong):
    frozen = round_half_up(wrong, rounding)
    shares = shared(exact, rounding, before, frozen)
    assert sum(shares, frozen) == round_half_up(before + sum(exact), rounding)


@given(st.lists(exact_amounts, max_size=12), roundings)
def test_r13_an_amount_differs_by_less_than_one_step_from_its_own(exact, rounding):
    for amount, share in zip(exact, shared(exact, rounding), strict=True):
        assert abs(Fraction(share) - amount) <= Fraction(rounding)
