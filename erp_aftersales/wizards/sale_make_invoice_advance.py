# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        """A down payment is an invoice as well: none for an acceptance (R12), or
        for a plan."""
        if self.advance_payment_method != "delivered":
            sale_orders._check_aftersales_billable()
            sale_orders._check_aftersales_down_payment()
        return super()._create_invoices(sale_orders)
