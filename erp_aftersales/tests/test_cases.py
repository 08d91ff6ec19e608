# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.tests import tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestCases(AftersalesCommon):
    """The contracts of a vendor, billed as in life, amounts computed by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._calendar()
        cls.service_support.product_id.taxes_id = False

    def _bill(self, contract, day):
        """The invoices that a run on the day makes for the contract."""
        before = contract._get_related_invoices()
        self.env["contract.contract"].cron_recurring_create_invoice(
            date.fromisoformat(day)
        )
        return contract._get_related_invoices() - before

    def _retail(self, **vals):
        senior, hour = self.grade_senior.id, {"increment": 15}
        plan = self._plan(
            "Retail",
            coverage=[{"policy": "billable"}],
            rates=[
                {"grade_id": self.grade_junior.id, "price": 600, **hour},
                {"grade_id": senior, "price": 1000, **hour},
                {"grade_id": self.grade_architect.id, "price": 1600, **hour},
                {
                    "grade_id": senior,
                    "mode": "onsite",
                    "price": 1200,
                    "increment": 30,
                    "minimum": 60,
                    "rounding_scope": "visit",
                },
                {"grade_id": senior, "band": "after_hours", "price": 1500, **hour},
                {"service_id": self.service_dev.id, "price": 800},
            ],
            calendar_id=self.calendar.id,
            default_service_id=self.service_support.id,
        )
        return self._contract(self.customer, plan, "2026-09-01", **vals)

    def _september(self, contract):
        """The retail group's work of September and the second of October."""
        ticket, onsite = self._ticket(self.customer), self._ticket(self.customer)
        onsite.service_mode = "onsite"
        self._work(ticket, self.junior, "2026-09-02", 50)
        self._work(ticket, self.senior, "2026-09-03", 60, "17:30")
        self._work(onsite, self.senior, "2026-09-08", 20, "10:00")
        self._work(onsite, self.senior, "2026-09-08", 25, "14:00")
        self._work(ticket, self.architect, "2026-09-10", 100)
        self._work(ticket, self.senior, "2026-09-12", 60, "10:00")
        for _number in range(3):
            self._work(self._ticket(self.customer), self.senior, "2026-09-15", 20)
        dev = self._ticket(self.customer, service_id=self.service_dev.id)
        for day in ("2026-09-21", "2026-09-22", "2026-09-23"):
            self._work(dev, self.senior, day, 20)
        self._work(ticket, self.senior, "2026-10-02", 30, "10:00")

    def test_case_3_retail_group(self):
        contract = self._retail()
        self._september(contract)
        october = self._bill(contract, "2026-10-01")
        self.assertEqual(october.mapped("amount_untaxed"), [9650.0])
        november = self._bill(contract, "2026-11-01")
        self.assertEqual(november.mapped("amount_untaxed"), [500.0])
        self.assertFalse(self._bill(contract, "2026-11-01"))

    def test_case_4_hybrid_by_a_late_run_is_three_invoices(self):
        plan = self._plan(
            "Hybrid",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "10 h", "quantity": 10, "period": "month"}],
            rates=[{"price": 300, "increment": 30}],
            fees=[{"name": "Base fee", "basis": "fixed", "price": 2000}],
            default_service_id=self.service_support.id,
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        ticket = self._ticket(self.customer)
        for day, minutes in (("02", 240), ("09", 240), ("16", 250)):
            self._work(ticket, self.senior, f"2026-09-{day}", minutes)
        moves = self._bill(contract, "2026-11-01")
        amounts = moves.sorted("id").mapped("amount_untaxed")
        self.assertEqual(amounts, [2000.0, 2750.0, 2000.0])
        self.assertEqual(
            set(moves.mapped("invoice_date")), {date(2026, 11, 1)}, "the run's day"
        )
        self.assertFalse(self._bill(contract, "2026-11-01"))

    def test_case_1_manufacturer(self):
        yearly = {"recurring_rule_type": "yearly"}
        plan = self._plan(
            "On premises",
            coverage=[{"policy": "included", "mode": "remote"}],
            fees=[
                {
                    "name": "Maintenance",
                    "basis": "licence_value",
                    "percent": 20,
                    **yearly,
                },
                {
                    "name": "Custom functions",
                    "basis": "custom_functions",
                    "price": 3000,
                    **yearly,
                },
            ],
        )
        installation = self._installation(
            self.customer,
            metrics=[
                ("licence_value", "2026-01-01", 1200000),
                ("custom_functions", "2026-01-01", 12),
            ],
        )
        contract = self._contract(
            self.customer,
            plan,
            "2026-01-01",
            installation_ids=installation.ids,
        )
        move = self._bill(contract, "2026-01-01")
        self.assertEqual(
            move.invoice_line_ids.mapped("price_subtotal"), [240000.0, 36000.0]
        )
        self.assertFalse(self._bill(contract, "2026-11-01"))

    def test_case_2_trading_company(self):
        plan = self._plan(
            "Cloud",
            coverage=[
                {"policy": "included", "mode": "remote"},
                {"policy": "excluded", "mode": "onsite"},
            ],
            fees=[
                {
                    "name": "Users",
                    "basis": "users",
                    "price": 1000,
                    "recurring_rule_type": "yearly",
                }
            ],
        )
        installation = self._installation(
            self.customer, metrics=[("users", "2026-03-01", 35)]
        )
        contract = self._contract(
            self.customer, plan, "2026-03-01", installation_ids=installation.ids
        )
        line = self._bill(contract, "2026-11-01").invoice_line_ids
        self.assertEqual((line.quantity, line.price_unit), (35, 1000))
        self.assertEqual(line.price_subtotal, 35000)
        self.assertIn("35", line.aftersales_charge_ids.reason)

    def test_r18_late_work_is_priced_at_the_grade_of_its_day(self):
        contract = self._retail()
        ticket = self._ticket(self.customer)
        promoted = {
            "date_version": "2026-09-10",
            "aftersales_grade_id": self.grade_senior.id,
        }
        self.junior.create_version(promoted)
        for day, amount in (("2026-09-11", 1000), ("2026-09-09", 600)):
            work = self._work(ticket, self.junior, day, 60)
            self.assertEqual(work.charge_ids.mapped("amount"), [amount])
        self.assertEqual(ticket.contract_id, contract)
