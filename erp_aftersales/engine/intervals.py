"""Half-open spans ``(start, end)`` of whole minutes.

Every function takes spans in any order, overlapping or empty, and returns them
sorted, without empty ones, and with a gap between any two.
"""

from collections.abc import Iterable

Span = tuple[int, int]


def union(*many: Iterable[Span]) -> list[Span]:
    """The minutes that are in any of the given lists of spans."""
    merged: list[Span] = []
    for start, end in sorted(span for spans in many for span in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def intersect(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The minutes that are in both."""
    ours, theirs = union(left), union(right)
    common: list[Span] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        start = max(ours[i][0], theirs[j][0])
        end = min(ours[i][1], theirs[j][1])
        if start < end:
            common.append((start, end))
        if ours[i][1] <= theirs[j][1]:
            i += 1
        else:
            j += 1
    return common


def subtract(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The minutes of ``left`` that are not in ``right``."""
    ours = union(left)
    if not ours:
        return []
    return intersect(ours, _gaps(union(right), ours[0][0], ours[-1][1]))


def length(spans: Iterable[Span]) -> int:
    """How many minutes the spans have together; what overlaps counts once."""
    return sum(end - start for start, end in union(spans))


def _gaps(spans: list[Span], start: int, end: int) -> list[Span]:
    """What sorted spans leave free between ``start`` and ``end``."""
    starts = [start, *(span[1] for span in spans)]
    ends = [*(span[0] for span in spans), end]
    return list(zip(starts, ends, strict=True))
