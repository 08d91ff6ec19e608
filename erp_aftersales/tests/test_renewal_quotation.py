# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_life import D, LifeCommon

UNTIL = "2027-12-31"


@tagged("post_install", "-at_install")
@freeze_time("2026-12-01 08:00:00")
class TestRenewalQuotation(LifeCommon):
    def _quote(self, contracts, user=None, **values):
        """The orders that the dialogue makes, and its action."""
        change = self.env["aftersales.change"].with_user(user or self.env.user)
        wizard = change.create(
            {
                "kind": "renewal",
                "contract_ids": contracts.ids,
                "date_to": UNTIL,
                **values,
            }
        )
        action = wizard.action_quote()
        orders = self.env["sale.order"].search(action["domain"], order="id")
        return orders, action

    def test_c8_a_quotation_says_what_the_new_term_costs(self):
        contract = self._sold(end="2026-12-31", aftersales_increase_cap=5)
        order, action = self._quote(contract, increase=5)
        self.assertEqual(action["res_id"], order.id)
        line = order.order_line
        # 35 x 1 000, 5 % dearer
        self.assertEqual((line.price_unit, line.product_uom_qty), (36750, 1))
        self.assertEqual(
            line.name,
            "Small fee: 35 Users x 1,000.00; price increase 5 % = 36,750.00 a year\n"
            "01/01/2027 to 12/31/2027\nPrice of the whole term",
        )
        self.assertEqual(line.product_id, self.small.fee_ids.product_id)
        self.assertEqual(order.partner_id, contract.partner_id)
        self.assertEqual(order.currency_id, contract.currency_id)
        self.assertEqual((order.state, order.company_id), ("draft", self.company))
        # Nothing of the trial is left.
        self.assertEqual(contract.date_end, D("2026-12-31"))
        self.assertEqual(len(contract.aftersales_term_ids), 1)
        self.assertEqual(
            self._lines(contract), [("Small fee", "2026-01-01", "2026-12-31")]
        )

    def test_c8_a_shorter_term_costs_its_days(self):
        contract = self._sold(end="2026-12-31")
        order, _action = self._quote(contract, date_to="2027-03-31", increase=4)
        # 36 400 x 90 / 365
        self.assertEqual(order.amount_untaxed, 8975.34)

    def test_c8_the_quotation_is_what_the_contract_bills(self):
        contract = self._sold(end="2026-12-31")
        order, _action = self._quote(contract, increase=5, plan_id=self.large.id)
        self.assertEqual(order.order_line.price_unit, 56000)  # its own price
        order.action_confirm()
        self.assertEqual(contract.date_end, D(UNTIL))
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertEqual(order.invoice_status, "no")
        with freeze_time("2027-01-01 08:00:00"):
            contract._recurring_create_invoice(D("2027-01-01"))
        charges = contract.charge_ids.filtered(lambda c: c.date_start > D("2026-12-31"))
        self.assertEqual(charges.mapped("amount"), [56000])

    def test_c8_confirming_renews_once(self):
        contract = self._sold(end="2026-12-31")
        first, _action = self._quote(contract, increase=5)
        second, _action = self._quote(contract, increase=3)
        copied = first.copy()
        first.action_confirm()
        self.assertEqual(contract.date_end, D(UNTIL))
        renewal = contract.aftersales_term_ids.filtered("is_renewal")
        self.assertEqual(
            (renewal.increase, renewal.plan_id, renewal.date_start),
            (5, self.small, D("2027-01-01")),
        )
        with self.assertRaises(UserError):
            first.action_confirm()
        for again in (second, copied):
            with self.assertRaisesRegex(UserError, "has changed since"):
                again.action_confirm()
        self.assertEqual(len(contract.aftersales_term_ids), 2)

    def test_c8_the_customer_signs_in_the_portal(self):
        contract = self._sold(end="2026-12-31")
        order, _action = self._quote(contract, increase=5)
        portal = new_test_user(self.env, "signs_a_renewal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.env.invalidate_all()
        # As Odoo's page does when the customer has signed.
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(contract.date_end, D(UNTIL))

    def test_c8_a_seller_confirms_who_may_not_change_contracts(self):
        contract = self._sold(end="2026-12-31")
        order, _action = self._quote(contract, increase=5)
        seller = new_test_user(
            self.env, "sells_a_renewal", "sales_team.group_sale_salesman_all_leads"
        )
        self.env.invalidate_all()
        order.with_user(seller).action_confirm()
        self.assertEqual(contract.date_end, D(UNTIL))

    def test_c8_a_manager_who_sells_quotes(self):
        contract = self._sold(end="2026-12-31")
        manager = new_test_user(
            self.env,
            "quotes_a_renewal",
            "erp_aftersales.group_manager,sales_team.group_sale_salesman",
        )
        order, _action = self._quote(contract, user=manager, increase=5)
        self.assertEqual((order.user_id, order.amount_untaxed), (manager, 36750))

    def test_c8_a_quotation_asks_as_the_contract_bills(self):
        payer = self._customer("Payer")
        terms = self.env.ref("account.account_payment_term_30days")
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        contract = self._sold(
            end="2026-12-31",
            invoice_partner_id=payer.id,
            payment_term_id=terms.id,
            fiscal_position_id=position.id,
        )
        order, _action = self._quote(contract)
        self.assertEqual(
            (order.partner_invoice_id, order.payment_term_id, order.fiscal_position_id),
            (payer, terms, position),
        )

    def test_c8_a_quotation_obeys_what_a_renewal_obeys(self):
        contract = self._sold(end="2026-12-31", aftersales_increase_cap=5)
        with self.assertRaisesRegex(ValidationError, "above the 5 % agreed"):
            self._quote(contract, increase=6)
        with self.assertRaisesRegex(ValidationError, "a renewal ends later"):
            self._quote(contract, date_to="2026-12-31")
        with self.assertRaisesRegex(ValidationError, "has no end"):
            self._quote(self._sold())
        with self.assertRaisesRegex(UserError, "Only a renewal is quoted"):
            self._quote(contract, kind="pause")
        unpriced = self._contract(self.customer, self.small, "2026-01-01", "2026-12-31")
        with self.assertRaisesRegex(UserError, "Type the number"):
            self._quote(unpriced)
        order, _action = self._quote(contract, increase=5)
        contract.aftersales_increase_cap = 4
        with self.assertRaisesRegex(ValidationError, "above the 4 % agreed"):
            order.action_confirm()

    def test_c8_cancelling_is_only_for_what_is_not_confirmed(self):
        contract = self._sold(end="2026-12-31")
        order, _action = self._quote(contract)
        order.action_cancel()
        self.assertEqual(contract.date_end, D("2026-12-31"))
        order.action_draft()
        order.action_confirm()
        order.action_unlock()
        with self.assertRaisesRegex(UserError, "Terminate the contract"):
            order.action_cancel()

    def test_c8_fees_on_a_quotation_stay_what_the_contract_bills(self):
        order, _action = self._quote(self._sold(end="2026-12-31"), increase=5)
        for values in ({"price_unit": 1}, {"discount": 10}, {"product_uom_qty": 2}):
            with self.assertRaisesRegex(UserError, "stay as they are"):
                order.order_line.write(values)
        with self.assertRaisesRegex(UserError, "stay as they are"):
            order.order_line.unlink()
        order.action_update_prices()
        self.assertEqual(order.amount_untaxed, 36750)
        copied = order.copy()
        self.assertEqual(copied.amount_untaxed, 36750)
        self.assertTrue(copied.order_line.aftersales_is_renewal)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
        down = wizard.create({"advance_payment_method": "percentage", "amount": 10})
        with self.assertRaisesRegex(UserError, "a down payment would"):
            down.create_invoices()

    def test_c8_contract_and_order_lead_to_each_other(self):
        contract = self._sold(end="2026-12-31")
        order, _action = self._quote(contract)
        self.assertEqual(contract.aftersales_order_count, 1)
        action = contract.action_aftersales_orders()
        self.assertEqual(self.env["sale.order"].search(action["domain"]), order)
        self.assertEqual(order.action_open_aftersales_contract()["res_id"], contract.id)
        self.assertEqual(order.copy().aftersales_contract_id, contract)

    def test_c8_several_contracts_are_quoted_at_once(self):
        few = self._sold(10, end="2026-12-31")
        many = self._sold(20, plan=self.large, end="2026-11-30")
        orders, action = self._quote(few | many, increase=10)
        self.assertFalse(action.get("res_id"))
        self.assertEqual(orders.aftersales_renews_id, few | many)
        prices = {each.aftersales_renews_id: each.amount_untaxed for each in orders}
        self.assertEqual(prices, {few: 11000, many: 35200})
        orders.action_confirm()
        self.assertEqual(set((few | many).mapped("date_end")), {D(UNTIL)})

    def test_many_contracts_are_priced_by_as_many_queries_as_few(self):
        contracts = self.env["contract.contract"].concat(
            *(self._sold(end="2026-12-31") for _each in range(6))
        )
        contracts.action_aftersales_renew(D(UNTIL), 5)
        counts = [self._queries(contracts[:2]), self._queries(contracts)]
        self.assertEqual(*counts)

    def _queries(self, contracts):
        self.env.flush_all()
        self.env.invalidate_all()
        firsts = dict.fromkeys(contracts.ids, D("2027-01-01"))
        before = self.env.cr.sql_log_count
        self.env["aftersales.offer"]._renewals(contracts, firsts)
        return self.env.cr.sql_log_count - before

    def test_c8_a_customer_reads_the_language_it_has(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        order, _action = self._quote(self._sold(end="2026-12-31"))
        self.assertIn("2027/01/01 至 2027/12/31", order.order_line.name)
