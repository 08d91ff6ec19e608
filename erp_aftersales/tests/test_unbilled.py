# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval
from datetime import date

from odoo.tests import new_test_user, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestUnbilled(BillingCommon):
    """The list of what could not be billed, and its way to the cause (R10, R15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.plan.rate"].search([("plan_id", "=", False)]).unlink()
        cls.bare = cls._hourly_plan("Without a price", rates=[])
        cls.good = cls._contract(cls.customer, cls.plan, "2026-09-01")
        cls.contract = cls._contract(cls._customer("C"), cls.bare, "2026-09-01")
        cls.billing = new_test_user(cls.env, "biller", "erp_aftersales.group_billing")
        cls.manager = new_test_user(cls.env, "head", "erp_aftersales.group_manager")

    def _listed(self, user=None):
        """What the menu shows to a user."""
        action = self.env.ref("erp_aftersales.contract_contract_action_unbilled")
        contracts = self.env["contract.contract"].with_user(user or self.billing)
        return contracts.search(literal_eval(action.domain))

    def test_work_without_a_price_is_listed_with_its_sentence_and_oldest_day(self):
        self.assertNotIn(self.contract, self._listed())
        self._hours(self.contract, "2026-09-16", "2026-09-15")
        self._hours(self.good, "2026-09-15")
        self.assertEqual(self._listed() & (self.contract | self.good), self.contract)
        contract = self.contract.with_user(self.billing)
        self.assertEqual(contract.aftersales_unbilled_cause, "price")
        self.assertEqual(contract.aftersales_unbilled_since, date(2026, 9, 15))
        self.assertIn("wait for a price", contract.aftersales_unbilled_reason)
        self.assertEqual(contract.aftersales_waiting_count, 2)

    def test_what_waits_is_added_up_and_long_lists_are_cut(self):
        self._hours(self.contract, *(f"2026-09-{day}" for day in range(10, 15)))
        self.contract.charge_ids.amount = 12
        self.assertEqual(self.contract.aftersales_waiting_amount, 60)
        reason = self.contract.aftersales_unbilled_reason
        self.assertEqual(len(reason.split("\n")), 4)
        self.assertIn("and 2 more", reason)

    def test_a_failed_run_is_listed_with_what_it_said(self):
        self.good._record_invoice_generation_error(ValueError("no journal"), "invoice")
        self.assertIn(self.good, self._listed())
        self.assertEqual(self.good.aftersales_unbilled_cause, "failed")
        self.assertIn("no journal", self.good.aftersales_unbilled_reason)
        self.assertEqual(self.good.aftersales_unbilled_since, date.today())
        action = self.good.with_user(self.billing).action_aftersales_cause()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("contract.contract", self.good.id)
        )

    def test_the_button_leads_who_may_to_the_prices_and_others_to_the_charges(self):
        self._hours(self.contract, "2026-09-15")
        action = self.contract.with_user(self.manager).action_aftersales_cause()
        self.assertEqual(action["res_model"], "aftersales.plan.rate")
        action = self.contract.with_user(self.billing).action_aftersales_cause()
        self.assertEqual(action["res_model"], "aftersales.charge")
        found = self.env["aftersales.charge"].search(action["domain"])
        self.assertEqual(found, self.contract.charge_ids)

    def test_the_button_leads_to_the_ticket_that_waits_for_the_customer(self):
        ticket = self._hours(self.contract, "2026-09-15")
        self.contract.charge_ids.kind = "overage"
        self.assertEqual(self.contract.aftersales_unbilled_cause, "acceptance")
        action = self.contract.with_user(self.billing).action_aftersales_cause()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("helpdesk.ticket", ticket.id)
        )

    def test_several_tickets_that_wait_are_shown_by_their_charges(self):
        self._hours(self.contract, "2026-09-15")
        self._hours(self.contract, "2026-09-16")
        self.contract.charge_ids.kind = "quoted"
        self.assertEqual(self.contract.aftersales_unbilled_cause, "quotation")
        action = self.contract.action_aftersales_cause()
        self.assertEqual(action["res_model"], "aftersales.charge")

    def test_a_price_takes_the_contract_off_the_list(self):
        self._hours(self.contract, "2026-09-15")
        self._card(price=80)
        self.contract.action_aftersales_rate()
        self.assertNotIn(self.contract, self._listed())
        self.assertFalse(self.contract.aftersales_unbilled_cause)
