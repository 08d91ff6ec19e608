# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .dispatch_common import AT_WORK, DispatchCommon


@tagged("post_install", "-at_install")
class TestCandidates(DispatchCommon):
    """Who could take it: everybody, ranked, with reasons; a click assigns (D1)."""

    def _dialogue(self, ticket, user=None):
        ticket = ticket.with_user(user or self.env.user)
        action = ticket.action_aftersales_candidates()
        return ticket.env[action["res_model"]].browse(action["res_id"])

    def test_d1_everybody_is_listed_with_reasons(self):
        self._needs(self.service_support, self.finance)
        self._knows(self.wang, self.finance, self.expert)
        self._team("Others", self.leader, aftersales_dispatch=False)
        ticket = self._new(service_id=self.service_support.id)
        lines = self._dialogue(ticket).line_ids
        self.assertEqual(lines.user_id, self.wang | self.li | self.leader)
        self.assertEqual(lines.mapped("fits"), [True, False, False])
        self.assertEqual(
            lines.mapped("why")[:2],
            [
                "knows Finance (Expert), 1 open ticket",
                "does not know Finance, 0 open tickets",
            ],
        )

    def test_d1_a_person_may_always_overrule_and_it_stays(self):
        ticket = self._new()
        self.assertEqual(ticket.user_id, self.li)
        lines = self._dialogue(ticket, self.li).line_ids
        lines.filtered(lambda line: line.user_id == self.wang).action_assign()
        self.assertEqual(ticket.user_id, self.wang)
        self.assertEqual(ticket.aftersales_dispatch, "manual")
        self.assertEqual(ticket.aftersales_dispatched_by_id, self.li)
        self.assertEqual(ticket.aftersales_dispatch_reason, "Wang: 0 open tickets.")

    def test_d1_who_is_of_another_team_takes_the_ticket_there(self):
        others = self._team("Others", self.leader)
        ticket = self._new()
        line = self._dialogue(ticket).line_ids.filtered(
            lambda line: line.user_id == self.leader
        )
        line.action_assign()
        self.assertEqual((ticket.team_id, ticket.user_id), (others, self.leader))

    def test_d1_the_request_to_find_somebody_is_settled_by_a_person(self):
        self._needs(self.service_support, self.finance)
        ticket = self._new(service_id=self.service_support.id)
        self.assertTrue(self._escalations(ticket))
        ticket.action_aftersales_assign(self.wang)
        self.assertFalse(self._escalations(ticket))

    def test_d1_who_cannot_see_the_ticket_cannot_see_its_candidates(self):
        ticket = self._new()
        stranger = new_test_user(
            self.env, "candidates_stranger", "erp_aftersales.group_user"
        )
        with self.assertRaises(AccessError):
            self._dialogue(ticket, stranger)
        with self.assertRaises(AccessError):
            self.env["aftersales.dispatch.board"].with_user(stranger).assign(
                ticket.id, self.wang.id
            )
        with self.assertRaises(AccessError):
            self.env["aftersales.dispatch.board"].with_user(stranger).assign_best(
                ticket.id
            )


@tagged("post_install", "-at_install")
class TestDispatchBoard(DispatchCommon):
    """Who is free, who is loaded, what is about to breach (D1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._colleague("Boss", group="group_manager")

    def _board(self, user=None):
        board = self.env["aftersales.dispatch.board"].with_user(user or self.boss)
        return board.board()

    def _people(self, user=None):
        return {person["name"]: person for person in self._board(user)["people"]}

    def test_d1_people_say_what_they_are_doing(self):
        self._knows(self.li, self.finance, self.expert)
        self.li.employee_ids.aftersales_grade_id = self.grade_senior
        self._new(user_id=self.li.id, priority="3").sudo().response_state = "at_risk"
        self._leave(self.wang, "2026-11-25 01:00:00", "2026-11-25 16:00:00")
        people = self._people()
        li, wang = people["Li"], people["Wang"]
        self.assertEqual(
            (li["state"], li["tickets"], li["load"], li["urgent"], li["grade"]),
            ("busy", 1, 10, 1, "Senior"),
        )
        self.assertEqual(li["skills"], ["Finance: Expert"])
        self.assertEqual(li["until"], "18:00")
        self.assertEqual((wang["state"], wang["tickets"]), ("away", 0))
        self._duty(self.li, "2026-11-25 10:00:00", "2026-11-26 01:00:00")
        self._at("2026-11-25 14:00:00")
        self.assertEqual(self._people()["Li"]["state"], "duty")

    def test_d1_the_queue_begins_with_the_nearest_deadline(self):
        self.team.aftersales_dispatch = False
        none = self._new(user_id=False, name="None")
        late = self._new(user_id=False, name="Late", response_deadline=AT_WORK)
        soon = self._new(
            user_id=False, name="Soon", response_deadline="2026-11-25 04:00:00"
        )
        risk = self._new(
            user_id=self.li.id,
            name="Risk",
            responded_at=AT_WORK,
            resolution_deadline="2026-11-25 03:00:00",
            resolution_state="at_risk",
        )
        self._new(user_id=self.li.id, name="Calm")
        ours = none | late | soon | risk
        queue = [t for t in self._board()["queue"] if t["id"] in ours.ids]
        self.assertEqual([t["name"] for t in queue], ["Late", "Risk", "Soon", "None"])
        self.assertEqual(queue[1]["user"], "Li")
        self.assertEqual(queue[1]["state"], "at_risk")

    def test_d1_support_sees_the_teams_it_is_in(self):
        zhou = self._colleague("Zhou")
        self._team("Others", zhou)
        self.assertEqual(set(self._people(self.li)), {"Li", "Wang"})
        self.assertLessEqual({"Li", "Wang", "Zhou"}, set(self._people()))

    def test_d1_others_have_no_board(self):
        user = new_test_user(self.env, "board_plain", "base.group_user")
        with self.assertRaisesRegex(AccessError, "for support"):
            self._board(user)

    def test_d1_customers_reach_neither_the_board_nor_its_buttons(self):
        ticket = self._new()
        portal = new_test_user(
            self.env,
            "board_portal",
            "base.group_portal",
            partner_id=self.env["res.partner"]
            .create({"name": "Buyer", "parent_id": self.customer.id})
            .id,
        )
        self.assertTrue(ticket.with_user(portal).has_access("read"))
        board = self.env["aftersales.dispatch.board"].with_user(portal)
        for reach in (
            board.board,
            lambda: board.assign(ticket.id, self.wang.id),
            lambda: board.assign_best(ticket.id),
            ticket.with_user(portal).action_aftersales_candidates,
        ):
            with self.assertRaises(AccessError):
                reach()
        self.assertEqual(ticket.user_id, self.li)

    def test_d1_assigning_is_a_person_s_choice(self):
        self.team.aftersales_dispatch = False
        ticket = self._new(user_id=False)
        board = self.env["aftersales.dispatch.board"].with_user(self.boss)
        answer = board.assign(ticket.id, self.wang.id)
        self.assertEqual(ticket.user_id, self.wang)
        self.assertEqual(ticket.aftersales_dispatched_by_id, self.boss)
        self.assertNotIn(ticket.id, [each["id"] for each in answer["queue"]])

    def test_d1_the_best_is_assigned_or_nobody(self):
        self.team.aftersales_dispatch = False
        self._needs(self.service_support, self.finance)
        ticket = self._new(user_id=False, service_id=self.service_support.id)
        board = self.env["aftersales.dispatch.board"].with_user(self.boss)
        self.assertFalse(board.assign_best(ticket.id)["fits"])
        self.assertFalse(ticket.user_id)
        self._knows(self.wang, self.finance, self.expert)
        self.assertTrue(board.assign_best(ticket.id)["fits"])
        self.assertEqual(ticket.user_id, self.wang)

    def test_d1_the_board_costs_the_same_for_few_and_many_tickets(self):
        self.team.aftersales_dispatch = False

        def tickets(count):
            for _number in range(count):
                self._new(user_id=False, service_id=self.service_support.id)
            self._queries(self._board)
            return self._queries(self._board)

        self.assertEqual(tickets(3), tickets(30))


@tagged("post_install", "-at_install")
class TestDispatchBoardTour(DispatchCommon, HttpCase):
    """The board in a browser: look, assign the best, choose by keyboard (D1)."""

    def test_d1_tickets_are_assigned_from_the_board(self):
        self.team.aftersales_dispatch = False
        boss = self._colleague("Boss", group="group_manager")
        first, second = (
            self._new(user_id=False, name=name)
            for name in ("Till is down", "Printer is askew")
        )
        with freeze_time(AT_WORK, tick=True):
            self.start_tour("/odoo", "erp_aftersales_dispatch_board", login=boss.login)
        self.env.invalidate_all()
        self.assertEqual(first.user_id, self.li)
        self.assertEqual(second.user_id, self.wang)
        self.assertEqual(second.aftersales_dispatched_by_id, boss)
