# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .charging_common import ChargingCommon


@tagged("post_install", "-at_install")
class TestLineNames(ChargingCommon):
    """An invoice line says what it is for, whatever its kind (R14, R24)."""

    def _names(self, invoices):
        """The second line of each invoice line's text, which says how much."""
        return [
            line.name.partition("\n")[2]
            for line in invoices.invoice_line_ids.sorted("id")
        ]

    def test_r24_incidents_are_counted_and_not_timed(self):
        contract = self._contract_of(
            coverage=[{"policy": "incident", "discount": 10}],
            rates=[{"price": 500, "unit": "incident"}],
            allowances=[{"name": "One", "unit": "incident", "quantity": 1}],
        )
        for day in (2, 3, 4):
            self._ticket_of(contract, f"2026-09-{day:02}")
        self.assertEqual(
            sorted(self._names(self._bill(contract))),
            [
                "Incidents: 1, covered by the included incidents",
                "Incidents: 2 x 500.00, less 10 %",
            ],
        )

    def test_r24_corrections_have_the_sign_of_their_minutes(self):
        contract = self._allowed("overage")
        work = self._work(self._ticket_of(contract), self.senior, "2026-09-03", 90)
        self._bill(contract)
        work.with_user(self.manager).action_aftersales_correct({"unit_amount": 0.5})
        self.assertEqual(
            sorted(self._names(self._bill(contract))),
            [
                "-30 min x 60.00 an hour, correction of invoiced work",
                "-30 min, correction of invoiced work",
            ],
        )

    def test_r24_quoted_work_names_no_price(self):
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
        self.assertIn("1 h, billed by a quotation", self._names(self._bill(contract)))

    def test_r24_a_credit_says_its_sentence(self):
        contract = self._contract_of(
            fees=[{"name": "Fee", "price": 1000}],
            sla=[{"priority": "1", "response_hours": 1, "credit_percent": 10}],
        )
        ticket = self._ticket_of(contract, priority="1")
        ticket.write(
            {
                "response_deadline": "2026-09-02 03:00:00",
                "response_state": "breached",
            }
        )
        lines = self._bill(contract).invoice_line_ids
        credit = lines.filtered(
            lambda line: line.aftersales_charge_ids.kind == "credit"
        )
        sentence = credit.aftersales_charge_ids.reason
        self.assertTrue(credit.name.startswith(sentence), credit.name)
        self.assertNotIn("an hour", credit.name)
