# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class HrEmployeePublic(models.Model):
    """Users without HR rights read employees through this view."""

    _inherit = "hr.employee.public"

    aftersales_grade_id = fields.Many2one(
        "aftersales.grade", string="After-sales grade", readonly=True
    )

    def action_aftersales_services(self):
        """Which services these people can serve, and which not and why (F4)."""
        return self.employee_id.action_aftersales_services()
