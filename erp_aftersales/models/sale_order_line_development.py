# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class SaleOrderLine(models.Model):
    """A line of a development bills a grade's hours, or an accepted stage (A4)."""

    _inherit = "sale.order.line"

    aftersales_grade_id = fields.Many2one(
        "aftersales.grade",
        string="Grade",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Hours of this grade are billed by the line.",
    )

    def _handle_milestones(self, project):
        """Confirmed again, an order would get each milestone twice, and bill it so."""
        of_contract = self.order_id.aftersales_contract_id
        milestones = self.env["project.milestone"].sudo()  # counted, not shown
        if of_contract and milestones.search_count([("sale_line_id", "=", self.id)]):
            return None
        return super()._handle_milestones(project)
