# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import Form

from .billing_common import BillingCommon

TODAY = "2026-11-20"
START = "2026-12-01"


class SaleCommon(BillingCommon):
    """A plan by users and licence value, the product that sells it, a price list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls.sold_plan = cls._hourly_plan("Standard", fees=cls._fees())
        cls.product = cls._plan_product("Standard maintenance", cls.sold_plan)
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Usual", "currency_id": cls.currency.id}
        )

    @classmethod
    def _fees(cls):
        """1 000 a user and year, and 1 % of the licence value a month."""
        return [
            {
                "name": "Users",
                "basis": "users",
                "price": 1000,
                "recurring_rule_type": "yearly",
            },
            {"name": "Licence", "basis": "licence_value", "percent": 1},
        ]

    @classmethod
    def _plan_product(cls, name, plan, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "list_price": 7,
                "taxes_id": False,
                "aftersales_plan_id": plan.id,
                **vals,
            }
        )

    @classmethod
    def _quotation(cls, *products, **vals):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "pricelist_id": cls.pricelist.id,
                "order_line": [
                    Command.create({"product_id": product.id})
                    for product in products or [cls.product]
                ],
                **vals,
            }
        )

    def _dialogue(self, line):
        """The dialogue of a line as a form."""
        action = line.action_aftersales_plan()
        return Form(self.env[action["res_model"]].browse(action["res_id"]))

    def _agree(self, line, **vals):
        """Fill in the dialogue: by default 10 users and 12 000 for a year."""
        form = self._dialogue(line)
        values = {"date_start": START, "users": 10, "licence_value": 12000, **vals}
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_apply()
        return line

    def _sell(self, **vals):
        """A confirmed order of the plan, and its contract."""
        order = self._quotation()
        self._agree(order.order_line, **vals)
        order.action_confirm()
        return order, order.aftersales_contract_id
