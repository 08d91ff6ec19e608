# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command

from .common import AftersalesCommon


class DeskCommon(AftersalesCommon):
    """Two customers under contract, with every call of rating written down.

    Rating itself is tested elsewhere: here it only matters when it is called, for
    which contracts and since when. Charges are therefore made by hand.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan("Desk", default_service_id=cls.service_support.id)
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")
        cls.other_customer = cls._customer("Other Customer")
        cls.other_contract = cls._contract(cls.other_customer, cls.plan, "2026-09-01")

    def setUp(self):
        super().setUp()
        self.rated = []

        def _rate(rating, contracts, since=None, **_kwargs):
            self.rated.append((contracts.ids, since and str(since)))

        self.patch(self.registry["aftersales.rating"], "_rate", _rate)

    def _ticket_in_september(self, partner=None, **vals):
        vals = {"received_at": "2026-09-02 01:00:00", **vals}
        return self._ticket(partner or self.customer, **vals)

    def _charge(self, line, **vals):
        return (
            self.env["aftersales.charge"]
            .sudo()
            .create(
                {
                    "contract_id": line.ticket_id.contract_id.id,
                    "ticket_id": line.ticket_id.id,
                    "timesheet_id": line.id,
                    "date": line.date,
                    "kind": "billable",
                    "minutes": 60,
                    "amount": 100.0,
                    "currency_id": line.company_id.currency_id.id,
                    "key": f"test:{line.id}",
                    **vals,
                }
            )
        )

    def _freeze(self, charges):
        """Put charges on a draft invoice; returns the invoice."""
        receivable, income = self.env["account.account"].create(
            [
                {
                    "name": "Receivable",
                    "code": "DESK1",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                },
                {"name": "Income", "code": "DESK2", "account_type": "income"},
            ]
        )
        journal = self.env["account.journal"].create(
            {"name": "Desk", "code": "DESK", "type": "sale"}
        )
        partner = charges.contract_id.partner_id
        partner.property_account_receivable_id = receivable
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": journal.id,
                "invoice_date": "2026-10-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Work",
                            "quantity": 1,
                            "price_unit": sum(charges.mapped("amount")),
                            "account_id": income.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.name = "DESK/2026/0001"
        charges.invoice_line_id = invoice.invoice_line_ids
        return invoice

    def _queries(self, work):
        """How many queries a piece of work costs, written to the database."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
