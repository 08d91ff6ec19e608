# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_tours import ToursCase


@tagged("post_install", "-at_install")
class TestPhoneCallTour(ToursCase):
    """The phone rings: who it is, what it costs, a ticket, and a second call."""

    def test_d1_a_call_becomes_a_ticket_and_the_next_one_is_logged_on_it(self):
        contract = self._contract(self.buyer, self.plan, "2026-09-01")
        caller = self.env["res.partner"].create(
            {
                "name": "Tour Caller",
                "phone": "+86 512 5555 0188",
                "parent_id": self.buyer.id,
            }
        )
        self._tour("phone_call", self.support)
        ticket = self.env["helpdesk.ticket"].search([("partner_id", "=", caller.id)])
        self.assertEqual(ticket.name, "Scales do not weigh")
        self.assertEqual(ticket.contract_id, contract)
        call = ticket.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(call.mail_activity_type_id.category, "phonecall")
        self.assertIn("Weighs again", call.body)

    def test_l7_deadlines_count_down_on_cards_and_in_the_form(self):
        contract = self._contract(self.buyer, self.plan, "2026-09-01")
        ticket = self._ticket(
            self.buyer, contract, name="Till is late", user_id=self.support.id
        )
        now = fields.Datetime.now()
        ticket.sudo().write(
            {
                "response_state": "breached",
                "response_deadline": now - timedelta(minutes=90),
                "resolution_state": "running",
                "resolution_deadline": now + timedelta(days=2, hours=5, minutes=30),
            }
        )
        self._tour("countdown", self.support)


@tagged("post_install", "-at_install")
class TestCountdownUnit(HttpCase):
    def test_l7_the_countdown_in_javascript(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=@erp_aftersales",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
