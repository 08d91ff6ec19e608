# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_project_id = fields.Many2one(
        related="company_id.aftersales_project_id", readonly=False
    )
    aftersales_default_plan_id = fields.Many2one(
        related="company_id.aftersales_default_plan_id", readonly=False
    )
    aftersales_auto_contract = fields.Boolean(
        related="company_id.aftersales_auto_contract", readonly=False
    )
