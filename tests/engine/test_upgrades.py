"""What an upgrade costs by the rule of its plan (A3, D4)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from cases import CENT
from engine.upgrades import KINDS, Rule, largest_kind, upgrade_cost
from hypothesis import given
from hypothesis import strategies as st

PRICE, EACH = Decimal(30000), Decimal(800)
money = st.decimals(0, 100000, places=3)
rules = st.builds(
    Rule,
    policy=st.sampled_from(["included", "limited", "charged"]),
    times=st.integers(1, 3),
    price=money,
    function_price=money,
)


def cost(policy, used=0, functions=None, **values):
    return upgrade_cost(Rule(policy, price=PRICE, **values), used, functions, CENT)


def test_included_upgrade_costs_nothing_whatever_was_used():
    for used in (0, 5):
        found = cost("included", used)
        assert (found.code, found.amount, found.takes_included) == ("included", 0, True)


@pytest.mark.parametrize(
    ("used", "code", "amount", "takes"),
    [
        (0, "limited", 0, True),
        (1, "limited", 0, True),
        (2, "beyond", 30000, False),
        (3, "beyond", 30000, False),
    ],
)
def test_upgrades_beyond_the_included_ones_cost_their_price(used, code, amount, takes):
    found = cost("limited", used, times=2)
    assert (found.code, found.amount, found.takes_included) == (code, amount, takes)
    assert (found.args["times"], found.args["used"]) == (2, used)


def test_charged_upgrade_costs_its_price():
    found = cost("charged")
    assert (found.code, found.amount) == ("charged", 30000)
    assert not found.takes_included


@pytest.mark.parametrize(
    ("policy", "amount"), [("included", 9600), ("limited", 9600), ("charged", 39600)]
)
def test_custom_functions_are_charged_on_top_of_any_policy(policy, amount):
    found = cost(policy, 0, Decimal(12), times=1, function_price=EACH)
    assert found.amount == amount  # 12 x 800 = 9 600
    assert found.args["surcharge"] == "9600"


def test_no_custom_functions_cost_nothing_more():
    assert cost("charged", 0, Decimal(0), function_price=EACH).amount == 30000


def test_functions_that_nobody_counted_have_no_price():
    found = cost("included", function_price=EACH)
    assert (found.code, found.amount) == ("no_functions", None)
    assert not found.takes_included


def test_upgrade_without_a_rule_has_no_price():
    found = upgrade_cost(None, 0, Decimal(1), CENT)
    assert (found.code, found.amount) == ("no_rule", None)


def test_price_and_surcharge_are_rounded_together():
    rule = Rule("charged", price=Decimal("0.004"), function_price=Decimal("0.003"))
    assert upgrade_cost(rule, 0, Decimal(1), CENT).amount == Decimal("0.01")


def test_an_upgrade_over_several_releases_is_as_large_as_the_largest():
    assert largest_kind(["patch", "major", "minor"]) == "major"
    assert largest_kind(["patch", "minor"]) == "minor"
    assert largest_kind(KINDS[:1]) == "patch"
    assert largest_kind([]) is None


@given(rules, st.integers(0, 5), st.integers(0, 50))
def test_cost_is_never_negative_and_grows_with_use_and_functions(rule, used, functions):
    here = upgrade_cost(rule, used, Decimal(functions), CENT)
    assert here.amount >= 0
    assert upgrade_cost(rule, used + 1, Decimal(functions), CENT).amount >= here.amount
    more = upgrade_cost(rule, used, Decimal(functions + 1), CENT)
    step = more.amount - here.amount
    assert abs(Fraction(step) - Fraction(rule.function_price)) <= Fraction(CENT)
