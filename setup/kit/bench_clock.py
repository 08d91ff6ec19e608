"""Taking turns with a stopwatch: rounds of sides, medians, queries."""

from __future__ import annotations

import contextlib
import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass
class Watch:
    """What a stretch of work took."""

    seconds: float = 0.0
    queries: int = 0


@contextlib.contextmanager
def stopwatch(cr=None) -> Iterator[Watch]:
    """Time the block; with a cursor, count its queries as well.

    What lies about from earlier work is collected before, not inside. What Odoo still
    holds back is written inside, as at the end of a request: ``cr.flush()``.
    """
    watch = Watch()
    gc.collect()
    queries = cr.sql_log_count if cr else 0
    started = time.perf_counter()
    yield watch
    if cr:
        cr.flush()
        watch.queries = cr.sql_log_count - queries
    watch.seconds = time.perf_counter() - started


def take_turns(
    sides: Mapping[str, Callable[[], object]], rounds: int
) -> dict[str, list]:
    """What each side gives in each round, side by side so that drift hits them all.

    A round before the first warms up and is thrown away. Every other round goes
    backwards, so that no side is always the second.
    """
    results: dict[str, list] = {name: [] for name in sides}
    for number in range(rounds + 1):
        order = list(sides) if number % 2 else list(reversed(sides))
        for name in order:
            result = sides[name]()
            if number:
                results[name].append(result)
    return results


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' ratios."""
    pairs = zip(ours, theirs, strict=True)
    return round(statistics.median(our / their for our, their in pairs), 4)


def against_plain(
    ours: Callable[[], Watch], plain: Callable[[], Watch], rounds: int
) -> tuple[float, dict]:
    """Both in turns: the ratio of their times; the median and the queries of each."""
    watches = take_turns({"ours": ours, "plain": plain}, rounds)
    times = {name: seconds(many) for name, many in watches.items()}
    details = {f"{name}_s": median(many) for name, many in times.items()}
    details |= {f"{name}_queries": many[0].queries for name, many in watches.items()}
    return ratio(times["ours"], times["plain"]), details


def seconds(watches: Sequence[Watch]) -> list[float]:
    """The times of rounds."""
    return [watch.seconds for watch in watches]


def median(numbers: Sequence[float]) -> float:
    """The median, in digits that a person reads."""
    return round(statistics.median(numbers), 4)
