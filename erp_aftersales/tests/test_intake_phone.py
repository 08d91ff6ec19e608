# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.erp_aftersales.models.res_partner_intake import significant_digits

from .billing_common import BillingCommon

NUMBER = "+86 512 5555 0188"


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 02:00:00")
class TestPhoneCall(BillingCommon):
    """Who calls is found by number; the call is a ticket, or logged on one (D1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "phone_support",
            "erp_aftersales.group_user,helpdesk_mgmt.group_helpdesk_user",
        )
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")
        cls.installation = cls.env["aftersales.installation"].create(
            {"name": "Plant", "partner_id": cls.customer.id}
        )
        cls.caller = cls._contact("Liu Yang", NUMBER)

    @classmethod
    def _contact(cls, name, phone, parent=None):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "phone": phone,
                "parent_id": (parent or cls.customer).id,
                "lang": "en_US",
            }
        )

    def _form(self, user=None, **context):
        model = self.env["aftersales.phone.call"].with_user(user or self.user)
        return Form(model.with_context(**context))

    def _callers(self, number):
        return self.env["res.partner"]._aftersales_callers(number)

    def test_d1_a_number_is_found_in_any_writing(self):
        for number in (
            "+86 512 5555 0188",
            "0512-55550188",
            "(0512) 5555.0188",
            "008651255550188",
            "+86 (0)512 5555 0188",
            "55550188",
            "０５１２－５５５５０１８８",
            "0512 5555 0188 转 802",
            "Tel: 0512/55550188 ext. 3",
        ):
            with self.subTest(number=number):
                self.assertEqual(self._callers(number), self.caller)

    def test_d1_a_number_stored_in_another_writing_is_found_too(self):
        for number, stored in enumerate(
            ("0512-5555 0199", "5555 0199", "+86(0)512-55550199", "0512 55550199 #12")
        ):
            with self.subTest(stored=stored):
                contact = self._contact(f"Contact {number}", stored)
                self.assertEqual(self._callers("+86 512 5555 0199"), contact)
                contact.active = False

    def test_d1_other_numbers_and_scraps_find_nobody(self):
        for number in (
            "",
            "188",
            "50188",
            "call me",
            "0513-55550188",
            "+86 512 6555 0188",
            "0000000000",
            "%%%%%%%",
        ):
            with self.subTest(number=number):
                self.assertFalse(self._callers(number))
        self.assertEqual(significant_digits("+49 (0)30 123-45"), "493012345")

    def test_d1_a_call_costs_the_same_search_among_many(self):
        def count(number):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._callers(number)
            return self.env.cr.sql_log_count - before

        few = count("0512-55550188")
        for number in range(20):
            self._contact(f"Colleague {number}", NUMBER)
        self.env.invalidate_all()
        count("0512-55550188")
        self.env.invalidate_all()
        self.assertLessEqual(count("0512-55550188"), few + 1)
        self.assertEqual(len(self._callers(NUMBER)), 21)

    def test_d1_one_caller_brings_customer_contract_installation_and_price(self):
        with self._form() as form:
            form.number = "0512-55550188"
            self.assertEqual(form.partner_id, self.caller)
            self.assertEqual(form.contract_id, self.contract)
            self.assertEqual(form.installation_id, self.installation)
            self.assertEqual(form.service_id, self.service_support)
            self.assertEqual(form.head_kind, "charged")
            self.assertIn("60.00", form.head_title)
            form.name = "Printer"
            form.description = "Does not <print>\nsince 9"
            form.priority = "2"
        with freeze_time("2026-09-10 02:20:00"):
            action = form.record.action_make_ticket()
        ticket = self.env["helpdesk.ticket"].browse(action["res_id"])
        self.assertEqual(ticket.partner_id, self.caller)
        self.assertEqual(ticket.contract_id, self.contract)
        self.assertEqual(ticket.installation_id, self.installation)
        self.assertEqual(ticket.priority, "2")
        self.assertIn("&lt;print&gt;", ticket.description)
        self.assertEqual(
            ticket.channel_id,
            self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone"),
        )
        self.assertEqual(str(ticket.received_at), "2026-09-10 02:00:00")
        self.assertEqual(ticket.create_uid, self.user)
        self.assertTrue(ticket.project_id)

    def test_d1_of_several_callers_somebody_chooses(self):
        stranger = self._contact("He Jing", NUMBER, self._customer("Stranger"))
        with self._form() as form:
            form.number = NUMBER
            self.assertEqual(form.caller_count, 2)
            self.assertFalse(form.partner_id)
            self.assertFalse(form.contract_id)
            self.assertEqual(form.head_kind, "ask")
            form.partner_id = self.caller
            self.assertEqual(form.contract_id, self.contract)
            form.partner_id = stranger
            self.assertFalse(form.contract_id)

    def test_d1_two_people_of_one_customer_share_its_contract(self):
        other = self._contact("He Jing", NUMBER)
        with self._form() as form:
            form.number = NUMBER
            self.assertFalse(form.partner_id)
            self.assertEqual(form.contract_id, self.contract)
            form.partner_id = other
            self.assertEqual(form.contract_id, self.contract)
            form.name = "Printer"
        form.record.partner_id = False
        action = form.record.action_make_ticket()
        ticket = self.env["helpdesk.ticket"].browse(action["res_id"])
        self.assertEqual(ticket.partner_id, self.customer)

    def test_d1_a_company_is_nobody_who_calls_where_a_person_has_its_number(self):
        self.customer.phone = NUMBER
        with self._form() as form:
            form.number = NUMBER
            self.assertEqual(form.caller_count, 2)
            self.assertEqual(form.partner_id, self.caller)

    def test_d1_of_several_contracts_somebody_chooses(self):
        second = self._contract(self.customer, self.fee_plan, "2026-09-01")
        with self._form() as form:
            form.number = NUMBER
            self.assertFalse(form.contract_id)
            self.assertEqual(form.head_kind, "ask")
            self.assertEqual(form.candidate_ids[:], self.contract | second)
            form.contract_id = second
            self.assertEqual(form.service_id, self.service_support)
            self.assertEqual(form.head_kind, "charged")

    def test_d1_somebody_unknown_becomes_a_contact_of_his_company(self):
        with self._form() as form:
            form.number = "+86 10 6666 0001"
            self.assertEqual(form.caller_count, 0)
            form.contact_name = "Wu Tao"
            form.contact_customer_id = self.customer
            form.contact_email = "wu.tao@customer.test"
            self.assertEqual(form.contract_id, self.contract)
            form.name = "Printer"
        action = form.record.action_make_ticket()
        ticket = self.env["helpdesk.ticket"].browse(action["res_id"])
        contact = ticket.partner_id
        self.assertEqual(
            (contact.name, contact.phone, contact.email, contact.parent_id),
            ("Wu Tao", "+86 10 6666 0001", "wu.tao@customer.test", self.customer),
        )
        self.assertEqual(ticket.contract_id, self.contract)
        self.assertEqual(self._callers("010-66660001"), contact)

    def test_d1_without_contract_the_card_says_what_it_costs(self):
        self._card(price=800)
        nobody = self._customer("Nobody")
        nobody.phone = "+86 20 7777 0001"
        with self._form() as form:
            form.number = "020 77770001"
            self.assertEqual(form.head_kind, "uncontracted")
            self.assertIn("800.00", form.head_title)

    def test_l3_a_call_about_an_open_ticket_is_logged_as_a_call(self):
        ticket = self._ticket(self.customer, self.contract)
        closed = self._ticket(self.customer, self.contract)
        closed.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        tickets = self.env["helpdesk.ticket"].search_count([])
        with self._form() as form:
            form.number = NUMBER
            self.assertEqual(form.open_ticket_ids[:], ticket)
            form.ticket_id = ticket
            form.name = "Asks when it is done"
            form.description = "<b>Soon</b>"
        action = form.record.action_log_call()
        self.assertEqual(action["res_id"], ticket.id)
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), tickets)
        message = ticket.message_ids[0]
        self.assertEqual(message.mail_activity_type_id.category, "phonecall")
        self.assertEqual(message.author_id, self.user.partner_id)
        self.assertIn("Asks when it is done", message.body)
        self.assertIn("&lt;b&gt;Soon", message.body)
        self.assertFalse(ticket.activity_ids)

    def test_d1_another_caller_forgets_the_ticket_of_the_one_before(self):
        ticket = self._ticket(self.customer, self.contract)
        other = self._contact("Other", "+86 20 7777 0002", self._customer("Other"))
        with self._form() as form:
            form.number = NUMBER
            form.ticket_id = ticket
            form.number = other.phone
            self.assertEqual(form.partner_id, other)
            self.assertFalse(form.ticket_id)

    def test_d1_what_is_missing_is_named(self):
        with self._form() as form:
            form.number = NUMBER
        with self.assertRaisesRegex(UserError, "subject"):
            form.record.action_make_ticket()
        with self.assertRaisesRegex(UserError, "open ticket"):
            form.record.action_log_call()

    def test_d1_only_support_takes_calls(self):
        plain = new_test_user(self.env, "phone_plain", "base.group_user")
        with self.assertRaises(AccessError):
            self._form(plain)
