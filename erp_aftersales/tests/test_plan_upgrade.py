# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import AftersalesCommon

MAJOR = {"kind": "major", "policy": "limited", "quantity": 2, "price": 5000}


@tagged("post_install", "-at_install")
class TestPlanUpgrade(AftersalesCommon):
    """The plan's rule for each kind of release (A3)."""

    def _refused(self, text, *rows):
        plan = self._plan("Refused", upgrades=rows, publish=False)
        with self.assertRaisesRegex(ValidationError, text):
            plan.action_publish()

    def test_a3_two_rows_of_one_kind_contradict(self):
        self._refused("'Major' has 2 rows", MAJOR, {"kind": "major"})

    def test_a3_what_is_charged_needs_a_price(self):
        self._refused("'Minor' is charged", {"kind": "minor", "policy": "charged"})
        self._refused("'Major' is charged", {**MAJOR, "price": 0})

    def test_a3_included_some_times_is_at_least_once(self):
        self._refused("'Major' is included 0 times", {**MAJOR, "quantity": 0})

    def test_a3_nothing_is_below_zero(self):
        for name in ("quantity", "price", "function_price"):
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "below 0"):
                self._plan("Below", upgrades=[{**MAJOR, name: -1}], publish=False)

    def test_a3_the_rules_are_said_in_the_summary(self):
        currency = self.company.currency_id.name
        plan = self._plan(
            "Said",
            upgrades=[
                {**MAJOR, "function_price": 12.5},
                {"kind": "minor", "policy": "charged", "price": 700},
                {"kind": "patch"},
            ],
        )
        self.assertIn(
            f"Major upgrade: 2 a term included, each other one 5,000.00 {currency}. "
            f"For each custom function 12.50 {currency}. "
            f"Minor upgrade: 700.00 {currency}. Patch upgrade: included.",
            plan.summary,
        )
        yearly = self._plan("Yearly", upgrades=[{**MAJOR, "period": "year"}])
        self.assertIn("2 a year included", yearly.summary)

    def test_a3_a_contract_has_no_such_rows(self):
        contract = self._contract(self.customer, self._plan("P"), "2026-09-01")
        with self.assertRaisesRegex(ValidationError, "stand on plans"):
            self.env["aftersales.plan.upgrade"].create({"contract_id": contract.id})

    def test_a3_rules_are_typed_in_the_plans_form(self):
        with Form(self.env["aftersales.plan"]) as form:
            form.name = "By form"
            with form.upgrade_ids.new() as row:
                row.kind = "major"
                row.policy = "limited"
                row.quantity = 1
                row.price = 9000
        form.record.action_publish()
        self.assertEqual(form.record.action_revise().upgrade_ids.price, 9000)
