# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .sale_common import TODAY, SaleCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 04:00:00")
class TestSalePlanOrder(SaleCommon):
    """Confirming makes the contract once; cancelling takes it back while unused."""

    @contextmanager
    def _refused(self, words):
        """Confirming is refused, and the order stays a quotation."""
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            yield

    def test_confirming_makes_the_contract(self):
        order, contract = self._sell(term=3, installation_name="Plant 2")
        self.assertEqual(
            (contract.partner_id, contract.aftersales_plan_id, contract.company_id),
            (self.customer, self.sold_plan, self.company),
        )
        self.assertEqual(contract.date_start, date(2026, 12, 1))
        self.assertEqual(contract.date_end, date(2029, 11, 30))
        self.assertEqual(contract.pricelist_id, self.pricelist)
        self.assertEqual(contract.aftersales_sale_line_id, order.order_line)
        place = contract.installation_ids
        self.assertEqual((place.name, place.partner_id), ("Plant 2", self.customer))
        self.assertEqual(
            sorted(
                place.metric_ids.mapped(lambda row: (row.metric, row.date, row.value))
            ),
            [
                ("licence_value", date(2026, 12, 1), 12000),
                ("users", date(2026, 12, 1), 10),
            ],
        )

    def test_order_and_contract_lead_to_each_other(self):
        order, contract = self._sell()
        self.assertEqual(order.action_open_aftersales_contract()["res_id"], contract.id)
        self.assertEqual(contract.aftersales_order_count, 1)
        orders = self.env["sale.order"].search(
            contract.action_aftersales_orders()["domain"]
        )
        self.assertEqual(orders, order)

    def test_r20_the_contract_bills_what_was_signed_and_the_order_nothing(self):
        order, contract = self._sell()
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertEqual(order.invoice_status, "no")
        order._force_lines_to_invoice_policy_order()
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        with freeze_time("2027-12-01 04:00:00"):
            billed = self._run("2027-12-01")
        self.assertEqual(sum(billed.mapped("amount_untaxed")), 11440)
        self.assertEqual(order.amount_untaxed, 11440)
        fees = contract.charge_ids.filtered(lambda charge: charge.kind == "fee")
        self.assertEqual(len(fees), 13)  # a year, and twelve months

    def test_the_customer_signs_in_the_portal(self):
        order = self._quotation()
        self._agree(order.order_line)
        portal = new_test_user(self.env, "signs_a_plan", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.env.invalidate_all()
        # As Odoo's page does when the customer has signed.
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.aftersales_contract_id.date_start, date(2026, 12, 1))

    def test_c6_the_contract_stands_beside_what_is_signed(self):
        """Sending the quotation makes nothing but the paper; signing, the contract."""
        order = self._quotation()
        self._agree(order.order_line)
        contracts = self.env["contract.contract"].search_count([])
        order.action_quotation_send()
        papers = order.message_ids.filtered("attachment_ids")
        self.assertEqual(len(papers), 1)
        self.assertFalse(papers.subtype_id.internal)
        self.assertIn(b"Standard", papers.attachment_ids.raw)
        self.assertEqual(self.env["contract.contract"].search_count([]), contracts)
        self.assertFalse(order.aftersales_contract_id)
        order.action_confirm()
        papers = order.message_ids.filtered("attachment_ids")
        self.assertEqual(len(papers), 2)
        self.assertIn("as it was signed", papers[0].body)

    def test_c6_a_quotation_whose_terms_are_open_is_sent_without_it(self):
        order = self._quotation()
        order.action_quotation_send()
        self.assertFalse(order.message_ids.filtered("attachment_ids"))

    def test_a_down_payment_is_refused(self):
        order, _contract = self._sell()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "percentage", "amount": 10})
        )
        with self.assertRaisesRegex(UserError, "sells a plan"):
            wizard.create_invoices()

    def test_terms_that_were_not_agreed_are_refused(self):
        order = self._quotation()
        self.assertTrue(order.aftersales_awaits_terms)
        with self._refused("Terms of the plan"):
            order.action_confirm()
        self._agree(order.order_line)
        self.assertFalse(order.aftersales_awaits_terms)
        order.order_line.price_unit = 10000
        with self._refused("once 11,440.00"):
            order.action_confirm()

    def test_confirming_twice_makes_one_contract(self):
        order, contract = self._sell()
        order._action_confirm()
        self.assertEqual(order.aftersales_contract_id, contract)
        self.assertEqual(
            self.env["contract.contract"].search_count(
                [("aftersales_sale_line_id", "=", order.order_line.id)]
            ),
            1,
        )

    def test_cancelling_takes_an_unused_contract_back(self):
        order, contract = self._sell()
        order._action_cancel()
        self.assertFalse(contract.active)
        self.assertTrue(all(contract.contract_line_ids.mapped("is_canceled")))
        self.assertFalse(contract.charge_ids)
        with freeze_time("2027-01-02 04:00:00"):
            self.assertFalse(self._run("2027-01-02"))
        order.action_draft()
        order.action_confirm()
        again = order.aftersales_contract_id
        self.assertTrue(again.active and again != contract)
        self.assertEqual(again.installation_ids, contract.installation_ids)

    def test_cancelling_is_refused_when_it_is_billed(self):
        order, _contract = self._sell()
        self._run("2026-12-01")
        with self.assertRaisesRegex(UserError, "is invoiced.*Terminate"):
            order._action_cancel()
        self.assertEqual(order.state, "sale")

    def test_cancelling_is_refused_when_there_is_a_ticket(self):
        order, contract = self._sell()
        ticket = self._ticket(self.customer, contract)
        with self.assertRaisesRegex(UserError, ticket.number):
            order._action_cancel()

    def test_a_signed_line_stays(self):
        order, _contract = self._sell()
        with self.assertRaisesRegex(UserError, "stays as it was signed"):
            order.order_line.product_uom_qty = 2
        with self.assertRaisesRegex(UserError, "already"):
            order.order_line.action_aftersales_plan()

    def test_one_order_sells_one_plan(self):
        order = self._quotation(self.product, self.product)
        for line in order.order_line:
            self._agree(line)
        with self._refused("several plans"):
            order.action_confirm()
        order.order_line[1].product_uom_qty = 0
        order.action_confirm()
        self.assertEqual(
            order.aftersales_contract_id.aftersales_sale_line_id, order.order_line[0]
        )

    def test_r09_a_pack_of_the_same_order_goes_to_the_new_contract(self):
        self._contract(self.customer, self.plan, "2026-09-01")  # proposed at first
        pack = self.env["product.product"].create(
            {
                "name": "Five incidents",
                "type": "service",
                "taxes_id": False,
                "aftersales_pack_unit": "incident",
                "aftersales_pack_quantity": 5,
            }
        )
        order = self._quotation(self.product, pack)
        self._agree(order.order_line[0])
        order.action_confirm()
        grant = order.aftersales_grant_ids
        self.assertEqual(grant.contract_id.aftersales_plan_id, self.sold_plan)
        self.assertEqual((grant.unit, grant.quantity), ("incident", 5))
        order._action_cancel()
        self.assertFalse(grant.exists())

    def test_the_service_manager_of_the_customer_goes_on(self):
        self._contract(
            self.customer,
            self.plan,
            "2026-09-01",
            service_manager_id=self.env.user.id,
        )
        _order, contract = self._sell()
        self.assertEqual(contract.service_manager_id, self.env.user)

    def test_a_known_installation_gets_the_agreed_values(self):
        place = self._installation(self.customer, metrics=[("users", "2026-12-01", 8)])
        _order, contract = self._sell()
        self.assertEqual(contract.installation_ids, place)
        users = place.metric_ids.filtered(lambda row: row.metric == "users")
        self.assertEqual((users.date, users.value), (date(2026, 12, 1), 10))

    def test_a_plan_sold_under_a_confirmed_order_is_a_contract_at_once(self):
        order = self._quotation(self._plain())
        order.action_confirm()
        order.order_line = [Command.create({"product_id": self.product.id})]
        self._agree(order.order_line[1])
        self.assertEqual(
            order.aftersales_contract_id.aftersales_sale_line_id, order.order_line[1]
        )

    def _plain(self):
        return self.env["product.product"].create(
            {"name": "Set-up", "type": "service", "taxes_id": False}
        )
