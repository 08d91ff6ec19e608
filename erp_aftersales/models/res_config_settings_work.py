# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How engineers log their work, among the settings."""

    _inherit = "res.config.settings"

    aftersales_timer_hours = fields.Float(
        related="company_id.aftersales_timer_hours", readonly=False
    )
    aftersales_travel_service_id = fields.Many2one(
        related="company_id.aftersales_travel_service_id", readonly=False
    )
