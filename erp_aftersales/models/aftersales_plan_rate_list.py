# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesPlanRate(models.Model):
    """Prices as one customer reads them: which layer, and on which days (R2, E2)."""

    _inherit = "aftersales.plan.rate"

    # the keys are in the order of the layers, for the list sorts by them
    layer = fields.Selection(
        [
            ("contract", "Contract's own"),
            ("plan", "Plan"),
            ("standard", "Standard card"),
        ],
        compute="_compute_layer",
        store=True,
        help="The first layer with a matching row gives the price.",
    )
    price_words = fields.Char(
        string="Price in words",
        compute="_compute_price_words",
        help="The price with its unit and what is rounded.",
    )
    effective_start = fields.Date(
        string="In force from",
        compute="_compute_effective_days",
        help="First day on which this price can apply to the contract.",
    )
    effective_end = fields.Date(
        string="In force until",
        compute="_compute_effective_days",
        help="Last day on which this price can apply to the contract. Empty: no end.",
    )

    @api.depends("plan_id", "contract_id")
    def _compute_layer(self):
        for row in self:
            row.layer = (
                (row.contract_id and "contract")
                or (row.plan_id and "plan")
                or "standard"
            )

    @api.depends("price", "percent", "unit", "increment", "minimum", "rounding_scope")
    @api.depends_context("lang")
    def _compute_price_words(self):
        for row in self:
            row.price_words = row._describe_price()

    @api.depends("plan_id", "contract_id", "date_start", "date_end")
    @api.depends_context("aftersales_price_list")
    def _compute_effective_days(self):
        """A row's own days, within those of the contract whose list is read."""
        contract = self.env["contract.contract"].browse(
            self.env.context.get("aftersales_price_list")
        )
        for row in self:
            start, end = contract._aftersales_plan_days(row.plan_id)
            row.effective_start = max(
                filter(None, (row.date_start, start)), default=False
            )
            row.effective_end = min(filter(None, (row.date_end, end)), default=False)
