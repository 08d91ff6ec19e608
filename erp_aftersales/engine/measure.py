"""How many minutes of work are billed, and in which band (R5, R6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .facts import Charge, CoverageRow, Plan, RateRow, Work
from .specificity import price_row
from .worktime import Calendar, band_at, band_pieces

NO_ROW = RateRow(id=0, sequence=0, price=None)  # increment 1, minimum 0, factor 1


@dataclass(frozen=True, slots=True)
class Covered:
    """Work with its terms: what the plan says of it and where its price is found.

    ``plan`` is None for work outside the contract's days.
    """

    work: Work
    plan: Plan | None
    policy: str
    row: CoverageRow | None
    layers: tuple[tuple[RateRow, ...], ...]

    @property
    def calendar(self) -> Calendar | None:
        """The calendar that tells the bands apart (R6)."""
        return self.plan.calendar if self.plan else None

    @property
    def first_row(self) -> RateRow:
        """The rate row of the first minute: its values measure the work (R5)."""
        band = "normal"
        if self.work.start:
            band = band_at(self.calendar, self.work.start)
        return price_row(self.layers, self.work, band) or NO_ROW


@dataclass(frozen=True, slots=True)
class Piece:
    """Minutes of one entry in one band; ``minutes`` are billed, ``worked`` worked."""

    covered: Covered
    band: str
    worked: int
    minutes: int


def round_up(minutes: int, row: RateRow) -> int:
    """Round up to the row's increment, at least its minimum; zero stays zero (R5)."""
    if not minutes:
        return 0
    step = max(row.increment, 1)
    return max(-(-minutes // step) * step, row.minimum)


def billed_minutes(
    visit: Sequence[Covered], frozen: Mapping[int, Sequence[Charge]]
) -> dict[int, int]:
    """Measure entries of one ticket, day, service, mode and grade, in R1 order (R5).

    :param frozen: the frozen charges of each entry, by work id
    :return: the minutes still to be billed of each entry, by work id; what a visit's
        rounding adds falls on its last open entry, what frozen charges have paid
        already comes off the earliest open ones
    """
    minutes: dict[int, int] = {}
    rest = list(visit)
    while rest:
        row = rest[0].first_row
        count = len(rest) if row.per_visit else 1
        minutes.update(_measured(rest[:count], row, frozen))
        rest = rest[count:]
    return minutes


def _measured(entries, row, frozen) -> dict[int, int]:
    whole = round_up(sum(entry.work.minutes for entry in entries), row)
    paid = sum(
        charge.minutes for entry in entries for charge in frozen.get(entry.work.id, ())
    )
    lefts = {entry.work.id: left_to_bill(entry.work, frozen) for entry in entries}
    open_ids = [work_id for work_id, left in lefts.items() if left]
    rest = max(whole - paid, 0)
    return {**dict.fromkeys(lefts, 0), **_spread(open_ids, lefts, rest)}


def left_to_bill(work: Work, frozen: Mapping[int, Sequence[Charge]]) -> int:
    """Return the minutes worked that no frozen charge of the entry stands for."""
    return work.minutes - sum(charge.worked for charge in frozen.get(work.id, ()))


def _spread(open_ids: list[int], lefts: dict[int, int], rest: int) -> dict[int, int]:
    """Fill from the last open entry backwards; the last one takes what is added."""
    spread: dict[int, int] = {}
    for work_id in reversed(open_ids):
        spread[work_id] = min(lefts[work_id], rest)
        rest -= spread[work_id]
    if open_ids:
        spread[open_ids[-1]] += rest
    return spread


def split_at_bands(
    covered: Covered, minutes: int, frozen: Sequence[Charge]
) -> list[Piece]:
    """Cut the open minutes of an entry at the minute where the band changes (R6).

    :param minutes: billed minutes of the open rest, as ``billed_minutes`` gave them
    :param frozen: the entry's frozen charges, whose worked minutes are taken out
    """
    clock = _clock(covered.calendar, covered.work)
    for charge in frozen:
        clock = _without(clock, charge.band, charge.worked)
    worked = sum(length for _band, length in clock)
    less, more = max(worked - minutes, 0), max(minutes - worked, 0)
    pieces = []
    for band, length in clock:
        off = min(less, length)
        less -= off
        pieces.append([band, length, length - off])
    if pieces:
        pieces[-1][2] += more
    return [Piece(covered, *piece) for piece in pieces]


def _clock(calendar: Calendar | None, work: Work) -> list[tuple[str, int]]:
    if not work.start:
        return [("normal", work.minutes)]
    return band_pieces(calendar, work.start, work.minutes)


def _without(clock, band, worked):
    """Take worked minutes out: of their own band first, then from the front."""
    left = []
    for name, length in clock:
        off = min(worked, length) if name == band else 0
        worked -= off
        left.append((name, length - off))
    clock, left = left, []
    for name, length in clock:
        off = min(worked, length)
        worked -= off
        left.append((name, length - off))
    return [(name, length) for name, length in left if length]
