"""The most specific row wins: once for coverage (R3), once for rates (R10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from .facts import CoverageRow, RateRow, Work

TIME_UNITS = ("hour", "day")


def cover(rows: Iterable[CoverageRow], work: Work) -> CoverageRow | None:
    """Return the coverage row for a piece of work, None when no row names it (R3).

    A row that names the service beats one that names its category, which beats one
    that names neither; then a named mode, then sequence, then id.
    """

    def matches(row: CoverageRow) -> bool:
        return (
            row.service_id in (None, work.service_id)
            and row.category in (None, work.category)
            and row.mode in (None, work.mode)
        )

    def weight(row: CoverageRow) -> tuple:
        named = 0 if row.service_id else 1 if row.category else 2
        return named, row.mode is None, row.sequence, row.id

    return min(filter(matches, rows), key=weight, default=None)


def price_row(
    layers: Sequence[Sequence[RateRow]], work: Work, band: str
) -> RateRow | None:
    """Return the rate row for minutes of a band, None when there is no price (R10).

    The first layer with a matching row wins (R2); inside it service, grade, mode,
    region and band weigh in that order, then sequence, then id. Work by somebody
    without grade matches only rows without grade.
    """
    wanted = (work.service_id, work.grade_id, work.mode, work.region_id, band)
    for layer in layers:
        rows = [row for row in layer if _prices(row, wanted, work.day)]
        if rows:
            return min(rows, key=_rate_weight)
    return None


def _names(row: RateRow) -> tuple:
    return row.service_id, row.grade_id, row.mode, row.region_id, row.band


def _prices(row: RateRow, wanted: tuple, day: date) -> bool:
    return (
        row.unit in TIME_UNITS
        and (row.start is None or row.start <= day)
        and (row.end is None or day <= row.end)
        and all(
            name is None or name == value
            for name, value in zip(_names(row), wanted, strict=True)
        )
    )


def _rate_weight(row: RateRow) -> tuple:
    return (*(name is None for name in _names(row)), row.sequence, row.id)
