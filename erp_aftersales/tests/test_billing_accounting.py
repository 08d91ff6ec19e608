# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .preview_common import PreviewCommon


@tagged("post_install", "-at_install")
class TestBillingAccounting(PreviewCommon):
    """What an accountant expects of any invoice (R14)."""

    def _billed(self, day="2026-10-01", **vals):
        """A contract of September with an hour of work, and its invoice."""
        vals = {"plan": self.plan, **vals}
        contract = self._contract(self.customer, vals.pop("plan"), "2026-09-01", **vals)
        self._hours(contract, "2026-09-15")
        moves = self._run(day)
        return contract, moves & contract._get_related_invoices()

    def test_payment_term_of_the_contract(self):
        term = self.env.ref("account.account_payment_term_30days")
        _contract, move = self._billed(payment_term_id=term.id)
        self.assertEqual(move.invoice_payment_term_id, term)
        self.assertEqual(move.invoice_date_due, date(2026, 10, 31))

    def test_income_account_of_the_product(self):
        account = self.env["account.account"].create(
            {"name": "Support", "code": "400999", "account_type": "income"}
        )
        self.service_support.product_id.property_account_income_id = account
        _contract, move = self._billed()
        self.assertEqual(move.invoice_line_ids.account_id, account)

    def test_analytic_distribution_of_the_contract_line(self):
        plan = self.env["account.analytic.plan"].create({"name": "Contracts"})
        account = self.env["account.analytic.account"].create(
            {"name": "Retail", "plan_id": plan.id}
        )
        contract = self._contract(self.customer, self.fee_plan, "2026-09-01")
        contract.contract_line_ids.analytic_distribution = {str(account.id): 100}
        self._hours(contract, "2026-09-15")
        lines = self._run("2026-10-01").invoice_line_ids
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertEqual(line.analytic_distribution, {str(account.id): 100})

    def test_analytic_distribution_of_a_model_for_the_product(self):
        """Where the contract says nothing the books decide, as on any invoice."""
        plan = self.env["account.analytic.plan"].create({"name": "Products"})
        account = self.env["account.analytic.account"].create(
            {"name": "Support", "plan_id": plan.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.service_support.product_id.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        _contract, move = self._billed()
        distribution = move.invoice_line_ids.analytic_distribution
        self.assertEqual(distribution, {str(account.id): 100})

    def test_taxes_of_the_contracts_fiscal_position(self):
        tax, foreign = self._tax(13), self._tax(0)
        self.service_support.product_id.taxes_id = tax
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        foreign.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(tax.id)],
            }
        )
        _contract, move = self._billed(fiscal_position_id=position.id)
        self.assertEqual(move.invoice_line_ids.tax_ids, foreign)

    def test_r13_taxes_of_a_draft_can_be_updated(self):
        """By another fiscal position; work of 0.00 gets no price of its product."""
        tax = self._tax(13, price_include_override="tax_included")
        foreign = self._tax(9, price_include_override="tax_excluded")
        product = self.service_support.product_id
        product.write({"taxes_id": tax.ids, "list_price": 500})
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        foreign.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(tax.id)],
            }
        )
        free = {"policy": "included", "service_id": self.service_dev.id}
        plan = self._hourly_plan("Free", coverage=[free, {"policy": "billable"}])
        self.service_dev.product_id = product
        contract = self._contract(self.customer, plan, "2026-09-01")
        self._hours(contract, "2026-09-14", service_id=self.service_dev.id)
        self._hours(contract, "2026-09-15", minutes=20)
        move = self._run("2026-10-01") & contract._get_related_invoices()
        self.assertEqual(move.invoice_line_ids.mapped("price_subtotal"), [0, 30])
        move.fiscal_position_id = position
        move.action_update_fpos_values()
        self.assertEqual(move.invoice_line_ids.tax_ids, foreign)
        self.assertEqual(move.invoice_line_ids.mapped("price_subtotal"), [0, 30])
        move.action_post()

    def test_currency_rate_of_the_day_of_the_invoice(self):
        currency = self.env["res.currency"].create(
            {
                "name": "AFS",
                "symbol": "A",
                "rate_ids": [
                    Command.create({"name": day, "rate": rate})
                    for day, rate in (("2026-01-01", 2), ("2026-10-01", 4))
                ],
            }
        )
        plan = self._hourly_plan("Foreign", currency_id=currency.id)
        contract, move = self._billed(plan=plan)
        self.assertEqual(move.currency_id, currency)
        self.assertEqual(move.amount_untaxed, 60)
        self.assertEqual(move.amount_untaxed_signed, 15)
        self.assertEqual(contract.charge_ids.currency_id, currency)

    def test_r14_a_run_dated_in_a_locked_period_posts_after_it(self):
        self.company.fiscalyear_lock_date = "2026-10-31"
        _contract, move = self._billed()
        self.assertEqual(move.invoice_date, date(2026, 10, 1))
        with freeze_time("2026-11-05 02:00:00"):
            move.action_post()
        self.assertEqual(move.state, "posted")
        self.assertGreater(move.date, date(2026, 10, 31))
        self.assertEqual(move.invoice_date, date(2026, 10, 1))

    def test_r16_an_invoice_of_a_locked_period_keeps_its_work(self):
        contract, move = self._billed()
        move.action_post()
        self.company.fiscalyear_lock_date = "2026-10-31"
        with self.assertRaisesRegex(UserError, "Lock Date"), self.env.cr.savepoint():
            move.button_draft()
        self.assertEqual(contract.charge_ids.state, "invoiced")

    def test_r14_each_company_bills_in_its_own_books(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["account.chart.template"].try_loading("generic_coa", other)
        plan = self._hourly_plan("Theirs", fees=[{"name": "Fee", "price": 5}])
        theirs = self._contract(self.customer, plan, "2026-09-01", company_id=other.id)
        ours = self._contract(self.customer, self.fee_plan, "2026-09-01")
        moves = self._run("2026-09-01")
        for contract in theirs | ours:
            move = moves & contract._get_related_invoices()
            self.assertEqual(move.company_id, contract.company_id)
            self.assertEqual(move.journal_id.company_id, contract.company_id)
            self.assertEqual(move.line_ids.account_id.company_ids, contract.company_id)

    def test_r14_the_contract_overrules_the_plans_grouping(self):
        plan = self._hourly_plan("By ticket", invoice_grouping="ticket")
        for grouping, count in (("entry", 3), (False, 2), ("service", 1)):
            contract = self._contract(
                self.customer, plan, "2026-09-01", invoice_grouping=grouping
            )
            self._hours(contract, "2026-09-15", "2026-09-16")
            self._hours(contract, "2026-09-15")
            self.assertEqual(len(self._run("2026-10-01").invoice_line_ids), count)

    def test_r14_sections_by_ticket_where_the_plan_chooses_them(self):
        plan = self._hourly_plan(
            "Sections",
            invoice_grouping="ticket",
            invoice_sections=True,
            fees=[{"name": "Base", "price": 100}],
            rates=[
                {"price": 60, "grade_id": self.grade_senior.id},
                {"price": 40, "grade_id": self.grade_junior.id},
            ],
        )
        contract = self._contract(self.customer, plan, "2026-09-01")
        first = self._hours(contract, "2026-09-02")
        second = self._hours(contract, "2026-09-03")
        self._work(first, self.junior, "2026-09-04", 60)
        lines = self._run("2026-10-01")[-1].invoice_line_ids.sorted("sequence")
        self.assertEqual(
            [(line.display_type, line.price_subtotal) for line in lines],
            [
                ("product", 100.0),
                ("line_section", 0.0),
                ("product", 60.0),
                ("product", 40.0),
                ("line_section", 0.0),
                ("product", 60.0),
            ],
        )
        titles = lines.filtered(lambda line: line.display_type == "line_section")
        self.assertEqual(titles.mapped("name"), (first | second).mapped("display_name"))

    def test_invoices_know_the_contract_that_made_them(self):
        """Logged for all invoices of a run at once, each with its own contract."""
        contracts = self.env["contract.contract"]
        for name in ("A", "B"):
            customer = self._customer(name)
            contracts |= self._contract(customer, self.fee_plan, "2026-09-01")
        follower = self._customer("Follower")
        subtype = self.env.ref("contract.mail_message_subtype_invoice_created")
        contracts[0].message_subscribe(follower.ids, subtype.ids)
        moves = self._run("2026-09-01")
        self.assertEqual(len(moves), 2)
        for contract in contracts:
            move = moves & contract._get_related_invoices()
            bodies = "".join(move.message_ids.mapped("body"))
            self.assertIn(contract.display_name, bodies)
            self.assertEqual(bodies.count("by contract"), 1)
        first = contracts[0]._get_related_invoices()
        self.assertIn(follower, first.message_partner_ids)
        self.assertNotIn(follower, (moves - first).message_partner_ids)
