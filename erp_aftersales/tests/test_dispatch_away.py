# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .dispatch_common import DispatchCommon

FROM, UNTIL = "2026-11-25 01:00:00", "2026-11-26 10:00:00"


@tagged("post_install", "-at_install")
class TestDispatchAway(DispatchCommon):
    """Somebody falls ill: what cannot wait goes on, and both are told (D1)."""

    def setUp(self):
        super().setUp()
        self.ticket = self._new()
        self.assertEqual(self.ticket.user_id, self.li)

    def test_d1_an_unanswered_ticket_changes_hands_and_both_are_told(self):
        self._leave(self.li, FROM, UNTIL)
        self.assertEqual(self.ticket.user_id, self.wang)
        self.assertEqual(self.ticket.aftersales_dispatch, "assigned")
        sentence = self.ticket.with_context(
            tz="Asia/Shanghai"
        ).aftersales_dispatch_reason
        self.assertEqual(
            sentence,
            "Wang: 0 open tickets, takes over from Li, who is away until "
            "11/27/2026 09:00.",
        )
        told = self.ticket.message_ids.filtered(
            lambda message: "takes over from Li" in message.body
        )
        self.assertEqual(len(told), 1)
        both = self.li.partner_id | self.wang.partner_id
        self.assertEqual(told.notified_partner_ids & both, both)

    def test_d1_what_is_due_after_the_return_waits(self):
        self.ticket.sudo().response_deadline = "2026-11-30 02:00:00"
        self._leave(self.li, FROM, UNTIL)
        self.assertEqual(self.ticket.user_id, self.li)

    def test_d1_what_is_answered_and_has_no_deadline_waits(self):
        self.ticket.sudo().responded_at = FROM
        self._leave(self.li, FROM, UNTIL)
        self.assertEqual(self.ticket.user_id, self.li)

    def test_d1_what_is_at_risk_changes_hands(self):
        self.ticket.sudo().responded_at = FROM
        self.ticket.sudo().resolution_state = "at_risk"
        self._leave(self.li, FROM, UNTIL)
        self.assertEqual(self.ticket.user_id, self.wang)

    def test_d1_a_leave_that_begins_later_is_found_by_the_cron(self):
        self._leave(self.li, "2026-11-25 04:00:00", UNTIL)
        self.assertEqual(self.ticket.user_id, self.li)
        self._at("2026-11-25 04:00:00")
        self._run()
        self.assertEqual(self.ticket.user_id, self.wang)

    def test_d1_a_leave_that_is_moved_to_today_counts_at_once(self):
        leave = self._leave(self.li, "2026-11-25 04:00:00", UNTIL)
        leave.date_from = FROM
        self.assertEqual(self.ticket.user_id, self.wang)

    def test_d1_who_leaves_hands_over_everything(self):
        self.ticket.sudo().responded_at = FROM
        self.li.active = False
        self.assertEqual(self.ticket.user_id, self.wang)
        self.assertIn("takes over from Li", self.ticket.aftersales_dispatch_reason)

    def test_d1_an_employee_who_is_archived_has_left(self):
        self.li.employee_ids.active = False
        self.assertEqual(self.ticket.user_id, self.wang)

    def test_d1_nobody_takes_over_the_leader_is_asked_once(self):
        self._leave(self.wang, FROM, UNTIL)
        self._leave(self.li, FROM, UNTIL)
        self.assertEqual(self.ticket.user_id, self.li)
        self.assertEqual(self.ticket.aftersales_dispatch, "nobody")
        self.assertEqual(self._escalations(self.ticket).user_id, self.leader)
        self._run()
        self.assertEqual(len(self._escalations(self.ticket)), 1)
        self._at("2026-11-27 02:00:00")
        self._run()
        self.assertEqual(self.ticket.user_id, self.li)
        self.assertEqual(self.ticket.aftersales_dispatch, "assigned")
        self.assertFalse(self._escalations(self.ticket))

    def test_d1_of_who_left_and_nobody_takes_over_it_waits_without_a_person(self):
        self._leave(self.wang, FROM, UNTIL)
        self.li.active = False
        self.assertFalse(self.ticket.user_id)
        self.assertEqual(self.ticket.aftersales_dispatch, "nobody")
        self.assertTrue(self._escalations(self.ticket))
