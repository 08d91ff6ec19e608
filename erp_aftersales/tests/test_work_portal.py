# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .estimate_common import EstimateCommon

# A signature of one pixel
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestWorkPortal(EstimateCommon, HttpCase):
    """The customer answers on the page of the quotation itself (E3)."""

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_of(self._allowed("approval"))
        self._estimate(self.ticket, 3).save().action_send()
        self.order = self.ticket.aftersales_estimate_id
        self.page = f"/my/orders/{self.order.id}"
        self.token = f"access_token={self.order._portal_ensure_token()}"

    def test_e3_the_page_says_hours_price_and_why(self):
        page = self.url_open(f"{self.page}?{self.token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("2 h x 60.00 an hour, beyond the included hours", page.text)
        self.assertNotIn("waits for acceptance", page.text)

    def test_e3_the_customer_signs_and_work_is_accepted(self):
        answer = self.make_jsonrpc_request(
            f"{self.page}/accept?{self.token}", {"name": "Ann", "signature": PIXEL}
        )
        self.assertTrue(answer["force_refresh"])
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.ticket.aftersales_accepted_amount, 120)
        self.assertNotEqual(self.ticket.stage_id, self.waiting)
        self.assertIn("accepted by Ann", self.ticket.activity_ids.summary)

    def test_e3_the_customer_declines_and_says_why(self):
        self.authenticate(None, None)
        self.url_open(
            f"{self.page}/decline?{self.token}",
            data={
                "decline_message": "Not this year",
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(self.order.aftersales_declined_reason, "Not this year")
        bodies = "".join(self.ticket.message_ids.mapped("body"))
        self.assertIn("Not this year", bodies)
        self.assertEqual(self._mine(self.ticket).aftersales_estimate_state, "declined")

    def test_e3_no_other_order_is_shown_as_an_estimate(self):
        order = self._order(self.ticket, 100)
        with self.assertRaisesRegex(ValidationError, "is no estimate of ticket"):
            self._mine(self.ticket).aftersales_estimate_id = order
        other = self._ticket_of(self.ticket.contract_id)
        with self.assertRaisesRegex(ValidationError, "is no estimate of ticket"):
            self._mine(other).aftersales_estimate_id = self.order

    def test_work_of_another_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "as_elsewhere",
            "erp_aftersales.group_manager",
            company_id=company.id,
            company_ids=[company.id],
        )
        tickets = self.env["helpdesk.ticket"].with_user(user)
        for field in ("aftersales_estimate_state", "aftersales_timer_forgotten"):
            value = "sent" if "state" in field else False
            self.assertNotIn(self.ticket, tickets.search([(field, "=", value)]))

    def test_only_support_estimates_answers_and_logs_visits(self):
        wizards = (
            "aftersales.estimate",
            "aftersales.estimate.answer",
            "aftersales.onsite.visit",
            "aftersales.timer.stop",
        )
        for login, group in (("plain", "group_user"), ("buyer", "group_portal")):
            user = new_test_user(self.env, login, f"base.{group}")
            for model in wizards:
                with self.assertRaises(AccessError, msg=f"{login} {model}"):
                    self.env[model].with_user(user).create(
                        {"ticket_id": self.ticket.id}
                        if model != "aftersales.timer.stop"
                        else {}
                    )
        form = self._form(
            self.ticket.with_user(self.manager).action_aftersales_estimate(),
            self.manager,
        )
        self.assertEqual(form.ticket_id, self.ticket)

    def test_many_tickets_show_their_estimates_with_the_queries_of_few(self):
        tickets = self.ticket
        for _number in range(5):
            ticket = self._ticket_of(self.ticket.contract_id)
            self._made(ticket, 10)
            tickets |= ticket
        mine = self._mine(tickets)

        def look(some):
            some.mapped("aftersales_estimate_state")
            some.mapped("aftersales_used_percent")
            some.mapped("aftersales_needs_estimate")

        few = self._queries(lambda: look(mine.browse(mine.ids[:2])))
        many = self._queries(lambda: look(mine.browse(mine.ids)))
        self.assertEqual(few, many)
