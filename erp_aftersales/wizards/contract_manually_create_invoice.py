# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ContractManuallyCreateInvoice(models.TransientModel):
    """The recurring run of a day, by hand (R14, R15)."""

    _inherit = "contract.manually.create.invoice"

    @api.depends("contract_type")
    def _compute_contract_to_invoice_ids(self):
        """Every run takes what is open of a contract after its last period (R14)."""
        result = super()._compute_contract_to_invoice_ids()
        ordinary = self.env.context.get("aftersales_ordinary")
        if self.invoice_date and self.contract_type == "sale" and not ordinary:
            contracts = self.env["contract.contract"]
            late = contracts._aftersales_late_domain(self.invoice_date)
            self.contract_to_invoice_ids |= contracts.search(late)
            self.contract_to_invoice_count = len(self.contract_to_invoice_ids)
        return result

    def _create_invoices(self):
        """A contract under a plan that fails stops no other, and says why on itself."""
        ours = self.contract_to_invoice_ids.filtered("aftersales_plan_id")
        moves = ours._aftersales_bill_by_hand(self.invoice_date)
        ordinary = self.with_context(aftersales_ordinary=True)
        ordinary.invalidate_recordset(["contract_to_invoice_ids"])
        return moves | super(ContractManuallyCreateInvoice, ordinary)._create_invoices()

    def create_invoice(self):
        """Open the invoices; name the contracts on which the run failed."""
        ours = self.contract_to_invoice_ids.filtered("aftersales_plan_id")
        return ours._aftersales_name_failed(super().create_invoice())
