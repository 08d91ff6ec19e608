# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import tagged

from .preview_common import PreviewCommon


@tagged("post_install", "-at_install")
class TestPreviewVaried(PreviewCommon):
    """preview(day) == bill(day), whatever taxes, currencies and groupings (R14)."""

    def setUp(self):
        super().setUp()
        self.product = self.service_support.product_id | self.env.ref(
            "erp_aftersales.product_support"
        )
        self.product |= self.fee_plan.fee_ids.product_id

    def _odd(self, name="Odd", price=61.37, **vals):
        """A contract with amounts that do not come out even, of four months."""
        plan = self._hourly_plan(
            name,
            rates=[
                {"price": price, "increment": 7, "grade_id": self.grade_senior.id},
                {"price": 33.33, "grade_id": self.grade_junior.id},
            ],
            fees=[{"name": "Base", "basis": "fixed", "price": 99.99}],
            **vals.pop("plan", {}),
        )
        contract = self._contract(self.customer, plan, "2026-06-15", **vals)
        for _ticket in range(2):
            ticket = self._hours(
                contract, "2026-06-20", "2026-07-14", "2026-07-31", minutes=50
            )
            for day in ("2026-06-21", "2026-08-31", "2026-09-02", "2026-09-02"):
                self._work(ticket, self.junior, day, 20)
        return contract

    def test_taxes_rounded_by_line(self):
        self.product.taxes_id = self._tax(13) | self._tax(6.5)
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.assertPreviewIsBill(self._odd(invoice_grouping="entry"), "2026-09-20")

    def test_taxes_rounded_globally(self):
        self.product.taxes_id = self._tax(13) | self._tax(6.5)
        self.company.tax_calculation_rounding_method = "round_globally"
        self.assertPreviewIsBill(self._odd(invoice_grouping="entry"), "2026-09-20")

    def test_taxes_included_in_the_price(self):
        self.product.taxes_id = self._tax(13, price_include_override="tax_included")
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            contract = self._odd(method, invoice_grouping="entry")
            document = self.assertPreviewIsBill(contract, "2026-09-20")
            self.assertNotEqual(document["invoices"][0]["tax"], "0.00")

    def test_fiscal_position_of_the_customer(self):
        tax, foreign = self._tax(13), self._tax(0)
        self.product.taxes_id = tax
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        foreign.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(tax.id)],
            }
        )
        self.customer.property_account_position_id = position
        document = self.assertPreviewIsBill(self._odd(), "2026-09-20")
        self.assertEqual({inv["tax"] for inv in document["invoices"]}, {"0.00"})

    def test_r14_each_grouping_and_sections(self):
        for grouping in ("service", "ticket", "entry"):
            contract = self._odd(
                grouping, plan={"invoice_grouping": grouping, "invoice_sections": True}
            )
            self.assertPreviewIsBill(contract, "2026-09-20")

    def test_r13_currencies_with_no_and_three_decimals(self):
        for name, rounding in (("JPY", 1), ("KWD", 0.001)):
            currency = self.env["res.currency"].with_context(active_test=False)
            currency = currency.search([("name", "=", name)])
            currency.write({"active": True, "rounding": rounding})
            plan = {"currency_id": currency.id}
            contract = self._odd(name, plan=plan)
            document = self.assertPreviewIsBill(contract, "2026-09-20")
            self.assertEqual(document["invoices"][0]["currency"], name)

    def test_r8_allowances_that_run_out(self):
        contract = self._odd(
            plan={
                "coverage": [{"policy": "allowance"}],
                "allowances": [{"name": "H", "quantity": 1.7, "period": "month"}],
            }
        )
        self.assertPreviewIsBill(contract, "2026-09-20")

    def test_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        self.assertPreviewIsBill(self._odd(), "2026-09-20")

    def test_what_was_invoiced_by_hand_before(self):
        contract = self._odd()
        contract.charge_ids.filtered(
            lambda charge: charge.ticket_id == contract.charge_ids.ticket_id[0]
        ).action_aftersales_invoice()
        self.assertPreviewIsBill(contract, "2026-09-20")

    def test_what_an_invoice_that_was_deleted_has_freed(self):
        contract = self._odd()
        self._bill(contract, "2026-08-20")[0].unlink()
        self.assertPreviewIsBill(contract, "2026-09-20")

    def test_a_yearly_fee_by_users_and_by_licence_value(self):
        installation = self._installation(
            self.customer,
            metrics=[
                ("users", "2026-01-01", 7),
                ("licence_value", "2026-01-01", 12345),
            ],
        )
        yearly = {"recurring_rule_type": "yearly"}
        plan = self._hourly_plan(
            "Yearly",
            fees=[
                {"name": "Seats", "basis": "users", "price": 11.11, "discount": 3},
                {"name": "Care", "basis": "licence_value", "percent": 18, **yearly},
            ],
        )
        contract = self._contract(
            self.customer,
            plan,
            "2026-06-15",
            "2026-09-10",
            installation_ids=installation.ids,
        )
        self._hours(contract, "2026-07-15")
        document = self.assertPreviewIsBill(contract, "2026-09-20")
        self.assertEqual(len(document["invoices"]), 3)

    def test_two_companies_each_with_its_own_taxes(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["account.chart.template"].try_loading("generic_coa", other)
        first = self._odd("First")
        plan = self._hourly_plan("Second", fees=[{"name": "B", "price": 5}])
        contract = self._contract(
            self._customer("Theirs"), plan, "2026-08-01", company_id=other.id
        )
        self.assertPreviewIsBill(first | contract, "2026-09-20")
