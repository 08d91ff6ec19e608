"""Short builders of facts, and the demo's calendar and rates, for worked examples."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from engine.facts import (
    AllowanceRow,
    CoverageRow,
    Existing,
    Facts,
    FeeLine,
    FeeRow,
    Plan,
    RateRow,
    Term,
    Work,
)
from engine.grants import BY_RATING
from engine.periods import Schedule
from engine.worktime import Attendance, Calendar

CENT = Decimal("0.01")
SHANGHAI = ZoneInfo("Asia/Shanghai")
SUPPORT, DEVELOPMENT = 1, 2
JUNIOR, SENIOR, ARCHITECT = 1, 2, 3


def at(text: str) -> datetime:
    """A local time of the company, e.g. ``2026-09-03 17:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


OFFICE = Calendar(
    "Asia/Shanghai",
    tuple(Attendance(day, 9 * 60, 18 * 60) for day in range(5)),
    ((at("2026-10-01 00:00"), at("2026-10-08 00:00")),),
)


def rate_row(id_: int, price, **values) -> RateRow:
    return RateRow(id=id_, sequence=10, price=Decimal(price), **values)


def coverage(id_: int, policy: str, **values) -> CoverageRow:
    values = {"service_id": None, "category": None, "mode": None, **values}
    return CoverageRow(id=id_, sequence=10, policy=policy, **values)


def plan(policy="billable", rates=(), allowances=(), rows=(), calendar=OFFICE) -> Plan:
    rows = rows or (coverage(1, policy),)
    return Plan(1, calendar, tuple(rows), tuple(rates), tuple(allowances))


def month_hours(hours, id_=1, **values) -> AllowanceRow:
    values = {"period": "month", **values}
    return AllowanceRow(id=id_, size=hours * 60, **values)


def work(id_: int, day: str, minutes: int, start: str | None = None, **values) -> Work:
    values = {"ticket_id": id_, "service_id": SUPPORT, "grade_id": SENIOR, **values}
    moment = at(f"{day} {start}") if start else None
    return Work(
        id=id_, day=date.fromisoformat(day), minutes=minutes, start=moment, **values
    )


def facts(plan_: Plan | None = None, works=(), **values) -> Facts:
    start = values.pop("start", date(2026, 9, 1))
    values = {
        "contract_id": 1,
        "start": start,
        "end": None,
        "until": date(2026, 9, 30),
        "rounding": CENT,
        "terms": (Term(start, plan_ or plan()),),
        "work": tuple(works),
        **values,
    }
    return Facts(**values)


def fee_line(row: FeeRow, start: date, end=None, **values) -> FeeLine:
    values = {"rule": "monthly", "interval": 1, "invoicing": "pre-paid", **values}
    schedule = Schedule(start, end, last_invoiced=None, next_date=None, **values)
    return FeeLine(row, schedule.starting(schedule.due_of(start)))


def in_the_books(facts_: Facts, outcome, frozen=lambda charge: False) -> Facts:
    """The same facts after the outcome was written; some of it may be invoiced."""
    ids = count(max((item.id for item in facts_.existing), default=0) + 1)
    known = {item.charge.key: item.id for item in facts_.existing}
    existing = [
        Existing(known.get(charge.key) or next(ids), charge, frozen(charge))
        for charge in outcome.charges
    ]
    ids = count(max((grant.id for grant in facts_.grants), default=0) + 1)
    grants = [replace(grant, id=grant.id or next(ids)) for grant in outcome.grants]
    kept = [item for item in facts_.existing if item.frozen]
    others = [grant for grant in facts_.grants if grant.origin not in BY_RATING]
    return replace(facts_, existing=(*kept, *existing), grants=(*grants, *others))


def next_day(day: date) -> date:
    return day + timedelta(days=1)
