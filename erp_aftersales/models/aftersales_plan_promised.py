# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AftersalesPlan(models.Model):
    _name = "aftersales.plan"
    _inherit = ["aftersales.plan", "aftersales.promised.mixin"]
    _aftersales_sla_field = "plan_id"
