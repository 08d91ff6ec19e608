"""Random lives of contracts on the engine alone; LIVES and LIFE_STEPS say how many."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from balance import assert_balanced
from books import billable, marked, rated
from cases import CENT, coverage, rate_row
from engine.difference import difference
from engine.facts import AllowanceRow, Facts, FeeLine, FeeRow, Metric, Plan, Term, Work
from engine.life import Recurring, charged_until, fee_days
from engine.periods import Schedule
from engine.rating import rate
from lives import START, live

IN_CI = os.environ.get("HYPOTHESIS_PROFILE") in ("ci", "laws")
LIVES = int(os.environ.get("LIVES", "2000" if IN_CI else "40"))
STEPS = int(os.environ.get("LIFE_STEPS", "50"))
FIRST = int(os.environ.get("LIFE_SEED", "0"))
CHUNKS = 20
DAY = timedelta(days=1)


def fee(number, **values):
    return FeeRow(number, **{"basis": "users", "price": Decimal(1000), **values})


TIERS = ((Decimal(20), Decimal(100)), (Decimal(50), Decimal(90)), (None, Decimal(80)))
FEES = {
    11: (fee(11), "yearly", "pre-paid"),
    12: (fee(12, basis="fixed", price=Decimal("333.33")), "monthly", "post-paid"),
    21: (
        fee(21, price=Decimal(0), tiers=TIERS, credit_decrease=True),
        "quarterly",
        "pre-paid",
    ),
    22: (
        fee(22, price=Decimal("7.77"), minimum_fee=Decimal(150)),
        "monthly",
        "pre-paid",
    ),
    31: (
        fee(31, price=Decimal(0), tiers=TIERS, by_volume=True, discount=Decimal(3)),
        "monthly",
        "post-paid",
    ),
}
OF_PLAN = ((11, 12), (21, 22), (31,))


def plan(number):
    """Hours, that roll over under the second plan, then prices; all else is charged."""
    id_ = 10 * (number + 1)
    rows = AllowanceRow(
        id=id_,
        size=(60, 120, 30)[number],
        period=("month", "quarter", "year")[number],
        rollover_periods=(0, 1, 0)[number],
        at_end=("overage", "approval", "overage")[number],
    )
    rates = (
        rate_row(id_, ("450.50", "300", "699.99")[number], increment=4),
        rate_row(id_ + 1, "900", grade_id=2),
    )
    cover = (
        coverage(id_, "allowance", service_id=1),
        coverage(id_ + 1, "billable", service_id=2, discount=Decimal(5)),
    )
    return Plan(number + 1, None, cover, rates, (rows,))


PLANS = [plan(number) for number in range(3)]


class EngineLife:
    """The books in memory of one contract; what does not fit is left, as people are
    told so by Odoo."""

    def sell(self, plan, users, days):
        self.metrics = {START: Decimal(users)}
        self.invoices, self.last = [], {}
        self.facts = Facts(
            contract_id=1,
            start=START,
            end=START + timedelta(days=days - 1) if days else None,
            until=START,
            rounding=CENT,
            terms=(Term(START, PLANS[plan]),),
            card=(rate_row(99, 1000, service_id=None),),
        )
        self.increases = {}
        self.put()

    # what people do

    def work(self, day, minutes, service):
        if self.facts.end and day > self.facts.end:
            return
        number = len(self.facts.work) + 1
        entry = Work(number, number, day, minutes, service + 1, grade_id=1 + number % 2)
        self.put(work=(*self.facts.work, entry))

    def users(self, day, value):
        self.metrics[day] = Decimal(value)
        self.put()

    def upgrade(self, day, plan):
        if not self.is_within(day):
            return
        before = [term for term in self.facts.terms if term.start < day]
        after = [term for term in self.facts.terms if term.start > day]
        new = PLANS[plan]
        keep = day in self.facts.renewals
        if before and before[-1].plan is new and not keep:
            terms = [*before]
        else:
            terms = [*before, Term(day, new)]
        if after and after[0].plan is new and after[0].start not in self.facts.renewals:
            after = after[1:]
        self.put(terms=(*terms, *after))

    def correct(self, number, minutes):
        frozen = {item.charge.work_id for item in self.facts.existing if item.frozen}
        works = [work for work in self.facts.work if work.id in frozen]
        if works:
            old = works[number % len(works)]
            new = replace(old, minutes=minutes, revision=old.revision + 1)
            works = tuple(new if w is old else w for w in self.facts.work)
            self.put(work=works)

    def pause(self, first, last):
        there = self.facts.pauses
        is_free = not any(a <= last and first <= b for a, b in there)
        if self.is_within(first) and self.is_within(last) and is_free:
            self.put(pauses=(*there, (first, last)))

    def lift(self, number):
        pauses = list(self.facts.pauses)
        if pauses:
            pauses.pop(number % len(pauses))
            self.put(pauses=tuple(pauses))

    def renew(self, days, increase):
        end = self.facts.end
        if not end or not self.facts.refunds_end:
            return
        first, in_force = end + DAY, self.plan_on(end)
        self.increases[first] = Decimal(str(increase))
        terms = [term for term in self.facts.terms if term.start != first]
        self.put(
            end=end + timedelta(days=days),
            renewals=(*self.facts.renewals, first),
            terms=(*terms, Term(first, in_force)),
        )

    def terminate(self, day, refund):
        late = [work for work in self.facts.work if work.day > day and work.minutes]
        if self.is_within(day) and not late:
            # What was agreed for days behind the end is not any more.
            terms = tuple(term for term in self.facts.terms if term.start <= day)
            renewals = tuple(first for first in self.facts.renewals if first <= day)
            self.put(end=day, refunds_end=refund, terms=terms, renewals=renewals)

    def bill(self):
        self.put(fees_until=self.today)
        items = [i for i in billable(self.facts) if i.charge.day <= self.today]
        if any(item.charge.amount for item in items):
            self.invoices.append({item.id for item in items})
            self.facts = marked(self.facts, self.invoices[-1], frozen=True)
        self.facts = replace(self.facts, fees_until=None)
        self.put()

    def undo(self, number):
        if self.invoices:
            ids = self.invoices.pop(number % len(self.invoices))
            self.facts = marked(self.facts, ids, frozen=False)
            self.put()

    # what holds

    def check(self):
        outcome = rate(self.facts)
        assert not difference(self.facts, outcome), "a second run writes"
        assert_balanced(self.facts, outcome)
        charges = [item.charge for item in self.facts.existing]
        states = [sum(c.amount for c in charges if c.waiting == w) for w in (0, 1)]
        assert sum(states) == sum(charge.amount for charge in charges)

    # helpers

    def is_within(self, day):
        return day >= START and (not self.facts.end or day <= self.facts.end)

    def plan_on(self, day):
        return [term for term in self.facts.terms if term.start <= day][-1].plan

    def put(self, **values):
        """Something is typed; lines follow, and rating."""
        facts = replace(self.facts, until=self.today, **values)
        metrics = (
            Metric(1, "users", day, value) for day, value in self.metrics.items()
        )
        self.facts = replace(facts, metrics=tuple(metrics))
        self.facts = replace(self.facts, fee_lines=tuple(self.lines()))
        self.facts = rated(self.facts)
        self.facts = replace(self.facts, fee_lines=tuple(self.lines()))

    def lines(self):
        """The lines that terms ask for; what is charged of them is not due again."""
        facts = self.facts
        wanted = fee_days(
            facts.start,
            facts.end,
            facts.renewals,
            [
                (term.start, [recurring(id_) for id_ in OF_PLAN[term.plan.id - 1]])
                for term in facts.terms
            ],
            (),
        )
        for days in wanted:
            yield self.line(days)
        asked = {days.row_id for days in wanted}
        for row_id in {i.charge.fee_id for i in facts.existing} - asked - {None}:
            schedule = self.schedule(row_id, START, START)
            yield FeeLine(FEES[row_id][0], schedule, is_canceled=True)

    def line(self, days):
        charged = [
            (item.charge.start, item.charge.end)
            for item in self.facts.existing
            if item.charge.fee_id == days.row_id
            and item.charge.kind in ("fee", "unrated")
        ]
        last = charged_until(days.first, days.last, charged)
        schedule = replace(
            self.schedule(days.row_id, days.first, days.last), last_invoiced=last
        )
        first = schedule.next_start
        due = schedule.due_of(first) if schedule.runs_on(first) else None
        lived = [
            percent
            for day, percent in sorted(self.increases.items())
            if percent and self.since(days) < day <= days.first
        ]
        line = FeeLine(FEES[days.row_id][0], schedule.starting(due))
        return replace(line, increases=tuple(lived))

    def since(self, days):
        """The first day of the fee's run of days that this line goes on with."""
        first = days.first
        for term in reversed([t for t in self.facts.terms if t.start <= first]):
            if days.row_id not in OF_PLAN[term.plan.id - 1]:
                break
            first = term.start
        return first

    def schedule(self, row_id, first, last):
        _row, rule, invoicing = FEES[row_id]
        return Schedule(first, last, rule, 1, invoicing, None, None)


def recurring(row_id):
    return Recurring(row_id, FEES[row_id][1], 1)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_r13_r15_r16_r21_r22_random_lives_keep_every_law_of_money(chunk):
    for seed in range(FIRST + chunk, FIRST + LIVES, CHUNKS):
        live(EngineLife(), seed, STEPS)
