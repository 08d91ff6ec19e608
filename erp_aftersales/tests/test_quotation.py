# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .charging_common import ChargingCommon


@tagged("post_install", "-at_install")
class TestQuotation(ChargingCommon):
    """Support is metered with approval, development is quoted (R12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of(
            "Quoted",
            coverage=[
                {"policy": "allowance"},
                {"policy": "quote", "service_id": cls.service_dev.id},
            ],
            allowances=[
                {
                    "name": "An hour",
                    "quantity": 1,
                    "period": "month",
                    "at_end": "approval",
                }
            ],
        )

    def setUp(self):
        super().setUp()
        self.metered = self._ticket_of(self.contract)
        self._work(self.metered, self.senior, "2026-09-03", 180)
        self.quoted = self._ticket_of(self.contract, service_id=self.service_dev.id)
        self._work(self.quoted, self.senior, "2026-09-03", 180)

    def test_r12_quoted_work_waits_for_the_order_and_is_billed_by_it(self):
        order = self._order(self.quoted, 900)
        charge = self.quoted.charge_ids
        self.assertEqual((charge.kind, charge.amount), ("quoted", 0))
        self.assertTrue(charge.is_waiting)
        order.action_confirm()
        charge = self.quoted.charge_ids
        self.assertFalse(charge.is_waiting)
        self.assertEqual(charge.reason_args["order"], order.name)
        self.assertFalse(order.aftersales_is_acceptance)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertEqual(order._create_invoices().amount_untaxed, 900)

    def test_r12_cancelled_order_lets_the_work_wait_again(self):
        order = self._order(self.quoted, 900)
        order.action_confirm()
        order._action_cancel()
        self.assertTrue(self.quoted.charge_ids.is_waiting)
        order.action_draft()
        order.action_confirm()
        self.assertFalse(self.quoted.charge_ids.is_waiting)

    def test_r12_link_from_either_side_counts(self):
        order = self._order(self.quoted, 900, ticket_ids=[])
        order.action_confirm()
        self.assertTrue(self.quoted.charge_ids.is_waiting)
        self.quoted.sale_order_ids = order
        self.assertFalse(self.quoted.charge_ids.is_waiting)
        self.quoted.sale_order_ids = False
        self.assertTrue(self.quoted.charge_ids.is_waiting)
        order.ticket_ids = self.quoted
        self.assertFalse(self.quoted.charge_ids.is_waiting)

    def test_r12_elsewhere_an_order_is_only_an_acceptance(self):
        order = self._order(self.metered, 60)
        self.assertEqual(self.metered.aftersales_waiting_amount, 120)
        order.action_confirm()
        self.assertTrue(order.aftersales_is_acceptance)
        self.assertEqual(self.metered.aftersales_accepted_amount, 60)
        self.assertEqual(self.metered.aftersales_waiting_amount, 60)
        acceptance = self.metered.aftersales_acceptance_ids
        self.assertEqual(acceptance.order_id, order)
        self.assertEqual(acceptance.partner_id, self.customer)
        self.assertIn("is billed by contract", order.message_ids[0].body)
        self.assertEqual(self._bill(self.contract).amount_untaxed, 60)

    def test_r12_lines_of_an_acceptance_are_never_invoiced(self):
        order = self._order(self.metered, 60)
        order.action_confirm()
        line = order.order_line
        self.assertEqual(line.qty_to_invoice, 0)
        self.assertEqual(line.untaxed_amount_to_invoice, 0)
        self.assertEqual(order.amount_to_invoice, 0)
        self.assertEqual(order.invoice_status, "no")
        line.qty_delivered = 5
        self.assertEqual((line.invoice_status, line.qty_to_invoice), ("no", 0))
        with self.assertRaisesRegex(UserError, "only the customer's acceptance"):
            order._create_invoices()
        order._force_lines_to_invoice_policy_order()
        self.assertEqual(line.qty_to_invoice, 0)
        self.assertFalse(order.invoice_ids)

    def test_r12_no_down_payment_on_an_acceptance(self):
        order = self._order(self.metered, 60)
        order.action_confirm()
        for method in ("delivered", "percentage", "fixed"):
            wizard = self.env["sale.advance.payment.inv"].create(
                {
                    "sale_order_ids": [Command.set(order.ids)],
                    "advance_payment_method": method,
                    "amount": 10,
                    "fixed_amount": 10,
                }
            )
            with self.assertRaisesRegex(UserError, "only the customer's acceptance"):
                wizard.create_invoices()
        self.assertEqual(len(order.order_line), 1)

    def test_r09_pack_sold_on_a_ticket_is_invoiced_and_accepts_nothing(self):
        pack = self.env["product.product"].create(
            {
                "name": "10 hours",
                "type": "service",
                "list_price": 500,
                "taxes_id": False,
                "aftersales_pack_unit": "hour",
                "aftersales_pack_quantity": 10,
            }
        )
        order = self._order(self.metered, 60)
        order.order_line = [Command.create({"product_id": pack.id})]
        order.action_confirm()
        self.assertEqual(self.metered.aftersales_acceptance_ids.amount, 60)
        self.assertEqual(order._create_invoices().amount_untaxed, 500)
        alone = self._order(self.metered, 60)
        alone.order_line = [Command.clear(), Command.create({"product_id": pack.id})]
        alone.action_confirm()
        self.assertFalse(alone.aftersales_is_acceptance)
        self.assertEqual(len(self.metered.aftersales_acceptance_ids), 1)

    def test_r12_acceptance_ends_with_its_order(self):
        order = self._order(self.metered, 120)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(self.metered.aftersales_accepted_amount, 0)
        self.assertEqual(self.metered.aftersales_waiting_amount, 120)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.metered.aftersales_waiting_amount, 0)
        self.assertEqual(len(self.metered.aftersales_acceptance_ids), 1)
        order.ticket_ids = False
        self.assertFalse(order.aftersales_is_acceptance)
        self.assertEqual(self.metered.aftersales_waiting_amount, 120)
        self.assertEqual(order.invoice_status, "to invoice")

    def test_r12_order_follows_the_ticket_to_another_policy(self):
        order = self._order(self.metered, 120)
        order.action_confirm()
        self.metered.service_id = self.service_dev
        self.assertFalse(order.aftersales_is_acceptance)
        self.assertEqual(order.order_line.qty_to_invoice, 1)
        self.assertEqual(self.metered.aftersales_accepted_amount, 0)
        self.metered.service_id = self.service_support
        self.assertTrue(order.aftersales_is_acceptance)
        self.assertEqual(self.metered.aftersales_waiting_amount, 0)

    def test_r12_one_quoted_entry_on_a_metered_ticket_is_billed_by_the_order(self):
        order = self._order(self.metered, 900)
        order.action_confirm()
        self.assertTrue(order.aftersales_is_acceptance)
        line = self._work(
            self.metered,
            self.senior,
            "2026-09-04",
            60,
            service_id=self.service_dev.id,
        )
        self.assertEqual(line.charge_ids.reason_args["order"], order.name)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertEqual(self.metered.aftersales_waiting_amount, 120)
        line.unlink()
        self.assertEqual(order.invoice_status, "no")
        self.assertEqual(self.metered.aftersales_waiting_amount, 0)

    def test_r12_hours_of_quoted_work_on_a_metered_ticket_are_on_the_order(self):
        product = self.env["product.product"].create(
            {
                "name": "Hours",
                "type": "service",
                "service_policy": "delivered_timesheet",
            }
        )
        order = self._order(self.metered, 100)
        order.order_line.product_id = product
        order.action_confirm()
        line = self._work(
            self.metered,
            self.senior,
            "2026-09-04",
            60,
            service_id=self.service_dev.id,
        )
        self.assertEqual(line.so_line, order.order_line)

    def test_r12_order_follows_the_contracts_own_coverage(self):
        order = self._order(self.metered, 900)
        other = self._order(self._ticket_of(self.contract), 100)
        (order | other).action_confirm()
        self.contract.aftersales_coverage_ids = [Command.create({"policy": "quote"})]
        self.assertEqual(set(self.metered.charge_ids.mapped("kind")), {"quoted"})
        for each in order | other:
            self.assertEqual(each.invoice_status, "to invoice")
        self.contract.aftersales_coverage_ids.policy = "billable"
        self.assertEqual(self._kinds(self.metered), [("billable", 180)])
        for each in order | other:
            self.assertEqual(each.invoice_status, "no")
        self.assertEqual(self.metered.aftersales_accepted_amount, 900)

    def test_r12_order_for_several_quoted_tickets_bills_whatever_becomes_of_them(self):
        other = self._ticket_of(self.contract, service_id=self.service_dev.id)
        both = [Command.set((self.quoted | other).ids)]
        order = self._order(self.quoted, 900, ticket_ids=both)
        order.action_confirm()
        line = self._work(other, self.senior, "2026-09-04", 60)
        line.service_id = self.service_support
        self.assertEqual(line.charge_ids.kind, "overage")
        self.assertEqual(order.invoice_status, "to invoice")

    def test_r12_what_an_order_invoiced_stays_with_it(self):
        order = self._order(self.quoted, 900)
        order.action_confirm()
        order._create_invoices()
        self.quoted.service_id = self.service_support
        self.assertFalse(order.aftersales_is_acceptance)
        self.assertFalse(self.quoted.aftersales_acceptance_ids)

    def test_r12_acceptance_for_several_tickets_is_refused(self):
        order = self._order(
            self.metered | self.quoted, 900, partner_id=self.customer.id
        )
        with self.assertRaisesRegex(UserError, "one quotation for each ticket"):
            order.action_confirm()

    def test_r12_order_of_somebody_else_accepts_nothing(self):
        stranger = self._customer("Stranger")
        order = self._order(self.metered, 900, partner_id=stranger.id)
        with self.assertRaisesRegex(UserError, "cannot accept work"):
            order.action_confirm()

    def test_r12_amount_is_taken_in_the_contracts_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [Command.create({"rate": 2, "name": "2026-01-01"})],
            }
        )
        self.env["product.pricelist"].create({"name": "T", "currency_id": currency.id})
        pricelist = self.env["product.pricelist"].search([("name", "=", "T")])
        order = self._order(self.metered, 120, pricelist_id=pricelist.id)
        order.order_line.price_unit = 120
        order.action_confirm()
        self.assertEqual(order.currency_id, currency)
        self.assertEqual(self.metered.aftersales_accepted_amount, 60)

    def test_r12_order_of_a_ticket_without_contract_bills_itself(self):
        ticket = self._ticket(self.customer, contract_id=False)
        order = self._order(ticket, 100)
        order.action_confirm()
        self.assertEqual(order._create_invoices().amount_untaxed, 100)
        self.assertFalse(ticket.aftersales_acceptance_ids)

    def test_r12_work_under_contract_is_not_billed_by_its_projects_order(self):
        product = self.env["product.product"].create(
            {
                "name": "Hours",
                "type": "service",
                "invoice_policy": "delivery",
                "service_type": "timesheet",
                "service_tracking": "task_in_project",
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 60})
                ],
            }
        )
        order.action_confirm()
        line, task = order.order_line, order.tasks_ids
        vals = {"project_id": task.project_id.id, "task_id": task.id}
        ticket = self._ticket_of(self.contract, **vals)
        bare = self._ticket(self.customer, contract_id=False, **vals)
        under = self._work(ticket, self.senior, "2026-09-05", 60)
        outside = self._work(bare, self.senior, "2026-09-05", 60)
        self.assertEqual(outside.so_line, line)
        self.assertFalse(under.so_line)
        under.so_line = line
        task.sale_line_id = False
        task.sale_line_id = line
        self.assertFalse(under.so_line)
        self.assertEqual(line.qty_delivered, 1)
        bare.contract_id = self.contract
        self.assertFalse(outside.so_line)
        self.assertEqual(line.qty_delivered, 0)

    def test_r12_quotation_by_hours_bills_the_hours_worked(self):
        product = self.env["product.product"].create(
            {
                "name": "Development hours",
                "type": "service",
                "invoice_policy": "delivery",
                "service_type": "timesheet",
                "taxes_id": False,
            }
        )
        order = self._order(self.quoted, 900)
        order.order_line = [
            Command.clear(),
            Command.create({"product_id": product.id, "price_unit": 70}),
        ]
        own = self._work(
            self.quoted,
            self.senior,
            "2026-09-05",
            60,
            service_id=self.service_support.id,
        )
        work = self.quoted.timesheet_ids - own
        order.action_confirm()
        self.assertEqual(work.so_line, order.order_line)
        self.assertFalse(own.so_line)
        self.assertEqual(order.order_line.qty_delivered, 3)
        later = self._work(self.quoted, self.senior, "2026-09-06", 60)
        self.assertEqual(order.order_line.qty_delivered, 4)
        later.service_id = self.service_support
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(order._create_invoices().amount_untaxed, 210)
        order2 = self._order(self.metered, 100)
        order2.order_line = [
            Command.clear(),
            Command.create({"product_id": product.id, "price_unit": 70}),
        ]
        order2.action_confirm()
        self.assertFalse(self.metered.timesheet_ids.so_line)

    def test_r12_many_orders_are_settled_with_few_queries(self):
        orders = self.env["sale.order"].browse()
        for _number in range(6):
            ticket = self._ticket_of(self.contract, service_id=self.service_dev.id)
            orders |= self._order(ticket, 100)
        one = self._queries(lambda: orders[0].write({"state": "sale"}))
        five = self._queries(lambda: orders[1:].write({"state": "sale"}))
        self.assertLessEqual(five, one + 12)
