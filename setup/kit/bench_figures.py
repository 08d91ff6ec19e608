"""What ``setup/bench`` measures, how good it must be, and how that is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What Odoo is told: measures, rounds, plain (a database), output (a file).
ORDER_VARIABLE = "AFTERSALES_BENCH"


@dataclass(frozen=True)
class Figure:
    """One number of the bench.

    :param goal: held at or below it; None: only printed
    :param at_least: held at or above it instead
    :param measured: ours / the peer, in the words of the table
    :param measure: the measure (``bench_odoo.MEASURES``, or ``engine``) that gives it
    """

    name: str
    goal: float | None
    measured: str
    measure: str
    digits: int = 2
    at_least: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value is as good as it must be."""
        if self.goal is None:
            return True
        return value >= self.goal if self.at_least else value <= self.goal


# In the order of the table. What the words mean exactly stands in the measures.
FIGURES = (
    Figure(
        "billing_vs_bare",
        1.30,
        "billing 200 rated contracts / bare account.move.create of the same values",
        "billing",
    ),
    Figure(
        "billing_vs_oca",
        1.00,
        "the same / OCA contract's own run making the same lines",
        "billing",
    ),
    Figure(
        "rating_first",
        0.60,
        "first rating of 5 000 timesheets / creating them",
        "rating",
    ),
    Figure(
        "rating_again",
        0.15,
        "second rating, nothing to write / creating them",
        "rating",
    ),
    Figure(
        "saving_vs_plain",
        1.75,
        "saving 1 000 timesheets of 50 contracts, rated / without our add-on",
        "saving",
    ),
    Figure(
        "queries_one_line",
        40,
        "queries to save a line on a contract with 500 open entries, as with 50",
        "one_line",
        0,
    ),
    Figure(
        "extra_queries_per_contract",
        3,
        "queries of billing less those of the bare create, per contract",
        "billing",
    ),
    Figure(
        "engine_vs_loop",
        4,
        "engine on 100 000 entries / plain loop that sorts, multiplies, builds",
        "engine",
    ),
    Figure(
        "engine_entries_per_s",
        None,
        "entries that the engine prices in a second",
        "engine",
        0,
    ),
    Figure(
        "scaling_16x",
        18,
        "the whole run over 16 x the contracts / over 1 x",
        "scaling",
    ),
    Figure(
        "finding_queries",
        2,
        "queries to find what is due among 10 000 contracts of five fees, per 1 000",
        "finding",
    ),
    Figure(
        "ticket_vs_plain",
        1.25,
        "creating 500 tickets of 50 contracts, clocks included / without our add-on",
        "tickets",
    ),
    Figure(
        "watch_queries",
        3,
        "queries that bring 10 000 open tickets up to date, per 1 000",
        "watch",
    ),
    Figure(
        "watch_writes",
        100,
        "tickets written when the states of 100 of them change",
        "watch",
        0,
    ),
    Figure(
        "deadlines_per_s",
        50_000,
        "deadlines in a business calendar with holidays, over a year, on one core",
        "engine",
        0,
        at_least=True,
    ),
    Figure(
        "deadlines_vs_odoo",
        0.05,
        "both deadlines of 1 000 tickets / resource.calendar.plan_hours for each",
        "deadlines",
        4,
    ),
)
NAMES = tuple(figure.name for figure in FIGURES)


def measures(names: list[str]) -> list[str]:
    """The measures that give these figures, each once, in the table's order."""
    return list(dict.fromkeys(f.measure for f in FIGURES if f.name in names))


def document(values: Mapping[str, float], details: Mapping) -> dict:
    """The JSON document: a number by name in the table's order, and the details."""
    known = {name: values[name] for name in NAMES if name in values}
    return {**known, "details": dict(details)}


def missed(values: Mapping[str, float]) -> list[str]:
    """The names of the figures that are worse than their goals."""
    return [f.name for f in FIGURES if f.name in values and not f.holds(values[f.name])]


def table(values: Mapping[str, float]) -> str:
    """Name, value, goal, held or missed, and what was measured."""
    rows = [("figure", "value", "goal", "", "measured")]
    rows += [_row(f, values[f.name]) for f in FIGURES if f.name in values]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rows.insert(1, tuple("-" * width for width in [*widths, len(rows[0][4])]))
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {goal:>{widths[2]}}"
        f"  {verdict:<{widths[3]}}  {measured}"
        for name, value, goal, verdict, measured in rows
    )


def _row(figure: Figure, value: float) -> tuple[str, str, str, str, str]:
    verdict = "held" if figure.holds(value) else "MISSED"
    has_goal = figure.goal is not None
    sign = ">=" if figure.at_least else "<="
    return (
        figure.name,
        _number(value, figure.digits),
        f"{sign} {_number(figure.goal, figure.digits)}" if has_goal else "",
        verdict if has_goal else "",
        figure.measured,
    )


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}".replace(",", " ")
