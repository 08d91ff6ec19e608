# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo.tests import freeze_time

from .billing_common import BillingCommon


class PreviewCommon(BillingCommon):
    """Previews held against what is really billed."""

    def assertPreviewIsBill(self, contracts, day, due_only=False):
        """Preview a day, then bill on it; return the document of both."""
        preview = self._preview(contracts, day, due_only)
        moves = self._bill(contracts, day, due_only)
        document = moves._aftersales_document()
        self.assertEqual(len(preview["invoices"]), len(document["invoices"]))
        for ours, theirs in zip(preview["invoices"], document["invoices"], strict=True):
            self.assertEqual(ours, theirs)
        self.assertEqual(preview["problems"], contracts._aftersales_problem_list())
        return preview

    def _preview(self, contracts, day, due_only=False):
        """A preview that the database would not let write (R14)."""
        with self._readonly():
            return contracts._aftersales_preview(day, due_only)

    @contextmanager
    def _readonly(self):
        """The database refuses to write, as behind a cursor that only reads."""
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT preview")
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        yield
        # What is left to write would be refused here.
        self.env.flush_all()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT preview")

    def _bill(self, contracts, day, due_only=False):
        """What the recurring run and "Invoice open charges" make on a day."""
        before = self.env["account.move"].search([])
        with freeze_time(f"{day} 02:00:00"):
            self.env["contract.contract"].cron_recurring_create_invoice()
            if not due_only:
                contracts.action_aftersales_invoice()
        return (self.env["account.move"].search([]) - before).sorted("id")

    def _totals(self, document):
        return [invoice["untaxed"] for invoice in document["invoices"]]

    def _line_by_hand(self, contract, **vals):
        return self.env["contract.line"].create(
            {
                "contract_id": contract.id,
                "name": "By hand #START# - #END#",
                "product_id": self.service_support.product_id.id,
                "specific_price": 7,
                "date_start": contract.date_start,
                "recurring_next_date": contract.date_start,
                **vals,
            }
        )

    @classmethod
    def _tax(cls, amount, **vals):
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} %",
                "amount": amount,
                "type_tax_use": "sale",
                "tax_group_id": cls.env["account.tax.group"]
                .create({"name": f"{amount} %"})
                .id,
                **vals,
            }
        )
