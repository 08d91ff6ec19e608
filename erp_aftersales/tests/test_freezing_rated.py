# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestFreezingRated(AftersalesCommon):
    """Freeing and freezing with the real rating and billing between them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time("2026-10-10 04:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.plan = cls._plan(
            "By the hour",
            coverage=[{"policy": "billable"}],
            rates=[{"price": 800, "unit": "hour", "increment": 1}],
        )
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")
        cls.ticket = cls._ticket(cls.customer, cls.contract)

    def _three(self):
        """Three entries of 20 minutes of one month: 800.00 together (R13)."""
        return self.env["account.analytic.line"].concat(
            *(
                self._work(self.ticket, self.senior, f"2026-09-{day}", 20)
                for day in (21, 22, 23)
            )
        )

    def _invoice(self, contract=None):
        contract = contract or self.contract
        known = self._invoices(contract)
        contract.action_aftersales_invoice()
        return self._invoices(contract) - known

    def _invoices(self, contract):
        return contract.charge_ids.invoice_id

    def _total(self):
        return round(sum(self.contract.charge_ids.mapped("amount")), 2)

    def test_r16_deleted_draft_is_billed_again_at_once(self):
        self._three()
        invoice = self._invoice()
        self.assertEqual(invoice.amount_untaxed, 800)
        invoice.unlink()
        self.assertEqual(set(self.contract.charge_ids.mapped("state")), {"open"})
        again = self._invoice()
        self.assertEqual(again.amount_untaxed, 800)
        self.assertEqual(len(self.contract.charge_ids), 3)
        self.assertFalse(self._invoice())

    def test_r16_cancel_and_back_to_draft_is_the_same_invoice(self):
        self._three()
        invoice = self._invoice()
        charges = self.contract.charge_ids
        invoice.action_post()
        invoice.button_cancel()
        self.assertFalse(charges.invoice_line_id)
        invoice.button_draft()
        self.assertEqual(invoice.invoice_line_ids.aftersales_charge_ids, charges)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 800)
        self.assertFalse(self._invoice())

    def test_r13_late_work_beside_a_cancelled_invoice_leaves_the_month_exact(self):
        self._three()
        invoice = self._invoice()
        was = {c.key: c.amount for c in self.contract.charge_ids}
        invoice.button_cancel()
        self._work(self.ticket, self.senior, "2026-09-20", 20)
        self.contract.action_aftersales_rate()
        self.assertEqual(self._total(), 1066.67)
        now = {c.key: c.amount for c in self.contract.charge_ids if c.key in was}
        self.assertNotEqual(now, was)
        invoice.button_draft()
        frozen = invoice.invoice_line_ids.aftersales_charge_ids
        self.assertEqual({c.key: c.amount for c in frozen}, was)
        invoice.action_post()
        self.assertEqual(self._total(), 1066.67)
        self.assertEqual(self._invoice().amount_untaxed, 266.67)

    def test_r16_edited_work_keeps_the_cancelled_invoice_cancelled(self):
        work = self._three()
        invoice = self._invoice()
        invoice.button_cancel()
        work[0].unit_amount = 1
        with self.assertRaises(UserError) as caught:
            invoice.button_draft()
        self.assertIn("has changed", str(caught.exception))
        self.assertEqual(self._invoice().amount_untaxed, 1333.33)

    def test_r16_deleted_work_keeps_the_cancelled_invoice_cancelled(self):
        work = self._three()
        invoice = self._invoice()
        invoice.button_cancel()
        work[0].unlink()
        with self.assertRaises(UserError) as caught:
            invoice.button_draft()
        self.assertIn("no longer exists", str(caught.exception))

    def test_r16_billed_again_keeps_the_cancelled_invoice_cancelled(self):
        self._three()
        invoice = self._invoice()
        invoice.button_cancel()
        again = self._invoice()
        again.action_post()
        with self.assertRaises(UserError) as caught:
            invoice.button_draft()
        self.assertIn(again.name, str(caught.exception))

    def test_r16_credited_work_is_billed_again_once(self):
        self._three()
        invoice = self._invoice()
        invoice.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": invoice.journal_id.id,
                    "aftersales_bill_again": True,
                    "date": date(2026, 10, 10),
                }
            )
        )
        wizard.refund_moves()
        self.assertFalse(self._invoice())
        wizard.new_move_ids.action_post()
        again = self._invoice()
        self.assertEqual(again.amount_untaxed, 800)
        with self.assertRaises(UserError):
            wizard.new_move_ids.button_draft()
        again.unlink()
        wizard.new_move_ids.button_draft()
        self.assertEqual(self._invoices(self.contract), invoice)

    def test_r16_freed_fee_of_a_period_is_billed_again_once(self):
        plan = self._plan(
            "With a fee",
            coverage=[{"policy": "included"}],
            fees=[
                {
                    "name": "Maintenance",
                    "product_id": self.service_support.product_id.id,
                    "basis": "fixed",
                    "price": 2000,
                    "recurring_rule_type": "yearly",
                }
            ],
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        self.env["contract.contract"].cron_recurring_create_invoice(date(2026, 9, 1))
        invoice = self._invoices(contract)
        self.assertEqual(invoice.amount_untaxed, 2000)
        invoice.action_post()
        invoice.button_cancel()
        contract.action_aftersales_rate()
        self.assertEqual(contract.charge_ids.mapped("state"), ["open"])
        again = self._invoice(contract)
        self.assertEqual(again.amount_untaxed, 2000)
        with self.assertRaises(UserError):
            invoice.button_draft()
        again.unlink()
        invoice.button_draft()
        self.assertEqual(self._invoices(contract), invoice)
        self.assertFalse(self._invoice(contract))

    def test_r16_freed_allowance_is_used_again_without_gaining_minutes(self):
        plan = self._plan(
            "Ten hours",
            coverage=[{"policy": "allowance"}],
            allowances=[
                {"name": "Hours", "unit": "hour", "quantity": 1, "period": "month"}
            ],
            rates=[{"price": 300, "unit": "hour", "increment": 1}],
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        ticket = self._ticket(self.customer, contract)
        self._work(ticket, self.senior, "2026-09-21", 90)
        invoice = self._invoice(contract)
        self.assertEqual(invoice.amount_untaxed, 150)
        grant = contract.grant_ids.filtered(lambda g: g.date_start == date(2026, 9, 1))
        self.assertEqual((grant.used, grant.remaining), (1, 0))
        invoice.button_cancel()
        self.assertEqual((grant.used, grant.remaining), (1, 0))
        invoice.button_draft()
        self.assertEqual((grant.used, grant.remaining), (1, 0))
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 150)

    def test_r07_manual_grant_pays_for_open_work_until_it_is_deleted(self):
        plan = self._plan(
            "Hours by hand",
            coverage=[{"policy": "allowance"}],
            rates=[{"price": 300, "unit": "hour", "increment": 1}],
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        self._work(self._ticket(self.customer, contract), self.senior, "2026-09-21", 90)
        self.assertEqual(sum(contract.charge_ids.mapped("amount")), 450)
        grant = self.env["aftersales.grant"].create(
            {"contract_id": contract.id, "quantity": 1, "date_start": "2026-09-01"}
        )
        self.assertEqual(sum(contract.charge_ids.mapped("amount")), 150)
        self.assertEqual((grant.used, grant.remaining), (1, 0))
        grant.date_start = "2026-10-01"
        self.assertEqual(sum(contract.charge_ids.mapped("amount")), 450)
        grant.date_start = "2026-09-21"
        self.assertEqual(sum(contract.charge_ids.mapped("amount")), 150)
        grant.unlink()
        self.assertEqual(sum(contract.charge_ids.mapped("amount")), 450)
