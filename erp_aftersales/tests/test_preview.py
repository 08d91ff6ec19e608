# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from psycopg2.errors import ReadOnlySqlTransaction

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .preview_common import PreviewCommon


@tagged("post_install", "-at_install")
class TestPreview(PreviewCommon):
    """preview(day) == bill(day), by the letter (R14)."""

    def test_r14_fee_and_usage_and_what_is_open(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-08-01")
        self._hours(contract, "2026-08-15", "2026-09-05")
        document = self.assertPreviewIsBill(contract, "2026-09-10")
        self.assertEqual(self._totals(document), ["100.00", "160.00", "60.00"])

    def test_r14_due_only_is_the_recurring_run_alone(self):
        contract = self._contract(self.customer, self.plan, "2026-08-01")
        self._hours(contract, "2026-08-15", "2026-09-05")
        document = self.assertPreviewIsBill(contract, "2026-09-10", due_only=True)
        self.assertEqual(self._totals(document), ["60.00"])

    def test_r14_a_day_to_come(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-12-01")
        document = self.assertPreviewIsBill(contract, "2027-03-01")
        self.assertEqual(self._totals(document), ["100.00"] * 4)

    def test_a_second_preview_is_the_first(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-08-01")
        self._hours(contract, "2026-08-15", "2026-09-05")
        first = contract._aftersales_preview("2026-09-10")
        self.assertEqual(contract._aftersales_preview("2026-09-10"), first)
        self.assertEqual(len(first["invoices"]), 3)

    def test_r14_backlog_of_months_is_an_invoice_a_due_day(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-06-15")
        self._hours(contract, "2026-06-20", "2026-07-14", "2026-07-15", "2026-09-01")
        document = self.assertPreviewIsBill(contract, "2026-09-20")
        self.assertEqual(len(document["invoices"]), 4)

    def test_r14_lines_without_plan_rows_on_the_same_contract(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-08-01")
        self._line_by_hand(contract)
        self._line_by_hand(contract, recurring_rule_type="weekly", quantity=0.333)
        self._hours(contract, "2026-08-15")
        document = self.assertPreviewIsBill(contract, "2026-09-10")
        names = [line["name"] for inv in document["invoices"] for line in inv["lines"]]
        self.assertIn("By hand 08/01/2026 - 08/07/2026", names)

    def test_r14_credit_note_turns_lines_beside_the_charges(self):
        contract = self._contract(self.customer, self.plan, "2026-08-01")
        self._line_by_hand(contract, specific_price=-100, name="Discount")
        self._hours(contract, "2026-08-15")
        document = self.assertPreviewIsBill(contract, "2026-09-01")
        self.assertEqual(self._totals(document), ["-100.00", "-40.00"])
        moves = contract._get_related_invoices()
        self.assertEqual(set(moves.mapped("move_type")), {"out_refund"})
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [40.0, 100.0])

    def test_r14_charges_of_zero_go_with_a_line_beside_them(self):
        plan = self._hourly_plan("Free", coverage=[{"policy": "included"}])
        contract = self._contract(self.customer, plan, "2026-08-01")
        self._hours(contract, "2026-08-15")
        self.assertFalse(self.assertPreviewIsBill(contract, "2026-09-01")["invoices"])
        self._line_by_hand(
            contract, date_start="2026-09-01", recurring_next_date="2026-10-01"
        )
        document = self.assertPreviewIsBill(contract, "2026-10-01")
        self.assertEqual(len(document["invoices"][0]["lines"]), 2)
        self.assertEqual(contract.charge_ids.mapped("state"), ["invoiced"])

    def test_r14_after_the_last_period_everything_that_is_open(self):
        contract = self._contract(
            self.customer, self.fee_plan, "2026-08-01", "2026-08-31"
        )
        ticket = self._hours(contract, "2026-08-15")
        self.assertPreviewIsBill(contract, "2026-09-01")
        self._work(ticket, self.senior, "2026-08-16", 60)
        document = self.assertPreviewIsBill(contract, "2026-09-02")
        self.assertEqual(self._totals(document), ["60.00"])

    def test_r10_what_waits_is_named_with_the_words_of_the_run(self):
        plan = self._hourly_plan(
            "Seniors only", rates=[{"price": 60, "grade_id": self.grade_senior.id}]
        )
        contract = self._contract(self.customer, plan, "2026-08-01")
        ticket = self._hours(contract, "2026-08-15")
        self._work(ticket, self.junior, "2026-08-16", 60)
        document = self.assertPreviewIsBill(contract, "2026-09-01")
        self.assertEqual(self._totals(document), ["60.00"])
        self.assertIn("wait for a price", document["problems"][0]["text"])

    def test_r20_a_fee_without_a_value_waits(self):
        plan = self._hourly_plan(
            "Users", fees=[{"name": "Seats", "basis": "users", "price": 10}]
        )
        contract = self._contract(self.customer, plan, "2026-08-01")
        document = self.assertPreviewIsBill(contract, "2026-08-01")
        self.assertEqual(document["invoices"], [])
        self.assertIn("Seats", document["problems"][0]["text"])

    def test_r15_a_failing_contract_is_a_problem_and_stops_no_other(self):
        contracts = self.env["contract.contract"]
        for name in ("A", "B", "C"):
            customer = self._customer(name)
            contracts |= self._contract(customer, self.plan, "2026-08-01", code=name)
            self._hours(contracts[-1], "2026-08-15", "2026-08-31")
        billing = type(self.env["aftersales.billing"])
        compose, bad = billing._compose, contracts[1]

        def failing(model, contract, *args, **kwargs):
            if contract == bad:
                raise ValueError("no journal")
            return compose(model, contract, *args, **kwargs)

        with patch.object(billing, "_compose", failing):
            document = self.assertPreviewIsBill(contracts, "2026-09-01", due_only=True)
        self.assertEqual(
            document["problems"],
            [{"contract": bad.name, "text": "ValueError: no journal"}],
        )

    def test_r7_a_grant_that_is_not_open_yet_pays_in_the_preview(self):
        plan = self._hourly_plan(
            "Hours",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "Hour", "quantity": 1, "period": "month"}],
            fees=[{"name": "Base", "basis": "fixed", "price": 100}],
        )
        contract = self._contract(self.customer, plan, "2026-08-01")
        self._hours(contract, "2026-08-15", "2027-02-10", "2027-02-11", minutes=50)
        document = self.assertPreviewIsBill(contract, "2027-03-01")
        self.assertEqual(len(document["invoices"]), 8)

    def test_several_contracts_several_days(self):
        contracts = self.env["contract.contract"]
        for number, start in enumerate(["2026-06-10", "2026-08-01", "2026-07-01"]):
            customer = self._customer(f"Customer {number}")
            plan = self.fee_plan if number % 2 else self.plan
            contract = self._contract(customer, plan, start, invoice_grouping="entry")
            self._hours(contract, "2026-08-15", "2026-08-31", "2026-09-03", minutes=50)
            contracts |= contract
        document = self.assertPreviewIsBill(contracts, "2026-09-20")
        self.assertEqual(len(document["invoices"]), 6)

    def test_an_ordinary_contract_is_previewed_as_the_cron_bills_it(self):
        ordinary = self.env["contract.contract"].create(
            {
                "name": "Ordinary",
                "partner_id": self.customer.id,
                "line_recurrence": True,
                "contract_line_ids": [
                    Command.create(
                        {
                            "name": "Line #INVOICEMONTHNAME#",
                            "product_id": self.service_support.product_id.id,
                            "specific_price": -7,
                            "date_start": "2026-07-01",
                            "recurring_next_date": "2026-07-01",
                        }
                    )
                ],
            }
        )
        document = self.assertPreviewIsBill(ordinary, "2026-09-01")
        self.assertEqual(self._totals(document), ["-7.00"])

    def test_the_database_would_refuse_a_preview_that_writes(self):
        """The proof of all these tests: billing does fail where a preview does not."""
        contract = self._contract(self.customer, self.fee_plan, "2026-08-01")
        with self.assertRaises(ReadOnlySqlTransaction), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint(), self._readonly():
                self.env["aftersales.billing"]._bill_open(contract)

    def test_twenty_contracts_cost_the_queries_of_five(self):
        def queries(count):
            contracts = self.env["contract.contract"]
            for number in range(count):
                customer = self._customer(f"Customer {count} {number}")
                contract = self._contract(customer, self.fee_plan, "2026-08-01")
                self._line_by_hand(contract, name="By hand")
                self._hours(contract, "2026-08-15", "2026-09-05")
                contracts |= contract
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            document = contracts._aftersales_preview("2026-09-10")
            self.assertEqual(len(document["invoices"]), 3 * count)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(5), queries(20))
