# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ReportPriceList(models.AbstractModel):
    """What is included, what is left, what costs how much: a page to print (E2)."""

    _name = "report.erp_aftersales.report_price_list"
    _description = "Price List of a Contract"

    @api.model
    def _get_report_values(self, docids, data=None):
        contracts = self.env["contract.contract"].browse(docids)
        contracts._check_aftersales_plan("erp_aftersales.action_report_price_list")
        return {
            "sheets": self.env["aftersales.agreement.sheet"]._of_contracts(contracts)
        }
