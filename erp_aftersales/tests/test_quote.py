# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo.tests import freeze_time, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 02:00:00")
class TestQuote(BillingCommon):
    """The customer knows before work starts, from the engine that bills (E1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls._hourly_plan(
            "Hybrid",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "10 h", "quantity": 10, "period": "month"}],
            rates=[
                {"price": 300, "increment": 30},
                {"price": 600, "increment": 30, "band": "after_hours"},
            ],
            calendar_id=cls._calendar().id,
        )
        cls.contract = cls._contract(cls.customer, plan, "2026-09-01")

    def _quote(self, minutes, **vals):
        return self.contract._aftersales_quote(
            self.service_support, "remote", self.grade_senior, minutes, **vals
        )

    def test_e1_covered_work_costs_nothing_and_says_what_is_left(self):
        quote = self._quote(90)
        self.assertEqual(quote["amount"], 0)
        self.assertEqual(quote["minutes_left"], 510)
        self.assertEqual([part["kind"] for part in quote["parts"]], ["allowance"])
        self.assertIn("8.50 of 10 h left", quote["parts"][0]["reason"])

    def test_e1_beyond_the_allowance_it_costs_what_the_bill_will_say(self):
        self._hours(self.contract, "2026-09-15", minutes=540)
        quote = self._quote(90)
        self.assertEqual(quote["amount"], Decimal(150))
        self.assertEqual(quote["minutes_left"], 0)
        ticket = self._ticket(self.customer, self.contract)
        work = self._work(ticket, self.senior, "2026-09-20", 90)
        self.assertEqual(sum(work.charge_ids.mapped("amount")), 150)

    def test_e1_an_evening_is_quoted_by_its_band(self):
        self._hours(self.contract, "2026-09-09", minutes=600)
        start = self._utc("2026-09-10", "20:00")
        self.assertEqual(self._quote(60, start=start)["amount"], Decimal(600))

    def test_e1_without_a_price_it_says_so(self):
        plan = self._hourly_plan(
            "Junior only", rates=[{"grade_id": self.grade_junior.id, "price": 60}]
        )
        contract = self._contract(self._customer("Other"), plan, "2026-09-01")
        quote = contract._aftersales_quote(
            self.service_support, "remote", self.grade_senior, 60
        )
        self.assertEqual(quote["amount"], 0)
        self.assertIn("wait for a price", quote["problem"])

    def test_e1_a_ticket_charged_by_itself_is_quoted_with_its_charge(self):
        plan = self._hourly_plan(
            "Incidents of one service",
            coverage=[
                {"policy": "billable"},
                {"policy": "incident", "service_id": self.service_dev.id},
            ],
            rates=[{"price": 60}, {"price": 500, "unit": "incident"}],
        )
        contract = self._contract(self._customer("Other"), plan, "2026-09-01")
        quote = contract._aftersales_quote(
            self.service_dev, "remote", self.grade_senior, 60
        )
        parts = [(part["kind"], part["amount"]) for part in quote["parts"]]
        self.assertEqual(parts, [("incident", 500), ("included", 0)])
        self.assertEqual(quote["amount"], Decimal(500))
        ticket = self._ticket(
            contract.partner_id, contract, service_id=self.service_dev.id
        )
        self._work(ticket, self.senior, "2026-09-10", 60)
        self.assertEqual(sum(ticket.charge_ids.mapped("amount")), 500)

    def test_e1_other_tickets_without_a_price_are_not_quoted(self):
        plan = self._hourly_plan(
            "Incidents without price",
            coverage=[
                {"policy": "incident"},
                {"policy": "billable", "service_id": self.service_dev.id},
            ],
        )
        contract = self._contract(self._customer("Other"), plan, "2026-09-01")
        ticket = self._ticket(
            contract.partner_id, contract, service_id=self.service_support.id
        )
        self.assertEqual(ticket.charge_ids.kind, "unrated")
        quote = contract._aftersales_quote(
            self.service_dev, "remote", self.grade_senior, 60
        )
        self.assertEqual([part["kind"] for part in quote["parts"]], ["billable"])
        self.assertFalse(quote["problem"])

    def test_e1_work_of_a_month_to_come_names_its_allowance(self):
        quote = self._quote(60, start=self._utc("2026-12-10", "10:00"))
        self.assertIn("'10 h (12/01/2026 - 12/31/2026)'", quote["parts"][0]["reason"])

    def test_a_quote_writes_nothing(self):
        self._hours(self.contract, "2026-09-09")
        charges, grants = self.contract.charge_ids, self.contract.grant_ids
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT quote; SET TRANSACTION READ ONLY")
        self._quote(60)
        self.env.flush_all()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT quote")
        self.assertEqual(self.contract.charge_ids, charges)
        self.assertEqual(self.contract.grant_ids, grants)
        self.assertEqual(sum(charges.mapped("minutes")), 60)
