# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from itertools import product

from odoo.tests import tagged

from .common import AftersalesCommon

# Three entries of 20 minutes at 800.00 an hour, in R1 order, by decimals and discount.
AMOUNTS = {
    (2, 0): [266.67, 266.66, 266.67],
    (2, 3): [258.67, 258.66, 258.67],
    (0, 0): [267.0, 266.0, 267.0],
    (0, 3): [259.0, 258.0, 259.0],
}
TOTALS = {0: 800.0, 3: 776.0}
# The invoices that the three entries fall on, in the order in which they are made.
PARTS = {
    "one": ((0, 1, 2),),
    "three": ((0,), (1,), (2,)),
    "three, last entry first": ((2,), (0,), (1,)),
}
GROUPINGS = ("service", "ticket", "entry")
DAYS = ("2026-09-21", "2026-09-22", "2026-09-23")


@tagged("post_install", "-at_install")
class TestR13Cents(AftersalesCommon):
    """Three entries of 20 minutes of one month at 800.00 an hour are 800.00.

    A contract for each grouping, number of invoices, discount and currency has these
    entries; each test bills them all under one kind of tax and way of rounding it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.service_support.product_id
        cls.product.taxes_id = False
        cls.yen = cls.env.ref("base.JPY")
        cls.yen.active = True
        cls.cases = {}
        for currency, discount in product((cls.company.currency_id, cls.yen), (0, 3)):
            plan = cls._plan(
                f"Hourly in {currency.name} less {discount} %",
                coverage=[{"policy": "billable", "discount": discount}],
                rates=[{"price": 800}],
                currency_id=currency.id,
                default_service_id=cls.service_support.id,
            )
            for grouping, parts in product(GROUPINGS, PARTS):
                contract = cls._contract(
                    cls.customer, plan, "2026-09-01", invoice_grouping=grouping
                )
                cls.cases[contract] = {"parts": parts, "discount": discount}
        cls._log_work()

    @classmethod
    def _log_work(cls):
        """The three entries of each contract, each on a ticket of its own."""
        pairs = list(product(cls.cases, DAYS))
        tickets = cls.env["helpdesk.ticket"].create(
            [
                {
                    "name": f"Ticket of {day}",
                    "description": "Something does not work.",
                    "partner_id": cls.customer.id,
                    "contract_id": contract.id,
                }
                for contract, day in pairs
            ]
        )
        cls.env["account.analytic.line"].create(
            [
                {
                    "name": "Work",
                    "ticket_id": ticket.id,
                    "employee_id": cls.senior.id,
                    "date": day,
                    "unit_amount": 20 / 60,
                }
                for ticket, (_contract, day) in zip(tickets, pairs, strict=True)
            ]
        )

    def _tax(self, kind):
        company = self.company
        country = company.account_fiscal_country_id or self.env.ref("base.cn")
        group = self.env["account.tax.group"].create(
            {"name": "13 %", "country_id": country.id}
        )
        return self.env["account.tax"].create(
            {
                "name": f"13 % {kind}",
                "amount": 13,
                "type_tax_use": "sale",
                "price_include_override": kind,
                "tax_group_id": group.id,
                "country_id": country.id,
            }
        )

    def _check(self, tax, method):
        """Bill all contracts, and compare invoice, line and charge of each."""
        self.product.taxes_id = tax
        self.company.tax_calculation_rounding_method = method
        for position in range(3):
            self._bill(position)
        for contract, case in self.cases.items():
            with self.subTest(plan=contract.aftersales_plan_id.name, **case):
                self._check_contract(contract, tax)
        invoices = self._charges(*self.cases).invoice_id
        untaxed = {invoice: invoice.amount_untaxed for invoice in invoices}
        invoices.action_post()
        self.assertEqual({move: move.amount_untaxed for move in invoices}, untaxed)

    def _bill(self, position):
        """Make the next invoice of each contract that has one more to get."""
        charges = self.env["aftersales.charge"]
        for contract, case in self.cases.items():
            for part in PARTS[case["parts"]][position : position + 1]:
                of_contract = self._charges(contract)
                charges += charges.browse(of_contract[index].id for index in part)
        charges.action_aftersales_invoice()

    def _charges(self, *contracts):
        ids = [contract.id for contract in contracts]
        return self.env["aftersales.charge"].search(
            [("contract_id", "in", ids)], order="date"
        )

    def _check_contract(self, contract, tax):
        charges = self._charges(contract)
        case, invoices = self.cases[contract], charges.invoice_id
        self.assertEqual(len(invoices), len(PARTS[case["parts"]]))
        lines = invoices.invoice_line_ids
        by_service = (case["parts"], contract.invoice_grouping) == ("one", "service")
        self.assertEqual(len(lines), 1 if by_service else 3)
        self.assertEqual(lines.aftersales_charge_ids, charges)
        self.assertEqual(lines.tax_ids, tax)
        for line in lines:
            self._assert_money(line.price_subtotal, line.aftersales_charge_ids)
        for invoice in invoices:
            of_invoice = invoice.invoice_line_ids.aftersales_charge_ids
            self._assert_money(invoice.amount_untaxed, of_invoice)
        wanted = AMOUNTS[contract.currency_id.decimal_places, case["discount"]]
        # The order of invoices decides which entry takes the odd cent, never the sum.
        self.assertEqual(sorted(charges.mapped("amount")), sorted(wanted))
        if case["parts"] != "three, last entry first":
            self.assertEqual(charges.mapped("amount"), wanted)
        total = sum(invoices.mapped("amount_untaxed"))
        self.assertAlmostEqual(total, TOTALS[case["discount"]], places=6)
        self.assertEqual(bool(sum(invoices.mapped("amount_tax"))), bool(tax))

    def _assert_money(self, shown, charges):
        due = sum(charges.mapped("amount"))
        self.assertTrue(charges)
        is_same = not charges.currency_id.compare_amounts(shown, due)
        self.assertTrue(is_same, f"{shown} is not {due}")

    def test_r13_without_tax(self):
        self._check(self.env["account.tax"], "round_per_line")

    def test_r13_tax_on_top_rounded_per_line(self):
        self._check(self._tax("tax_excluded"), "round_per_line")

    def test_r13_tax_on_top_rounded_globally(self):
        self._check(self._tax("tax_excluded"), "round_globally")

    def test_r13_tax_in_the_price_rounded_per_line(self):
        self._check(self._tax("tax_included"), "round_per_line")

    def test_r13_tax_in_the_price_rounded_globally(self):
        self._check(self._tax("tax_included"), "round_globally")

    def test_r13_the_entry_with_a_cent_less_says_so(self):
        charges = self._charges(next(iter(self.cases)))
        self.assertEqual(charges.mapped("amount"), AMOUNTS[2, 0])
        cents = [(charge.reason_args or {}).get("cent") for charge in charges]
        self.assertEqual(cents, [None, "-0.01", None])
        said = [charge.reason for charge in charges]
        self.assertNotIn("0.01", said[0] + said[2])
        self.assertIn("0.01", said[1])
