# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ContractManuallyCreateInvoice(models.TransientModel):
    _inherit = "contract.manually.create.invoice"

    def _create_invoices(self):
        """Contracts under a plan are billed up to the wizard's date, not beyond."""
        wizard = self.with_context(aftersales_run_date=self.invoice_date)
        return super(ContractManuallyCreateInvoice, wizard)._create_invoices()
