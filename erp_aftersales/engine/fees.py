"""What a contract costs without any work: fees, true-ups and credits (R20 to R22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count, groupby

from . import reasons
from .facts import ONE, ZERO, Charge, Existing, Facts, FeeLine, FeeRow, Metric
from .fee_days import (
    CREDIT,
    DAY,
    FEE,
    TRUE_UP,
    Made,
    Stretch,
    exact,
    in_force,
    price_on,
    stretches,
)
from .intervals import Span, subtract
from .money import plain, round_half_up, storable
from .periods import Period, occurrences, periods, terms_periods

UNRATED = "unrated"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A charge before its amount: ``fee`` is exact and for a whole period."""

    kind: str
    day: date
    start: date
    end: date
    fee: Fraction
    reason: str
    args: Mapping
    count: Decimal = ONE
    price: Decimal | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def fee_charges(facts: Facts) -> list[Charge]:
    """Return the open charges of fees that a contract should have (R20 to R22).

    What the days of a fee cost by today's facts, less what is frozen of them. Days are
    asked for when they fall due by ``facts.fees_until`` or were made before. A fee
    whose basis has no metric is kind ``unrated`` and waits (R10).
    """
    by_row: dict[int, list[FeeLine]] = {}
    for line in facts.fee_lines or ():
        by_row.setdefault(line.row.id, []).append(line)
    return [charge for lines in by_row.values() for charge in _of_row(facts, lines)]


def whole_fee(
    row: FeeRow,
    metrics: Sequence[Metric],
    day: date,
    rounding: Decimal,
    member: Decimal = ZERO,
    increases: Sequence[Decimal] = (),
) -> Decimal | None:
    """What a whole period costs by the value of its basis on a day (R20).

    :return: None when the basis has no value by then
    """
    price = price_on(row, metrics, day, member, increases)
    return None if price is None else round_half_up(price.full, rounding)


def _of_row(facts: Facts, lines: Sequence[FeeLine]) -> Iterator[Charge]:
    row = lines[0].row
    ours = [item for item in facts.existing if item.charge.fee_id == row.id]
    frozen = [item.charge for item in ours if item.frozen]
    made = _joined(item.charge for item in ours if not item.frozen and _is_fee(item))
    made += [_made(item.charge) for item in ours if item.frozen]
    made += [due for line in lines for due in _due(facts, line, ours)]
    spans = in_force(facts, lines)
    for period in _periods(facts, lines[0], made):
        within = [charge for charge in frozen if _touches(charge, period)]
        member = _member(lines, within, period)
        cut = stretches(facts, row, period, spans, made, within, member)
        drafts = [
            draft for run in _runs(facts, cut) for draft in _drafts(facts, row, run)
        ]
        yield from _priced(facts, row, period, within, drafts)


def _is_fee(item: Existing) -> bool:
    return item.charge.kind in (FEE, UNRATED)


def _made(charge: Charge) -> Made:
    return Made(charge.start, charge.end, charge.day)


def _joined(charges: Iterable[Charge]) -> list[Made]:
    """The days of open fees, those in a row that fell due together as one: what parted
    them, as a pause that is lifted, leaves nothing behind (R19)."""
    made: list[Made] = []
    for each in sorted(map(_made, charges), key=lambda each: each.start):
        last = made[-1] if made else None
        if last and last.due == each.due and last.end + DAY == each.start:
            made[-1] = replace(last, end=each.end)
        else:
            made.append(each)
    return made


def _due(facts: Facts, line: FeeLine, ours: Sequence) -> Iterator[Made]:
    """What falls due, less days that have a charge: no day pays twice.

    A due day set by hand may hold several periods, or lead back to days that are
    charged already.
    """
    if facts.fees_until is None or line.is_canceled:
        return
    charged = [_span(item.charge.start, item.charge.end) for item in ours]
    for due in occurrences(line.schedule, facts.fees_until):
        found = subtract([_span(due.start, due.end)], charged)
        charged += found
        for first, behind in found:
            last = date.fromordinal(behind) - DAY
            yield Made(date.fromordinal(first), last, due.due)


def _span(start: date, end: date) -> Span:
    return start.toordinal(), end.toordinal() + 1


def _periods(facts: Facts, line: FeeLine, made: Sequence[Made]) -> Iterator[Period]:
    """The whole periods, counted from the contract's start, that hold these days (R8).

    What lies before it is counted from its own first day; up to a month's last day a
    period is of whole months.
    """
    if not made:
        return
    rule, interval = line.schedule.rule, line.schedule.interval
    first, last = min(each.start for each in made), max(each.end for each in made)
    found = terms_periods(facts.start, facts.renewals, None, rule, interval, last)
    if first < facts.start:
        found = [*periods(first, facts.start - DAY, rule, interval, last), *found]
    for period in found:
        if any(_touches(each, period) for each in made):
            in_months = rule == "monthlylastday"
            yield (
                replace(period, start=period.start.replace(day=1))
                if in_months
                else period
            )


def _touches(thing: Made | Charge, period: Period) -> bool:
    return thing.start <= (period.end or date.max) and period.start <= thing.end


def _member(
    lines: Iterable[FeeLine], frozen: Sequence[Charge], period: Period
) -> Decimal:
    """The member price of a period: a new price list changes no invoiced period."""
    fees = sorted((c for c in frozen if c.kind == FEE), key=lambda c: (c.start, c.key))
    if fees:
        return Decimal(fees[0].args.get("member", "0"))
    of_days = [line for line in lines if line.schedule.date_start <= period.whole_end]
    return of_days[-1].member if of_days else ZERO


def _runs(facts: Facts, cut: Iterable[Stretch]) -> list[list[Stretch]]:
    """Stretches that one charge may cover: in a row, and alike in all but prices."""
    kept = facts.end if facts.end and not facts.refunds_end else date.max
    runs: list[list[Stretch]] = []
    for stretch in cut:
        if not stretch.made or stretch.start > kept:
            continue
        before = runs[-1][-1] if runs else None
        follows = before and before.end + DAY == stretch.start
        if follows and _alike(before) == _alike(stretch):
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return runs


def _alike(stretch: Stretch) -> tuple:
    """What one charge may cover: a fee made anew, days that fall due together; what
    settles an invoiced one, its own days, so that billing more changes nothing."""
    is_new = not stretch.is_billed and not stretch.charged
    due = stretch.made.due if is_new else None
    kind = stretch.is_covered, stretch.is_paused, stretch.is_billed, stretch.is_known
    return due or stretch.billed_by, *kind


def _drafts(facts: Facts, row: FeeRow, run: Sequence[Stretch]) -> Iterator[_Draft]:
    """The charges of a run: of days in force each change of what is missing, until its
    last day; of others what is too much, as long as it is the same."""
    if not run[0].is_covered and any(map(_gap, run)):
        for _missing, days in groupby(run, key=_gap):  # pylint: disable=W8155
            same = list(days)
            if _gap(same[0]):
                yield _settled(facts, same[0], _gap(same[0]), same[-1].end)
        return
    last, before = run[-1].end, None
    for stretch in run:
        if stretch.is_covered and stretch.price is None:
            yield _without_metric(row, stretch, last)
            return
        step = _gap(stretch) - (_gap(before) if before else 0)
        if before is None and not stretch.is_billed and not stretch.charged:
            yield from _fee(stretch, last)
        elif step and stretch.is_covered and (before or stretch.is_billed):
            yield _true_up(facts, stretch, before, step, last)
        elif step:
            yield _settled(facts, stretch, step, last)
        before = stretch


def _gap(stretch: Stretch) -> Fraction:
    """What is missing for a whole period."""
    return stretch.wanted - stretch.charged


def _fee(stretch: Stretch, last: date) -> Iterator[_Draft]:
    """The fee; 0 for days of a pause, so that they are known when the pause goes."""
    days = stretch.made.due, stretch.start, last
    if stretch.is_covered:
        price = stretch.price
        numbers = price.args, price.count, price.price
        yield _Draft(FEE, *days, price.full, reasons.FEE, *numbers)
    elif stretch.is_paused and not stretch.is_known:
        yield _Draft(FEE, *days, Fraction(0), reasons.FEE_PAUSED, {})


def _without_metric(row: FeeRow, stretch: Stretch, last: date) -> _Draft:
    days, args = (stretch.made.due, stretch.start, last), {"basis": row.basis}
    return _Draft(UNRATED, *days, Fraction(0), reasons.NO_METRIC, args)


def _true_up(
    facts: Facts, stretch: Stretch, before: Stretch | None, step: Fraction, last: date
) -> _Draft:
    """What a change makes of the days left (R21): ``to`` less ``was`` less ``charged``.

    On the first day of what is invoiced ``was`` is what the invoice says.
    """
    args = dict(stretch.price.args)
    if not {"tiers", "percent"} & args.keys():
        args["price"] = plain(stretch.price.price)
    was, charged = stretch.charged, Fraction(0)
    if before:
        args["before"] = before.price.args["value"]
        was, charged = before.wanted, stretch.charged - before.charged
    args |= {"to": _shown(facts, stretch.wanted), "was": _shown(facts, was)}
    if charged:
        args["charged"] = _shown(facts, charged)
    days = stretch.start, stretch.start, last
    return _Draft(TRUE_UP, *days, step, reasons.TRUE_UP, args)


def _settled(facts: Facts, stretch: Stretch, step: Fraction, last: date) -> _Draft:
    """A credit of days that are not served any more (R22).

    Where the fee's own invoice is gone while such a credit stands, the fee again.
    """
    args = {"fee": _shown(facts, abs(step))}
    if step > 0:
        days = stretch.made.due, stretch.start, last
        return _Draft(FEE, *days, step, reasons.FEE_AGAIN, args)
    args["why"] = "plan"
    if stretch.is_paused:
        args["why"] = "pause"
    elif facts.end and stretch.start > facts.end:
        args["why"] = "end"
    days = stretch.start, stretch.start, last
    return _Draft(CREDIT, *days, step, reasons.FEE_CREDIT, args)


def _shown(facts: Facts, amount: Fraction) -> str:
    return plain(round_half_up(amount, facts.rounding))


def _priced(
    facts: Facts,
    row: FeeRow,
    period: Period,
    frozen: Sequence[Charge],
    drafts: Iterable[_Draft],
) -> Iterator[Charge]:
    """Give amounts, rounded cumulatively in the period, frozen ones first (R13)."""
    total = sum(map(exact, frozen), Fraction(0))
    given = sum((charge.amount for charge in frozen), ZERO)
    taken = {item.charge.key for item in facts.existing if item.frozen}
    for draft in drafts:
        part = draft.fee * draft.days / period.whole_days
        total += part
        amount = round_half_up(total, facts.rounding) - given
        given += amount
        charge = _charge(row, draft, period, amount, part)
        key = _free_key(row, draft.start, taken)
        taken.add(key)
        yield charge.but(key=key)


def _charge(
    row: FeeRow, draft: _Draft, period: Period, amount: Decimal, part: Fraction
) -> Charge:
    args = dict(draft.args)
    if draft.days != period.whole_days and draft.kind != UNRATED:
        args |= {"days": draft.days, "whole_days": period.whole_days}
    if draft.kind == TRUE_UP and row.discount:
        args["discount"] = plain(row.discount)
    if part != Fraction(amount):
        args["daily"] = str(part / draft.days)
    price = draft.price
    if price is None:
        price = storable(Decimal(draft.fee.numerator) / draft.fee.denominator)
    is_unrated = draft.kind == UNRATED
    return Charge(
        key="",
        kind=draft.kind,
        day=draft.day,
        amount=amount,
        fee_id=row.id,
        start=draft.start,
        end=draft.end,
        count=ZERO if is_unrated else draft.count,
        unit="unit",
        price=price,
        discount=row.discount if draft.reason == reasons.FEE else ZERO,
        waiting=is_unrated,
        reason=draft.reason,
        args=args,
    )


def _free_key(row: FeeRow, start: date, taken: set[str]) -> str:
    """Fee row, first day covered and a running number (R20)."""
    numbers = (f"f{row.id}.{start.isoformat()}.{number}" for number in count(1))
    return next(key for key in numbers if key not in taken)
