# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.base.models import ir_cron

from ..models import contract_contract_run
from .billing_common import BillingCommon

FIRST = "2026-09-01"


@tagged("post_install", "-at_install")
class TestRun(BillingCommon):
    """The scheduled runs: chunks with progress, failures that stop no other (R15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contracts = cls.env["contract.contract"]
        cls.contracts.search([("aftersales_plan_id", "!=", False)]).active = False
        for number in range(5):
            customer = cls._customer(f"Customer {number}")
            cls.contracts |= cls._contract(customer, cls.fee_plan, FIRST)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.patch(contract_contract_run, "CHUNK", 2)

    def _schedule(self, name, nextcall=None):
        """Run a job as the scheduler does; return its last report of progress."""
        cron = self.env.ref(name)
        cron.nextcall = nextcall or datetime.now() - timedelta(minutes=1)
        with self.enter_registry_test_mode():
            cron.with_env(self.env(context={})).method_direct_trigger()
        self.env.invalidate_all()
        progress = self.env["ir.cron.progress"]
        return progress.search([("cron_id", "=", cron.id)], order="id desc", limit=1)

    def _bill(self):
        return self._schedule("contract.contract_cron_for_invoice")

    def _billed(self):
        return self.contracts.filtered(lambda contract: contract.invoice_count)

    def _in_a_hurry(self):
        """The scheduler has no time for more than one chunk."""
        self.patch(ir_cron, "MIN_TIME_PER_JOB", -1)
        self.patch(ir_cron, "MIN_RUNS_PER_JOB", 1)

    def _failing(self, *contracts):
        """Composing the invoice of these contracts fails."""
        billing = type(self.env["aftersales.billing"])
        compose = billing._compose

        def failing(this, contract, *args, **kwargs):
            if contract in contracts:
                raise ValueError("no journal")
            return compose(this, contract, *args, **kwargs)

        return patch.object(billing, "_compose", failing)

    def test_r15_all_chunks_are_billed_and_reported(self):
        progress = self._bill()
        self.assertEqual(self._billed(), self.contracts)
        self.assertEqual((progress.done, progress.remaining), (5, 0))

    def test_r15_a_run_without_time_stops_after_a_chunk_and_is_called_again(self):
        self._in_a_hurry()
        progress = self._bill()
        self.assertEqual(self._billed(), self.contracts[:2])
        self.assertEqual((progress.done, progress.remaining), (2, 3))
        self._bill()
        self.assertEqual(self._billed(), self.contracts[:4])
        self._bill()
        self.assertEqual(self._billed(), self.contracts)
        moves = [contract.invoice_count for contract in self.contracts]
        self.assertLessEqual(len(set(moves)), 1, "each as often as the others")

    def test_r15_a_failure_takes_no_other_of_its_chunk_along(self):
        bad = self.contracts[1]
        with self._failing(bad), self.assertLogs("odoo.addons.contract", "ERROR"):
            progress = self._bill()
        self.assertEqual(self._billed(), self.contracts - bad)
        self.assertIn("no journal", bad.invoice_generation_error)
        self.assertEqual((progress.done, progress.remaining), (5, 0))
        self._bill()
        self.assertEqual(self._billed(), self.contracts)
        self.assertFalse(bad.invoice_generation_error)

    def test_r15_what_failed_before_comes_last_and_keeps_nobody_waiting(self):
        for bad in self.contracts[:4]:
            bad.invoice_generation_error = "as yesterday"
        self._in_a_hurry()
        with (
            self._failing(*self.contracts[:4]),
            self.assertLogs("odoo.addons.contract", "ERROR"),
        ):
            progress = self._bill()
        self.assertEqual(self._billed(), self.contracts[4])
        self.assertEqual((progress.done, progress.remaining), (5, 0))

    def test_r15_outside_the_scheduler_the_caller_s_transaction_decides(self):
        """A commit would raise: the test's own cursor refuses it."""
        self._run(FIRST)
        self.assertEqual(self._billed(), self.contracts)

    def test_an_interrupted_rating_goes_on_with_the_rest(self):
        job = "erp_aftersales.ir_cron_rate"
        began = datetime.now() - timedelta(minutes=1)
        self._in_a_hurry()
        progress = self._schedule(job, began)
        self.assertEqual((progress.done, progress.remaining), (2, 3))
        rated = self.contracts.filtered("aftersales_rated_at")
        self.assertEqual(len(rated), 2)
        progress = self._schedule(job, began)
        self.assertEqual((progress.done, progress.remaining), (2, 1))
        self._schedule(job, began)
        self.assertTrue(all(self.contracts.mapped("aftersales_rated_at")))

    def test_rating_started_by_hand_rates_everything_again(self):
        job = "erp_aftersales.ir_cron_rate"
        self._schedule(job)
        later = datetime.now() + timedelta(days=1)
        self.assertEqual(self._schedule(job, later).done, 5)

    def test_a_rating_that_fails_says_so_until_it_works_again(self):
        bad = self.contracts[2]
        self._run(FIRST)
        rating = type(self.env["aftersales.rating"])
        rate = rating._rate

        def failing(this, contracts, *args, **kwargs):
            if bad in contracts:
                raise ValueError("broken calendar")
            return rate(this, contracts, *args, **kwargs)

        with (
            patch.object(rating, "_rate", failing),
            self.assertLogs("odoo.addons.contract", "ERROR"),
        ):
            self._schedule("erp_aftersales.ir_cron_rate")
        self.assertIn("broken calendar", bad.invoice_generation_error)
        rated = self.contracts.filtered("aftersales_rated_at")
        self.assertEqual(rated, self.contracts - bad)
        never = Domain("id", "=", False)
        with patch.object(type(bad), "_aftersales_late_domain", lambda *args: never):
            self._schedule("erp_aftersales.ir_cron_rate")
        self.assertFalse(bad.invoice_generation_error)
