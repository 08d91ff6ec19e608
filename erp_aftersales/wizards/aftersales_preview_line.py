# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AftersalesPreviewLine(models.TransientModel):
    """A line of an invoice that would be made; nothing follows from it."""

    _name = "aftersales.preview.line"
    _description = "Preview of an Invoice Line"
    _order = "id"

    wizard_id = fields.Many2one(
        "aftersales.preview.wizard", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(
        "contract.contract", readonly=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", string="Customer"
    )
    invoice = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Lines with one number stand on one invoice.",
    )
    name = fields.Text(string="Line", readonly=True)
    date_start = fields.Date(string="From", readonly=True)
    date_end = fields.Date(string="To", readonly=True)
    quantity = fields.Float(readonly=True, digits=0, aggregator=None)
    unit = fields.Char(readonly=True)
    price_unit = fields.Float(string="Price", readonly=True, digits=0, aggregator=None)
    amount = fields.Monetary(readonly=True, help="Before tax.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    reasons = fields.Text(string="Why", readonly=True)
    is_problem = fields.Boolean(readonly=True)
