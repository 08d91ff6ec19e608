# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class HrVersion(models.Model):
    """The grade is dated like the job: a promotion never re-prices the past."""

    _inherit = "hr.version"

    aftersales_grade_id = fields.Many2one(
        "aftersales.grade",
        string="After-sales grade",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="Work is priced at the grade that its engineer had on the work date. "
        "For a promotion, make a new version of the employee from its date on.",
    )
