"""The engine without Odoo: 100 000 entries beside a plain loop over the same.

``engine_vs_loop``: the engine on 100 000 entries (100 contracts, 1 000 a year each)
with bands, rounding, allowances and specificity / a plain loop that sorts the same
entries, multiplies Decimals and builds the same dataclasses. The loop is told all that
the engine has to find out (which minutes, price, row, grant); it rounds each amount.

``deadlines_per_s``: deadlines of service levels in a calendar with breaks and holidays.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from . import bench_clock as clock
from . import paths

sys.path.insert(0, str(paths.ROOT / "erp_aftersales"))

from engine import facts as fact
from engine import opening, sla
from engine.rating import rate
from engine.worktime import Attendance, Calendar

CONTRACTS = 100
ENTRIES = 1000  # of each contract
CENT = Decimal("0.01")
HOUR = Decimal(60)
SERVICES = {1: "maintenance", 2: "maintenance", 3: "value_added", 4: "value_added"}
PRICES = {1: 400, 2: 800, 3: 1600}  # by grade
BAND_FACTORS = {None: 10, "after_hours": 15, "holiday": 20}
DEADLINES = 50_000
BEGINNING = datetime.min.replace(tzinfo=UTC)


def measure(rounds: int) -> tuple[dict[str, float], dict]:
    """The engine and the loop in turns; figures and details."""
    contracts = [contract_facts(number) for number in range(CONTRACTS)]
    told = [_by_work(rate(facts).charges) for facts in contracts]
    watches = clock.take_turns(
        {
            "engine": lambda: _timed(lambda: list(map(rate, contracts))),
            "loop": lambda: _timed(lambda: list(map(plain_loop, contracts, told))),
        },
        rounds,
    )
    ours, theirs = watches["engine"], watches["loop"]
    deadlines = [_timed(_deadlines) for _number in range(rounds)]
    charges = sum(len(many) for by_work in told for many in by_work.values())
    values = {
        "engine_vs_loop": clock.ratio(ours, theirs),
        "engine_entries_per_s": round(CONTRACTS * ENTRIES / clock.median(ours)),
        "deadlines_per_s": round(DEADLINES / clock.median(deadlines)),
    }
    details = {
        "engine_s": clock.median(ours),
        "loop_s": clock.median(theirs),
        "entries": CONTRACTS * ENTRIES,
        "charges": charges,
    }
    return values, details


def _deadlines() -> None:
    """Two deadlines of each request of a year, from a calendar never seen before."""
    opening._window.cache_clear()
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(DEADLINES // 2):
        received_at = first + timedelta(minutes=number * 521 % (365 * 24 * 60))
        sla.read(sla.Case(_CALENDAR, received_at, 30, 240), received_at)


def _timed(work) -> float:
    with clock.stopwatch() as watch:
        result = work()
    del result
    return watch.seconds


def plain_loop(facts, told) -> list:
    """Sort, multiply, build: what any program that bills time has to do."""
    charges = []
    for work in sorted(
        facts.work, key=lambda w: (w.day, w.start is None, w.start or BEGINNING, w.id)
    ):
        for minutes, price, rest in told[work.id]:
            amount = Decimal(minutes) / HOUR * price
            charges.append(
                fact.Charge(
                    key=f"w{work.id}.1",
                    day=work.day,
                    amount=amount.quantize(CENT, ROUND_HALF_UP),
                    ticket_id=work.ticket_id,
                    work_id=work.id,
                    service_id=work.service_id,
                    mode=work.mode,
                    grade_id=work.grade_id,
                    minutes=minutes,
                    price=price,
                    **rest,
                )
            )
    return charges


def _by_work(charges) -> dict[int, list[tuple]]:
    """What the loop is told of each entry: minutes, price, and all that is no sum."""
    told: dict[int, list[tuple]] = {}
    for charge in charges:
        rest = {name: getattr(charge, name) for name in _REST}
        told.setdefault(charge.work_id, []).append((charge.minutes, charge.price, rest))
    return told


_REST = (
    "kind",
    "band",
    "worked",
    "taken",
    "unit",
    "grant",
    "rate_id",
    "discount",
    "waiting",
    "reason",
    "args",
)


def contract_facts(number: int) -> fact.Facts:
    """A year of one contract; the numbers scatter, but are the same in every run."""
    return fact.Facts(
        contract_id=number,
        start=date(2026, 1, 1),
        end=date(2026, 12, 31),
        until=date(2026, 12, 31),
        rounding=CENT,
        terms=(fact.Term(date(2026, 1, 1), _PLAN),),
        card=_CARD,
        work=tuple(_work(number * ENTRIES + entry) for entry in range(ENTRIES)),
    )


def _work(n: int) -> fact.Work:
    """The n-th entry: three of four have a start, some cross into the night."""
    day = date(2026, 1, 1) + timedelta(days=n * 37 % 365)
    start = datetime(day.year, day.month, day.day, n * 7 % 14, n * 13 % 60, tzinfo=UTC)
    service_id = 1 + n % 4
    return fact.Work(
        id=n + 1,
        ticket_id=1 + n // 3,
        day=day,
        minutes=5 + n * 11 % 170,
        service_id=service_id,
        category=SERVICES[service_id],
        mode="onsite" if n % 5 == 0 else "remote",
        grade_id=1 + n * 5 % 3,
        region_id=None,
        start=start if n % 4 else None,
    )


def _rates() -> tuple[fact.RateRow, ...]:
    """A price by grade and band, dearer on site, and one service with its own."""
    rows = [
        {"grade_id": grade, "mode": mode, "band": band, "service_id": service}
        for grade in PRICES
        for mode in (None, "onsite")
        for band in BAND_FACTORS
        for service in (None, 3)
    ]
    return tuple(
        fact.RateRow(
            id=number,
            sequence=10,
            price=Decimal(PRICES[row["grade_id"]] * BAND_FACTORS[row["band"]]) / 10,
            increment=15,
            minimum=30,
            per_visit=row["mode"] == "onsite",
            burn_factor=Decimal(BAND_FACTORS[row["band"]]) / 10,
            **row,
        )
        for number, row in enumerate(rows, start=1)
    )


_CALENDAR = Calendar(
    "Asia/Shanghai",
    tuple(
        Attendance(weekday, *hours)
        for weekday in range(5)
        for hours in ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
    ),
    (
        (
            datetime(2026, 9, 30, 16, tzinfo=UTC),
            datetime(2026, 10, 7, 16, tzinfo=UTC),
        ),
    ),
)
_PLAN = fact.Plan(
    id=1,
    calendar=_CALENDAR,
    coverage=(
        fact.CoverageRow(1, 10, None, "maintenance", None, "allowance"),
        fact.CoverageRow(2, 10, None, "value_added", None, "billable", Decimal(10)),
        fact.CoverageRow(3, 10, 4, None, "onsite", "excluded"),
        fact.CoverageRow(4, 10, 2, None, "remote", "included"),
    ),
    rates=_rates(),
    allowances=(
        fact.AllowanceRow(id=1, size=10 * 60, period="month"),
        fact.AllowanceRow(id=2, size=40 * 60, period="year", priority=20),
    ),
)
_CARD = tuple(
    fact.RateRow(id=100 + grade, sequence=10, price=Decimal(2 * price), grade_id=grade)
    for grade, price in PRICES.items()
)
