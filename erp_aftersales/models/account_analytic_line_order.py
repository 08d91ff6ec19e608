# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class AccountAnalyticLine(models.Model):
    """Work under a contract is on a sales order only where a quotation bills it."""

    _inherit = "account.analytic.line"

    @api.depends("ticket_id.contract_id")
    def _compute_so_line(self):
        """Never bill work by its project's sales order as well (R12)."""
        metered = self.filtered(lambda line: line.ticket_id.sudo().contract_id)
        for line in metered.filtered(lambda line: line._is_not_billed()):
            line.so_line = line._aftersales_quoted_line()
        return super(AccountAnalyticLine, self - metered)._compute_so_line()

    def unlink(self):
        """The last quoted work of a ticket takes its order's reason along (R12)."""
        # What an order is follows from the work, whoever deletes it.
        charges = self.sudo().charge_ids
        quoted = charges.filtered(lambda charge: charge.kind == "quoted").ticket_id
        result = super().unlink()
        quoted._aftersales_resettle()
        return result

    def _aftersales_quoted_line(self):
        """The line, billed by hours worked, of the quotation that bills this work.

        Of several, the one for the grade that did it (A4).
        """
        # What bills the work follows from its charges, whoever logs it.
        line = self.sudo()
        none = self.env["sale.order.line"]
        if not any(c.kind == "quoted" and not c.is_waiting for c in line.charge_ids):
            return none
        lines = line.ticket_id.sale_order_ids.filtered(
            lambda order: order.state == "sale" and not order.aftersales_is_acceptance
        ).order_line.filtered(
            lambda sol: (
                sol.product_id.invoice_policy == "delivery"
                and sol.product_id.service_type == "timesheet"
            )
        )
        grade = line.charge_ids.grade_id[:1]
        own = lines.filtered(lambda sol: sol.aftersales_grade_id == grade)
        return (own or lines)[:1].sudo(False)

    def _aftersales_follow_order(self):
        """Put this work on the order that bills it, or take it off."""
        # The order follows from what the work is charged as, whoever logs it.
        lines = self.sudo().exists().filtered(lambda line: line._is_not_billed())
        for sol, found in lines.grouped(
            lambda line: line._aftersales_quoted_line()
        ).items():
            moved = found.filtered(lambda line, sol=sol: line.so_line != sol)
            if moved:
                moved.write({"so_line": sol.id})
