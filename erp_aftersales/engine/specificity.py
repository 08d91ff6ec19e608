"""The most specific row wins: once for coverage (R3), once for rates (R10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .facts import AllowanceRow, CoverageRow, RateRow, Ticket, Work
from .money import storable

TIME_UNITS = ("hour", "day")
INCIDENT_UNITS = ("incident",)
HUNDRED = Decimal(100)


def in_force(row: AllowanceRow | CoverageRow | RateRow, day: date) -> bool:
    """Whether a day lies within a row's own days, both ends included (R2)."""
    return (row.start is None or row.start <= day) and (
        row.end is None or day <= row.end
    )


def covers(row: CoverageRow, asked: Work | Ticket) -> bool:
    """Whether a coverage row matches service, category and mode (R3)."""
    return (
        row.service_id in (None, asked.service_id)
        and row.category in (None, asked.category)
        and row.mode in (None, asked.mode)
    )


def cover(
    layers: Iterable[Iterable[CoverageRow]], asked: Work | Ticket
) -> CoverageRow | None:
    """Return the coverage row for work or a ticket, None when no row names it (R3).

    The first layer with a matching row wins (R2). In it a row that names the service
    beats one that names its category, which beats one that names neither; then a named
    mode, then sequence, then id.

    :param layers: rows in force on the day: the contract's own, then the plan's
    """
    for layer in layers:
        rows = [row for row in layer if covers(row, asked)]
        if rows:
            return min(rows, key=_coverage_weight)
    return None


def _coverage_weight(row: CoverageRow) -> tuple:
    named = 0 if row.service_id else 1 if row.category else 2
    return named, row.mode is None, row.sequence, row.id


class Prices:
    """The rate rows in force on one day, in their layers (R2)."""

    def __init__(self, layers: Iterable[Iterable[RateRow]], day: date) -> None:
        self.layers = [[row for row in rows if in_force(row, day)] for rows in layers]
        self._found: dict[tuple, RateRow | None] = {}

    def row(self, wanted: tuple, units: Sequence[str] = TIME_UNITS) -> RateRow | None:
        """Return the rate row for a price, None when there is none (R10).

        The first layer with a matching row wins (R2); inside it service, grade, mode,
        region and band weigh in that order, then sequence, then id. Work by somebody
        without grade matches only rows without grade. A row that says percent takes
        that percent of what the lower layers give.

        :param wanted: service, grade, mode, region and band
        :param units: of time, or of incidents
        """
        key = wanted, units
        if key not in self._found:
            self._found[key] = self._row(self.layers, wanted, units)
        return self._found[key]

    def _row(
        self, layers: Sequence[Sequence[RateRow]], wanted: tuple, units: Sequence[str]
    ) -> RateRow | None:
        for number, layer in enumerate(layers):
            row = best_price(layer, wanted, units)
            if row:
                if row.percent is None:
                    return row
                lower = self._row(layers[number + 1 :], wanted, units)
                return lower and _percent_of(row, lower)
        return None


def best_price(
    rows: Iterable[RateRow], wanted: tuple, units: Sequence[str]
) -> RateRow | None:
    """The most specific matching row of one layer, None when none matches (R10)."""
    matching = [row for row in rows if prices(row, wanted, units)]
    return min(matching, key=_rate_weight, default=None)


def _percent_of(row: RateRow, lower: RateRow) -> RateRow:
    """A contract's percent of a lower layer's price, measured as there (R2)."""
    price = lower.price * row.percent / HUNDRED
    return replace(lower, id=row.id, price=storable(price), percent=row.percent)


def names(row: RateRow) -> tuple:
    """What a rate row names; None stands for any."""
    return row.service_id, row.grade_id, row.mode, row.region_id, row.band


def prices(row: RateRow, wanted: tuple, units: Sequence[str]) -> bool:
    """Whether a rate row matches service, grade, mode, region, band and unit (R10)."""
    service_id, grade_id, mode, region_id, band = wanted
    return (
        row.unit in units
        and row.service_id in (None, service_id)
        and row.grade_id in (None, grade_id)
        and row.mode in (None, mode)
        and row.region_id in (None, region_id)
        and row.band in (None, band)
    )


def _rate_weight(row: RateRow) -> tuple:
    return (*(name is None for name in names(row)), row.sequence, row.id)
