# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

BILLED_ELSEWHERE = (
    "order_id.aftersales_is_acceptance",
    "aftersales_sells_plan",
    "aftersales_is_renewal",
)


class SaleOrderLine(models.Model):
    """Lines that say what work may cost, or sell fees, are never invoiced (R12)."""

    _inherit = "sale.order.line"

    def _aftersales_is_estimate(self):
        """Whether this line stands for work of a ticket; a fee or pack does not."""
        self.ensure_one()
        is_fee = self.aftersales_sells_plan or self.aftersales_is_renewal
        is_pack = self.product_id.aftersales_pack_unit
        return not (self.display_type or self.is_downpayment or is_pack or is_fee)

    def _aftersales_never_invoiced(self):
        """The contract bills what these lines stand for."""
        return self.filtered(
            lambda line: (
                line.aftersales_sells_plan
                or line.aftersales_is_renewal
                or (
                    line.order_id.aftersales_is_acceptance
                    and line._aftersales_is_estimate()
                )
            )
        )

    @api.depends(*BILLED_ELSEWHERE)
    def _compute_qty_to_invoice(self):
        never = self._aftersales_never_invoiced()
        never.qty_to_invoice = 0.0
        return super(SaleOrderLine, self - never)._compute_qty_to_invoice()

    @api.depends(*BILLED_ELSEWHERE)
    def _compute_untaxed_amount_to_invoice(self):
        never = self._aftersales_never_invoiced()
        never.untaxed_amount_to_invoice = 0.0
        return super(SaleOrderLine, self - never)._compute_untaxed_amount_to_invoice()

    @api.depends(*BILLED_ELSEWHERE)
    def _compute_amount_to_invoice(self):
        never = self._aftersales_never_invoiced()
        never.amount_to_invoice = 0.0
        return super(SaleOrderLine, self - never)._compute_amount_to_invoice()

    @api.depends(*BILLED_ELSEWHERE)
    def _compute_invoice_status(self):
        never = self._aftersales_never_invoiced()
        never.invoice_status = "no"
        return super(SaleOrderLine, self - never)._compute_invoice_status()
