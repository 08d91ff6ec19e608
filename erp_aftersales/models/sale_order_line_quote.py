# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class SaleOrderLine(models.Model):
    """Lines that only say what work may cost are never invoiced (R12)."""

    _inherit = "sale.order.line"

    def _aftersales_is_estimate(self):
        """Whether this line stands for work of a ticket; what sells itself does not."""
        self.ensure_one()
        return not self.display_type and not self.is_downpayment

    def _aftersales_only_accepting(self):
        return self.filtered(
            lambda line: (
                line.order_id.aftersales_is_acceptance
                and line._aftersales_is_estimate()
            )
        )

    @api.depends("order_id.aftersales_is_acceptance")
    def _compute_qty_to_invoice(self):
        only = self._aftersales_only_accepting()
        only.qty_to_invoice = 0.0
        return super(SaleOrderLine, self - only)._compute_qty_to_invoice()

    @api.depends("order_id.aftersales_is_acceptance")
    def _compute_untaxed_amount_to_invoice(self):
        only = self._aftersales_only_accepting()
        only.untaxed_amount_to_invoice = 0.0
        return super(SaleOrderLine, self - only)._compute_untaxed_amount_to_invoice()

    @api.depends("order_id.aftersales_is_acceptance")
    def _compute_amount_to_invoice(self):
        only = self._aftersales_only_accepting()
        only.amount_to_invoice = 0.0
        return super(SaleOrderLine, self - only)._compute_amount_to_invoice()

    @api.depends("order_id.aftersales_is_acceptance")
    def _compute_invoice_status(self):
        only = self._aftersales_only_accepting()
        only.invoice_status = "no"
        return super(SaleOrderLine, self - only)._compute_invoice_status()
