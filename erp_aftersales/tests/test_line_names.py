# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .why_common import WhyCommon


@tagged("post_install", "-at_install")
class TestLineNames(WhyCommon):
    """An invoice line says what it sums up, whatever it bills (R14, R24)."""

    def _names(self, invoice):
        lines = invoice.invoice_line_ids.filtered("aftersales_charge_ids")
        return [line.name.splitlines()[-1] for line in lines]

    def test_r14_incidents_are_counted(self):
        contract = self._contract_of(
            coverage=[{"policy": "incident"}],
            rates=[{"price": 500, "unit": "incident"}],
        )
        for _number in range(2):
            self._ticket_of(contract)
        contract.action_aftersales_rate()
        self.assertEqual(self._names(self._bill(contract)), ["2 incidents x 500.00"])

    def test_r14_prepaid_incidents_say_so(self):
        contract = self._contract_of(
            coverage=[{"policy": "incident"}],
            rates=[{"price": 500, "unit": "incident"}],
            allowances=[{"name": "Incidents", "quantity": 1, "unit": "incident"}],
            fees=[{"name": "Base", "price": 100}],
        )
        self._ticket_of(contract)
        contract.action_aftersales_rate()
        self.assertIn(
            "1 incident, covered by the included incidents",
            self._names(self._bill(contract)),
        )

    def test_r23_a_credit_says_what_was_missed(self):
        contract = self._contract_of(
            fees=[{"name": "Base", "price": 1000}],
            sla=[{"priority": "1", "response_hours": 1, "credit_percent": 5}],
        )
        ticket = self._ticket_of(contract, priority="1")
        self._bill(contract)
        ticket.write(
            {"response_deadline": "2026-09-02 03:00:00", "response_state": "breached"}
        )
        contract.action_aftersales_rate()
        (line,) = self._bill(contract).invoice_line_ids
        self.assertIn("promised response missed on 09/02/2026", line.name)

    def test_r17_less_work_than_before_is_negative_time(self):
        contract = self._contract_of(coverage=[{"policy": "billable"}])
        line = self._work(self._ticket_of(contract), self.senior, "2026-09-03", 60)
        self._bill(contract)
        line.with_user(self.manager).action_aftersales_correct({"unit_amount": 0.5})
        self.assertEqual(
            self._names(self._bill(contract)), ["minus 30 min x 60.00 an hour"]
        )
