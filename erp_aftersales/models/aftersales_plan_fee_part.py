# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .aftersales_plan_row import is_translation


class AftersalesPlanFeePart(models.AbstractModel):
    """What tiers and factors share: they are part of a fee, and stand as it does."""

    _name = "aftersales.plan.fee.part"
    _description = "Part of a Fee"

    fee_id = fields.Many2one(
        "aftersales.plan.fee", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="fee_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="fee_id.currency_id")

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new parts on a published plan's fee, also from code (R2)."""
        parts = super().create(vals_list)
        parts.fee_id._check_parts_may_change()
        return parts

    def write(self, vals):
        """Refuse edits on a published plan's fee, also from code (R2)."""
        if is_translation(self, vals):
            return super().write(vals)
        self.fee_id._check_parts_may_change()
        result = super().write(vals)
        self.fee_id._check_parts_may_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.fee_id._check_parts_may_change()
