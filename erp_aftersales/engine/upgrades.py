"""What an upgrade costs by the rule of its plan, before work starts (A3, D4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .facts import ZERO
from .money import plain, round_half_up

KINDS = ("patch", "minor", "major")
"""Kinds of releases, the smallest first."""
INCLUDED, LIMITED, CHARGED = "included", "limited", "charged"
BEYOND, NO_RULE, NO_FUNCTIONS = "beyond", "no_rule", "no_functions"


@dataclass(frozen=True, slots=True)
class Rule:
    """The plan's rule for a kind: ``times`` is what a ``limited`` one includes.

    ``function_price`` is asked for each custom function, also of an included upgrade.
    """

    policy: str
    times: int = 0
    price: Decimal = ZERO
    function_price: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Cost:
    """``amount``: None where nobody can tell; ``args``: plain JSON values (R24)."""

    code: str
    amount: Decimal | None
    args: Mapping

    @property
    def takes_included(self) -> bool:
        """Whether it is one of those that the plan includes."""
        return self.code in (INCLUDED, LIMITED)


def largest_kind(kinds: Iterable[str]) -> str | None:
    """The kind of an upgrade over several releases: that of the largest step."""
    return max(kinds, key=KINDS.index, default=None)


def upgrade_cost(
    rule: Rule | None, used: int, functions: Decimal | None, rounding: Decimal
) -> Cost:
    """Price of the upgrade and surcharge for its custom functions, rounded once.

    What has no rule, or a surcharge for functions that nobody counted, is unknown and
    never free (R10).

    :param used: upgrades of this kind that were included in the period already
    :param functions: custom functions of the installation; None: nobody counted them
    :param rounding: smallest step of the currency
    """
    if rule is None:
        return Cost(NO_RULE, None, {})
    code = _code(rule, used)
    args = {"price": plain(rule.price if code in (BEYOND, CHARGED) else ZERO)}
    if rule.policy == LIMITED:
        args |= {"times": rule.times, "used": used}
    if not rule.function_price:
        return Cost(code, round_half_up(Decimal(args["price"]), rounding), args)
    args["function_price"] = plain(rule.function_price)
    if functions is None:
        return Cost(NO_FUNCTIONS, None, args)
    args["functions"] = plain(functions)
    surcharge = Fraction(functions) * Fraction(rule.function_price)
    exact = Fraction(args["price"]) + surcharge
    args["surcharge"] = plain(round_half_up(surcharge, rounding))
    return Cost(code, round_half_up(exact, rounding), args)


def _code(rule: Rule, used: int) -> str:
    if rule.policy == LIMITED and used >= rule.times:
        return BEYOND
    return rule.policy
