"""How many minutes of work are billed, and in which band (R5, R6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .facts import ZERO, Charge, RateRow, Work
from .intervals import Span, subtract
from .terms import Covered

NO_ROW = RateRow(id=0, sequence=0, price=ZERO)  # increment 1, minimum 0, factor 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Minutes of one entry in one band; ``minutes`` are billed, ``worked`` worked.

    ``begin`` is the minute of the entry at which the piece begins.
    """

    covered: Covered
    band: str
    begin: int
    worked: int
    minutes: int

    @property
    def row(self) -> RateRow | None:
        """The rate row of its band; None if there is no price (R10)."""
        return self.covered.rate_row(self.band)


def round_up(minutes: int, row: RateRow) -> int:
    """Round up to the row's increment, at least its minimum; zero stays zero (R5)."""
    if not minutes:
        return 0
    step = max(row.increment, 1)
    return max(-(-minutes // step) * step, row.minimum)


def spread(worked: Sequence[int], billed: int) -> list[int]:
    """Share billed minutes among parts in the order of time (R5, R6).

    The last part takes what rounding added; what is paid already comes off the first.
    """
    shares = []
    for minutes in reversed(worked):
        shares.append(min(minutes, billed))
        billed -= shares[-1]
    if shares:
        shares[0] += billed
    return shares[::-1]


def billed_minutes(
    visit: Sequence[Covered], frozen: Mapping[int, Sequence[Charge]]
) -> dict[int, int]:
    """Measure entries of one ticket, day, service, mode and grade, in R1 order (R5).

    :param frozen: the frozen charges of each entry, by work id
    :return: the minutes still to be billed of each open entry, by work id; what a
        visit's rounding adds falls on its last open entry, what frozen charges have
        paid already comes off the earliest open ones
    """
    minutes: dict[int, int] = {}
    for place, entry in enumerate(visit):
        row = entry.first_row or NO_ROW
        if row.per_visit:
            return minutes | _measured(visit[place:], row, frozen)
        if entry.work.id in frozen:
            minutes |= _measured([entry], row, frozen)
        else:
            minutes[entry.work.id] = round_up(entry.work.minutes, row)
    return minutes


def _measured(
    entries: Sequence[Covered], row: RateRow, frozen: Mapping[int, Sequence[Charge]]
) -> dict[int, int]:
    """The rounded whole of entries measured together, less what is frozen of it."""
    whole = round_up(sum(entry.work.minutes for entry in entries), row)
    lefts: dict[int, int] = {}
    for entry in entries:
        work, charges = entry.work, frozen.get(entry.work.id)
        if not charges:
            lefts[work.id] = work.minutes
            continue
        whole -= sum(charge.minutes for charge in charges)
        if _is_open(work, charges):
            lefts[work.id] = _left(work, charges)
    billed = spread(list(lefts.values()), max(whole, 0))
    return dict(zip(lefts, billed, strict=True))


def _left(work: Work, frozen: Sequence[Charge]) -> int:
    """Minutes worked that no frozen charge of the entry stands for."""
    return max(work.minutes - sum(charge.worked for charge in frozen), 0)


def _is_open(work: Work, frozen: Sequence[Charge]) -> bool:
    """Whether something of the entry is not frozen, if only what rounding added.

    A piece that holds nothing but rounding has no worked minutes; that it exists is
    known from its frozen siblings, which say of how many parts they are.
    """
    parts = max(charge.args.get("parts", 1) for charge in frozen)
    return _left(work, frozen) > 0 or len(frozen) < parts


def split_at_bands(
    covered: Covered, minutes: int, frozen: Sequence[Charge]
) -> list[Piece]:
    """Cut the open minutes of an entry at the minute where the band changes (R6).

    :param minutes: billed minutes of the open rest, as ``billed_minutes`` gave them
    :param frozen: the entry's frozen charges, whose worked minutes are taken out
    """
    left = clock = covered.clock
    if len(clock) == 1 and not frozen:
        return [Piece(covered, clock[0][0], 0, covered.work.minutes, minutes)]
    if frozen:
        paid = [_span(charge) for charge in frozen]
        left = [
            (band, span) for band, whole in clock for span in subtract([whole], paid)
        ]
    if not left and minutes:  # only what rounding added is open
        band, (_begin, end) = clock[-1]
        left = [(band, (end, end))]
    worked = [end - begin for _band, (begin, end) in left]
    return [
        Piece(covered, band, begin, end - begin, billed)
        for (band, (begin, end)), billed in zip(
            left, spread(worked, minutes), strict=True
        )
    ]


def _span(charge: Charge) -> Span:
    """The minutes of its entry that a charge stands for."""
    begin = charge.args.get("begin", 0)
    return begin, begin + charge.worked
