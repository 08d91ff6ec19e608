# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """How a company's engineers log their work."""

    _inherit = "res.company"

    aftersales_timer_hours = fields.Float(
        string="Timer is forgotten after",
        default=8,
        help="Hours after which a running timer is marked as forgotten; 0: never.",
    )
    aftersales_travel_service_id = fields.Many2one(
        "aftersales.service",
        string="Travel",
        check_company=True,
        ondelete="restrict",
        help="The service under which the way to a customer and back is logged.",
    )
