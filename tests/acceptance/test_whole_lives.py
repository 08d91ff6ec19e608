# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Random lives of contracts on real records, held against the naive models.

The script is the one that drives the engine alone (tests/engine/lives.py): the same
seed is the same life. AFTERSALES_LIVES, _LIFE_STEPS and _LIFE_SEED say how many, how
long and from which on; ``./setup/test --lives 300`` sets the first.

It comes last by its name: what it takes back leaves statistics of empty tables, on
which PostgreSQL chooses plans that never end.
"""

import os
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.erp_aftersales.engine.difference import difference
from odoo.addons.erp_aftersales.engine.rating import rate
from odoo.addons.erp_aftersales.tests.common import AftersalesCommon

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "engine"), str(ROOT / "erp_aftersales")]

from balance import assert_balanced  # noqa: E402
from lives import START, live  # noqa: E402

LIVES = int(os.environ.get("AFTERSALES_LIVES", "25"))
STEPS = int(os.environ.get("AFTERSALES_LIFE_STEPS", "30"))
FIRST = int(os.environ.get("AFTERSALES_LIFE_SEED", "1000"))
DAY = timedelta(days=1)


def told(changes, facts):
    """What a second run would write, short enough to be read."""
    there = {item.id: item.charge for item in facts.existing}
    grants = {grant.id: grant for grant in facts.grants}
    return [
        *(("new", *_short(charge)) for charge in changes.create),
        *((*_short(there[id_]), "->", *_short(c)) for id_, c in changes.update),
        *(("gone", *_short(there[id_])) for id_ in changes.delete),
        *(("new", grant) for grant in changes.grants_create),
        *((grants[id_], "->", grant) for id_, grant in changes.grants_update),
        *(("gone", grants[id_]) for id_ in changes.grants_delete),
    ]


def _short(charge):
    return charge.key, charge.kind, charge.day, charge.amount, charge.args


class OdooLife:
    """One contract; what does not fit is refused by Odoo, and nothing of it is done."""

    def __init__(self, case):
        self.case, self.env = case, case.env
        self.contract = self.env["contract.contract"]
        self.today = START
        self.refused = Counter()
        self.invoices = self.env["account.move"]

    def __getattribute__(self, name):
        """Each step is done on its day, whole or not at all."""
        found = object.__getattribute__(self, name)
        if not getattr(found, "is_step", False):
            return found

        def done(**values):
            moment = datetime.combine(self.today, time(8))
            with freeze_time(moment):
                if self.contract:
                    self.nights()
                try:
                    with self.env.cr.savepoint():
                        found(**values)
                        self.env.flush_all()
                except UserError:
                    self.refused[name] += 1
                    self.env.invalidate_all()

        return done

    def nights(self):
        """What the nights since the last step have opened and rated."""
        rating = self.env["aftersales.rating"]
        rating._rate(self.contract, since=START, with_fees=True)
        self.contract._aftersales_follow_plan()

    def sell(self, plan, users, days):
        metrics = [("users", START, users)]
        place = self.case._installation(self.case.customer, metrics=metrics)
        self.contract = self.case._contract(
            self.case.customer,
            self.case.plans[plan],
            START,
            days and START + timedelta(days=days - 1),
            installation_ids=[Command.set(place.ids)],
        )
        self.tickets = [
            self.case._ticket(self.case.customer, self.contract, service_id=service.id)
            for service in (self.case.service_support, self.case.service_dev)
        ]

    def work(self, day, minutes, service):
        employee = (self.case.junior, self.case.senior)[minutes % 2]
        self.case._work(self.tickets[service], employee, day, minutes)

    def users(self, day, value):
        metrics = self.contract.installation_ids.metric_ids
        there = metrics.filtered(lambda metric: metric.date == day)
        if there:
            there.value = value
        else:
            values = {"metric": "users", "date": day, "value": value}
            place = self.contract.installation_ids
            metrics.create({**values, "installation_id": place.id})

    def upgrade(self, day, plan):
        self.contract.action_aftersales_change_plan(self.case.plans[plan], day)

    def correct(self, number, minutes):
        charges = self.contract.charge_ids.filtered("invoice_line_id")
        if lines := charges.timesheet_id:
            line = lines[number % len(lines)]
            line.action_aftersales_correct({"unit_amount": minutes / 60})

    def pause(self, first, last):
        self.contract.action_aftersales_pause(first, last)

    def lift(self, number):
        if pauses := self.contract.aftersales_pause_ids:
            pauses[number % len(pauses)].action_lift()

    def renew(self, days, increase):
        if end := self.contract.date_end:
            self.contract.action_aftersales_renew(end + timedelta(days=days), increase)

    def terminate(self, day, refund):
        self.contract.action_aftersales_terminate(day, refund)

    def bill(self):
        self.invoices |= self.contract._recurring_create_invoice(self.today)
        if self.today.day % 3 == 0:
            self.contract.action_aftersales_invoice()
        lines = self.env["account.move.line"].search(
            [("contract_line_id.contract_id", "=", self.contract.id)]
        )
        self.invoices |= lines.move_id | self.contract.charge_ids.invoice_id

    def undo(self, number):
        """A draft is deleted; or it is posted and credited, to be billed again or not,
        as the dialogue asks."""
        drafts = self.invoices.exists().filtered(
            lambda move: move.state == "draft" and move.move_type == "out_invoice"
        )
        if not drafts:
            return
        move = drafts[number % len(drafts)]
        if number % 3:
            self.invoices -= move
            move.unlink()
            return
        move.action_post()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard = wizard.create(
            {
                "journal_id": move.journal_id.id,
                "aftersales_bill_again": bool(number % 2),
            }
        )
        wizard.refund_moves()
        move.reversal_move_ids.action_post()

    for _step in (work, users, upgrade, correct, pause, lift, renew, terminate, undo):
        _step.is_step = True
    sell.is_step = bill.is_step = True

    # what holds

    def check(self):
        loader = self.env["aftersales.loader"].sudo()
        contract = self.contract
        since = {contract.id: date(2026, 1, 1)}
        self.env.flush_all()
        with freeze_time(datetime.combine(self.today, time(8))):
            facts = loader._facts(contract, since, with_fees=True)[contract.id]
        wanted = rate(facts)
        changes = difference(facts, wanted)
        assert not changes, f"a second run writes: {told(changes, facts)}"
        charges = [item.charge for item in facts.existing if not item.frozen]
        # With nothing to write, grants are what is wanted; others only were used.
        outcome = SimpleNamespace(charges=charges, grants=wanted.grants)
        assert_balanced(facts, outcome)
        self.check_books()

    def check_books(self):
        """Invoiced, open and waiting are all there is; lines are their charges."""
        charges = self.contract.charge_ids
        sums = Counter()
        for charge in charges:
            sums[charge.state] += charge.amount
        assert set(sums) <= {"open", "waiting", "invoiced"}
        total = sum(charges.mapped("amount"))
        assert abs(sum(sums.values()) - total) < 0.005
        for line, linked in charges.grouped("invoice_line_id").items():
            if line and line.move_id.state != "cancel":
                sign = -1 if line.move_id.move_type == "out_refund" else 1
                amount = sum(linked.mapped("amount"))
                assert abs(sign * line.price_subtotal - amount) < 0.005, line.name
        for grant in self.contract.grant_ids:
            used = sum(grant.charge_ids.mapped("minutes_taken"))
            assert abs(used - grant.minutes_used) < 0.001


@tagged("post_install", "-at_install")
class TestLives(AftersalesCommon):
    """Each life is lived in a savepoint, and leaves nothing behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._card(price=1000)
        cls.plans = [cls._life_plan(number) for number in range(3)]

    @classmethod
    def _life_plan(cls, number):
        """As the plans of tests/engine/test_lives.py, but for what only Odoo has."""
        tiers = [
            Command.create({"up_to": 20, "price": 100}),
            Command.create({"up_to": 50, "price": 90}),
            Command.create({"up_to": 0, "price": 80}),
        ]
        by_users = {"basis": "users"}
        fees = (
            [
                {
                    "name": "A",
                    "price": 1000,
                    "recurring_rule_type": "yearly",
                    **by_users,
                },
                {"name": "B", "price": 333.33, "recurring_invoicing_type": "post-paid"},
            ],
            [
                {
                    "name": "C",
                    "tier_ids": tiers,
                    "credit_decrease": True,
                    "recurring_rule_type": "quarterly",
                    **by_users,
                },
                {"name": "D", "price": 7.77, "minimum_fee": 150, **by_users},
            ],
            [
                {
                    "name": "E",
                    "tier_ids": tiers,
                    "tier_mode": "volume",
                    "discount": 3,
                    "recurring_invoicing_type": "post-paid",
                    **by_users,
                }
            ],
        )
        allowance = {
            "name": "Hours",
            "quantity": (1, 2, 0.5)[number],
            "period": ("month", "quarter", "year")[number],
            "rollover_periods": (0, 1, 0)[number],
            "at_end": ("overage", "approval", "overage")[number],
        }
        coverage = [
            {"policy": "allowance", "service_id": cls.service_support.id},
            {"policy": "billable", "service_id": cls.service_dev.id, "discount": 5},
        ]
        price = (450.5, 300, 699.99)[number]
        return cls._plan(
            f"Life {number}",
            coverage=coverage,
            allowances=[allowance],
            rates=[
                {"price": price, "increment": 4},
                {"price": 900, "grade_id": cls.grade_senior.id},
            ],
            fees=fees[number],
        )

    def test_random_lives_keep_every_law_of_money(self):
        refused = Counter()
        for seed in range(FIRST, FIRST + LIVES):
            savepoint = self.env.cr.savepoint(flush=False)
            life = OdooLife(self)
            live(life, seed, STEPS)
            refused += life.refused
            savepoint.rollback()
            self.env.invalidate_all()
        print(
            f"\n{LIVES} lives of {STEPS} steps, seeds {FIRST} to {FIRST + LIVES - 1}:"
            " no law of money broken; refused because it did not fit:"
            f" {dict(refused)}"
        )
