# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import format_date, formatLang


class AftersalesOwnCompared(models.TransientModel):
    """Shows own terms beside those of the plan, with the past year's money (C7)."""

    _name = "aftersales.own.compared"
    _description = "Own Terms Beside the Plan"

    contract_id = fields.Many2one("contract.contract", required=True)
    body = fields.Html(
        string="Comparison", compute="_compute_body", sanitize=False, readonly=True
    )

    @api.depends("contract_id")
    @api.depends_context("lang")
    def _compute_body(self):
        for sheet in self:
            compared = self.env["aftersales.own.comparison"]._compare(sheet.contract_id)
            sheet.body = self.env["ir.qweb"]._render(
                "erp_aftersales.aftersales_own_compared_document",
                {"compared": compared, "day": self._day, "money": sheet._money},
            )

    @api.model
    def _day(self, day):
        return format_date(self.env, day)

    def _money(self, amount):
        """An amount in the contract's currency; its sign is said in words."""
        currency = self.contract_id.sudo().currency_id
        return formatLang(self.env, abs(float(amount)), currency_obj=currency)
