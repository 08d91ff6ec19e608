"""What rating is told: frozen values, fetched by the bridge.

Money and factors are ``Decimal``, time is whole minutes, a ``day`` is a date in the
company's zone, an ``at`` an aware moment. Ends of days (``end``) are included, as in
Odoo; ``None`` stands for "any" in what a row names and for "no bound" in ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .periods import Schedule
from .worktime import Calendar

ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What plan or contract does with a service (R3); ``mode`` None: any.

    ``start`` and ``end`` are days of a contract's own row (R2).
    """

    id: int
    sequence: int
    service_id: int | None
    category: str | None
    mode: str | None
    policy: str
    discount: Decimal = ZERO
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class RateRow:
    """A price and how minutes are measured for it (R5, R10).

    A contract's own row with ``percent`` takes that percent of the price that the lower
    layers give, and their measure (R2).
    """

    id: int
    sequence: int
    price: Decimal
    service_id: int | None = None
    grade_id: int | None = None
    mode: str | None = None
    region_id: int | None = None
    band: str | None = None
    unit: str = "hour"
    increment: int = 1
    minimum: int = 0
    per_visit: bool = False
    burn_factor: Decimal = ONE
    start: date | None = None
    end: date | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """What every period includes (R8); no services: all of them.

    ``size`` and ``rollover_max`` are minutes, or incidents if ``unit`` says so;
    ``rollover_max`` 0: no bound. ``start``, ``end`` and ``replaces_id`` (a row of the
    plan) are for a contract's own rows (R2).
    """

    id: int
    size: int
    period: str
    service_ids: frozenset[int] = frozenset()
    priority: int = 10
    prorate: bool = True
    unit: str = "hour"
    at_end: str = "overage"
    rollover_max: int = 0
    rollover_periods: int = 0
    start: date | None = None
    end: date | None = None
    replaces_id: int | None = None


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee (R20): ``price`` a unit of the basis, or ``percent`` of licence value.

    ``tiers`` stand instead of the price: (last value, price of one), None: no bound.
    They are graduated, or by ``volume``: all at the price of the last one. ``factors``
    are (id, factor).
    """

    id: int
    basis: str
    price: Decimal = ZERO
    percent: Decimal = ZERO
    discount: Decimal = ZERO
    minimum_fee: Decimal = ZERO
    tiers: tuple[tuple[Decimal | None, Decimal], ...] = ()
    by_volume: bool = False
    factors: tuple[tuple[int, Decimal], ...] = ()
    credit_decrease: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A published plan; ``calendar`` gives the bands (R6), None: always normal."""

    id: int
    calendar: Calendar | None = None
    coverage: tuple[CoverageRow, ...] = ()
    rates: tuple[RateRow, ...] = ()
    allowances: tuple[AllowanceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnRows:
    """A contract's own rows: the layer above its plan (R2)."""

    coverage: tuple[CoverageRow, ...] = ()
    rates: tuple[RateRow, ...] = ()
    allowances: tuple[AllowanceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """The plan in force from a day on (R2)."""

    start: date
    plan: Plan


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee row on its contract's schedule, in force on the schedule's days.

    ``member``: percent off by the customer's price list (R20); ``increases``: percents
    by which renewals made the fee dearer, one on the other (C8). ``is_canceled``: on no
    day at all; what was charged for it is credited (R22).
    """

    row: FeeRow
    schedule: Schedule
    member: Decimal = ZERO
    increases: tuple[Decimal, ...] = ()
    is_canceled: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """The value of a fee basis on one installation from a day on (R20)."""

    installation_id: int
    basis: str
    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Ticket:
    """One request of the customer.

    ``day`` and ``received_at``: when it came in. ``no_incident``: why it is none though
    its service has that policy (R11). ``quote``: the accepted quotation (R12).
    ``accepted``: up to which amount the customer agrees to work beyond the allowance
    (R25). ``capped``: an estimate was accepted, so that all work with a price stops at
    that amount (E3). ``is_emergency``: work may pass a stop, and then waits (A9).
    """

    id: int
    day: date
    received_at: datetime | None = None
    service_id: int | None = None
    category: str | None = None
    mode: str = "remote"
    region_id: int | None = None
    is_vendor_fault: bool = False
    no_incident: str | None = None
    quote: str | None = None
    accepted: Decimal = ZERO
    capped: bool = False
    is_emergency: bool = False


@dataclass(frozen=True, slots=True)
class Miss:
    """A missed target of a ticket that pays ``percent`` of a month's fees (R23)."""

    ticket_id: int
    target: str
    day: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Work:
    """One timesheet line on a ticket of the contract.

    ``revision`` counts the corrections of what was invoiced (R17).
    """

    id: int
    ticket_id: int
    day: date
    minutes: int
    service_id: int | None
    category: str | None = None
    mode: str = "remote"
    grade_id: int | None = None
    region_id: int | None = None
    start: datetime | None = None
    is_vendor_fault: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """Minutes or incidents made available (R7); ``size`` of them.

    ``taken`` by charges before the facts begin. ``id`` is None for a grant that rating
    is about to open. ``at_end``: what its row says of work beyond it (R25); None for
    packs and manual grants. ``agreed`` is its last day as agreed when it opened (R8);
    ``end`` lies before it once another plan or row has taken its place. ``less``: how
    much smaller it is because the old plan's were overused (R22).
    """

    id: int | None
    allowance_id: int | None
    origin: str
    size: int
    start: date
    end: date | None = None
    service_ids: frozenset[int] = frozenset()
    priority: int = 10
    taken: Decimal = ZERO
    unit: str = "hour"
    at_end: str | None = None
    agreed: date | None = None
    less: int = 0

    @property
    def key(self) -> tuple:
        """Identity within the contract, before and after it is written."""
        return grant_key(self.origin, self.id, self.allowance_id, self.start)


def grant_key(
    origin: str, id_: int | None, allowance_id: int | None, start: date
) -> tuple:
    """The identity of a grant: what rating opens is known by its row and first day."""
    if origin in ("plan", "rollover"):
        return (origin, allowance_id, start)
    return (origin, id_)


@dataclass(frozen=True)
class Charge:
    """One priced thing: given as a fact when it exists, as a result when wanted.

    ``count`` is the quantity of what is no time (fees). ``args`` are plain JSON values
    that, with ``reason``, say why (R24). It has no slots, so that ``but`` can copy it
    in one go.
    """

    key: str
    kind: str
    day: date
    amount: Decimal
    ticket_id: int | None = None
    work_id: int | None = None
    fee_id: int | None = None
    start: date | None = None
    end: date | None = None
    service_id: int | None = None
    mode: str | None = None
    grade_id: int | None = None
    band: str | None = None
    worked: int = 0
    minutes: int = 0
    taken: Decimal = ZERO
    count: Decimal = ZERO
    unit: str | None = None
    grant: tuple | None = None
    rate_id: int | None = None
    price: Decimal = ZERO
    discount: Decimal = ZERO
    waiting: bool = False
    reason: str = ""
    args: Mapping = field(default_factory=dict)

    def but(self, **values: Any) -> Charge:
        """The same with other values: ``dataclasses.replace``, many times as fast."""
        return self.having(values)

    def having(self, values: Mapping[str, Any]) -> Charge:
        """:meth:`but` with values by name in one mapping.

        :raises TypeError: on a name that no value of a charge has
        """
        other, known = object.__new__(Charge), self.__dict__
        named = other.__dict__
        named.update(known)
        named.update(values)
        if len(named) != len(known):
            raise TypeError(f"no values of a charge: {values.keys() - known.keys()}")
        return other

    @property
    def used(self) -> Decimal:
        """What it takes from its grant: minutes, or incidents (R7, R11)."""
        return self.count if self.unit == "incident" else self.taken

    @property
    def priced_as(self) -> str:
        """Its kind, or the one an adjustment would have had (R17)."""
        return self.args.get("as", self.kind)


@dataclass(frozen=True, slots=True)
class Existing:
    """A charge as it stands in the books; frozen: an invoice line carries it (R16)."""

    id: int
    charge: Charge
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that rating needs to know of one contract.

    :param since: first day rated; charges before it stand as they are. None: the start.
    :param until: allowances whose period has begun by this day are open
    :param overage_limit: overage of a calendar month that needs no acceptance; 0: any
    :param tickets: those that came in on or after ``since`` or have work since then
    :param earlier: charges before ``since`` on tickets with an accepted amount (R25)
    :param misses: missed targets of SLA rows with a credit, since ``since``
    :param fees_until: fees due by this day are made; None: only those made already
    :param fee_lines: all of them; None: fees are not asked for, and stand
    :param renewals: first days of the terms after the first one (R8)
    :param pauses: first and last days on which the contract rests (R22)
    :param refunds_end: what was charged for days after ``end`` is credited (R22)
    :param rounding: smallest amount of the currency, e.g. ``Decimal("0.01")``
    :param grants: the grants that exist and are open on or after ``since``
    :param existing: charges dated on or after ``since``, and all charges of fees
    """

    contract_id: int
    start: date
    end: date | None
    until: date
    rounding: Decimal
    terms: tuple[Term, ...] = ()
    own: OwnRows = OwnRows()
    card: tuple[RateRow, ...] = ()
    overage_limit: Decimal = ZERO
    since: date | None = None
    fees_until: date | None = None
    work: tuple[Work, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    misses: tuple[Miss, ...] = ()
    earlier: tuple[Charge, ...] = ()
    grants: tuple[Grant, ...] = ()
    renewals: tuple[date, ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()
    refunds_end: bool = True
    fee_lines: tuple[FeeLine, ...] | None = ()
    metrics: tuple[Metric, ...] = ()
    existing: tuple[Existing, ...] = ()
