# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ReportStatement(models.AbstractModel):
    """The statement that somebody asks for in the dialogue on a contract."""

    _name = "report.erp_aftersales.report_statement"
    _description = "Statement of a Contract"

    @api.model
    def _get_report_values(self, docids, data=None):
        sheet = self.env["aftersales.statement.sheet"]
        return {
            "sheets": [
                sheet._of_contract(
                    wizard, wizard.contract_id, wizard.date_from, wizard.date_to
                )
                for wizard in self.env["aftersales.statement.wizard"].browse(docids)
            ]
        }
