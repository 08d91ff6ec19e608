# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import tagged

from .charging_common import ChargingCommon


@tagged("post_install", "-at_install")
class TestInvoiceText(ChargingCommon):
    """What an invoice line says of itself, for each kind of charge (R14, R24)."""

    def _texts(self, contract):
        """The texts of the invoice that is made now, without their days."""
        lines = self._bill(contract).invoice_line_ids
        return [line.name.replace("–", "-").split("\n") for line in lines]

    def test_incidents_are_counted_not_timed(self):
        contract = self._contract_of(
            coverage=[{"policy": "incident"}],
            rates=[{"price": 500, "unit": "incident"}],
        )
        for day in ("2026-09-03", "2026-09-04"):
            self._ticket_of(contract, day)
        self.assertEqual(
            self._texts(contract),
            [["Support, Remote, 09/03/2026 - 09/04/2026", "2 incidents x 500.00"]],
        )

    def test_incidents_of_an_allowance(self):
        contract = self._contract_of(
            coverage=[{"policy": "incident"}],
            rates=[{"price": 500, "unit": "incident"}],
            allowances=[
                {"name": "One", "unit": "incident", "quantity": 1, "period": "month"}
            ],
        )
        for day in ("2026-09-03", "2026-09-04"):
            self._ticket_of(contract, day)
        says = [text[1] for text in self._texts(contract)]
        covered = "1 incident, covered by the included incidents"
        self.assertEqual(says, [covered, "1 incident x 500.00"])

    def test_corrections_say_what_they_add_or_take_back(self):
        contract = self._contract_of(coverage=[{"policy": "billable"}])
        line = self._work(self._ticket_of(contract), self.senior, "2026-09-03", 30)
        self._bill(contract)
        line.with_user(self.manager).action_aftersales_correct({"unit_amount": 2})
        (text,) = self._texts(contract)
        self.assertEqual(text[1], "1 h 30 min x 60.00 an hour, by correction")
        line.with_user(self.manager).action_aftersales_correct({"unit_amount": 1.5})
        (text,) = self._texts(contract)
        self.assertEqual(text[1], "30 min x 60.00 an hour, taken back")

    def test_a_credit_names_the_promise_that_was_missed(self):
        contract = self._contract_of(
            fees=[{"name": "Base", "price": 310}],
            sla=[{"priority": "1", "response_hours": 1, "credit_percent": 10}],
        )
        self._bill(contract)
        ticket = self._ticket_of(contract, "2026-10-05", priority="1")
        ticket.write(
            {"response_state": "breached", "response_deadline": "2026-10-05 03:00:00"}
        )
        (text,) = self._texts(contract)
        self.assertEqual(text[0], ticket.charge_ids.reason)
        self.assertIn("promised response missed on 10/05/2026", text[0])
        self.assertEqual(text[1], "10/01/2026 - 10/31/2026")

    def test_work_that_costs_nothing_says_whose_reason_it_is(self):
        fault = self._service("Defect", is_vendor_fault=True)
        contract = self._contract_of(coverage=[{"policy": "included"}])
        ticket = self._ticket_of(contract)
        self._work(ticket, self.senior, "2026-09-03", 60)
        self._work(ticket, self.senior, "2026-09-03", 60, service_id=fault.id)
        paid = self._service("Extra")
        contract.aftersales_coverage_ids = [
            Command.create({"service_id": paid.id, "policy": "billable"})
        ]
        self._work(ticket, self.senior, "2026-09-03", 60, service_id=paid.id)
        says = [text[1] for text in self._texts(contract)]
        self.assertEqual(
            says,
            [
                "1 h, included in the plan",
                "1 h, free of charge",
                "1 h x 60.00 an hour",
            ],
        )

    def test_quoted_work_names_no_price(self):
        contract = self._contract_of(
            coverage=[
                {"policy": "quote"},
                {"policy": "billable", "service_id": self.service_dev.id},
            ]
        )
        ticket = self._ticket_of(contract)
        self._order(ticket, 500).action_confirm()
        self._work(ticket, self.senior, "2026-09-03", 60)
        other = self._ticket_of(contract, service_id=self.service_dev.id)
        self._work(other, self.senior, "2026-09-03", 60)
        says = [text[1] for text in self._texts(contract)]
        self.assertIn("1 h, billed by a quotation", says)
