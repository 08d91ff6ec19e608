"""What a contract's own rows stand above, and what they cost or give (C7, R2).

What would apply without them is asked of the same terms and the same rating that bill:
once with the own rows, once without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .facts import ZERO, Facts, FeeLine, OwnRows, Work
from .fees import fee_charges
from .grants import BY_RATING
from .price_list import MODES, Offer, asked_work, bands_on
from .rating import rate
from .specificity import INCIDENT_UNITS, TIME_UNITS
from .terms import EXCLUDED, Terms

LAYERS = ("coverage", "rates", "allowances")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the same costs by the own rows, and by the plan alone."""

    own: Decimal
    plan: Decimal

    @property
    def difference(self) -> Decimal:
        """Below zero: the own rows cost the customer less."""
        return self.own - self.plan

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.own + other.own, self.plan + other.plan)


def without_own(facts: Facts) -> Facts:
    """The same contract by its plan alone."""
    return replace(facts, own=OwnRows())


def without_row(facts: Facts, layer: str, row_id: int) -> Facts:
    """The same contract without one own row.

    :param layer: coverage, rates or allowances
    """
    kept = tuple(row for row in getattr(facts.own, layer) if row.id != row_id)
    return replace(facts, own=replace(facts.own, **{layer: kept}))


def cost(facts: Facts, first: date, last: date) -> Decimal:
    """What all that happened from a day to a day costs, as if rated for the first time.

    Invoices, corrections and earlier results count as little as acceptances: what waits
    is taken as accepted. Fees stay as they are, and are not in it.

    :param facts: from the contract's first day on
    """
    charges = rate(_afresh(facts)).charges
    return sum(
        (
            charge.amount
            for charge in charges
            if not charge.fee_id and first <= charge.day <= last
        ),
        ZERO,
    )


def _afresh(facts: Facts) -> Facts:
    """Facts without what rating made of them; fees are known, for credits (R23)."""
    others = [grant for grant in facts.grants if grant.origin not in BY_RATING]
    return replace(
        facts,
        since=None,
        earlier=(),
        grants=tuple(replace(grant, taken=ZERO) for grant in others),
        existing=tuple(item for item in facts.existing if item.charge.fee_id),
    )


def fee_cost(facts: Facts, line: FeeLine, first: date, last: date) -> Decimal:
    """What the days from first to last of a fee cost, charged or not (R20, R21).

    :param line: its own days do not count
    """
    if last < first:
        return ZERO
    schedule = replace(
        line.schedule,
        date_start=first,
        date_end=last,
        invoicing="pre-paid",
        last_invoiced=None,
        next_date=first,
    )
    alone = Facts(
        contract_id=facts.contract_id,
        start=facts.start,
        end=None,
        until=last,
        rounding=facts.rounding,
        fees_until=last,
        fee_lines=(replace(line, schedule=schedule, is_canceled=False),),
        metrics=tuple(metric for metric in facts.metrics if metric.day <= last),
        renewals=facts.renewals,
        pauses=facts.pauses,
    )
    return sum((charge.amount for charge in fee_charges(alone)), ZERO)


def under(facts: Facts, offer: Offer, day: date) -> dict[tuple, list[int | None]]:
    """The rows that would decide on a day where now an own row does.

    :return: by layer (coverage, rates) and own row's id: ids of plan or card rows;
        None: no row
    """
    own, plan = Terms(facts), Terms(without_own(facts))
    found: dict[tuple, list[int | None]] = defaultdict(list)
    for work in _works(offer, day):
        for key, row_id in _beneath(own, plan, work):
            if row_id not in found[key]:
                found[key].append(row_id)
    return dict(found)


def _works(offer: Offer, day: date) -> Iterator[Work]:
    for service in offer.services:
        for mode in MODES:
            yield from (
                replace(
                    asked_work(service, mode, day),
                    grade_id=grade_id,
                    region_id=region_id,
                )
                for region_id in offer.region_ids
                for grade_id in (*offer.grade_ids, None)
            )


def _beneath(own: Terms, plan: Terms, work: Work) -> Iterator[tuple[tuple, int | None]]:
    """What an own row decides about some work, with what would decide without it."""
    policy, covers = own.policy(work)
    other_policy, other = plan.policy(work)
    if covers and covers in own.facts.own.coverage:
        yield ("coverage", covers.id), other and other.id
    own_ids = {row.id for row in own.facts.own.rates}
    prices = own.prices(work.day, policy != EXCLUDED)
    others = plan.prices(work.day, other_policy != EXCLUDED)
    for band in bands_on(own, work.day):
        wanted = work.service_id, work.grade_id, work.mode, work.region_id, band
        for units in (TIME_UNITS, INCIDENT_UNITS):
            row = prices.row(wanted, units)
            if row and row.id in own_ids:
                below = others.row(wanted, units)
                yield ("rates", row.id), below and below.id
