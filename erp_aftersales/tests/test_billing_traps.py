# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingTraps(BillingCommon):
    """What OCA's run does by itself, and what an accountant needs instead (R14)."""

    def test_r14_last_postpaid_period_is_billed_by_the_cron(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01", "2026-09-30")
        self._hours(contract, "2026-09-15")
        self.assertEqual(self._run("2026-10-01").amount_untaxed, 60)

    def test_r14_work_after_the_last_period_was_billed_is_billed_by_every_run(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01", "2026-09-30")
        ticket = self._hours(contract, "2026-09-15")
        self._run("2026-10-01")
        self._work(ticket, self.senior, "2026-09-16", 60)
        self.assertEqual(self._run("2026-10-02").amount_untaxed, 60)
        self.assertFalse(self._run("2026-10-03"))

    def test_r14_backlog_of_three_months_makes_three_invoices(self):
        contract = self._contract(self.customer, self.plan, "2026-07-01")
        self._hours(contract, "2026-07-15", "2026-08-15", "2026-09-15")
        moves = self._run("2026-10-01")
        self.assertEqual(moves.mapped("amount_untaxed"), [60.0, 60.0, 60.0])
        self.assertEqual(
            moves.invoice_line_ids.mapped("aftersales_period_start"),
            [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)],
        )
        self.assertEqual(set(moves.mapped("invoice_date")), {date(2026, 10, 1)})

    def test_r14_fee_and_usage_due_on_one_day_share_an_invoice(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        self._hours(contract, "2026-09-15")
        self._run("2026-09-01")
        self.assertEqual(
            self._run("2026-10-01").invoice_line_ids.mapped("price_subtotal"),
            [100.0, 60.0],
        )

    def test_line_recurrence_keeps_yearly_fee_and_monthly_usage_apart(self):
        yearly = {"recurring_rule_type": "yearly", "price": 1200}
        plan = self._hourly_plan("Yearly", fees=[{"name": "Y", **yearly}])
        contract = self._contract(self.customer, plan, "2026-01-01")
        self.assertTrue(contract.line_recurrence)
        self._run("2026-03-01")
        fee, usage = contract.contract_line_ids
        self.assertEqual(fee.recurring_next_date, date(2027, 1, 1))
        self.assertEqual(usage.recurring_next_date, date(2026, 4, 1))

    def test_the_utc_day_is_not_the_vendors_day(self):
        """At 20:00 in Greenwich it is the first of October in Shanghai."""
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        self._hours(contract, "2026-09-15")
        with freeze_time("2026-09-30 20:00:00"):
            self.env["contract.contract"].cron_recurring_create_invoice()
        move = contract._get_related_invoices()
        self.assertEqual(move.invoice_date, date(2026, 10, 1))

    def test_date_end_is_not_lost_by_recomputation(self):
        contract = self._contract(
            self.customer, self.fee_plan, "2026-09-01", "2026-12-31"
        )
        self.assertEqual(
            set(contract.contract_line_ids.mapped("date_end")), {date(2026, 12, 31)}
        )
        self.env["contract.line"].create(
            {
                "contract_id": contract.id,
                "name": "By hand",
                "date_start": "2026-09-01",
                "recurring_next_date": "2026-09-01",
            }
        )
        self.assertEqual(contract.date_end, date(2026, 12, 31))
        contract.date_end = "2026-11-30"
        self.env.flush_all()
        self.assertEqual(contract.date_end, date(2026, 11, 30))
        usage = contract.contract_line_ids.filtered("aftersales_kind")
        self.assertEqual(set(usage.mapped("date_end")), {date(2026, 11, 30)})

    def test_r14_no_empty_invoice(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        self.assertFalse(self._run("2026-11-01"))
        usage = contract.contract_line_ids
        self.assertEqual(usage.last_date_invoiced, date(2026, 10, 31))

    def test_r14_work_of_zero_goes_on_the_next_invoice_with_an_amount(self):
        plan = self._hourly_plan(
            "Mixed",
            coverage=[
                {"policy": "included", "service_id": self.service_dev.id},
                {"policy": "billable"},
            ],
        )
        contract = self._contract(self.customer, plan, "2026-08-01")
        free = self._ticket(self.customer, contract, service_id=self.service_dev.id)
        self._work(free, self.senior, "2026-08-15", 60)
        self.assertFalse(self._run("2026-09-01"))
        self.assertEqual(contract.charge_ids.state, "open")
        self._hours(contract, "2026-09-15")
        lines = self._run("2026-10-01").invoice_line_ids
        self.assertEqual(lines.mapped("price_subtotal"), [0.0, 60.0])
        self.assertEqual(set(contract.charge_ids.mapped("state")), {"invoiced"})

    def test_r15_double_click_bills_once(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        with freeze_time("2026-09-10 08:00:00"):
            self.assertEqual(contract.recurring_create_invoice().amount_untaxed, 100)
            with self.assertRaisesRegex(UserError, "Nothing is due"):
                contract.recurring_create_invoice()
        self.assertEqual(contract.invoice_count, 1)

    def test_r15_double_click_on_invoice_open_charges_bills_once(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        self._hours(contract, "2026-09-05")
        with freeze_time("2026-09-10 08:00:00"):
            contract.action_aftersales_invoice()
            action = contract.action_aftersales_invoice()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(contract.invoice_count, 1)

    def test_the_schedule_does_not_move_when_open_charges_are_invoiced(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        self._hours(contract, "2026-09-05", "2026-09-20")
        with freeze_time("2026-09-10 08:00:00"):
            contract.action_aftersales_invoice()
        move = contract._get_related_invoices()
        self.assertEqual(move.amount_untaxed, 160, "the fee and the work so far")
        self.assertFalse(any(contract.contract_line_ids.mapped("last_date_invoiced")))
        self.assertEqual(self._run("2026-10-01").mapped("amount_untaxed"), [160.0])

    def test_wizard_bills_up_to_its_date(self):
        contract = self._contract(self.customer, self.plan, "2026-07-01")
        self._hours(contract, "2026-07-15", "2026-08-15")
        wizard = Form(self.env["contract.manually.create.invoice"])
        wizard.invoice_date = date(2026, 9, 1)
        moves = wizard.save()._create_invoices()
        ours = moves & contract._get_related_invoices()
        self.assertEqual(ours.mapped("amount_untaxed"), [60.0, 60.0])

    def test_r15_a_failing_contract_does_not_stop_the_others(self):
        good = self._contract(self.customer, self.plan, "2026-09-01")
        bad = self._contract(self._customer("Bad"), self.plan, "2026-09-01")
        self._hours(good, "2026-09-15")
        self._hours(bad, "2026-09-15")
        compose = type(self.env["aftersales.billing"])._compose

        def failing(self, contract, *args, **kwargs):
            if contract == bad:
                raise ValueError("no journal")
            return compose(self, contract, *args, **kwargs)

        with patch.object(type(self.env["aftersales.billing"]), "_compose", failing):
            moves = self._run("2026-10-01")
        self.assertEqual(moves, good._get_related_invoices())
        self.assertIn("no journal", bad.invoice_generation_error)
        self.assertEqual(bad.charge_ids.state, "open")
        self.assertEqual(self._run("2026-10-01"), bad._get_related_invoices())
        self.assertFalse(bad.invoice_generation_error)

    def test_r16_a_freed_fee_period_is_billed_again_at_once(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        self._run("2026-09-01").unlink()
        self.assertEqual(contract.charge_ids.state, "open")
        with freeze_time("2026-09-10 08:00:00"):
            contract.action_aftersales_invoice()
        self.assertEqual(contract._get_related_invoices().amount_untaxed, 100)
        self.assertFalse(self._run("2026-09-10"))

    def test_r20_a_contract_that_ends_in_mid_month_pays_its_days(self):
        contract = self._contract(
            self.customer, self.fee_plan, "2026-09-01", "2026-10-10"
        )
        moves = self._run("2026-11-01")
        self.assertEqual(moves.mapped("amount_untaxed"), [100.0, 32.26])
        self.assertEqual(contract.charge_ids.mapped("state"), ["invoiced"] * 2)

    def test_ordinary_contracts_are_billed_as_ever(self):
        contract = self.env["contract.contract"].create(
            {
                "name": "Ordinary",
                "partner_id": self.customer.id,
                "line_recurrence": True,
                "contract_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Line",
                            "product_id": self.service_support.product_id.id,
                            "specific_price": 7,
                            "date_start": "2026-09-01",
                            "recurring_next_date": "2026-09-01",
                        },
                    )
                ],
            }
        )
        self._run("2026-09-01")
        self.assertEqual(contract._get_related_invoices().amount_untaxed, 7)

    def test_a_run_over_ten_contracts_rates_with_the_queries_of_one(self):
        def queries(count):
            contracts = self.env["contract.contract"]
            for number in range(count):
                customer = self._customer(f"Customer {count} {number}")
                contract = self._contract(customer, self.plan, "2026-09-01")
                self._hours(contract, "2026-09-15", "2026-09-16")
                contracts |= contract
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["aftersales.rating"]._rate(contracts)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(10))

    def test_lines_of_an_invoice_cost_no_queries_of_their_own(self):
        self._queries_of_an_invoice("2026-10-01", 2)
        self.assertEqual(
            self._queries_of_an_invoice("2026-10-01", 2),
            self._queries_of_an_invoice("2026-10-01", 12),
        )

    def test_lines_with_tax_in_the_price_cost_no_queries_of_their_own(self):
        self.service_support.product_id.taxes_id = self.env["account.tax"].create(
            {
                "name": "13 % in the price",
                "amount": 13,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "13 %"})
                .id,
            }
        )
        self._queries_of_an_invoice("2026-10-01", 2)
        self.assertEqual(
            self._queries_of_an_invoice("2026-10-01", 2),
            self._queries_of_an_invoice("2026-10-01", 12),
        )

    def _queries_of_an_invoice(self, day, entries):
        """What it costs to bill so many entries, each on a line of its own."""
        contract = self._contract(
            self.customer, self.plan, "2026-09-01", invoice_grouping="entry"
        )
        self._hours(contract, *["2026-09-15"] * entries)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lines = self._run(day).invoice_line_ids
        self.env.flush_all()
        self.assertEqual(len(lines), entries)
        return self.env.cr.sql_log_count - before
