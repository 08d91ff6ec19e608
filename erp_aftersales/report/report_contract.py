# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ReportContract(models.AbstractModel):
    """The contract to sign: all that is agreed, in the customer's language (C6)."""

    _name = "report.erp_aftersales.report_contract"
    _description = "Contract Document"

    @api.model
    def _get_report_values(self, docids, data=None):
        contracts = self.env["contract.contract"].browse(docids)
        contracts._check_aftersales_plan("erp_aftersales.action_report_contract")
        return {
            "sheets": self.env["aftersales.agreement.sheet"]._of_contracts(contracts)
        }
