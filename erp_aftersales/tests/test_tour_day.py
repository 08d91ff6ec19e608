# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.fields import Command
from odoo.tests import tagged

from .test_tours import ToursCase


@tagged("post_install", "-at_install")
class TestDayTour(ToursCase):
    """A day at the desk: from the telephone to the invoice, each person on a screen."""

    browser_size = "1920x1080"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        always = cls.env["resource.calendar"].create(
            {
                "name": "Always",
                "tz": "Asia/Shanghai",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 0,
                                "hour_to": 24,
                                "day_period": "full_day",
                            }
                        )
                        for day in range(7)
                    ),
                ],
            }
        )
        cls.engineer.resource_calendar_id = always
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Day",
                "user_ids": [Command.set(cls.support.ids)],
                "aftersales_calendar_id": always.id,
            }
        )
        plan = cls._plan(
            "Day",
            default_service_id=cls.service_support.id,
            coverage=[{"policy": "billable"}],
            rates=[{"price": 60, "increment": 30}],
            sla=[{"priority": "1", "response_hours": 1, "resolution_hours": 8}],
        )
        first = cls.company._aftersales_today().replace(day=1)
        cls.contract = cls._contract(cls.buyer, plan, first, team_id=cls.team.id)
        cls.caller = cls.env["res.partner"].create(
            {
                "name": "Day Caller",
                "phone": "+86 512 5555 0188",
                "email": "caller@day.example",
                "parent_id": cls.buyer.id,
            }
        )

    def test_a_day_at_the_desk(self):
        self._tour("day_call", self.manager)
        ticket = self.env["helpdesk.ticket"].search(
            [("partner_id", "=", self.caller.id)]
        )
        self.assertEqual(ticket.user_id, self.support)
        self.assertEqual(ticket.response_state, "met")

        self._tour("day_work", self.support)
        self.assertEqual(ticket.resolution_state, "met")
        self.assertEqual(ticket.charge_ids.amount, 60)
        self.assertEqual(ticket.aftersales_accepted_amount, 120)

        self._rate(ticket)
        self.assertEqual(ticket.rating_ids.filtered("consumed").rating, 5)

        self.contract.action_aftersales_invoice()
        self._tour("day_invoice", self.billing)
        line = ticket.charge_ids.invoice_line_id
        self.assertEqual((line.price_subtotal, line.move_id.state), (60, "draft"))

    def _rate(self, ticket):
        """The customer follows the link of the mail and says how it was."""
        token = ticket._rating_get_access_token()
        page = self.url_open(f"/rate/{token}/5")
        self.assertEqual(page.status_code, 200)
        values = {
            "rate": 5,
            "feedback": "Quick",
            "csrf_token": http.Request.csrf_token(self),
        }
        self.url_open(f"/rate/{token}/submit_feedback", data=values)
        self.env.invalidate_all()
