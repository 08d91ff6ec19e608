# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .sale_common import START, TODAY, SaleCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 04:00:00")
class TestMemberPrices(SaleCommon):
    """Member prices by the customer's tag (B4, R20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.pricelist.sequence = -1  # the one for everybody
        cls.members = cls.pricelist.copy(
            {
                "name": "Members",
                "sequence": 90,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 5})
                ],
            }
        )
        cls.tag = cls.env["res.partner.category"].create(
            {"name": "Member", "aftersales_pricelist_id": cls.members.id}
        )

    def _list_of(self, partner):
        return partner.property_product_pricelist

    def test_b4_a_tag_brings_member_prices_to_quotation_and_contract(self):
        self.customer.category_id = self.tag
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        self.assertEqual(order.pricelist_id, self.members)
        self._agree(order.order_line)
        # 10 x 1 000 and twelve months of 1 % of 12 000, both less 5 %
        self.assertEqual(order.order_line.price_unit, 9500 + 1368)
        order.action_confirm()
        contract = order.aftersales_contract_id
        self.assertEqual(contract.pricelist_id, self.members)
        with freeze_time(f"{START} 04:00:00"):
            contract.action_aftersales_invoice()
        reasons = " ".join(contract.charge_ids.mapped("reason"))
        self.assertIn("member price -5 %", reasons)
        form = Form(self.env["contract.contract"])
        form.name, form.partner_id = "By hand", self.customer
        self.assertEqual(form.save().pricelist_id, self.members)

    def test_b4_the_customers_own_price_list_stands_above_its_tag(self):
        self.assertEqual(self._list_of(self.customer), self.pricelist)
        self.customer.category_id = self.tag
        self.assertEqual(self._list_of(self.customer), self.members)
        contact = self.customer.child_ids[:1] or self.customer.create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self.assertEqual(self._list_of(contact), self.members)
        # a choice stays a choice, even of the list that everybody has
        self.customer.property_product_pricelist = self.pricelist
        self.assertEqual(self._list_of(self.customer), self.pricelist)
        self.customer.property_product_pricelist = self.members
        self.assertEqual(self._list_of(self.customer), self.members)

    def test_b4_tags_of_another_company_and_archived_lists_count_nothing(self):
        self.customer.category_id = self.tag
        other = self.env["res.company"].create({"name": "Other"})
        self.assertNotEqual(
            self._list_of(self.customer.with_company(other)), self.members
        )
        self.members.active = False
        self.assertEqual(self._list_of(self.customer), self.pricelist)

    def test_b4_many_customers_cost_no_more_queries_than_few(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "category_id": self.tag.ids} for n in range(30)]
        )

        def asked(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("property_product_pricelist")
            return self.env.cr.sql_log_count - before

        asked(customers)  # what is asked once is asked
        self.assertEqual(asked(customers), asked(customers[:2]))
