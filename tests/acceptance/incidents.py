# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The real incidents of data/incidents.csv, and what the file does not say.

Callers are spread over customers, updaters over grades and categories over modes by a
checksum of their names, which is the same on every machine.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zlib import crc32

PATH = Path(__file__).parent / "data" / "incidents.csv"
CUSTOMERS = 32
PLANS = ("included", "hours", "hourly", "excluded")
GRADES = ("Junior", "Senior", "Architect")
WORK_MINUTES = 15  # of one update by an updater
PRIORITIES = {"4": "0", "3": "1", "2": "2", "1": "3"}  # theirs -> the ticket's
STATES = {
    "New": "new",
    "Active": "in_progress",
    "Awaiting Problem": "in_progress",
    "Awaiting Vendor": "in_progress",
    "Awaiting User Info": "awaiting",
    "Awaiting Evidence": "awaiting",
    "Resolved": "done",
    "Closed": "done",
}
_NONE = "?"


@dataclass(frozen=True)
class Update:
    """One row: somebody worked on the incident, from this local minute on."""

    at: datetime
    updater: str
    priority: str
    state: str  # of the desk: new, in_progress, awaiting or done


@dataclass(frozen=True)
class Incident:
    """An incident with its updates in the order of the file; times are local."""

    number: str
    caller: str
    category: str
    priority: str
    opened_at: datetime
    closed_at: datetime
    updates: tuple[Update, ...]

    @property
    def customer(self) -> int:
        """The number of the customer whose caller this is."""
        return customer_of(self.caller)

    @property
    def mode(self) -> str:
        """Every fifth category is served at the customer's."""
        return "onsite" if crc32(self.category.encode()) % 5 == 0 else "remote"


def customer_of(caller: str) -> int:
    """The number of the customer that a caller works for."""
    return crc32(caller.encode()) % CUSTOMERS


def plan_of(customer: int) -> str:
    """The plan that a customer has bought."""
    return PLANS[customer % len(PLANS)]


def grade_of(updater: str) -> str:
    """The grade of the engineer who is behind an updater."""
    return GRADES[crc32(updater.encode()) % len(GRADES)]


def read(path: Path = PATH) -> list[Incident]:
    """All incidents, as they were when they came in."""
    rows: dict[str, list[dict]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["number"], []).append(row)
    return [_incident(number, of_incident) for number, of_incident in rows.items()]


def _incident(number: str, rows: list[dict]) -> Incident:
    first, last = rows[0], rows[-1]
    return Incident(
        number=number,
        caller=first["caller_id"],
        category=first["category"],
        priority=PRIORITIES[first["priority"][0]],
        opened_at=_moment(first["opened_at"]),
        closed_at=_moment(last["closed_at"]),
        updates=tuple(
            Update(
                _moment(row["sys_updated_at"]),
                row["sys_updated_by"],
                PRIORITIES[row["priority"][0]],
                STATES[row["incident_state"]],
            )
            for row in rows
        ),
    )


def _moment(text: str) -> datetime:
    if text == _NONE:
        raise ValueError("a time is missing")
    return datetime.strptime(text, "%d-%m-%Y %H:%M")  # noqa: DTZ007 local, by design
