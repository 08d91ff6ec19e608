# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .intake_common import IntakeCommon

ASKED = "erp_aftersales.mail_activity_type_intake"


@tagged("post_install", "-at_install")
@freeze_time("2026-09-02 02:00:00")
class TestIntakeMail(IntakeCommon):
    """An e-mail becomes a ticket of its customer's contract (D1)."""

    def _asked(self, ticket):
        activity = ticket.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref(ASKED))
        return activity

    def test_d1_a_contacts_mail_is_a_ticket_under_the_contract(self):
        ticket = self._receive(self._mail())
        self.assertEqual(ticket.name, "Till is down")
        self.assertEqual(ticket.partner_id, self.writer)
        self.assertEqual(ticket.partner_email, "liu.yang@customer.test")
        self.assertEqual(ticket.contract_id, self.contract)
        self.assertEqual(ticket.team_id, self.team)
        self.assertFalse(ticket.user_id, "nobody took it yet")
        self.assertEqual(
            ticket.channel_id,
            self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email"),
        )
        self.assertFalse(ticket.activity_ids)
        self.assertIn("does not start", ticket.description)

    def test_l2_it_came_in_at_the_mails_own_date_but_never_ahead(self):
        ticket = self._receive(self._mail())
        self.assertEqual(str(ticket.received_at), "2026-09-02 01:00:00")
        ahead = self._mail(Date="Thu, 03 Sep 2026 09:00:00 +0800")
        self.assertEqual(str(self._receive(ahead).received_at), "2026-09-02 02:00:00")
        nonsense = self._receive(self._mail(Date="yesterday, or so"))
        self.assertTrue(nonsense.received_at)

    def test_d1_a_reply_is_a_message_of_the_same_ticket(self):
        mail = self._mail()
        ticket = self._receive(mail)
        reply = self._mail(
            Subject="Re: Till is down",
            In_Reply_To=mail["Message-Id"],
            References=mail["Message-Id"],
        )
        self.assertFalse(self._receive(reply))
        message = ticket.message_ids[0]
        self.assertEqual(message.author_id, self.writer)
        self.assertEqual(message.message_type, "email")

    def test_d1_between_two_contracts_somebody_is_asked(self):
        other = self._contract(self.customer, self.plan, "2026-09-01")
        ticket = self._receive(self._mail())
        self.assertFalse(ticket.contract_id)
        activity = self._asked(ticket)
        self.assertEqual(activity.user_id, self.leader)
        self.assertEqual(activity.summary, "Choose the contract")
        for contract in self.contract | other:
            self.assertIn(contract.display_name, activity.note)
        self.assertIn("Choose the contract", ticket.message_ids.mapped("body")[-1:][0])
        ticket.contract_id = other
        self.assertFalse(ticket.activity_ids, "the question is answered")

    def test_d1_an_unknown_sender_is_found_once_he_is_a_contact(self):
        ticket = self._receive(self._mail("New One <new@nowhere.test>"))
        self.assertFalse(ticket.partner_id | ticket.message_ids.author_id)
        self.assertFalse(ticket.contract_id)
        self.assertEqual(ticket.partner_name, "New One")
        contact = self.env["res.partner"].create(
            {"name": "New One", "parent_id": self.customer.id}
        )
        self.assertFalse(ticket.partner_id)
        contact.email = "NEW@nowhere.test"
        self.assertEqual(ticket.partner_id, contact)
        self.assertEqual(ticket.contract_id, self.contract)

    def test_d1_whoever_types_an_address_in_the_portal_reads_nobodys_ticket(self):
        ticket = self._receive(self._mail("new@nowhere.test"))
        portal = mail_new_test_user(
            self.env, "portal_intake", groups="base.group_portal", email="p@q.test"
        )
        portal.partner_id.with_user(portal).sudo().email = "new@nowhere.test"
        self.assertFalse(ticket.partner_id)

    def test_d1_a_team_without_people_is_asked_too(self):
        self._contract(self.customer, self.plan, "2026-09-01")
        self.team.write({"user_id": False, "user_ids": [(5, 0, 0)]})
        ticket = self._receive(self._mail())
        self.assertEqual(self._asked(ticket).summary, "Choose the contract")

    def test_d1_a_new_contact_takes_no_closed_ticket_and_nobody_elses(self):
        closed = self._receive(self._mail("a@nowhere.test"))
        closed.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        other = self._receive(self._mail("b@nowhere.test"))
        self.env["res.partner"].create({"name": "A", "email": "a@nowhere.test"})
        self.assertFalse((closed | other).partner_id)

    def test_d1_a_sender_of_two_customers_is_asked_and_sees_nothing(self):
        twin = self.env["res.partner"].create(
            {
                "name": "Liu Yang",
                "email": "liu.yang@customer.test",
                "parent_id": self.other_customer.id,
            }
        )
        ticket = self._receive(self._mail())
        self.assertFalse(ticket.partner_id | ticket.contract_id.partner_id)
        self.assertFalse(
            ticket.message_partner_ids & (self.writer | twin),
            "a follower of the wrong customer would read the ticket",
        )
        activity = self._asked(ticket)
        self.assertEqual(activity.summary, "Choose the customer")
        self.assertIn("Other Customer", activity.note)
        ticket.partner_id = twin
        self.assertEqual(ticket.contract_id, self.other_contract)
        self.assertFalse(ticket.activity_ids)

    def test_d1_when_the_customer_is_chosen_the_contract_is_asked_next(self):
        self.writer.copy({"parent_id": self.other_customer.id})
        self._contract(self.customer, self.plan, "2026-09-01")
        ticket = self._receive(self._mail())
        ticket.partner_id = self.writer
        self.assertEqual(self._asked(ticket).summary, "Choose the contract")

    def test_d1_a_colleague_at_the_customers_own_domain_becomes_a_contact(self):
        asked = self._receive(self._mail("somebody@customer.test"))
        self.assertFalse(asked.partner_id, "a contact's address says too little")
        self.assertIn("Customer", self._asked(asked).note)
        self.customer.email = "office@customer.test"
        ticket = self._receive(self._mail('"He, Jing" <he.jing@customer.test>'))
        contact = ticket.partner_id
        self.assertEqual(contact.parent_id, self.customer)
        self.assertEqual(contact.name, "He, Jing")
        self.assertEqual(ticket.contract_id, self.contract)
        self.assertEqual(ticket.message_ids.author_id, contact)

    def test_d1_a_domain_of_two_customers_or_of_everybody_decides_nothing(self):
        contacts = self.env["res.partner"]
        contacts.create(
            {
                "name": "Shared",
                "email": "x@customer.test",
                "parent_id": self.other_customer.id,
            }
        )
        contacts.create(
            {"name": "Q", "email": "q@qq.com", "parent_id": self.customer.id}
        )
        ticket = self._receive(self._mail("he.jing@customer.test"))
        self.assertFalse(ticket.partner_id)
        self.assertEqual(self._asked(ticket).summary, "Choose the customer")
        ticket = self._receive(self._mail("somebody@qq.com"))
        self.assertFalse(ticket.partner_id | ticket.activity_ids.user_id.partner_id)

    def test_d1_our_own_domain_makes_no_contact_of_a_customer(self):
        self.customer.email = "partner@staff.test"
        self.leader.partner_id.email = "leader@staff.test"
        ticket = self._receive(self._mail("somebody@staff.test"))
        self.assertFalse(ticket.partner_id)


@tagged("post_install", "-at_install")
@freeze_time("2026-09-02 02:00:00")
class TestIntakeRobots(IntakeCommon):
    """Programs that answer programs open no ticket, and answer none."""

    def test_automatic_replies_open_no_ticket(self):
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-replied (vacation)"},
            {"Precedence": "auto_reply"},
            {"X_Autoreply": "yes"},
            {"Subject": "Automatic reply: Your invoice"},
            {"Subject": "自动回复：出差中"},
            {"Subject": "Out of Office: Liu Yang"},
        ):
            with self.subTest(**headers):
                self.assertFalse(self._receive(self._mail(**headers)))
                self.assertFalse(self.answers)

    def test_a_program_that_reports_on_its_own_opens_a_ticket(self):
        mail = self._mail(Auto_Submitted="auto-generated", Subject="Backup failed")
        self.assertTrue(self._receive(mail))
        self.assertTrue(self._receive(self._mail(Subject="Autoreplies are not sent")))

    def test_l3_an_automatic_reply_to_a_ticket_is_no_answer(self):
        mail = self._mail()
        ticket = self._receive(mail)
        reply = self._mail(
            self.leader.email_formatted,
            Subject="Out of office: Re: Till is down",
            References=mail["Message-Id"],
            Auto_Submitted="auto-replied",
        )
        self.assertFalse(self._receive(reply))
        message = ticket.message_ids[0]
        self.assertEqual(message.author_id, self.leader.partner_id)
        self.assertEqual(message.message_type, "out_of_office")

    def test_a_bounce_opens_no_ticket(self):
        bounce = self._mail(
            "MAILER-DAEMON@customer.test", Subject="Undelivered Mail", Return_Path="<>"
        )
        self.assertFalse(self._receive(bounce))
        self.assertFalse(self.answers)

    def test_a_mail_fetched_twice_is_one_ticket(self):
        mail = self._mail()
        self.assertTrue(self._receive(mail))
        self.assertFalse(self._receive(mail))

    def test_a_sender_in_a_loop_is_stopped(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        for _mail in range(3):
            self.assertTrue(self._receive(self._mail()))
        self.assertFalse(self._receive(self._mail()))
        other = self.env["res.partner"].create(
            {"name": "O", "email": "o@other.test", "parent_id": self.other_customer.id}
        )
        self.assertTrue(self._receive(self._mail(other.email)), "others are heard")
