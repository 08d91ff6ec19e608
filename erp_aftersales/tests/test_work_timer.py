# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .work_common import WorkCommon


@tagged("post_install", "-at_install")
class TestWorkTimer(WorkCommon):
    """A timer starts with zero hours, and ends as work with a price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._allowed("approval")

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_of(self.contract)
        self.mine = self._mine(self.ticket)

    def _start(self, time, ticket=None):
        with self._at(time):
            return self._mine(ticket or self.ticket).action_aftersales_timer_start()

    def test_starting_makes_work_of_zero_hours_without_a_charge(self):
        self.assertFalse(self._start("09:00"))
        line = self.ticket.timesheet_ids
        self.assertEqual((line.unit_amount, line.employee_id), (0, self.me))
        self.assertEqual(line.start_datetime, self._utc("2026-10-10", "09:00"))
        self.assertFalse(line.charge_ids)
        self.assertEqual(self.mine.aftersales_timer_since, line.timer_started_at)
        self.assertFalse(self._start("09:30"), "a second click changes nothing")
        self.assertEqual(self.ticket.timesheet_ids, line)

    def test_stopping_asks_what_was_done_and_says_what_it_costs(self):
        self._start("09:00")
        with self._at("10:30"):
            form = self._form(self.mine.action_aftersales_timer_stop())
            self.assertEqual(form.minutes, 90)
            # An hour is included; 30 min x 60
            self.assertRegex(form.price_text, r"^\W*30.00\W* waits for acceptance")
            self.assertEqual(form.price_level, "waits")
            form.minutes = 45
            self.assertEqual(form.price_text.count("\n"), 0)
            self.assertEqual(form.price_level, "free")
            self.assertIn("0.25 of 1 h left", form.price_text)
            form.name = "Restarted the server"
            form.save().action_save()
        line = self.ticket.timesheet_ids
        self.assertEqual((line.unit_amount, line.name), (0.75, "Restarted the server"))
        self.assertFalse(line.timer_started_at)
        self.assertFalse(self.mine.aftersales_timer_since)
        self.assertEqual(self._kinds(line), [("allowance", 0)])

    def test_minutes_are_whole_half_up_and_at_least_one(self):
        self._start("09:00")
        for seconds, minutes in ((0, 1), (10, 1), (89, 1), (90, 2), (3570, 60)):
            moment = self._utc("2026-10-10", "09:00")
            with freeze_time(moment + timedelta(seconds=seconds)):
                line = self.ticket.timesheet_ids
                self.assertEqual(line._aftersales_timer_minutes(), minutes)

    def test_no_description_or_no_minutes_saves_nothing(self):
        self._start("09:00")
        with self._at("09:10"):
            form = self._form(self.mine.action_aftersales_timer_stop())
            wizard = form.save()
            with self.assertRaisesRegex(UserError, "what was done"):
                wizard.action_save()
            wizard.write({"name": "x", "minutes": 0})
            with self.assertRaisesRegex(UserError, "at least 1"):
                wizard.action_save()
        self.assertTrue(self.mine.aftersales_timer_since)

    def test_discarding_leaves_no_work(self):
        self._start("09:00")
        with self._at("09:10"):
            form = self._form(self.mine.action_aftersales_timer_stop())
            form.save().action_discard()
        self.assertFalse(self.ticket.timesheet_ids)
        with self.assertRaisesRegex(UserError, "No timer runs"):
            self.mine.action_aftersales_timer_stop()

    def test_starting_elsewhere_asks_what_was_done_here_first(self):
        other = self._ticket_of(self.contract)
        self._start("09:00")
        with self._at("09:20"):
            form = self._form(self._mine(other).action_aftersales_timer_start())
            self.assertEqual(form.next_ticket_id, other)
            self.assertEqual(form.ticket_id, self.ticket)
            form.name = "First part"
            form.save().action_save()
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 20 / 60)
        self.assertTrue(self._mine(other).aftersales_timer_since)
        with self._at("09:30"):
            form = self._form(self.mine.action_aftersales_timer_start())
            form.save().action_discard()
        self.assertFalse(other.timesheet_ids)
        self.assertTrue(self.mine.aftersales_timer_since)

    def test_two_timers_of_one_employee_are_impossible(self):
        self._start("09:00")
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            line = self._work(self._ticket_of(self.contract), self.me, "2026-10-10", 0)
            line.timer_started_at = self._utc("2026-10-10", "09:00")
            self.env.flush_all()

    def test_a_user_without_employee_is_told(self):
        with self.assertRaisesRegex(UserError, "is no employee of"):
            self._mine(self.ticket, self.manager).action_aftersales_timer_start()

    def test_the_employee_of_the_tickets_company_works(self):
        company = self.env["res.company"].create({"name": "Branch"})
        self.support.company_ids |= company
        there = self._employee("Me", user_id=self.support.id, company_id=company.id)
        branch = self.env(context={"allowed_company_ids": company.ids})
        ticket = branch["helpdesk.ticket"].create(
            {
                "name": "Branch",
                "description": "x",
                "partner_id": self.customer.id,
                "company_id": company.id,
                "user_id": self.support.id,
            }
        )
        self._mine(ticket).action_aftersales_timer_start()
        self.assertEqual(ticket.timesheet_ids.employee_id, there)
        self.assertFalse(self.mine.aftersales_timer_since)

    def test_others_see_a_timer_and_only_managers_stop_it(self):
        colleague = self._user_colleague()
        self._start("09:00")
        seen = self.ticket.with_user(colleague)
        self.assertFalse(seen.aftersales_timer_since)
        self.assertTrue(seen.aftersales_timer_others.startswith("Me since"))
        with self.assertRaisesRegex(UserError, "only Me or an after-sales manager"):
            seen.action_aftersales_timer_stop()
        with self._at("09:25"):
            managed = self.ticket.with_user(self.manager)
            form = self._form(managed.action_aftersales_timer_stop(), self.manager)
            form.name = "Forgotten"
            form.save().action_save()
        self.assertEqual(self.ticket.timesheet_ids.unit_amount, 25 / 60)

    def _user_colleague(self):
        user = new_test_user(
            self.env,
            "colleague",
            "erp_aftersales.group_user,helpdesk_mgmt.group_helpdesk_user",
        )
        self._employee("Colleague", self.grade_senior, user_id=user.id)
        return user

    def test_a_forgotten_timer_is_marked_and_found(self):
        self._start("09:00")
        tickets = self.env["helpdesk.ticket"].with_user(self.support)
        forgotten = [("aftersales_timer_forgotten", "=", True)]
        for time, is_forgotten in (("16:59", False), ("17:01", True)):
            with self._at(time):
                self.mine.invalidate_recordset()
                self.assertEqual(self.mine.aftersales_timer_forgotten, is_forgotten)
                self.assertEqual(bool(tickets.search(forgotten)), is_forgotten)
        self.company.aftersales_timer_hours = 0
        with self._at("23:00"):
            self.assertFalse(tickets.search(forgotten))

    def test_where_work_stops_the_timer_says_so_and_goes_on(self):
        contract = self._allowed("stop")
        ticket = self._ticket_of(contract)
        self._start("09:00", ticket)
        with self._at("11:00"):
            form = self._form(self._mine(ticket).action_aftersales_timer_stop())
            form.name = "Too long"
            wizard = form.save()
            with (
                self.assertRaisesRegex(ValidationError, "passes the end"),
                self.cr.savepoint(),
            ):
                wizard.action_save()
            self.env.invalidate_all()
            self.assertTrue(self._mine(ticket).aftersales_timer_since)

    def test_many_tickets_show_their_timers_with_the_queries_of_few(self):
        tickets = self.ticket
        for _number in range(6):
            tickets |= self._ticket_of(self.contract)
        self._start("09:00")
        mine = self._mine(tickets)
        few = self._queries(lambda: mine[:2].mapped("aftersales_timer_others"))
        many = self._queries(lambda: mine.mapped("aftersales_timer_others"))
        self.assertEqual(few, many)
