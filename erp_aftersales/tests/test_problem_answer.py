# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .test_problem import ProblemCommon

ZH = "zh_CN"


@tagged("post_install", "-at_install")
class TestProblemAnswer(ProblemCommon):
    """Closing a problem answers its tickets, all or none (D6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(ZH)
        cls.contact = cls._customer("Contact", email="contact@customer.example")
        cls.chinese = cls._customer("客户", email="zh@customer.example", lang=ZH)
        cls.release = cls.env["aftersales.release"].create({"name": "13.2"})

    def setUp(self):
        super().setUp()
        self.tickets = self._asked("Invoices hang", self.contact) | self._asked(
            "发票处理中", self.chinese, user_id=self.manager.id
        )
        self.done = self._asked("Old one", self.contact, stage_id=self.closed.id)
        self.problem = self._problem(
            self.tickets | self.done,
            user_id=self.user.id,
            root_cause="<p>The certificate expired</p>",
            lasting_fix="<p>It renews itself</p>",
            release_id=self.release.id,
        )
        self.problem.update_field_translations(
            "root_cause", {ZH: {"The certificate expired": "证书过期"}}
        )

    def _dialogue(self, user=None):
        user = user or self.user
        action = self.problem.with_user(user).action_answer()
        model = self.env["aftersales.problem.answer"].with_user(user)
        return Form(model.with_context(**action["context"]))

    def _answers(self, ticket):
        return ticket.message_ids.filtered(lambda m: m.message_type == "comment")

    def test_d6_each_open_ticket_is_answered_in_its_customer_s_language(self):
        with self._dialogue() as form:
            self.assertEqual(form.ticket_count, 2)
            self.assertIn("The certificate expired", form.body)
            self.assertIn("13.2", form.body)
            self.assertEqual(form.stage_id, self.closed)
        form.record.action_confirm()
        english, chinese = (self._answers(ticket) for ticket in self.tickets)
        self.assertIn("The certificate expired", english.body)
        self.assertIn("<b>Why it happened</b>", english.body)
        self.assertIn("证书过期", chinese.body)
        self.assertNotIn("The certificate expired", chinese.body)
        self.assertFalse(self._answers(self.done), "closed ones stay as they are")
        self.assertEqual(self.tickets.stage_id, self.closed)
        self.assertEqual(self.problem.state, "closed")
        self.assertIn(self.tickets[0].number, self.problem.message_ids[0].body)

    def test_l3_it_is_an_answer_of_a_person_to_the_customer(self):
        self._dialogue().save().action_confirm()
        for ticket in self.tickets:
            message = self._answers(ticket)
            self.assertEqual(message.author_id, self.user.partner_id)
            self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
            self.assertFalse(message.is_internal)
            self.assertIn(ticket.partner_id, message.notified_partner_ids)

    def test_d6_what_is_written_by_hand_goes_to_all_as_it_is(self):
        with self._dialogue() as form:
            form.in_their_language = False
            form.body = "<p>Sorry, it is mended</p>"
            form.stage_id = self.env["helpdesk.ticket.stage"]
        before = self.tickets.stage_id
        form.record.action_confirm()
        for ticket in self.tickets:
            self.assertEqual(self._answers(ticket).body, "<p>Sorry, it is mended</p>")
        self.assertEqual(self.tickets.stage_id, before)

    def test_d6_without_a_lasting_fix_nobody_is_answered(self):
        wizard = self._dialogue().save()
        self.problem.lasting_fix = False
        for door in (self.problem.action_answer, wizard.action_confirm):
            with self.assertRaisesRegex(ValidationError, "lasting fix"):
                door()
        self.assertFalse(self._answers(self.tickets))

    def test_d6_a_ticket_that_refuses_is_named_and_no_other_is_answered(self):
        bad = self.tickets[1]
        wizard = self._dialogue().save()
        write = self.registry["helpdesk.ticket"].write
        wish = "It has a wish of its own."

        def refusing(tickets, vals):
            if bad in tickets and "stage_id" in vals:
                raise UserError(wish)
            return write(tickets, vals)

        self.patch(self.registry["helpdesk.ticket"], "write", refusing)
        with (
            self.assertRaisesRegex(UserError, f"{bad.number}.*wish of its own"),
            self.env.cr.savepoint(),
        ):
            wizard.action_confirm()
        self.env.invalidate_all()
        self.assertFalse(self._answers(self.tickets[0] | bad))
        self.assertNotEqual(self.problem.state, "closed")

    def test_d6_a_stage_of_another_team_is_refused(self):
        team = self.env["helpdesk.ticket.team"].create({"name": "Others"})
        stage = self.env["helpdesk.ticket.stage"].create(
            {"name": "Theirs", "closed": True, "team_ids": team.ids}
        )
        wizard = self._dialogue().save()
        wizard.stage_id = stage
        with self.assertRaisesRegex(UserError, "Theirs.*not used"):
            wizard.action_confirm()

    def test_d6_a_problem_without_open_tickets_is_only_closed(self):
        self.tickets.stage_id = self.closed
        self._dialogue().save().action_confirm()
        self.assertEqual(self.problem.state, "closed")
        self.assertFalse(self._answers(self.tickets))

    def test_d6_nobody_from_outside_the_desk_answers(self):
        wizard = self._dialogue().save()
        reader = self.env["res.users"].browse(self.user.copy({"login": "left"}).id)
        reader.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            wizard.with_user(reader).action_confirm()
