# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from .common import AftersalesCommon


class BillingCommon(AftersalesCommon):
    """Contracts with a monthly fee and hourly work, and runs on a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        products = cls.env["product.product"].search([])
        products.taxes_id = False
        cls.plan = cls._hourly_plan("Hourly")
        cls.fee_plan = cls._hourly_plan(
            "Fee and hours", fees=[{"name": "Base", "basis": "fixed", "price": 100}]
        )

    @classmethod
    def _hourly_plan(cls, name, **vals):
        vals.setdefault("coverage", [{"policy": "billable"}])
        vals.setdefault("rates", [{"price": 60, "increment": 15}])
        vals.setdefault("default_service_id", cls.service_support.id)
        return cls._plan(name, **vals)

    def _run(self, day):
        """The invoices that the recurring run makes on a day."""
        before = self.env["account.move"].search([])
        self.env["contract.contract"].cron_recurring_create_invoice(
            date.fromisoformat(day)
        )
        return (self.env["account.move"].search([]) - before).sorted("id")

    def _hours(self, contract, *days, minutes=60, **vals):
        """An hour of the senior engineer on each day, on one ticket."""
        ticket = self._ticket(contract.partner_id, contract)
        for day in days:
            self._work(ticket, self.senior, day, minutes, **vals)
        return ticket
