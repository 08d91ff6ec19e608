# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import tagged

from .clock_common import STAGE, ClockCommon


@tagged("post_install", "-at_install")
class TestClock(ClockCommon):
    """Deadlines and states follow from what happens to a ticket (L1 to L7)."""

    # From when, in which time (L1, L2)

    def test_l1_l2_targets_run_from_the_request_in_the_plans_calendar(self):
        ticket = self._call("03 10:00")
        self._assert_clock(
            ticket,
            response_state="running",
            response_deadline="03 10:30",
            resolution_state="running",
            resolution_deadline="03 14:00",
            responded_at=False,
            resolved_at=False,
            aftersales_turns_at="03 10:24",
        )
        night = self._call("04 17:30")
        self._assert_clock(
            night, response_deadline="04 18:00", resolution_deadline="07 12:30"
        )
        earlier = self._call("03 12:00", received_at=self._moment("03 09:00"))
        self._assert_clock(
            earlier, response_deadline="03 09:30", response_state="breached"
        )

    def test_l1_without_calendar_or_level_or_contract(self):
        always = self._plan("Always", sla=self._levels())
        customer = self._customer("Always")
        self._contract(customer, always, "2026-09-01")
        with self._at("05 23:50"):
            ticket = self._ticket(customer)
            none = self._ticket(customer, priority="2")
            stranger = self._ticket(self._customer("Stranger"))
        self._assert_clock(
            ticket, response_deadline="06 00:20", resolution_deadline="06 03:50"
        )
        for each in (none, stranger):
            self._assert_clock(
                each,
                response_state="none",
                response_deadline=False,
                resolution_state="none",
                aftersales_turns_at=False,
            )

    def test_l1_the_contracts_own_calendar_stands_above_the_plans(self):
        ticket = self._call("03 17:50")
        self._assert_clock(ticket, response_deadline="04 09:20")
        late = self._calendar(name="Evening")
        late.attendance_ids.write({"hour_from": 12, "hour_to": 22})
        with self._at("03 17:51"):
            self.contract.aftersales_calendar_id = late
        self._assert_clock(ticket, response_deadline="03 18:20")

    # The first answer (L3)

    def test_l3_staff_answers_and_nobody_else_does(self):
        ticket = self._call("03 10:00")
        staff = self.engineer.partner_id
        self._say(ticket, "03 10:05", staff, subtype_xmlid="mail.mt_note")
        self._say(ticket, "03 10:06", self.contact)
        self._say(ticket, "03 10:07", self.env.ref("base.partner_root"))
        self._say(ticket, "03 10:08", staff, message_type="notification")
        self._say(ticket, "03 10:09", staff, message_type="out_of_office")
        self._assert_clock(ticket, responded_at=False, response_state="running")
        self._say(ticket, "03 10:30", staff)
        self._assert_clock(ticket, responded_at="03 10:30", response_state="met")
        self._say(ticket, "03 11:00", staff)
        self._assert_clock(ticket, responded_at="03 10:30")

    def test_l3_a_late_answer_is_met_late(self):
        ticket = self._call("03 10:00")
        self._say(ticket, "03 10:31", self.engineer.partner_id)
        self._assert_clock(ticket, response_state="met_late")

    def test_l3_who_asks_himself_does_not_answer(self):
        with self._at("03 10:00"):
            ticket = self._ticket(self.engineer.partner_id, contract=None)
        self._say(ticket, "03 10:10", self.engineer.partner_id)
        self.assertFalse(ticket.responded_at)

    def test_l3_a_logged_call_is_an_answer(self):
        ticket = self._call("03 10:00")
        with self._at("03 10:10"):
            ticket.activity_schedule(
                "mail.mail_activity_data_call", user_id=self.engineer.id
            ).with_user(self.engineer).action_feedback("Told the way around it")
        self._assert_clock(ticket, responded_at="03 10:10", response_state="met")

    def test_l3_a_ticket_by_phone_is_answered_at_once(self):
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        ticket = self._call("03 10:00", channel_id=phone.id)
        self._assert_clock(
            ticket,
            responded_at="03 10:00",
            response_state="met",
            aftersales_waiting_since=False,
        )

    def test_l3_since_when_the_customer_waits_for_us(self):
        ticket = self._call("03 10:00")
        self._assert_clock(ticket, aftersales_waiting_since="03 10:00")
        self._say(ticket, "03 10:10", self.engineer.partner_id)
        self._assert_clock(ticket, aftersales_waiting_since=False)
        self._say(ticket, "03 11:00", self.contact)
        self._say(ticket, "03 12:00", self.contact)
        self._assert_clock(ticket, aftersales_waiting_since="03 11:00")
        self._say(ticket, "03 12:30", self.engineer.partner_id)
        self._assert_clock(ticket, aftersales_waiting_since=False)

    # Pauses, and what is opened again

    def test_l4_waiting_for_the_customer_stops_the_solution_not_the_answer(self):
        ticket = self._call("03 10:00")
        self._move(ticket, "03 10:10", "awaiting")
        self._assert_clock(
            ticket,
            resolution_state="paused",
            response_state="running",
            resolution_deadline="03 14:00",
        )
        self._watch("03 10:31")
        self._assert_clock(ticket, resolution_state="paused", response_state="breached")
        self._move(ticket, "03 12:10", "in_progress")
        self._assert_clock(
            ticket, resolution_state="running", resolution_deadline="03 16:00"
        )

    def test_l4_the_customers_answer_ends_the_pause(self):
        ticket = self._call("03 10:00")
        self._move(ticket, "03 10:10", "awaiting")
        self._say(ticket, "03 10:40", self.contact)
        self.assertEqual(ticket.stage_id, self.env.ref(STAGE + "in_progress"))
        self._assert_clock(
            ticket, resolution_state="running", resolution_deadline="03 14:30"
        )

    def test_l4_a_pause_that_ends_by_solving_moves_the_deadline(self):
        ticket = self._call("03 10:00")
        self._move(ticket, "03 11:00", "awaiting")
        self._move(ticket, "04 10:00", "done")
        # 8 working hours paused: 3 that were left of Thursday's 14:00, then Friday
        self._assert_clock(
            ticket,
            resolution_state="met",
            resolved_at="04 10:00",
            resolution_deadline="04 13:00",
        )

    def test_l4_reopening_goes_on_with_what_had_elapsed(self):
        ticket = self._call("03 10:00")
        self._move(ticket, "03 11:00", "done")
        self._assert_clock(ticket, resolution_state="met", aftersales_turns_at=False)
        self._move(ticket, "04 11:00", "in_progress")
        self._assert_clock(
            ticket,
            resolved_at=False,
            resolution_state="running",
            resolution_deadline="04 14:00",
        )
        self._move(ticket, "04 14:01", "done")
        self._assert_clock(ticket, resolution_state="met_late", resolved_at="04 14:01")

    def test_l4_a_stage_that_is_computed_is_seen_too(self):
        closed = self.env["helpdesk.ticket.stage"].create(
            {"name": "Archive", "closed": True, "sequence": -5}
        )
        archive = self.env["helpdesk.ticket.team"].create({"name": "Archive"})
        self.env["helpdesk.ticket.stage"].search([]).team_ids = self.team
        closed.team_ids = archive
        ticket = self._call("03 10:00")
        with self._at("03 11:00"):
            ticket.team_id = archive
        self.assertEqual(ticket.stage_id, closed)
        self._assert_clock(ticket, resolution_state="met", resolved_at="03 11:00")

    def test_l4_a_stage_that_begins_to_wait_stops_the_clocks_in_it(self):
        ticket = self._call("03 10:00")
        with self._at("03 11:00"):
            ticket.stage_id.aftersales_pauses = True
        self._assert_clock(ticket, resolution_state="paused")
        with self._at("03 12:00"):
            ticket.stage_id.aftersales_pauses = False
        self._assert_clock(
            ticket, resolution_state="running", resolution_deadline="03 15:00"
        )

    def test_l4_a_merged_ticket_or_a_duplicate_has_no_clock_of_its_own(self):
        ticket, other = self._call("03 10:00"), self._call("03 10:00")
        with self._at("03 10:20"):
            other.duplicate_id = ticket
        self._watch("04 10:00")
        self._assert_clock(other, response_state="met", resolution_state="met")
        self._assert_clock(ticket, response_state="breached")

    # At the minute (L5)

    def test_l5_states_come_true_at_the_minute(self):
        ticket = self._call("03 10:00")
        for text, response, resolution in (
            ("03 10:23", "running", "running"),
            ("03 10:24", "at_risk", "running"),
            ("03 10:30", "at_risk", "running"),
            ("03 10:31", "breached", "running"),
            ("03 13:11", "breached", "running"),
            ("03 13:12", "breached", "at_risk"),
            ("03 14:01", "breached", "breached"),
        ):
            self._watch(text)
            self._assert_clock(
                ticket, response_state=response, resolution_state=resolution
            )
        self._assert_clock(ticket, aftersales_turns_at=False)

    def test_l5_the_leader_hears_of_risks_and_the_manager_of_breaches_once(self):
        ticket = self._call("03 10:00")
        self._watch("03 10:24")
        self._assert_told(ticket, [("risk", self.leader)])
        self._watch("03 10:31")
        self._watch("03 10:31", ticket)
        self._watch("03 10:40", ticket)
        breach = [("breach", self.leader), ("breach", self.manager)]
        self._assert_told(ticket, [("risk", self.leader), *breach])
        self.assertEqual(
            set(ticket.activity_ids.mapped("summary")),
            {"The first answer is at risk", "The first answer is late"},
        )
        self._move(ticket, "03 11:00", "done")
        self._assert_told(ticket, [])

    def test_l5_who_is_told_is_told_for_the_teams_next_working_day(self):
        self.contract.aftersales_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Every day",
                "tz": "Asia/Shanghai",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 0,
                            "hour_to": 24,
                        }
                    )
                    for day in range(7)
                ],
            }
        )
        ticket = self._call("04 23:00")  # a Friday
        self._watch("05 00:30")
        told = ticket.activity_ids.filtered(
            lambda a: a.activity_type_id in self._kinds()
        )
        days = set(told.mapped("date_deadline"))
        self.assertEqual([str(day) for day in days], ["2026-09-07"])

    def test_l5_without_leader_the_person_on_it_is_told(self):
        self.team.user_id = False
        self.contract.service_manager_id = False
        ticket = self._call("03 10:00", user_id=self.engineer.id)
        self._watch("03 10:31")
        self._assert_told(ticket, [("breach", self.engineer)])

    def _assert_told(self, ticket, told):
        kinds = self._kinds()
        found = [
            (kinds[activity.activity_type_id], activity.user_id)
            for activity in ticket.activity_ids
            if activity.activity_type_id in kinds
        ]
        self.assertCountEqual(found, told)

    def _kinds(self):
        return {
            self.env.ref("erp_aftersales.mail_activity_type_at_risk"): "risk",
            self.env.ref("erp_aftersales.mail_activity_type_breached"): "breach",
        }

    # Another promise (L6)

    def test_l6_another_priority_counts_from_the_same_start(self):
        ticket = self._call("03 10:00")
        self._move(ticket, "03 10:10", "awaiting")
        self._move(ticket, "03 10:40", "in_progress")
        with self._at("03 10:50"):
            ticket.priority = "3"
        self._assert_clock(
            ticket,
            response_deadline="03 10:15",
            response_state="breached",
            resolution_deadline="03 11:30",
        )

    def test_l6_another_plan_and_own_rows_move_open_tickets_only(self):
        done, ticket = self._call("03 10:00"), self._call("03 10:00")
        self._move(done, "03 10:20", "done")
        quick = self._plan(
            "Quick",
            sla=[{"priority": "1", "response_hours": 1, "resolution_hours": 2}],
            calendar_id=self.calendar.id,
        )
        with self._at("03 10:25"):
            self.contract.action_aftersales_change_plan(quick, "2026-09-03")
        self._assert_clock(
            ticket, response_deadline="03 11:00", resolution_deadline="03 12:00"
        )
        self._assert_clock(
            done, response_deadline="03 10:30", resolution_deadline="03 14:00"
        )
        with self._at("03 10:26"):
            self.contract.aftersales_sla_ids = [
                Command.create({"priority": "1", "resolution_hours": 8})
            ]
        self._assert_clock(
            ticket, response_state="none", resolution_deadline="03 18:00"
        )
        with self._at("03 10:27"):
            self.contract.aftersales_sla_ids.unlink()
        self._assert_clock(ticket, resolution_deadline="03 12:00")
        with self._at("03 10:28"):
            done.priority = "3"
        self._assert_clock(done, resolution_deadline="03 14:00")

    def test_l6_a_promise_of_tomorrow_counts_from_tomorrow_on(self):
        with self._at("03 09:00"):
            self.contract.aftersales_sla_ids = [
                Command.create(
                    {
                        "priority": "1",
                        "resolution_hours": 20,
                        "date_start": "2026-09-04",
                    }
                )
            ]
        ticket = self._call("03 17:00")
        self._assert_clock(ticket, resolution_deadline="04 12:00")
        self._watch("03 23:59")
        self._assert_clock(ticket, resolution_deadline="04 12:00")
        self._watch("04 00:00")
        self._assert_clock(ticket, resolution_deadline="08 10:00")

    def test_l6_another_contract_or_none(self):
        ticket = self._call("03 10:00")
        with self._at("03 10:10"):
            ticket.contract_id = False
        self._assert_clock(ticket, response_state="none", resolution_deadline=False)
        with self._at("03 10:20"):
            ticket.contract_id = self.contract
        self._assert_clock(ticket, response_deadline="03 10:30")

    def test_l1_holidays_and_hours_that_change_are_seen_by_the_next_watch(self):
        ticket = self._call("03 17:00")
        self._assert_clock(ticket, resolution_deadline="04 12:00")
        with self._at("03 17:10"):
            leave = self.env["resource.calendar.leaves"].create(
                {
                    "name": "Closed",
                    "calendar_id": self.calendar.id,
                    "date_from": self._moment("04 00:00"),
                    "date_to": self._moment("05 00:00"),
                }
            )
        self._watch("03 17:11")
        self._assert_clock(ticket, resolution_deadline="07 12:00")
        with self._at("03 17:12"):
            leave.unlink()
            self.calendar.attendance_ids.hour_to = 20
        self._watch("03 17:13")
        self._assert_clock(ticket, resolution_deadline="04 10:00")

    # What follows from it

    def test_r23_a_breach_pays_its_credit_by_itself(self):
        ticket = self._call("03 10:00")
        self._watch("03 10:31")
        credit = self.contract.charge_ids.filtered(lambda c: c.kind == "credit")
        self.assertEqual((credit.ticket_id, credit.amount), (ticket, -100))
        self.assertEqual(str(credit.date), "2026-09-03")

    def test_a_ticket_from_elsewhere_keeps_its_moments(self):
        done = self.env.ref(STAGE + "done")
        ticket = self._call(
            "10 09:00",
            received_at=self._moment("03 10:00"),
            responded_at=self._moment("03 10:20"),
            resolved_at=self._moment("03 15:00"),
            stage_id=done.id,
        )
        self._assert_clock(
            ticket,
            response_state="met",
            resolution_state="met_late",
            resolved_at="03 15:00",
            resolution_deadline="03 14:00",
        )

    def test_a_manager_corrects_a_moment_and_the_states_follow(self):
        ticket = self._call("03 10:00")
        self._move(ticket, "03 15:00", "done")
        self._assert_clock(ticket, resolution_state="met_late")
        ticket.resolved_at = self._moment("03 13:00")
        self._assert_clock(ticket, resolution_state="met", resolved_at="03 13:00")
        ticket.responded_at = self._moment("03 10:10")
        self._assert_clock(ticket, response_state="met")

    def test_l7_who_stopped_the_clock_is_kept(self):
        ticket = self._call("03 10:00")
        with self._at("03 10:10"):
            ticket.with_user(self.engineer).stage_id = self.env.ref(STAGE + "awaiting")
        mark = ticket.aftersales_mark_ids
        self.assertEqual((mark.state, mark.user_id), ("paused", self.engineer))
        self._assert_clock(mark, at="03 10:10")


@tagged("post_install", "-at_install")
class TestClockInBulk(ClockCommon):
    """Many tickets cost no more queries than few; only what changes is written (L7)."""

    def _asked(self, tickets, text):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._watch(text, tickets)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_l7_many_tickets_cost_no_more_queries_than_few(self):
        few = self.env["helpdesk.ticket"].union(
            *(self._call("03 10:00") for _n in "12")
        )
        many = self.env["helpdesk.ticket"].union(
            *(self._call("03 10:00") for _n in range(12))
        )
        self._asked(few, "03 10:01")
        self.assertEqual(self._asked(few, "03 10:02"), self._asked(many, "03 10:02"))

    def test_l7_only_what_can_change_is_looked_at(self):
        ticket, later = self._call("03 10:00"), self._call("03 10:20")
        looked = []

        def look(clock, tickets, now):
            looked.append(tickets.ids)
            return {}

        self.patch(self.registry["aftersales.clock"], "_fields_of_tickets", look)
        self._watch("03 10:24")
        self.assertEqual(looked, [ticket.ids])
        self._watch("03 10:44")
        self.assertEqual(looked[1:], [(ticket | later).ids])


@tagged("post_install", "-at_install")
class TestClockStory(ClockCommon):
    """The clock explains itself, to who reads the ticket (L7)."""

    def test_l7_the_story_tells_promises_pauses_and_who_caused_them(self):
        ticket = self._call("03 10:00")
        with self._at("03 10:10"):
            ticket.with_user(self.engineer).stage_id = self.env.ref(STAGE + "awaiting")
        self._say(ticket, "03 12:10", self.contact)
        self._move(ticket, "03 13:00", "done")
        with self._at("03 15:00"):
            reader = ticket.with_user(self.engineer).with_context(tz="Asia/Shanghai")
            told = reader._aftersales_clock_told()
            story = str(reader.aftersales_clock_story)
        self.assertEqual(
            [
                (stretch["state"], stretch["time"], stretch["by"])
                for stretch in told["stretches"]
            ],
            [
                ("running", "10 min", ""),
                ("paused", "2 h", self.engineer.name),
                ("running", "50 min", self.env.user.name),
                ("closed", "2 h", self.env.user.name),
            ],
        )
        self.assertEqual(
            [(t["target"], t["state"], t["promise"]) for t in told["targets"]],
            [
                ("response", "met_late", "within 30 min of working time"),
                ("resolution", "met", "within 4 h of working time"),
            ],
        )
        self.assertIn("09/03/2026 04:00:00 PM", story)
        self.assertIn(self.engineer.name, story)

    def test_a_ticket_without_promise_says_so(self):
        with self._at("03 10:00"):
            ticket = self._ticket(self._customer("Stranger"))
        self.assertIn("Nothing is promised", str(ticket.aftersales_clock_story))


@tagged("post_install", "-at_install")
class TestClockOfMerged(ClockCommon):
    """What the base writes in somebody's name when tickets are merged is no answer."""

    def test_l3_a_merge_answers_nobody(self):
        ticket, other = self._call("03 10:00"), self._call("03 10:05")
        with self._at("03 10:10"):
            wizard = self.env["helpdesk.ticket.merge"].with_user(self.engineer)
            wizard.with_context(active_ids=(ticket | other).ids).create(
                {
                    "dst_ticket_id": ticket.id,
                    "ticket_ids": [(6, 0, (ticket | other).ids)],
                }
            ).merge_tickets()
        self._assert_clock(ticket, responded_at=False, response_state="running")
        self._assert_clock(ticket, aftersales_waiting_since="03 10:00")
