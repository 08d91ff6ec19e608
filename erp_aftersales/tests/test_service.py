# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestService(AftersalesCommon):
    def test_service_without_product_is_refused(self):
        services = self.env["aftersales.service"]
        for vals in ({"name": "Hotline"}, {"name": "Hotline", "product_id": False}):
            with self.assertRaisesRegex(ValidationError, "'Hotline' has no product"):
                services.create(vals)
        with self.assertRaisesRegex(ValidationError, "'Support' has no product"):
            self.service_support.product_id = False

    def test_service_is_not_invoiced_as_goods(self):
        goods = self.env["product.product"].create({"name": "Box", "type": "consu"})
        with self.assertRaisesRegex(ValidationError, "is goods"):
            self.service_support.product_id = goods

    def test_shipped_products_are_services(self):
        for name in ("support", "onsite", "development", "maintenance_fee", "usage"):
            product = self.env.ref(f"erp_aftersales.product_{name}")
            self.assertEqual(
                (product.type, product.invoice_policy), ("service", "order")
            )

    def test_r18_promotion_does_not_change_the_grade_of_the_past(self):
        self.junior.create_version(
            {
                "date_version": "2026-06-01",
                "aftersales_grade_id": self.grade_senior.id,
            }
        )
        before = self.junior._get_version(date(2026, 5, 31))
        after = self.junior._get_version(date(2026, 6, 1))
        self.assertEqual(before.aftersales_grade_id, self.grade_junior)
        self.assertEqual(after.aftersales_grade_id, self.grade_senior)

    def test_support_reads_the_grade_of_an_employee(self):
        user = new_test_user(self.env, "support", "erp_aftersales.group_user")
        self.env.flush_all()
        self.env.invalidate_all()
        public = self.env["hr.employee.public"].with_user(user).browse(self.junior.id)
        self.assertEqual(public.aftersales_grade_id, self.grade_junior)
        employee = self.junior.with_user(user)
        self.assertEqual(employee.read(["name"])[0]["name"], "Jun")
