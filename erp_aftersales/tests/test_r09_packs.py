# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .billing_common import BillingCommon


class PackCommon(BillingCommon):
    """A customer with an hourly contract, and a pack of ten hours for a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.allowance_plan = cls._hourly_plan(
            "Allowance", coverage=[{"policy": "allowance"}]
        )
        cls.contract = cls._contract(cls.customer, cls.allowance_plan, "2026-09-01")
        cls.pack = cls._pack("Ten hours", 10, months=12)

    @classmethod
    def _pack(cls, name, quantity, unit="hour", months=0, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 500,
                "taxes_id": False,
                "aftersales_pack_unit": unit,
                "aftersales_pack_quantity": quantity,
                "aftersales_pack_months": months,
                **vals,
            }
        )

    @classmethod
    def _order(cls, *lines, partner=None, **vals):
        """A quotation; lines are tuples (product, quantity)."""
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "order_line": [
                    Command.create({"product_id": pack.id, "product_uom_qty": count})
                    for pack, count in lines
                ],
                **vals,
            }
        )

    def _grants(self, order):
        return self.env["aftersales.grant"].search(
            [("sale_line_id", "in", order.order_line.ids)]
        )

    def _sold(self, *lines, day="2026-09-10", **vals):
        """A confirmed order and its grants."""
        with freeze_time(f"{day} 04:00:00"):
            order = self._order(*lines, **vals)
            order.action_confirm()
        return order, self._grants(order)


@tagged("post_install", "-at_install")
class TestPacks(PackCommon):
    """Selling a pack makes hours or incidents available, once (R9)."""

    def test_r09_confirming_grants_pack_times_ordered_quantity(self):
        self.pack.aftersales_pack_service_ids = self.service_support
        order, grant = self._sold((self.pack, 3))
        self.assertEqual(
            (grant.contract_id, grant.origin, grant.unit, grant.quantity),
            (self.contract, "purchase", "hour", 30),
        )
        self.assertEqual(grant.minutes, 1800)
        self.assertFalse(grant.allowance_id)
        self.assertEqual(grant.service_ids, self.service_support)
        self.assertEqual(grant.sale_line_id, order.order_line)
        self.assertEqual(grant.date_start, date(2026, 9, 10))
        self.assertEqual(grant.date_end, date(2027, 9, 9))

    def test_r09_the_day_is_the_one_in_the_companys_zone(self):
        with freeze_time("2026-09-10 20:00:00"):  # the 11th in Shanghai
            order = self._order((self.pack, 1))
            order.action_confirm()
        self.assertEqual(self._grants(order).date_start, date(2026, 9, 11))

    def test_r09_months_are_clipped_and_none_has_no_end(self):
        month = self._pack("Month", 1, months=1)
        endless = self._pack("Endless", 1)
        _order, grants = self._sold((month, 1), (endless, 1), day="2027-01-31")
        self.assertEqual(
            grants.sorted("id").mapped("date_end"), [date(2027, 2, 27), False]
        )

    def test_r09_incidents_are_counted_not_timed(self):
        _order, grant = self._sold((self._pack("Five", 5, unit="incident"), 2))
        self.assertEqual(
            (grant.unit, grant.quantity, grant.minutes), ("incident", 10, 0)
        )
        self.assertEqual((grant.used, grant.remaining), (0, 10))

    def test_r09_other_units_of_measure_are_packs_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.pack.uom_ids |= dozen
        order = self._order((self.pack, 1))
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        self.assertEqual(self._grants(order).quantity, 120)

    def test_r09_a_pack_pays_for_work_and_is_used_last(self):
        manual = self.env["aftersales.grant"].create(
            {
                "contract_id": self.contract.id,
                "quantity": 1,
                "date_start": "2026-09-01",
                "priority": 99,
            }
        )
        _order, pack = self._sold((self.pack, 1))
        self._hours(self.contract, "2026-09-15", minutes=90)
        self.assertEqual((manual.used, pack.used), (1, 0.5))
        self.assertEqual(pack.remaining, 9.5)

    def test_r09_work_typed_before_the_pack_was_bought_is_rated_anew(self):
        self._hours(self.contract, "2026-09-15")
        self.assertEqual(self.contract.charge_ids.kind, "overage")
        self._sold((self.pack, 1), day="2026-09-15")
        self.assertEqual(self.contract.charge_ids.kind, "allowance")

    def test_r09_a_contract_is_proposed_when_exactly_one_is_running(self):
        with freeze_time("2026-09-10"):
            self.assertEqual(
                self._order((self.pack, 1)).aftersales_contract_id, self.contract
            )
            self._contract(self.customer, self.plan, "2026-09-01")
            self.assertFalse(self._order((self.pack, 1)).aftersales_contract_id)
        with freeze_time("2026-08-10"):  # none is running yet
            self.assertFalse(self._order((self.pack, 1)).aftersales_contract_id)

    def test_r09_the_form_proposes_and_follows_the_customer(self):
        other = self._customer("Other")
        with freeze_time("2026-09-10"):
            form = Form(self.env["sale.order"])
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.pack
            self.assertEqual(form.aftersales_contract_id, self.contract)
            form.partner_id = other
            self.assertFalse(form.aftersales_contract_id)

    def test_r09_without_contract_the_order_is_refused_with_the_remedy(self):
        order = self._order((self.pack, 1), partner=self._customer("Nobody's"))
        with self.assertRaisesRegex(UserError, "Nobody's.*make the contract first"):
            order.action_confirm()

    def test_r09_a_contract_that_ended_takes_no_pack(self):
        ended = self._contract(
            self._customer("Gone"), self.plan, "2026-01-01", "2026-06-30"
        )
        order = self._order(
            (self.pack, 1),
            partner=ended.partner_id,
            aftersales_contract_id=ended.id,
        )
        with (
            freeze_time("2026-09-10"),
            self.assertRaisesRegex(UserError, "ended on 2026-06-30"),
        ):
            order.action_confirm()

    def test_r09_orders_without_packs_need_no_contract(self):
        product = self.env["product.product"].create({"name": "Mouse"})
        order = self._order((product, 1), partner=self._customer("Shop"))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_r09_a_contract_of_somebody_else_is_refused(self):
        other = self._contract(self._customer("Other"), self.plan, "2026-09-01")
        with self.assertRaisesRegex(ValidationError, "not one of Customer"):
            self._order((self.pack, 1), aftersales_contract_id=other.id)

    def test_r09_confirmed_twice_it_is_granted_once(self):
        order, grant = self._sold((self.pack, 1))
        order._action_confirm()
        order.order_line._aftersales_update_packs()
        self.assertEqual(self._grants(order), grant)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            grant.sudo().copy({"sale_line_id": order.order_line.id})

    def test_r09_cancelled_unused_it_is_withdrawn_and_granted_again_once(self):
        order, grant = self._sold((self.pack, 1))
        order._action_cancel()
        self.assertFalse(grant.exists())
        order.action_draft()
        with freeze_time("2026-10-05 04:00:00"):
            order.action_confirm()
        again = self._grants(order)
        self.assertEqual(len(again), 1)
        self.assertEqual(again.date_start, date(2026, 10, 5))

    def test_r09_used_it_keeps_the_order_from_being_cancelled(self):
        order, grant = self._sold((self.pack, 1))
        self._hours(self.contract, "2026-09-15", minutes=90)
        with self.assertRaisesRegex(UserError, "Ten hours.*1.50 h of 10 h are used"):
            order._action_cancel()
        self.assertEqual(order.state, "sale")
        self.contract.charge_ids.timesheet_id.unlink()
        order._action_cancel()
        self.assertFalse(grant.exists())

    def test_r09_a_line_added_to_a_confirmed_order_is_granted(self):
        order, grant = self._sold((self.pack, 1))
        with freeze_time("2026-09-20 04:00:00"):
            order.order_line = [Command.create({"product_id": self.pack.id})]
        added = self._grants(order) - grant
        self.assertEqual((added.quantity, added.date_start), (10, date(2026, 9, 20)))

    def test_r09_a_raised_quantity_enlarges_the_grant_as_it_was_sold(self):
        order, grant = self._sold((self.pack, 1))
        self._hours(self.contract, "2026-09-15", minutes=60 * 11)
        self.assertEqual(
            set(self.contract.charge_ids.mapped("kind")), {"allowance", "overage"}
        )
        self.pack.aftersales_pack_quantity = 8  # today's pack is another one
        order.order_line.product_uom_qty = 2
        self.assertEqual((grant.quantity, grant.used), (20, 11))
        self.assertEqual(self.contract.charge_ids.kind, "allowance")

    def test_r09_a_quantity_below_what_is_used_is_refused(self):
        order, grant = self._sold((self.pack, 2))
        self._hours(self.contract, "2026-09-15", minutes=60 * 11)
        with self.assertRaisesRegex(UserError, "11 h of the pack.*cannot give 10 h"):
            order.order_line.product_uom_qty = 1
        self.contract.charge_ids.timesheet_id.unit_amount = 10
        order.order_line.product_uom_qty = 1
        self.assertEqual((grant.quantity, grant.remaining), (10, 0))

    def test_r09_a_quantity_of_zero_withdraws_the_grant(self):
        order, grant = self._sold((self.pack, 2))
        order.order_line.product_uom_qty = 0
        self.assertFalse(grant.exists())

    def test_r09_another_product_on_the_line_is_another_grant(self):
        order, grant = self._sold((self.pack, 1))
        order.order_line.product_id = self._pack("Two hours", 2)
        self.assertFalse(grant.exists())
        self.assertEqual(self._grants(order).quantity, 2)

    def test_r09_granted_packs_stay_with_their_contract(self):
        other = self._contract(self.customer, self.plan, "2026-09-01")
        order, grant = self._sold(
            (self.pack, 1), aftersales_contract_id=self.contract.id
        )
        with self.assertRaisesRegex(UserError, "cancel the order"):
            order.aftersales_contract_id = other
        order.aftersales_contract_id = self.contract  # nothing changes
        self.assertEqual(grant.contract_id, self.contract)

    def test_r09_many_packs_are_rated_in_one_run(self):
        calls = []
        rating = self.registry["aftersales.rating"]
        original = rating._rate

        def _rate(model, contracts, *args, **kwargs):
            calls.append(contracts)
            return original(model, contracts, *args, **kwargs)

        orders = self._order((self.pack, 1), (self.pack, 2))
        other = self._contract(self._customer("Other"), self.plan, "2026-09-01")
        orders |= self._order((self.pack, 1), partner=other.partner_id)
        self.patch(rating, "_rate", _rate)
        orders.action_confirm()
        self.assertEqual(calls, [self.contract | other])
        orders._action_cancel()
        self.assertEqual(len(calls), 2)

    def test_r09_buttons_lead_from_order_to_grant_and_back(self):
        order, grant = self._sold((self.pack, 1))
        self.assertEqual(order.aftersales_grant_count, 1)
        self.assertEqual(order.action_open_aftersales_grants()["res_id"], grant.id)
        self.assertEqual(grant.action_open_sale_order()["res_id"], order.id)
        self.assertIn(order.name, grant.source)

    def test_r09_a_salesperson_without_after_sales_rights_sells_packs(self):
        user = new_test_user(
            self.env, "packs_sales", "sales_team.group_sale_salesman_all_leads"
        )
        with freeze_time("2026-09-10"):
            form = Form(self.env["sale.order"].with_user(user))
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.pack
            self.assertEqual(form.aftersales_contract_id, self.contract)
            order = form.save()
            order.action_confirm()
        grant = self._grants(order.sudo()).sudo()
        self.assertEqual(grant.quantity, 10)
        order.order_line.product_uom_qty = 2
        self.assertEqual(grant.quantity, 20)
        order._action_cancel()
        self.assertFalse(grant.exists())

    def test_r09_a_person_cannot_make_a_pack_by_hand(self):
        manager = new_test_user(self.env, "packs_mgr", "erp_aftersales.group_manager")
        order, grant = self._sold((self.pack, 1))
        with self.assertRaisesRegex(UserError, "not edited"):
            grant.with_user(manager).quantity = 99
        with self.assertRaisesRegex(UserError, "not edited"):
            self.env["aftersales.grant"].with_user(manager).create(
                {
                    "contract_id": self.contract.id,
                    "quantity": 1,
                    "date_start": "2026-09-01",
                    "sale_line_id": order.order_line.id,
                }
            )


@tagged("post_install", "-at_install")
class TestPackProduct(PackCommon):
    """A pack is typed on the product, as other things of one variant are."""

    def test_r09_the_template_shows_and_writes_its_only_variant(self):
        template = self.env["product.template"].create(
            {
                "name": "Pack",
                "aftersales_pack_unit": "hour",
                "aftersales_pack_quantity": 5,
                "aftersales_pack_months": 6,
                "aftersales_pack_service_ids": [Command.set(self.service_dev.ids)],
            }
        )
        variant = template.product_variant_id
        self.assertEqual(
            (variant.aftersales_pack_unit, variant.aftersales_pack_quantity),
            ("hour", 5),
        )
        self.assertEqual(variant.aftersales_pack_months, 6)
        self.assertEqual(variant.aftersales_pack_service_ids, self.service_dev)
        with Form(template) as form:
            form.aftersales_pack_unit = "incident"
            form.aftersales_pack_quantity = 7
        self.assertEqual(variant.aftersales_pack_unit, "incident")
        self.assertEqual(variant.aftersales_pack_quantity, 7)
        self.assertIn(
            template,
            self.env["product.template"].search(
                [("aftersales_pack_unit", "=", "incident")]
            ),
        )
        variant.aftersales_pack_quantity = 9
        self.assertEqual(template.aftersales_pack_quantity, 9)

    def test_r09_a_pack_of_nothing_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "pack of nothing"):
            self._pack("Empty", 0)
        with self.assertRaisesRegex(ValidationError, "less than no time"):
            self._pack("Past", 1, months=-1)
        with self.assertRaisesRegex(ValidationError, "pack of nothing"):
            self.env["product.template"].create(
                {"name": "Empty", "aftersales_pack_unit": "hour"}
            )
