# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AftersalesRelease(models.Model):
    """A release of the vendor's software, which customers have installed."""

    _name = "aftersales.release"
    _description = "Software Release"
    _order = "date desc, name desc, id desc"

    name = fields.Char(required=True, translate=True)
    date = fields.Date(string="Released on", help="Day on which it was published.")
    notes = fields.Html(translate=True, help="What is new, for support and customers.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: offered by all companies."
    )
