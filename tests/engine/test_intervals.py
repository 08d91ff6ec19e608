"""Spans against the obvious model: a set of minutes."""

import itertools

from engine.intervals import intersect, length, subtract, union
from hypothesis import given
from strategies import spans


def minutes(some):
    """The oracle: every minute of every span."""
    return {minute for start, end in some for minute in range(start, end)}


def is_normal(some):
    """Sorted, none empty, a gap between any two."""
    edges = [edge for span in some for edge in span]
    return all(before < after for before, after in itertools.pairwise(edges))


def test_spans_that_touch_become_one():
    assert union([(5, 7), (1, 3)], [(3, 4)]) == [(1, 4), (5, 7)]


def test_empty_and_reversed_spans_have_no_minutes():
    assert union([(3, 3), (9, 4)]) == []
    assert length([(3, 3), (9, 4)]) == 0


def test_a_span_is_cut_at_the_minute():
    assert subtract([(0, 10)], [(3, 4), (8, 20)]) == [(0, 3), (4, 8)]
    assert intersect([(0, 10)], [(3, 4), (8, 20)]) == [(3, 4), (8, 10)]


def test_nothing_is_left_of_nothing():
    assert subtract([], [(1, 2)]) == []
    assert intersect([(1, 2)], []) == []


@given(spans, spans)
def test_union_has_the_minutes_of_either(left, right):
    assert minutes(union(left, right)) == minutes(left) | minutes(right)
    assert is_normal(union(left, right))


@given(spans, spans)
def test_intersection_has_the_minutes_of_both(left, right):
    assert minutes(intersect(left, right)) == minutes(left) & minutes(right)
    assert is_normal(intersect(left, right))


@given(spans, spans)
def test_difference_has_the_minutes_of_the_left_alone(left, right):
    assert minutes(subtract(left, right)) == minutes(left) - minutes(right)
    assert is_normal(subtract(left, right))


@given(spans)
def test_length_counts_each_minute_once(some):
    assert length(some) == len(minutes(some))
