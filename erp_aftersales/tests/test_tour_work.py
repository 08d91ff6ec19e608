# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .test_tours import ToursCase


@tagged("post_install", "-at_install")
class TestWorkTour(ToursCase):
    """Support works with a timer, and estimates, in a browser."""

    def test_e3_timer_price_estimate_and_cap_on_the_screens(self):
        plan = self._plan(
            "Half an hour",
            default_service_id=self.service_support.id,
            coverage=[{"policy": "allowance"}],
            allowances=[
                {
                    "name": "Half an hour",
                    "quantity": 0.5,
                    "period": "month",
                    "at_end": "approval",
                }
            ],
            rates=[{"price": 60}],
        )
        today = self.company._aftersales_today()
        contract = self._contract(self.buyer, plan, today.replace(day=1))
        ticket = self._ticket(
            self.buyer, contract, name="The till is slow", user_id=self.support.id
        )
        self._tour("support_runs_a_timer", self.support)
        line = ticket.timesheet_ids
        self.assertEqual((line.unit_amount, line.employee_id), (0.75, self.engineer))
        self.assertEqual(ticket.aftersales_waiting_amount, 15)

        self._tour("support_estimates", self.support)
        order = ticket.aftersales_estimate_id
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 135))
        self.assertEqual(ticket.aftersales_waiting_amount, 0)
