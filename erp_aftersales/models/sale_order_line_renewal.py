# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order_line_plan import AGREED


class SaleOrderLine(models.Model):
    """A line for a fee of a renewed contract, which bills it (C8)."""

    _inherit = "sale.order.line"

    aftersales_is_renewal = fields.Boolean(
        string="Fee of a renewal",
        readonly=True,
        help="It says what a fee costs in the new term: the contract bills it, not the"
        " order.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_renewal(self):
        """What is signed is the whole renewal; the order goes with its lines."""
        self._check_aftersales_renewal_stays()

    def write(self, vals):
        """Fees of a renewal cost what the contract will bill."""
        names = AGREED & {*vals}
        for line in self.filtered("aftersales_is_renewal"):
            if any(line._aftersales_changes(name, vals[name]) for name in names):
                line._check_aftersales_renewal_stays()
        return super().write(vals)

    def _check_aftersales_renewal_stays(self):
        for line in self.filtered("aftersales_is_renewal"):
            contract = line.order_id.sudo().aftersales_renews_id  # it is named, no more
            raise UserError(
                self.env._(
                    "Order %(order)s says what contract '%(contract)s' will bill after"
                    " its renewal, so the fees on it stay as they are. Cancel it, and"
                    " renew the contract with another increase or plan.",
                    order=line.order_id.display_name,
                    contract=contract.display_name,
                )
            )
