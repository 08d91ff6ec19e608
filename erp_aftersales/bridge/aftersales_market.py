# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Prices of ours and of competitors, made comparable (B5)."""

from odoo import api, models

from ..engine.facts import FeeRow
from ..engine.market import a_year, yearly_price
from .aftersales_loader import decimal


class AftersalesMarket(models.AbstractModel):
    """Asks the engine what rows with a recurrence cost a year for one of the basis."""

    _name = "aftersales.market"
    _description = "After-sales: prices to compare"

    @api.model
    def _yearly_fee(self, row):
        """Of a plan's fee row, before any minimum."""
        return self._yearly(self.env["aftersales.loader"]._fee_row(row), row)

    @api.model
    def _yearly_benchmark(self, benchmark):
        """Of a competitor's price."""
        fee = FeeRow(
            benchmark.id,
            benchmark.basis,
            price=decimal(benchmark.price),
            percent=decimal(benchmark.percent),
        )
        return self._yearly(fee, benchmark)

    @api.model
    def _yearly(self, fee, row):
        """0 while somebody still types the interval."""
        if row.recurring_interval < 1 or not row.recurring_rule_type:
            return 0.0
        return float(yearly_price(fee, row.recurring_rule_type, row.recurring_interval))

    @api.model
    def _yearly_line(self, line):
        """Of a contract's line, by what its period costs today."""
        amount = decimal(line.price_unit)
        return float(a_year(amount, line.recurring_rule_type, line.recurring_interval))
