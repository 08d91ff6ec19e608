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
                {
                    "compared": compared,
                    "period": self._period(compared),
                    "money": sheet._money,
                    "effect": sheet._effect,
                },
            )

    @api.model
    def _period(self, compared):
        return self.env._(
            "What happened from %(first)s to %(last)s costs, before tax and as if all "
            "of it were accepted:",
            first=format_date(self.env, compared["first"]),
            last=format_date(self.env, compared["last"]),
        )

    def _money(self, amount):
        """An amount in the contract's currency."""
        currency = self.contract_id.sudo().currency_id
        return formatLang(self.env, float(amount), currency_obj=currency)

    def _effect(self, difference):
        """What own terms give or cost, in words."""
        money = self._money(abs(difference))
        if difference < 0:
            return self.env._("gives %s", money)
        if difference > 0:
            return self.env._("costs %s more", money)
        return self.env._("changes nothing")
