# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .sale_common import TODAY, SaleCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 04:00:00")
class TestQuoteTraining(SaleCommon):
    """Training is priced by duration, attendees and level (A5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract(
            cls.customer, cls.plan, "2026-09-01", pricelist_id=cls.pricelist.id
        )
        cls.training = cls.env["product.product"].create(
            {"name": "Cost accounting", "type": "service", "taxes_id": False}
        )
        cls._price(3000, attendees=5)
        cls._price(4000, attendees=10)
        cls._price(6000, attendees=10, level="expert")
        cls._price(500, attendees=0, unit="hour")

    @classmethod
    def _price(cls, price, **vals):
        return cls.env["aftersales.training.price"].create(
            {"product_id": cls.training.id, "price": price, **vals}
        )

    def _dialogue(self, **vals):
        action = self.contract.action_aftersales_quote_training()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.product_id = self.training
        for name, value in vals.items():
            setattr(form, name, value)
        return form

    def test_a5_the_price_follows_what_is_typed(self):
        form = self._dialogue(duration=2)
        self.assertEqual(form.amount, 6000)
        form.attendees = 8
        self.assertEqual(form.amount, 8000)
        form.level = "expert"
        self.assertEqual(form.amount, 12000)
        self.assertEqual(
            form.calculation, "Expert, attendees: 8, days: 2 x 6,000.00 = 12,000.00"
        )
        form.level, form.unit, form.duration = "basic", "hour", 1.5
        self.assertEqual(form.amount, 750)

    def test_a5_the_quotation_says_how_it_is_priced(self):
        action = self._dialogue(duration=2, attendees=8).save().action_quote()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.aftersales_contract_id, self.contract)
        self.assertEqual(order.partner_id, self.customer)
        line = order.order_line
        self.assertEqual((line.product_id, line.price_subtotal), (self.training, 8000))
        self.assertEqual(
            line.name.splitlines(),
            ["Cost accounting", "Basic, attendees: 8, days: 2 x 4,000.00 = 8,000.00"],
        )
        line.product_uom_qty = 2  # a second group
        self.assertEqual(line.price_subtotal, 16000)
        self.assertEqual(self.contract.aftersales_order_count, 1)

    def test_a5_what_the_list_has_no_price_for_is_refused(self):
        wizard = self._dialogue(attendees=11).save()
        self.assertEqual(wizard.amount, 0)
        self.assertIn("no row", wizard.calculation)
        with self.assertRaisesRegex(UserError, "Cost accounting.*11 attendees"):
            wizard.action_quote()
        with self.assertRaisesRegex(UserError, "how long"):
            self._dialogue(duration=0).save().action_quote()

    def test_a5_rows_are_unique_and_have_a_price(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._price(1, attendees=5)
        with self.assertRaisesRegex(ValidationError, "price above 0"):
            self._price(0, attendees=7)
