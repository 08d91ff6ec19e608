# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class SaleOrderLine(models.Model):
    """Lines that say what work may cost, or sell a plan, are never invoiced (R12)."""

    _inherit = "sale.order.line"

    def _aftersales_is_estimate(self):
        """Whether this line stands for work of a ticket; a plan or pack does not."""
        self.ensure_one()
        is_pack = self.product_id.aftersales_pack_unit or self.aftersales_sells_plan
        return not (self.display_type or self.is_downpayment or is_pack)

    def _aftersales_never_invoiced(self):
        """The contract bills what these lines stand for."""
        return self.filtered(
            lambda line: (
                line.aftersales_sells_plan
                or (
                    line.order_id.aftersales_is_acceptance
                    and line._aftersales_is_estimate()
                )
            )
        )

    @api.depends("order_id.aftersales_is_acceptance", "aftersales_sells_plan")
    def _compute_qty_to_invoice(self):
        never = self._aftersales_never_invoiced()
        never.qty_to_invoice = 0.0
        return super(SaleOrderLine, self - never)._compute_qty_to_invoice()

    @api.depends("order_id.aftersales_is_acceptance", "aftersales_sells_plan")
    def _compute_untaxed_amount_to_invoice(self):
        never = self._aftersales_never_invoiced()
        never.untaxed_amount_to_invoice = 0.0
        return super(SaleOrderLine, self - never)._compute_untaxed_amount_to_invoice()

    @api.depends("order_id.aftersales_is_acceptance", "aftersales_sells_plan")
    def _compute_amount_to_invoice(self):
        never = self._aftersales_never_invoiced()
        never.amount_to_invoice = 0.0
        return super(SaleOrderLine, self - never)._compute_amount_to_invoice()

    @api.depends("order_id.aftersales_is_acceptance", "aftersales_sells_plan")
    def _compute_invoice_status(self):
        never = self._aftersales_never_invoiced()
        never.invoice_status = "no"
        return super(SaleOrderLine, self - never)._compute_invoice_status()
