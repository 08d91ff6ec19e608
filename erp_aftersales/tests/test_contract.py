# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestContract(BillingCommon):
    """What a plan makes of a contract, and what is refused."""

    def test_a_plan_brings_its_fee_lines_and_the_usage_line(self):
        contract = self._contract(
            self.customer, self.fee_plan, "2026-09-01", "2027-08-31"
        )
        fee, usage = contract.contract_line_ids
        self.assertEqual((fee.aftersales_kind, usage.aftersales_kind), ("fee", "usage"))
        self.assertEqual(usage.recurring_invoicing_type, "post-paid")
        self.assertEqual(usage.recurring_rule_type, "monthly")
        self.assertEqual(usage.price_unit, 0)
        for line in fee + usage:
            self.assertEqual(line.date_start, date(2026, 9, 1))
            self.assertEqual(line.date_end, date(2027, 8, 31))
        self.assertEqual(contract.aftersales_term_ids.plan_id, self.fee_plan)
        self.assertEqual(contract.currency_id, self.fee_plan.currency_id)

    def test_r20_a_fee_line_shows_what_its_period_costs_today(self):
        plan = self._hourly_plan(
            "Users",
            fees=[{"name": "Users", "basis": "users", "price": 10, "discount": 10}],
        )
        installation = self._installation(
            self.customer, metrics=[("users", "2026-09-01", 5)]
        )
        with freeze_time("2026-09-10 08:00:00"):
            contract = self._contract(
                self.customer, plan, "2026-09-01", installation_ids=installation.ids
            )
            fee = contract.contract_line_ids[:1]
            self.assertEqual(fee.price_subtotal, 45)
            installation.metric_ids.value = 6
            self.assertEqual(fee.price_subtotal, 54)

    def test_a_form_makes_the_same_contract(self):
        view = "contract.contract_contract_customer_form_view"
        context = {"default_contract_type": "sale"}
        model = self.env["contract.contract"].with_context(**context)
        form = Form(model, view=view)
        form.name = "By hand"
        form.partner_id = self.customer
        form.aftersales_plan_id = self.fee_plan
        form.date_start = date(2026, 9, 1)
        contract = form.save()
        self.assertEqual(
            contract.contract_line_ids.mapped("aftersales_kind"), ["fee", "usage"]
        )
        self.assertEqual(contract.aftersales_term_ids.date_start, date(2026, 9, 1))

    def test_a_copy_has_one_set_of_lines(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        copy = contract.copy()
        self.assertEqual(
            copy.contract_line_ids.mapped("aftersales_kind"), ["fee", "usage"]
        )

    def test_a_plan_given_later_makes_the_contract(self):
        contract = self.env["contract.contract"].create(
            {
                "name": "Later",
                "partner_id": self.customer.id,
                "date_start": "2026-09-01",
            }
        )
        contract.aftersales_plan_id = self.fee_plan
        self.assertEqual(len(contract.contract_line_ids), 2)
        self.assertEqual(contract.aftersales_term_ids.plan_id, self.fee_plan)

    def test_a_draft_plan_is_refused(self):
        draft = self._hourly_plan("Draft", publish=False)
        with self.assertRaisesRegex(ValidationError, "not published"):
            self._contract(self.customer, draft, "2026-09-01")

    def test_another_plan_in_force_is_refused(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        with self.assertRaisesRegex(ValidationError, "cannot just be replaced"):
            contract.aftersales_plan_id = self.fee_plan

    def test_another_currency_than_the_plans_is_refused(self):
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.plan.currency_id.id)], limit=1)
        )
        with self.assertRaisesRegex(ValidationError, "is priced in"):
            self._contract(self.customer, self.plan, "2026-09-01", currency_id=other.id)
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        with self.assertRaisesRegex(ValidationError, "is priced in"):
            contract.currency_id = other

    def test_the_start_moves_until_something_is_invoiced(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        contract.date_start = "2026-08-01"
        self.assertEqual(
            set(contract.contract_line_ids.mapped("date_start")), {date(2026, 8, 1)}
        )
        self.assertEqual(contract.aftersales_term_ids.date_start, date(2026, 8, 1))
        self._run("2026-08-01")
        with self.assertRaisesRegex(ValidationError, "start cannot change"):
            contract.date_start = "2026-07-01"

    def test_invoiced_lines_cannot_be_deleted(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        self._run("2026-09-01")
        fee = contract.contract_line_ids[:1]
        with self.assertRaisesRegex(UserError, "leads to its invoices"):
            fee.unlink()

    def test_r08_grants_are_there_from_the_first_day_and_never_twice(self):
        plan = self._hourly_plan(
            "Allowance",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "10 h", "quantity": 10, "period": "year"}],
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        self.assertEqual(contract.grant_ids.minutes, 600)
        self._hours(contract, "2026-09-15")
        contract.action_aftersales_rate()
        self.assertEqual(contract.grant_ids.remaining, 9)

    def test_r08_a_run_over_many_contracts_keeps_the_past_grants_of_each(self):
        """The run begins for each contract where its own open work begins."""
        plan = self._hourly_plan(
            "Monthly",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "10 h", "quantity": 10, "period": "month"}],
        )
        with freeze_time("2026-11-10 08:00:00"):
            idle = self._contract(self.customer, plan, "2026-11-01")
            idle.date_start = "2026-09-01"
            self._hours(idle, "2026-09-15")
            busy = self._contract(self._customer("Busy"), plan, "2026-09-01")
            self._hours(busy, "2026-09-15")
            self.assertEqual(len(idle.grant_ids), 3)
            idle.charge_ids.sudo()._write_unguarded(
                {"invoice_line_id": self._any_line().id}
            )
            (idle + busy).action_aftersales_rate()
        self.assertEqual(
            sorted(idle.grant_ids.mapped("date_start")),
            [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)],
        )

    def _any_line(self):
        """A line of some invoice, to freeze charges on."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [(0, 0, {"name": "Line", "quantity": 1})],
            }
        )
        return move.invoice_line_ids

    def test_r19_a_second_rating_writes_nothing(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        self._hours(contract, "2026-09-15", "2026-09-16")
        charges = contract.charge_ids
        stamps = charges.mapped("write_date")
        count = contract.aftersales_rating_count
        contract.action_aftersales_rate()
        self.assertEqual(contract.charge_ids, charges)
        self.assertEqual(charges.mapped("write_date"), stamps)
        self.assertEqual(contract.aftersales_rating_count, count)


@tagged("post_install", "-at_install")
class TestProblems(BillingCommon):
    """What cannot be billed says so, and the rest is billed (R10)."""

    def test_r10_no_rate_waits_and_the_rest_is_billed(self):
        plan = self._hourly_plan(
            "Senior only",
            rates=[{"grade_id": self.grade_senior.id, "price": 60}],
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        ticket = self._hours(contract, "2026-09-15")
        self._work(ticket, self.junior, "2026-09-15", 60)
        self.assertEqual(self._run("2026-10-01").amount_untaxed, 60)
        waiting = contract.charge_ids.filtered(lambda c: c.kind == "unrated")
        self.assertEqual((waiting.state, waiting.amount), ("waiting", 0))
        self.assertIn("Junior", contract.invoice_generation_error)
        self.assertEqual(len(contract.activity_ids), 1)
        self._run("2026-10-02")
        self.assertEqual(len(contract.activity_ids), 1, "one activity, not one a day")
        self._card(price=30)
        self.assertEqual(self._run("2026-11-01").amount_untaxed, 30)
        self.assertFalse(contract.invoice_generation_error)
        self.assertFalse(contract.activity_ids)

    def test_r10_an_employee_without_grade_is_named(self):
        plan = self._hourly_plan(
            "Senior only",
            rates=[{"grade_id": self.grade_senior.id, "price": 60}],
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        ticket = self._ticket(self.customer, contract)
        self._work(ticket, self._employee("Newcomer"), "2026-09-15", 60)
        self._run("2026-10-01")
        self.assertIn("no grade", contract.invoice_generation_error)

    def test_r20_a_basis_without_metric_waits_and_is_never_zero(self):
        plan = self._hourly_plan(
            "Users", fees=[{"name": "Users", "basis": "users", "price": 10}]
        )
        installation = self._installation(self.customer)
        contract = self._contract(
            self.customer, plan, "2026-09-01", installation_ids=installation.ids
        )
        self._hours(contract, "2026-09-15")
        self.assertFalse(self._run("2026-09-01"))
        self.assertIn("Users", contract.invoice_generation_error)
        installation.metric_ids = [
            (0, 0, {"metric": "users", "date": "2026-09-01", "value": 5})
        ]
        self.assertEqual(
            self._run("2026-10-01").invoice_line_ids.mapped("price_subtotal"),
            [50.0, 50.0, 60.0],
        )
        self.assertFalse(contract.invoice_generation_error)

    def test_r10_a_failed_run_is_not_hidden_by_work_without_a_price(self):
        plan = self._hourly_plan(
            "Senior only", rates=[{"grade_id": self.grade_senior.id, "price": 60}]
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        ticket = self._hours(contract, "2026-09-15")
        self._work(ticket, self.junior, "2026-09-15", 60)
        self._run("2026-09-20")
        self.assertTrue(contract.aftersales_has_problem)
        contract.journal_id = False
        billing = type(self.env["aftersales.billing"])
        with patch.object(billing, "_compose", side_effect=UserError("broken")):
            self._run("2026-10-01")
        self.assertIn("broken", contract.invoice_generation_error)

    def test_r06_work_without_a_start_time_is_listed_if_prices_have_bands(self):
        bands = self._hourly_plan(
            "Bands",
            rates=[{"price": 60}, {"price": 90, "band": "after_hours"}],
            calendar_id=self._calendar().id,
        )
        contract = self._contract(self.customer, bands, "2026-09-01")
        self._hours(contract, "2026-09-15")
        self._hours(contract, "2026-09-15", start="20:00")
        self.assertEqual(contract.aftersales_no_start_count, 1)
        plain = self._contract(self._customer("Plain"), self.plan, "2026-09-01")
        self._hours(plain, "2026-09-15")
        self.assertEqual(plain.aftersales_no_start_count, 0)


@tagged("post_install", "-at_install")
class TestRoles(BillingCommon):
    """Support works, billing bills; each with no more rights than the group's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support = new_test_user(
            cls.env, "aftersales-support", "erp_aftersales.group_user"
        )
        cls.billing = new_test_user(
            cls.env, "aftersales-billing", "erp_aftersales.group_billing"
        )
        cls._employee("Supporter", cls.grade_senior, user_id=cls.support.id)

    def _supported(self, contract):
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(self.support)
            .create(
                {
                    "name": "Help",
                    "description": "Please",
                    "partner_id": contract.partner_id.id,
                }
            )
        )
        self.assertEqual(ticket.contract_id, contract)
        self.env["account.analytic.line"].with_user(self.support).create(
            {
                "name": "Work",
                "ticket_id": ticket.id,
                "employee_id": self.support.employee_id.id,
                "date": "2026-09-15",
                "unit_amount": 1,
            }
        )
        return ticket

    def test_support_logs_work_and_reads_its_price(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        ticket = self._supported(contract)
        charge = ticket.charge_ids
        self.assertEqual((charge.kind, charge.amount), ("billable", 60))
        self.assertIn("60.00", charge.reason)

    def test_billing_bills_by_button_and_by_action(self):
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        self._supported(contract)
        contract = contract.with_user(self.billing)
        with freeze_time("2026-09-20 08:00:00"):
            self.assertEqual(contract.recurring_create_invoice().amount_untaxed, 100)
            contract.action_aftersales_invoice()
        moves = contract._get_related_invoices()
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [60, 100])
        moves.action_post()
        self.assertEqual(set(moves.mapped("state")), {"posted"})
