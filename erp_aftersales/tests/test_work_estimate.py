# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .estimate_common import EstimateCommon


@tagged("post_install", "-at_install")
class TestWorkEstimate(EstimateCommon):
    """Before paid work starts the customer hears what it costs, and answers (E3)."""

    def test_e3_hours_beyond_the_allowance_are_priced_by_the_engine(self):
        # One hour a month is included: of 3 h and 1 h, 2 h and 1 h cost 60 each.
        ticket = self._ticket_of(self._allowed("approval"))
        form = self._estimate(ticket, 3, 1)
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.amount, 120)
            self.assertIn("1 h, covered by", line.why)
            self.assertIn("2 h x 60.00 an hour, beyond the included hours", line.why)
            self.assertNotIn("waits", line.why)
        self.assertEqual(form.total, 180)
        form.save().action_make()
        order = ticket.aftersales_estimate_id
        self.assertEqual(order.amount_untaxed, 180)
        self.assertEqual(order.order_line.mapped("price_unit"), [120, 60])
        self.assertEqual(order.order_line.mapped("aftersales_estimated_hours"), [3, 1])
        self.assertEqual(order.ticket_ids, ticket)
        self.assertEqual(order.partner_id, self.contact)
        self.assertTrue(order.require_signature)
        self.assertEqual(self._mine(ticket).aftersales_estimate_state, "draft")

    def test_e3_minimum_and_rounding_of_the_rate_are_in_the_estimate(self):
        contract = self._contract_of(
            "Pay",
            coverage=[{"policy": "billable"}],
            rates=[{"price": 60, "increment": 30, "minimum": 120}],
        )
        self.assertEqual(self._made(self._ticket_of(contract), 1.2).amount_untaxed, 120)

    def test_e3_grades_have_their_own_price(self):
        contract = self._contract_of(
            "Grades",
            coverage=[{"policy": "billable"}],
            rates=[
                {"price": 60, "grade_id": self.grade_senior.id},
                {"price": 40, "grade_id": self.grade_junior.id},
            ],
        )
        ticket = self._ticket_of(contract)
        self.assertEqual(self._estimate(ticket, 2).total, 120)
        self.assertEqual(self._estimate(ticket, 2, grade=self.grade_junior).total, 80)
        form = self._estimate(ticket, 2, grade=self.grade_architect)
        with self.assertRaisesRegex(UserError, "has no price"):
            form.save().action_make()

    def test_e3_quoted_work_is_priced_by_the_hour_and_billed_by_the_order(self):
        contract = self._contract_of("Quote", coverage=[{"policy": "quote"}])
        ticket = self._ticket_of(contract)
        mine = self._mine(ticket)
        self.assertTrue(mine.aftersales_needs_estimate)
        order = self._made(ticket, 2.5)
        self.assertEqual(order.amount_untaxed, 150)
        self.assertIn("2 h 30 min x 60.00 an hour", order.order_line.name)
        self._phone(ticket)
        self.assertFalse(mine.aftersales_needs_estimate)
        self.assertFalse(order.aftersales_is_acceptance)
        self.assertEqual(order._create_invoices().amount_untaxed, 150)

    def test_e3_what_is_covered_needs_no_estimate(self):
        ticket = self._ticket_of(self._allowed("approval", hours=5))
        form = self._estimate(ticket, 2)
        self.assertEqual(form.total, 0)
        with self.assertRaisesRegex(UserError, "nothing to accept"):
            form.save().action_make()
        with self.assertRaisesRegex(UserError, "Type the hours"):
            self._estimate(ticket).save().action_make()

    def test_e3_work_done_so_far_is_part_of_the_estimate(self):
        # 2 h beyond the allowance wait already: 120, and 1 h more: 60
        ticket = self._ticket_of(self._allowed("approval"))
        self._work(ticket, self.me, "2026-10-05", 180)
        order = self._made(ticket, 1)
        self.assertEqual(order.order_line.mapped("price_unit"), [120, 60])
        self.assertIn("Work done so far", order.order_line[0].name)
        self._phone(ticket)
        self.assertEqual(ticket.aftersales_waiting_amount, 0)

    def test_e3_open_billable_work_is_part_of_the_estimate(self):
        contract = self._contract_of("Pay", coverage=[{"policy": "billable"}])
        ticket = self._ticket_of(contract)
        self._work(ticket, self.me, "2026-10-05", 60)
        self.assertEqual(self._made(ticket, 1).amount_untaxed, 120)
        self._phone(ticket)
        self.assertEqual(self._mine(ticket).aftersales_used_amount, 60)
        self.assertEqual(self._mine(ticket).aftersales_left_amount, 60)

    def test_e3_is_sent_by_mail_and_the_ticket_waits(self):
        ticket = self._ticket_of(self._allowed("approval"))
        before = ticket.stage_id
        form = self._estimate(ticket, 3)
        form.save().action_send()
        order = ticket.aftersales_estimate_id
        self.assertEqual(order.state, "sent")
        self.assertEqual(ticket.stage_id, self.waiting)
        sent = order.message_ids.filtered(lambda m: m.partner_ids == self.contact)
        self.assertTrue(sent)
        mine = self._mine(ticket)
        self.assertEqual(mine.aftersales_estimate_state, "sent")
        self.assertIn("Waits for the customer", mine.aftersales_estimate_text)
        self._phone(ticket)
        self.assertEqual(ticket.stage_id, before)

    def test_e3_without_address_nothing_is_sent_nor_made(self):
        self.contact.email = False
        ticket = self._ticket_of(self._allowed("approval"))
        wizard = self._estimate(ticket, 3).save()
        with self.assertRaisesRegex(UserError, "has no e-mail"), self.cr.savepoint():
            wizard.action_send()
        self.env.invalidate_all()
        self.assertFalse(ticket.aftersales_estimate_id)

    def test_e3_ticket_keeps_its_stage_if_it_should_not_wait(self):
        ticket = self._ticket_of(self._allowed("approval"))
        before = ticket.stage_id
        self._estimate(ticket, 3, waits=False).save().action_send()
        self.assertEqual(ticket.stage_id, before)

    def test_e3_accepted_by_phone_is_noted_and_opens_the_work(self):
        ticket = self._ticket_of(self._allowed("approval"))
        order = self._made(ticket, 3)
        self._phone(ticket)
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.aftersales_is_acceptance)
        acceptance = ticket.aftersales_acceptance_ids
        self.assertEqual(acceptance.partner_id, self.contact)
        self.assertEqual(acceptance.amount, 120)
        self.assertEqual(acceptance.order_id, order)
        bodies = "".join(ticket.message_ids.mapped("body"))
        self.assertIn("noted by as_user", bodies)
        self.assertIn("On the phone at nine", bodies)
        self.assertEqual(order.signed_by, "Ann")
        self.assertEqual(self._mine(ticket).aftersales_estimate_state, "accepted")

    def test_e3_declined_by_phone_needs_a_reason_and_cancels(self):
        ticket = self._ticket_of(self._allowed("approval"))
        order = self._made(ticket, 3)
        mine = self._mine(ticket)
        action = mine.action_aftersales_estimate_declined()
        wizards = self.env["aftersales.estimate.answer"].with_user(self.support)
        wizard = wizards.with_context(**action["context"]).create({"note": " "})
        self.assertEqual(wizard.partner_id, self.customer)
        with self.assertRaisesRegex(UserError, "why the customer declined"):
            wizard.action_confirm()
        self._phone(ticket, False, "Too dear")
        self.assertEqual(order.state, "cancel")
        self.assertEqual(mine.aftersales_estimate_state, "declined")
        self.assertIn("Too dear", "".join(ticket.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "answered already"):
            self._phone(ticket)

    def test_e3_only_the_customer_answers(self):
        ticket = self._ticket_of(self._allowed("approval"))
        order = self._made(ticket, 3)
        with self.assertRaisesRegex(UserError, "cannot accept work"):
            order._aftersales_answer(True, self._customer("Stranger"), "x")
        plain = self._order(ticket, 100)
        with self.assertRaisesRegex(AccessError, "is no estimate"):
            plain.with_user(self.support)._aftersales_answer(True, self.contact, "x")

    def test_e3_the_customers_signature_tells_the_engineer(self):
        ticket = self._ticket_of(self._allowed("approval"))
        order = self._made(ticket, 3)
        order.action_quotation_sent()
        order.write({"signed_by": "Ann", "signed_on": "2026-10-10 05:00:00"})
        order._validate_order()
        activity = ticket.activity_ids
        self.assertEqual(activity.user_id, self.support)
        self.assertIn("accepted by Ann", activity.summary)

    def test_e3_an_expired_estimate_is_not_accepted(self):
        ticket = self._ticket_of(self._allowed("approval"))
        self._made(ticket, 3)
        mine = self._mine(ticket)
        with self._at("12:00", "2026-11-10"):
            mine.invalidate_recordset()
            ticket.aftersales_estimate_id.invalidate_recordset()
            self.assertEqual(mine.aftersales_estimate_state, "expired")
            with self.assertRaisesRegex(UserError, "expired on 2026-11-09"):
                self._phone(ticket)

    def test_e3_a_new_estimate_takes_the_place_of_an_open_one(self):
        ticket = self._ticket_of(self._allowed("approval"))
        first = self._made(ticket, 3)
        second = self._made(ticket, 4)
        self.assertEqual(first.state, "cancel")
        self.assertEqual(ticket.aftersales_estimate_id, second)
        self.assertEqual(self._mine(ticket).aftersales_estimate_state, "draft")
        self.assertNotIn("declined", "".join(ticket.message_ids.mapped("body")))

    def test_e3_states_are_found_by_filters(self):
        contract = self._allowed("approval")
        tickets = {}
        for state in ("none", "draft", "sent", "accepted", "declined"):
            tickets[state] = self._ticket_of(contract)
            if state != "none":
                self._made(tickets[state], 30)
        tickets["sent"].aftersales_estimate_id.action_quotation_sent()
        self._phone(tickets["accepted"])
        self._phone(tickets["declined"], False)
        Ticket = self.env["helpdesk.ticket"].with_user(self.support)
        ours = [("id", "in", [t.id for t in tickets.values()])]
        for state, ticket in tickets.items():
            found = Ticket.search([*ours, ("aftersales_estimate_state", "=", state)])
            self.assertEqual(found, ticket, state)
        with self._at("12:00", "2026-12-24"):
            found = Ticket.search(
                [*ours, ("aftersales_estimate_state", "=", "expired")]
            )
            self.assertEqual(
                found.ids, (tickets["draft"] + tickets["sent"]).sorted().ids
            )

    def test_e3_is_in_the_currency_of_the_contract(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [Command.create({"rate": 2, "name": "2026-01-01"})],
            }
        )
        self.env["product.pricelist"].create({"name": "T", "currency_id": currency.id})
        contract = self._contract_of(
            "Foreign",
            coverage=[{"policy": "billable"}],
            rates=[{"price": 60}],
            currency_id=currency.id,
        )
        ticket = self._ticket_of(contract)
        order = self._made(ticket, 3)
        self.assertEqual((order.currency_id, order.amount_untaxed), (currency, 180))
        self._phone(ticket)
        self.assertEqual(ticket.aftersales_accepted_amount, 180)

    def test_e3_without_contract_the_card_has_the_price(self):
        self.env["aftersales.plan.rate"].search([("plan_id", "=", False)]).unlink()
        self._card(price=90, company_id=self.company.id)
        ticket = self._ticket(
            self.contact,
            contract_id=False,
            service_id=self.service_support.id,
            user_id=self.support.id,
        )
        self.assertEqual(self._made(ticket, 2).amount_untaxed, 180)

    def test_e3_who_does_not_serve_the_ticket_makes_no_estimate(self):
        ticket = self._ticket_of(self._allowed("approval"))
        stranger = new_test_user(self.env, "stranger", "erp_aftersales.group_user")
        action = self._mine(ticket).action_aftersales_estimate()
        wizard = self.env["aftersales.estimate"].with_user(stranger)
        with self.assertRaises(AccessError):
            wizard.create({"ticket_id": ticket.id, "partner_id": self.contact.id})
        self.assertEqual(action["context"]["default_ticket_id"], ticket.id)
        answer = self.env["aftersales.estimate.answer"].with_user(stranger)
        with self.assertRaises(AccessError):
            answer.create({"ticket_id": ticket.id, "partner_id": self.contact.id})

    def test_e3_support_sees_the_page_of_the_customer_and_sales_the_order(self):
        ticket = self._ticket_of(self._allowed("approval"))
        order = self._made(ticket, 3)
        action = self._mine(ticket).action_aftersales_estimate_open()
        self.assertIn(f"/my/orders/{order.id}?access_token=", action["url"])
        opened = ticket.action_aftersales_estimate_open()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("sale.order", order.id)
        )
