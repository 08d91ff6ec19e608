# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesGrant(models.Model):
    _name = "aftersales.grant"
    _description = "After-sales Grant"
    _order = "contract_id, date_start, priority, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", string="Customer", store=True
    )
    allowance_id = fields.Many2one(
        "aftersales.plan.allowance",
        string="Allowance",
        ondelete="restrict",
        index="btree_not_null",
        help="The row of the plan that grants it. Empty for packs and manual grants.",
    )
    origin = fields.Selection(
        [
            ("plan", "Plan"),
            ("rollover", "Rollover"),
            ("purchase", "Purchased pack"),
            ("manual", "Manual"),
        ],
        required=True,
        default="manual",
    )
    unit = fields.Selection(
        [("hour", "Hours"), ("incident", "Incidents")], required=True, default="hour"
    )
    minutes = fields.Integer(
        compute="_compute_minutes",
        store=True,
        readonly=False,
        help="What was made available, in whole minutes; follows the quantity.",
    )
    quantity = fields.Float(
        required=True, digits=0, help="What was made available, in the unit."
    )
    used = fields.Float(compute="_compute_used", digits=0)
    remaining = fields.Float(compute="_compute_used", digits=0)
    minutes_used = fields.Float(compute="_compute_used", digits=0)
    minutes_remaining = fields.Float(compute="_compute_used", digits=0)
    service_ids = fields.Many2many(
        "aftersales.service",
        string="Services",
        help="Services it pays for. Empty: all services.",
    )
    date_start = fields.Date(required=True)
    date_end = fields.Date(help="Last day of use. Empty: no end.")
    priority = fields.Integer(
        default=10, help="The grant with the lowest number is used first."
    )
    reason = fields.Char(help="Why this grant was given by hand.")
    charge_ids = fields.One2many("aftersales.charge", "grant_id", string="Charges")

    @api.depends("quantity", "unit")
    def _compute_minutes(self):
        for grant in self:
            hours = grant.quantity if grant.unit == "hour" else 0
            grant.minutes = round(hours * 60)
