# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .billing_common import BillingCommon

PROBLEM = "erp_aftersales.mail_activity_type_problem"


@tagged("post_install", "-at_install")
class TestRunByHand(BillingCommon):
    """The dialogue and the button bill as the scheduled run does (R14, R15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")
        cls.other = cls._contract(cls._customer("Other"), cls.plan, "2026-09-01")
        cls.billing = new_test_user(cls.env, "by_hand", "erp_aftersales.group_billing")

    def _dialogue(self, day):
        """What the dialogue for many contracts returns, pressed by a billing user."""
        wizards = self.env["contract.manually.create.invoice"].with_user(self.billing)
        return wizards.create({"invoice_date": day}).create_invoice()

    def _failing(self, contract):
        """Composing the invoice of this contract fails."""
        billing = type(self.env["aftersales.billing"])
        compose = billing._compose

        def failing(this, found, *args, **kwargs):
            if found == contract:
                raise ValueError("no journal")
            return compose(this, found, *args, **kwargs)

        return patch.object(billing, "_compose", failing)

    def test_r14_the_dialogue_takes_what_is_open_after_the_last_period(self):
        ended = self._contract(
            self._customer("Ended"), self.plan, "2026-09-01", "2026-09-30"
        )
        ticket = self._hours(ended, "2026-09-02")
        self._dialogue("2026-10-01")
        self._work(ticket, self.senior, "2026-09-03", 60)
        action = self._dialogue("2026-10-05")
        self.assertEqual(ended.charge_ids.mapped("state"), ["invoiced", "invoiced"])
        invoice = ended.charge_ids.invoice_id.sorted("id")[-1]
        self.assertEqual(action["domain"], [("id", "in", invoice.ids)])

    def test_r15_a_failing_contract_does_not_stop_the_dialogue(self):
        self._hours(self.contract, "2026-09-15")
        self._hours(self.other, "2026-09-15")
        with self._failing(self.other):
            action = self._dialogue("2026-10-01")
        self.assertIn(self.other.display_name, action["params"]["message"])
        invoice = self.contract.charge_ids.invoice_id
        shown = action["params"]["next"]
        self.assertEqual(shown["domain"], [("id", "in", invoice.ids)])
        self.assertIn("no journal", self.other.invoice_generation_error)
        self.assertEqual(self.other.charge_ids.state, "open")
        self._dialogue("2026-10-01")
        self.assertFalse(self.other.invoice_generation_error)
        self.assertEqual(self.other.charge_ids.state, "invoiced")

    def test_r15_a_failing_contract_does_not_stop_open_charges_of_others(self):
        """What the preview names as a problem is not billed, the rest is."""
        both = self.contract | self.other
        for contract in both:
            self._hours(contract, "2026-09-15")
        with self._failing(self.other), freeze_time("2026-09-20 02:00:00"):
            preview = both._aftersales_preview("2026-09-20")
            action = both.with_user(self.billing).action_aftersales_invoice()
        self.assertEqual(len(preview["invoices"]), 1)
        self.assertIn(self.other.display_name, action["params"]["message"])
        self.assertEqual(self.contract.charge_ids.state, "invoiced")
        self.assertEqual(self.other.charge_ids.state, "open")
        (problem,) = preview["problems"]
        self.assertEqual(problem["text"], self.other.invoice_generation_error)
        with freeze_time("2026-09-21 02:00:00"):
            with self._failing(self.other), self.assertRaises(ValueError):
                self.other.action_aftersales_invoice()
            both.charge_ids.with_user(self.billing).action_aftersales_invoice()
        self.assertEqual(self.other.charge_ids.state, "invoiced")
        self.assertFalse(self.other.invoice_generation_error)

    def test_the_dialogue_bills_ordinary_contracts_as_ever(self):
        product = self.service_support.product_id
        line = {"name": "Hosting", "product_id": product.id, "specific_price": 7}
        line["date_start"] = "2026-09-01"
        ordinary = self.env["contract.contract"].create(
            {
                "name": "Ordinary",
                "partner_id": self.customer.id,
                "line_recurrence": True,
                "contract_line_ids": [Command.create(line)],
            }
        )
        self._hours(self.contract, "2026-09-15")
        self._dialogue("2026-10-01")
        self.assertEqual(ordinary._get_related_invoices().amount_untaxed, 7)
        self.assertEqual(self.contract.charge_ids.state, "invoiced")

    def test_r10_the_button_clears_what_a_failed_run_said(self):
        self._hours(self.contract, "2026-09-15")
        with self._failing(self.contract):
            self._run("2026-10-01")
        self.assertTrue(self.contract.invoice_generation_error)
        with freeze_time("2026-10-02 02:00:00"):
            self.contract.with_user(self.billing).recurring_create_invoice()
        self.assertFalse(self.contract.invoice_generation_error)

    def test_r15_a_second_click_on_an_ended_contract_finds_nothing_due(self):
        ended = self._contract(
            self._customer("Ended"), self.plan, "2026-09-01", "2026-09-30"
        )
        self._hours(ended, "2026-09-02")
        with freeze_time("2026-10-01 02:00:00"):
            self.assertEqual(ended.recurring_create_invoice().amount_untaxed, 60)
            with self.assertRaisesRegex(UserError, "Nothing is due"):
                ended.recurring_create_invoice()

    def test_r10_a_failed_run_in_between_does_not_keep_the_activity(self):
        rates = self.env["aftersales.plan.rate"]
        rates.search([("plan_id", "=", False)]).unlink()
        bare = self._hourly_plan("Without a price", rates=[])
        contract = self._contract(self._customer("Bare"), bare, "2026-09-01")
        ticket = self._hours(contract, "2026-09-15")
        self._run("2026-10-01")
        problem = self.env.ref(PROBLEM)
        self.assertIn(problem, contract.activity_ids.activity_type_id)
        self._card(price=60, company_id=self.company.id)
        contract.action_aftersales_rate()
        with self._failing(contract):
            self._work(ticket, self.senior, "2026-10-02", 60)
            self._run("2026-11-01")
        self.assertIn("no journal", contract.invoice_generation_error)
        self._run("2026-11-02")
        self.assertFalse(contract.invoice_generation_error)
        self.assertNotIn(problem, contract.activity_ids.activity_type_id)
