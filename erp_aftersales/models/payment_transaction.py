# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _invoice_sale_orders(self):
        """What is paid ahead for an acceptance waits for the contract's invoice."""
        accepting = self.filtered(
            lambda tx: any(tx.sale_order_ids.mapped("aftersales_is_acceptance"))
        )
        return super(PaymentTransaction, self - accepting)._invoice_sale_orders()
