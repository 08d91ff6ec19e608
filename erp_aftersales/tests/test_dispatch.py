# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .dispatch_common import AT_NIGHT, DispatchCommon


@tagged("post_install", "-at_install")
class TestDispatch(DispatchCommon):
    """A new ticket goes to who can, is there, and has the least to do (D1)."""

    def test_d1_work_is_shared_and_says_why(self):
        first, second = self._new(), self._new()
        self.assertEqual(first.user_id, self.li)
        self.assertEqual(second.user_id, self.wang)
        self.assertEqual(first.aftersales_dispatch, "assigned")
        self.assertFalse(first.aftersales_dispatched_by_id)
        self.assertEqual(first.aftersales_dispatch_reason, "Li: 0 open tickets.")
        self.assertTrue(first.assigned_date)
        third = self._new(priority="3")
        self.assertEqual(third.user_id, self.li)
        self.assertEqual(third.aftersales_dispatch_reason, "Li: 1 open ticket.")
        self.assertEqual(self._new().user_id, self.wang)

    def test_d1_closed_tickets_are_no_load(self):
        ticket = self._new()
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertEqual(ticket.user_id, self.li)
        # Both are free again, and Wang waited longer.
        self.assertEqual(self._new().user_id, self.wang)

    def test_d1_who_types_a_ticket_is_not_who_serves_it(self):
        self.company.helpdesk_mgmt_ticket_auto_assign = True
        self.team.user_ids |= self.env.user
        self._employee(
            "Desk clerk", user_id=self.env.uid
        ).resource_calendar_id = self.calendar
        with Form(self.env["helpdesk.ticket"]) as form:
            self.assertFalse(form.user_id)
            form.name = form.description = "x"
            form.partner_id = self.customer
            form.team_id = self.team
        self.assertTrue(form.record.user_id)
        self.assertEqual(form.record.aftersales_dispatch, "assigned")
        self.team.aftersales_dispatch = False
        with Form(self.env["helpdesk.ticket"]) as form:
            self.assertEqual(form.user_id, self.env.user)
            form.name = form.description = "x"

    def test_d1_a_team_may_assign_by_hand(self):
        self.team.aftersales_dispatch = False
        ticket = self._new(user_id=False)
        self._run()
        self.assertFalse(ticket.user_id)
        self.assertFalse(ticket.aftersales_dispatch)
        self.team.aftersales_dispatch = True
        self._run()
        self.assertTrue(ticket.user_id)

    def test_d1_new_teams_assign_automatically_those_from_before_by_hand(self):
        self.assertTrue(self.env["helpdesk.ticket.team"].new({}).aftersales_dispatch)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket_team SET aftersales_dispatch = NULL WHERE id = %s",
            [self.team.id],
        )
        self.env.invalidate_all()
        self.team._init_column("aftersales_dispatch")
        self.assertFalse(self.team.aftersales_dispatch)

    def test_d1_a_person_s_choice_stays(self):
        ticket = self._new(user_id=self.wang.id)
        self.assertEqual(ticket.aftersales_dispatch, "manual")
        self.assertFalse(ticket.aftersales_dispatch_reason)
        ticket = self._new()
        self.assertEqual(ticket.user_id, self.li)
        ticket.with_user(self.li).user_id = self.wang
        self.assertEqual(ticket.aftersales_dispatch, "manual")
        self.assertEqual(ticket.aftersales_dispatched_by_id, self.li)
        self._leave(self.wang, "2026-11-25 01:00:00", "2026-12-20 00:00:00")
        self._run()
        self.assertEqual(ticket.user_id, self.wang)

    def test_d1_taken_from_a_person_it_is_looked_for_again(self):
        ticket = self._new(user_id=self.wang.id)
        ticket.user_id = False
        self.assertFalse(ticket.aftersales_dispatch)
        self._run()
        self.assertEqual(ticket.user_id, self.li)

    def test_c7_the_contract_s_own_team_goes_first(self):
        zhou = self._colleague("Zhou")
        dedicated = self._team("Key accounts", zhou)
        self.contract.team_id = dedicated
        ticket = self._new(contract_id=self.contract.id)
        self.assertEqual((ticket.team_id, ticket.user_id), (dedicated, zhou))
        self.assertEqual(
            ticket.aftersales_dispatch_reason,
            "Zhou: of the contract's own team, 0 open tickets.",
        )
        self._leave(zhou, "2026-11-25 01:00:00", "2026-12-20 00:00:00")
        ticket = self._new(contract_id=self.contract.id)
        self.assertEqual((ticket.team_id, ticket.user_id), (self.team, self.li))

    def test_c7_a_dedicated_team_that_assigns_by_hand_is_left_alone(self):
        self.contract.team_id = self._team(
            "Key accounts", self.leader, aftersales_dispatch=False
        )
        ticket = self._new(contract_id=self.contract.id)
        self.assertFalse(ticket.user_id)

    def test_d1_a_ticket_without_team_goes_to_any_of_its_company(self):
        ticket = self._new(team_id=False)
        self.assertEqual((ticket.team_id, ticket.user_id), (self.team, self.li))

    def test_d1_the_team_of_a_product_area_helps_out(self):
        zhou = self._colleague("Zhou")
        category = self.env["helpdesk.ticket.category"].create({"name": "Finance"})
        self._needs(category, self.finance)
        self._knows(zhou, self.finance, self.beginner)
        helpers = self._team("Finance", zhou)
        ticket = self._new(category_id=category.id)
        self.assertEqual(ticket.aftersales_dispatch, "nobody")
        helpers.category_ids = category
        self._run()
        self.assertEqual((ticket.team_id, ticket.user_id), (helpers, zhou))

    def test_f4_skills_levels_and_grade_must_be_there(self):
        self._needs(self.service_support, self.finance, self.expert)
        self._knows(self.li, self.finance, self.beginner)
        ticket = self._new(service_id=self.service_support.id)
        self.assertFalse(ticket.user_id)
        self.assertEqual(
            ticket.aftersales_dispatch_reason,
            "Nobody fits; Li knows too little of Finance (25% of 100%); "
            "Wang does not know Finance.",
        )
        self._knows(self.wang, self.finance, self.expert)
        self._run()
        self.assertEqual(ticket.user_id, self.wang)
        self.assertEqual(
            ticket.aftersales_dispatch_reason,
            "Wang: knows Finance (Expert), 0 open tickets.",
        )
        self.service_support.aftersales_grade_id = self.grade_senior
        self.wang.employee_ids.aftersales_grade_id = self.grade_junior
        self.assertFalse(self._new(service_id=self.service_support.id).user_id)
        self.wang.employee_ids.aftersales_grade_id = self.grade_architect
        ticket = self._new(service_id=self.service_support.id)
        self.assertEqual(ticket.user_id, self.wang)

    def test_f4_a_certificate_that_ran_out_counts_no_more(self):
        self._needs(self.service_support, self.finance)
        skill = self._knows(self.li, self.finance, self.expert)
        skill.valid_to = "2026-11-24"
        self.assertFalse(self._new(service_id=self.service_support.id).user_id)

    def test_d1_the_customer_s_language_is_preferred(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        chinese = self.env["res.lang"]._lang_get("zh_CN")
        self.wang.employee_ids.aftersales_lang_ids = chinese
        self._new(user_id=self.wang.id)
        ticket = self._new()
        self.assertEqual(ticket.user_id, self.wang)
        self.assertEqual(
            ticket.aftersales_dispatch_reason, "Wang: speaks Chinese, 1 open ticket."
        )
        chinese = ticket.with_context(lang="zh_CN").aftersales_dispatch_reason
        self.assertIn("Wang", chinese)
        self.assertIn("中文", chinese)

    def test_d1_closed_or_merged_tickets_are_given_to_nobody(self):
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        ticket = self._new(stage_id=done.id)
        self.assertFalse(ticket.user_id)

    def test_d1_a_portal_ticket_finds_its_person(self):
        portal = new_test_user(self.env, "dispatch_portal", "base.group_portal")
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(portal)
            .sudo()
            .create(
                {
                    "name": "x",
                    "description": "x",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                    "user_id": False,
                }
            )
        )
        self.assertEqual(ticket.user_id, self.li)
        names = [n for n in ticket._fields if n.startswith("aftersales_dispatch")]
        seen = ticket.with_user(portal).fields_get()
        self.assertTrue(names)
        self.assertFalse([name for name in names if name in seen])

    def test_d1_support_that_sees_own_tickets_only_can_type_one_for_others(self):
        # As on the screen: who makes a ticket follows it, and so goes on seeing it.
        tickets = self.env["helpdesk.ticket"].with_context(tracking_disable=False)
        with Form(tickets.with_user(self.wang)) as form:
            form.name = form.description = "x"
            form.partner_id = self.customer
            form.team_id = self.team
        ticket = form.record
        self.assertEqual(ticket.sudo().user_id, self.li)
        self.assertEqual(ticket.name, "x")

    def test_d1_other_companies_teams_are_not_asked(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._colleague("Stranger")
        self._team("Theirs", stranger, company_id=company.id)
        self.team.active = False
        ticket = self._new(team_id=False, user_id=False)
        self.assertFalse(ticket.user_id)
        self.assertFalse(ticket.aftersales_dispatch)

    def test_d1_queries_do_not_grow_with_the_tickets(self):
        self._needs(self.service_support, self.finance)
        self._knows(self.li, self.finance, self.expert)
        self._knows(self.wang, self.finance, self.expert)
        self.team.aftersales_dispatch = False

        def waiting(count):
            tickets = self.env["helpdesk.ticket"]
            for _number in range(count):
                tickets |= self._new(user_id=False, contract_id=self.contract.id)
            return tickets

        def dispatched(tickets):
            work = self.env["aftersales.dispatch"]._dispatch

            queries = self._queries(lambda: work(tickets))
            self.assertEqual(tickets.user_id, self.li | self.wang)
            return queries

        few, many = waiting(4), waiting(40)
        self.team.aftersales_dispatch = True
        dispatched(waiting(2))
        self.assertEqual(dispatched(few), dispatched(many))

    def test_d1_where_no_team_assigns_a_new_ticket_asks_nothing_more(self):
        self.team.aftersales_dispatch = False
        self._new(user_id=False)

        def boom(*args):
            raise AssertionError("no facts are needed")

        self.patch(self.registry["aftersales.dispatch"], "_desks", boom)
        self.assertFalse(self._new(user_id=False).user_id)


@tagged("post_install", "-at_install")
class TestDispatchTimes(DispatchCommon):
    """Who is there: calendars, zones, duty; and what waits for whom (D1)."""

    def test_d1_a_colleague_in_berlin_is_asked_by_their_own_hours(self):
        berlin = self._calendar(name="Berlin", tz="Europe/Berlin")
        self.li.employee_ids.resource_calendar_id = berlin
        self.team.aftersales_calendar_id = self._calendar(
            name="Day and evening",
            attendance_ids=[
                (5, 0, 0),
                *(
                    (
                        0,
                        0,
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 23,
                            "day_period": "full_day",
                        },
                    )
                    for day in range(5)
                ),
            ],
        )
        self.assertEqual(self._new().user_id, self.wang)
        self._at("2026-11-25 11:00:00")  # 19:00 in Shanghai, 12:00 in Berlin
        self.assertEqual(self._new().user_id, self.li)

    def test_d1_the_clock_change_moves_who_is_there(self):
        berlin = self._calendar(name="Berlin", tz="Europe/Berlin")
        self.team.aftersales_calendar_id = berlin
        for user in self.li | self.wang:
            user.employee_ids.resource_calendar_id = berlin
        # 16:30 UTC is 17:30 in winter, and 18:30 in summer, after work.
        self._at("2026-03-27 16:30:00")
        self.assertTrue(self._new().user_id)
        self._at("2026-03-30 16:30:00")
        self.assertFalse(self._new().user_id)

    def test_d1_at_night_it_goes_to_who_is_on_duty(self):
        self._duty(self.wang, "2026-11-25 10:00:00", "2026-11-26 01:00:00")
        self._at(AT_NIGHT)
        ticket = self._new()
        self.assertEqual(ticket.user_id, self.wang)
        self.assertEqual(
            ticket.with_context(tz="Asia/Shanghai").aftersales_dispatch_reason,
            "Wang: 0 open tickets, on duty until 11/26/2026 09:00; "
            "Li is off until 11/26/2026 09:00.",
        )

    def test_d1_without_duty_it_waits_for_the_morning_and_nobody_is_disturbed(self):
        self._at(AT_NIGHT)
        ticket = self._new()
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.aftersales_dispatch, "later")
        self.assertFalse(self._escalations(ticket))
        self.assertIn("Waits for somebody", ticket.aftersales_dispatch_reason)
        self._run()
        self.assertFalse(ticket.user_id)
        self._at("2026-11-26 01:00:00")
        self._run()
        self.assertEqual(ticket.user_id, self.li)
        self.assertEqual(ticket.aftersales_dispatch, "assigned")

    def test_d1_a_promise_that_cannot_wait_for_the_morning_is_escalated(self):
        self._at(AT_NIGHT)
        ticket = self._new(response_deadline="2026-11-25 15:00:00")
        self.assertEqual(ticket.aftersales_dispatch, "nobody")
        self.assertEqual(self._escalations(ticket).user_id, self.leader)

    def test_d1_nobody_fits_is_escalated_once_and_settled(self):
        self._needs(self.service_support, self.finance)
        ticket = self._new(service_id=self.service_support.id)
        self.assertEqual(self._escalations(ticket).user_id, self.leader)
        self._run()
        self._run()
        self.assertEqual(len(self._escalations(ticket)), 1)
        found = self.env["helpdesk.ticket"].search(
            [("aftersales_dispatch", "=", "nobody"), ("stage_id.closed", "=", False)]
        )
        self.assertIn(ticket, found)
        self._knows(self.wang, self.finance, self.beginner)
        self._run()
        self.assertEqual(ticket.user_id, self.wang)
        self.assertFalse(self._escalations(ticket))

    def test_d1_a_company_wide_holiday_closes_the_desk(self):
        self._at("2026-10-02 02:00:00")
        ticket = self._new()
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.aftersales_dispatch, "later")

    def test_d1_the_most_urgent_gets_the_one_who_is_there(self):
        self.team.aftersales_dispatch = False
        calm = self._new(user_id=False)
        urgent = self._new(user_id=False, response_deadline="2026-11-25 02:30:00")
        self.team.aftersales_dispatch = True
        self._new(user_id=self.wang.id, priority="3")
        self.env["aftersales.dispatch"]._dispatch(calm | urgent)
        self.assertEqual(urgent.user_id, self.li)

    def test_d1_only_who_is_in_a_team_of_the_company_can_be_chosen(self):
        stranger = new_test_user(
            self.env, "dispatch_stranger", "erp_aftersales.group_user", name="Stranger"
        )
        ticket = self._new()
        with self.assertRaisesRegex(UserError, "Stranger is in no team"):
            ticket.action_aftersales_assign(stranger)
