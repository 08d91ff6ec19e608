# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesQuoteLine(models.TransientModel):
    """Hours of a grade, or a stage, of a development that is quoted (A4)."""

    _name = "aftersales.quote.line"
    _description = "Part of a quoted Development"
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        "aftersales.quote.development", required=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    name = fields.Char(string="Stage", help="What is accepted and then paid.")
    grade_id = fields.Many2one("aftersales.grade")
    hours = fields.Float(digits=0, aggregator=None)
    price_hour = fields.Monetary(
        string="Price of an hour",
        compute="_compute_price_hour",
        aggregator=None,
        help="By the rates of the contract.",
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, aggregator=None
    )

    @api.depends(
        "grade_id",
        "wizard_id.contract_id",
        "wizard_id.service_id",
        "wizard_id.service_mode",
    )
    def _compute_price_hour(self):
        for wizard, lines in self.grouped("wizard_id").items():
            prices = wizard._hour_prices(lines.grade_id)
            for line in lines:
                line.price_hour = prices.get(line.grade_id._origin.id) or 0

    @api.depends("hours", "price_hour", "wizard_id.way")
    def _compute_amount(self):
        """Hours x price; the amount of a stage is typed."""
        for line in self:
            # Its currency may not be known yet, so that the field does the rounding.
            if line.wizard_id.way == "hours":
                line.amount = line.hours * line.price_hour
            else:
                line.amount = line.amount
