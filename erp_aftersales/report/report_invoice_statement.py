# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class ReportInvoiceStatement(models.AbstractModel):
    """The statement of what an invoice bills, alone or behind the invoice."""

    _name = "report.erp_aftersales.report_invoice_statement"
    _description = "Statement of an Invoice"

    @api.model
    def _get_report_values(self, docids, data=None):
        # Behind an invoice: loaded for all invoices at once. No request is superuser.
        if self.env.su and data and data.get("sheets"):
            return {"sheets": data["sheets"]}
        moves = self.env["account.move"].browse(docids)
        self.env["aftersales.statement"]._check_reader(moves)
        sheets = self.env["aftersales.statement.sheet"]._of_invoices(moves)
        for move in moves:
            if move.id not in sheets:
                raise UserError(
                    self.env._(
                        "%s bills no work and no fees of an after-sales contract, so "
                        "it has no statement. Print the statement from the contract.",
                        move.display_name,
                    )
                )
        return {"sheets": [sheet for move in moves for sheet in sheets[move.id]]}
