# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .sale_common import START, TODAY, SaleCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 04:00:00")
class TestSalePlanDialogue(SaleCommon):
    """A line that sells a plan is priced by the engine, as its terms are typed."""

    def test_r20_the_price_follows_what_is_typed(self):
        form = self._dialogue(self._quotation().order_line)
        form.date_start = START
        form.users = 10
        self.assertEqual(form.price, 10000)
        # 1 % of 12 000 a month, twelve times: 1 440
        form.licence_value = 12000
        self.assertEqual(form.price, 11440)
        self.assertEqual(form.price_name, "Price of the whole term")
        self.assertEqual(
            form.calculation.splitlines(),
            [
                "Users: 10 Users x 1,000.00 = 10,000.00 a year",
                "Licence: 1 % of 12,000.00 = 120.00 a month",
            ],
        )
        form.term = 3
        self.assertEqual(form.price, 11440)
        self.assertEqual(form.price_name, "Price of the first year")
        self.assertEqual(form.date_end, date(2029, 11, 30))

    def test_r20_a_short_term_costs_its_days(self):
        form = self._dialogue(self._quotation().order_line)
        form.date_start = START
        form.users, form.licence_value = 73, 12000
        form.term, form.term_unit = 6, "month"
        # 182 of 365 days of 73 000, and six months of 120
        self.assertEqual(form.price, 36400 + 720)
        self.assertEqual(form.date_end, date(2027, 5, 31))

    def test_only_what_the_plan_counts_is_asked_for(self):
        form = self._dialogue(self._quotation().order_line)
        self.assertFalse(form._get_modifier("users", "invisible"))
        self.assertFalse(form._get_modifier("licence_value", "invisible"))
        for name in ("modules", "sites", "custom_functions", "data_volume"):
            self.assertTrue(form._get_modifier(name, "invisible"), name)

    def test_r20_member_price_and_tiers_are_in_the_price(self):
        plan = self._hourly_plan(
            "Tiers",
            fees=[
                {
                    "name": "Users",
                    "basis": "users",
                    "recurring_rule_type": "yearly",
                    "tier_ids": [
                        (0, 0, {"up_to": 20, "price": 1000}),
                        (0, 0, {"up_to": 0, "price": 900}),
                    ],
                }
            ],
        )
        self.pricelist.item_ids = [
            (0, 0, {"compute_price": "percentage", "percent_price": 5})
        ]
        line = self._quotation(self._plan_product("Tiers", plan)).order_line
        form = self._dialogue(line)
        form.users = 35
        form.save().action_apply()
        # (20 x 1 000 + 15 x 900) less 5 %
        self.assertEqual((line.price_unit, line.discount), (31825, 0))
        self.assertIn("first 20 at 1,000.00, next 15 at 900.00", line.name)
        self.assertIn("member price -5 %", line.name)

    def test_the_line_says_what_was_agreed(self):
        line = self._quotation().order_line
        self._agree(line, installation_name="Plant 2")
        self.assertEqual(
            line.name.splitlines(),
            [
                "Standard maintenance",
                "12/01/2026 to 11/30/2027",
                "Installation: Plant 2",
                "Users: 10 Users x 1,000.00 = 10,000.00 a year",
                "Licence: 1 % of 12,000.00 = 120.00 a month",
                "Price of the whole term",
            ],
        )
        self.assertEqual((line.price_subtotal, line.product_uom_qty), (11440, 1))

    def test_the_dialogue_opens_again_with_what_was_agreed(self):
        line = self._quotation().order_line
        self._agree(line, term=3, installation_name="Plant 2")
        form = self._dialogue(line)
        self.assertEqual((form.term, form.term_unit, form.users), (3, "year", 10))
        self.assertEqual(form.installation_name, "Plant 2")
        self.assertEqual(str(form.date_start), START)

    def test_what_is_known_of_the_installation_is_proposed(self):
        place = self._installation(
            self.customer,
            metrics=[
                ("users", "2026-01-01", 8),
                ("users", "2026-06-01", 9),
                ("users", "2027-01-01", 30),
                ("sites", "2026-01-01", 2),
            ],
        )
        form = self._dialogue(self._quotation().order_line)
        self.assertEqual((form.installation_id, form.users), (place, 9))
        form.date_start = "2027-01-01"
        self.assertEqual(form.users, 30)

    def test_updating_prices_keeps_the_agreed_one(self):
        order = self._quotation()
        self._agree(order.order_line)
        order.action_update_prices()
        self.assertEqual(order.order_line.price_unit, 11440)

    def test_numbers_that_fees_need_are_asked_for(self):
        line = self._quotation().order_line
        with self.assertRaisesRegex(UserError, "counted on 'Users'"):
            self._agree(line, users=0)
        with self.assertRaisesRegex(UserError, "below 0"):
            self._agree(line, term=-1)

    def test_r02_draft_and_retired_plans_are_refused(self):
        draft = self._plan("Draft", publish=False)
        with self.assertRaisesRegex(ValidationError, "Draft.*not published"):
            self._plan_product("Draft", draft)
        order = self._quotation()
        self._agree(order.order_line)
        self.sold_plan.state = "retired"
        with self.assertRaisesRegex(ValidationError, "Standard.*not published"):
            order.order_line.action_aftersales_plan()
        with self.assertRaisesRegex(ValidationError, "Standard.*not published"):
            order.action_confirm()
        with self.assertRaisesRegex(ValidationError, "Standard.*not published"):
            self._quotation()

    def test_another_currency_is_refused_at_the_line(self):
        other = self.env.ref("base.EUR")
        if other == self.currency:
            other = self.env.ref("base.USD")
        other.active = True
        foreign = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": other.id}
        )
        with self.assertRaisesRegex(ValidationError, "is priced in .* price list"):
            self._quotation(pricelist_id=foreign.id)

    def test_a_product_is_a_plan_or_a_pack(self):
        with self.assertRaisesRegex(ValidationError, "no prepaid pack"):
            self.product.write(
                {"aftersales_pack_unit": "hour", "aftersales_pack_quantity": 1}
            )
        template = self.product.product_tmpl_id
        self.assertEqual(template.aftersales_plan_id, self.sold_plan)
        template.aftersales_plan_id = False
        self.assertFalse(self.product.aftersales_plan_id)

    def test_the_installation_is_one_of_the_customer(self):
        other = self._installation(self._customer("Other"))
        order = self._quotation()
        form = self._dialogue(order.order_line)
        form.users, form.licence_value = 10, 12000
        wizard = form.save()
        wizard.installation_id = other
        with self.assertRaisesRegex(UserError, "is not one of Customer"):
            wizard.action_apply()
        self._agree(order.order_line)
        order.order_line.aftersales_installation_id = other
        with self.assertRaisesRegex(UserError, "is not one of Customer"):
            order.action_confirm()
        self.assertFalse(other.metric_ids)

    def test_the_dialogue_shows_no_order_that_is_hidden(self):
        seller = new_test_user(
            self.env, "seller_elsewhere", "sales_team.group_sale_salesman"
        )
        west = self.env["res.company"].create({"name": "West"})
        seller.write({"company_ids": [(6, 0, west.ids)], "company_id": west.id})
        line = self._quotation().order_line
        dialogue = self.env["aftersales.sell.plan"].with_user(seller)
        with self.assertRaises(AccessError):
            dialogue.create({"line_id": line.id, "date_start": START})

    def test_who_sells_needs_no_right_on_plans_and_contracts(self):
        seller = new_test_user(
            self.env, "seller_of_plans", "sales_team.group_sale_salesman"
        )
        order = self._quotation(user_id=seller.id).with_user(seller)
        self.env.invalidate_all()
        form = self._dialogue(order.order_line)
        form.date_start, form.users, form.licence_value = START, 10, 12000
        form.save().with_user(seller).action_apply()
        order.action_confirm()
        self.assertEqual(order.order_line.price_unit, 11440)
        contract = order.sudo().aftersales_contract_id
        self.assertEqual(contract.aftersales_plan_id, self.sold_plan)
        self.assertEqual(contract.user_id, seller)
