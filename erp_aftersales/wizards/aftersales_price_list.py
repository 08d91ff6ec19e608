# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesPriceList(models.TransientModel):
    """Shows what is included, what is left, what costs how much (E2)."""

    _name = "aftersales.price.list"
    _description = "Price List of a Contract"

    contract_id = fields.Many2one("contract.contract", required=True)
    body = fields.Html(
        string="Prices", compute="_compute_body", sanitize=False, readonly=True
    )

    @api.depends("contract_id")
    @api.depends_context("lang")
    def _compute_body(self):
        """The page that is printed, in the reader's own language."""
        for sheet in self:
            contract = sheet.contract_id
            sheets = self.env["aftersales.agreement.sheet"]._in_one_language(contract)
            sheet.body = self.env["ir.qweb"]._render(
                "erp_aftersales.price_list_screen", {"sheet": sheets[contract.id]}
            )

    def action_print(self):
        """Print the page, in the customer's language."""
        self.ensure_one()
        report = self.env.ref("erp_aftersales.action_report_price_list")
        return report.report_action(self.contract_id, config=False)

    def action_rows(self):
        """Open all price rows, layer by layer."""
        return self.contract_id.action_aftersales_price_list()
