"""A contract's whole life in random steps, held against the naive model after each.

Profiles decide how many lives are tried: a fifth of what one law gets, because a life
has twenty steps and each is rated three times.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from agreement import assert_agree
from books import billable, marked, rated, written
from contracts import (
    ACCEPTED,
    LIMITS,
    QUOTES,
    REASONS,
    SERVICE_IDS,
    moment,
    of_service,
    with_fees,
)
from engine.difference import difference
from engine.facts import Facts, Grant, Miss, RateRow, Term, Ticket, Work
from engine.rating import rate
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from model import sla_credits
from rows import CHANGE, OWN, coverages, own_rows, plans, rate_rows
from strategies import roundings

DAYS = [
    date(2026, 9, 28),
    date(2026, 9, 30),
    date(2026, 10, 2),
    date(2026, 10, 9),
    date(2026, 10, 31),
    date(2026, 11, 2),
    date(2026, 12, 1),
]
STARTS = st.sampled_from([date(2026, 9, 1), date(2026, 8, 31), date(2026, 9, 3)])
days = st.sampled_from(DAYS)
modes = st.sampled_from(("remote", "onsite"))
minutes_of_day = st.sampled_from((None, None, 0, 540, 1050, 1070, 1430))
picks = st.sets(st.integers(0, 12), max_size=6)
index = st.integers(0, 12)
versions = st.fixed_dictionaries(
    {
        "ticket_id": st.integers(1, 3),
        "day": days,
        "minutes": st.sampled_from((10, 1, 45, 90, 130, 0)),
        "service_id": SERVICE_IDS,
        "mode": modes,
        "grade_id": st.sampled_from((1, 2, None)),
    }
)


def cards():
    """The standard card, which mostly has a price for everything."""
    last = RateRow(98, 9, Decimal(90)), RateRow(99, 9, Decimal(500), unit="incident")
    return st.builds(tuple.__add__, rate_rows(2), st.sampled_from((last, last, ())))


class Contract(RuleBasedStateMachine):
    """What people do to one contract, in any order."""

    @initialize(
        start=STARTS,
        plan=plans(),
        next_plan=st.none() | plans(2),
        card=cards(),
        rounding=roundings,
        limit=LIMITS,
        work=st.lists(st.tuples(versions, minutes_of_day), min_size=2, max_size=4),
    )
    def sign(self, start, plan, next_plan, card, rounding, limit, work):
        terms = [Term(start, plan)]
        if next_plan:
            terms.append(Term(CHANGE, next_plan))
        facts = Facts(
            contract_id=1,
            start=start,
            end=None,
            until=DAYS[-1],
            rounding=rounding,
            terms=tuple(terms),
            card=card,
            overage_limit=limit,
            work=tuple(entry(n, *one) for n, one in enumerate(work, 1)),
            tickets=tuple(of_service(one_ticket(n, DAYS[n])) for n in (1, 2, 3)),
        )
        self.facts = rated(with_fees(facts, Decimal(3)))
        self.invoices = []
        self.settled = set()
        self.frozen = {}

    # work

    @rule(version=versions, minute=minutes_of_day)
    def log(self, version, minute):
        if len(self.facts.work) < 6:
            number = max((work.id for work in self.facts.work), default=0) + 1
            self.put(work=(*self.facts.work, entry(number, version, minute)))

    @rule(number=index, version=versions, minute=minutes_of_day)
    def edit(self, number, version, minute):
        works = [work for work in self.facts.work if not self.is_invoiced(work)]
        if works:
            old = works[number % len(works)]
            self.replace_work(old, entry(old.id, version, minute, old.revision))

    @rule(of=index, minutes=st.sampled_from((20, 60, 200)))
    def go_on(self, of, minutes):
        """More work of the same visit."""
        if self.facts.work and len(self.facts.work) < 6:
            old = self.facts.work[of % len(self.facts.work)]
            number = max(work.id for work in self.facts.work) + 1
            more = replace(old, id=number, minutes=minutes, start=None, revision=0)
            self.put(work=(*self.facts.work, more))

    @rule(number=index)
    def delete(self, number):
        touched = {item.charge.work_id for item in self.frozen_items()}
        works = [work for work in self.facts.work if work.id not in touched]
        if works:
            old = works[number % len(works)]
            self.put(work=tuple(work for work in self.facts.work if work is not old))

    @rule(number=index, version=versions, minute=minutes_of_day)
    def correct(self, number, version, minute):
        """R17: what is invoiced gets another version."""
        works = [work for work in self.facts.work if self.is_invoiced(work)]
        if works:
            old = works[number % len(works)]
            self.replace_work(old, entry(old.id, version, minute, old.revision + 1))

    # invoices

    @rule(upto=days)
    def bill(self, upto):
        self.invoice([item for item in billable(self.facts) if item.charge.day <= upto])

    @rule(picked=picks)
    def bill_some(self, picked):
        items = billable(self.facts)
        self.invoice([items[n] for n in picked if n < len(items)])

    @rule(number=index)
    def cancel(self, number):
        """An invoice is deleted, or credited with "bill again" (R16)."""
        if self.invoices:
            ids = self.invoices.pop(number % len(self.invoices))
            self.put_books(marked(self.facts, ids, frozen=False))

    @precondition(lambda self: self.invoices)
    @rule(number=index)
    def credit(self, number):
        """A credit note that frees nothing: the invoice stands for good."""
        self.invoices.pop(number % len(self.invoices))

    @rule(number=index)
    def cancel_and_put_back(self, number):
        """Back to draft: what is still free and unchanged is frozen again (R16)."""
        if self.invoices:
            ids = self.invoices[number % len(self.invoices)]
            before = self.standing()
            self.put_books(marked(self.facts, ids, frozen=False))
            if all(self.standing().get(id_) == before[id_] for id_ in ids):
                self.put_books(marked(self.facts, ids, frozen=True))
            else:
                self.invoices.remove(ids)

    # what is agreed

    @rule(
        unit=st.sampled_from((("hour", 60), ("hour", 7), ("incident", 1))),
        origin=st.sampled_from(("purchase", "purchase", "manual")),
        start=days,
        end=st.none() | days,
        narrow=st.booleans(),
    )
    def buy(self, unit, origin, start, end, narrow):
        if sum(grant.origin == origin for grant in self.facts.grants) < 2:
            number = max((grant.id for grant in self.facts.grants), default=0) + 1
            services = frozenset({1}) if narrow else frozenset()
            pack = Grant(number, None, origin, unit[1], start, end, services)
            pack = replace(pack, unit=unit[0])
            self.put(grants=(*self.facts.grants, pack))

    @rule(own=own_rows())
    def change_own_rates(self, own):
        self.put(own=replace(self.facts.own, rates=own.rates))

    @rule(rows=coverages(min_size=0))
    def change_own_coverage(self, rows):
        rows = tuple(replace(row, id=row.id + OWN) for row in rows)
        self.put(own=replace(self.facts.own, coverage=rows))

    @rule(card=cards())
    def change_card(self, card):
        self.put(card=card)

    @rule(limit=LIMITS)
    def set_limit(self, limit):
        self.put(overage_limit=limit)

    # tickets

    @rule(
        number=st.integers(0, 2),
        accepted=ACCEPTED,
        quote=QUOTES,
        no_incident=REASONS,
    )
    def change_ticket(self, number, **values):
        self.change(number, **values)

    @rule(number=st.integers(0, 2), service_id=SERVICE_IDS, mode=modes)
    def change_service(self, number, **values):
        self.change(number, **values)

    @rule(
        number=st.integers(1, 3),
        day=days,
        percent=st.sampled_from([Decimal(10), Decimal("33.3"), Decimal(80)]),
    )
    def miss(self, number, day, percent):
        others = tuple(miss for miss in self.facts.misses if miss.ticket_id != number)
        self.put(misses=(*others, Miss(number, "response", day, percent)))

    @rule()
    def meet_all(self):
        self.put(misses=())

    # what holds

    @invariant()
    def a_second_run_writes_nothing(self):
        assert not difference(self.facts, rate(self.facts))

    @invariant()
    def the_model_agrees(self):
        outcome = rate(self.facts)
        assert_agree(self.facts, outcome)
        wanted = sla_credits(self.facts, self.charges())
        got = {
            (charge.ticket_id, charge.key.split(".", 1)[1]): charge.amount
            for charge in outcome.charges
            if charge.key.startswith("s")
        }
        assert got == wanted

    @invariant()
    def every_key_is_given_once(self):
        keys = Counter(charge.key for charge in self.charges())
        assert not [key for key, times in keys.items() if times > 1]

    @invariant()
    def every_minute_stands_in_one_charge(self):
        worked = defaultdict(int)
        for charge in self.charges():
            if charge.work_id:
                worked[charge.work_id] += charge.worked
        expected = {work.id: work.minutes for work in self.facts.work if work.minutes}
        assert {id_: much for id_, much in worked.items() if much} == expected

    @invariant()
    def no_grant_is_overdrawn(self):
        sizes = {grant.key: grant.size for grant in self.facts.grants}
        taken = defaultdict(Fraction)
        for charge in self.charges():
            if charge.grant:
                taken[charge.grant] += Fraction(charge.used)
        for key, much in taken.items():
            assert 0 <= much <= sizes[key]

    @invariant()
    def what_is_frozen_is_untouched(self):
        now = {item.id: item.charge for item in self.frozen_items()}
        assert now == self.frozen

    # helpers

    def put(self, **values):
        self.put_books(replace(self.facts, **values))

    def put_books(self, facts):
        """People change facts, rating follows at once."""
        self.facts = facts
        self.frozen = {item.id: item.charge for item in self.frozen_items()}
        self.facts = written(facts, rate(facts))

    def invoice(self, items):
        if any(item.charge.amount for item in items):
            ids = {item.id for item in items}
            self.invoices.append(ids)
            self.put_books(marked(self.facts, ids, frozen=True))

    def change(self, number, **values):
        tickets = list(self.facts.tickets)
        tickets[number] = of_service(replace(tickets[number], **values))
        self.put(tickets=tuple(tickets))

    def replace_work(self, old, new):
        self.put(work=tuple(new if w is old else w for w in self.facts.work))

    def frozen_items(self):
        return [item for item in self.facts.existing if item.frozen]

    def standing(self):
        return {item.id: item.charge for item in self.facts.existing}

    def charges(self):
        return [item.charge for item in self.facts.existing]

    def is_invoiced(self, work):
        prefix = f"w{work.id}/{work.revision}." if work.revision else f"w{work.id}."
        return any(
            item.charge.key.startswith(prefix) and not item.charge.key.endswith("/back")
            for item in self.frozen_items()
        )


def one_ticket(number, day):
    return Ticket(number, day, moment(day, 600), service_id=1 + number % 2)


def entry(number, version, minute, revision=0):
    start = None if minute is None else moment(version["day"], minute)
    work = Work(id=number, start=start, revision=revision, **version)
    return of_service(work)


TestContract = Contract.TestCase
TestContract.settings = settings(stateful_step_count=20)
