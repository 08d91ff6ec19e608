# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .work_common import WorkCommon


@tagged("post_install", "-at_install")
class TestWorkEmergency(WorkCommon):
    """An emergency begins at once where the contract allows it (A9)."""

    def _log(self, ticket, minutes, day="2026-10-05"):
        return self._work(ticket, self.me, day, minutes)

    def _emergency(self, at_end="stop", limit=0, allowed=True):
        contract = self._allowed(
            at_end,
            aftersales_emergency_allowed=allowed,
            aftersales_emergency_limit=limit,
        )
        ticket = self._ticket_of(contract)
        self._mine(ticket).action_aftersales_emergency()
        return ticket

    def _asked(self, ticket):
        kind = self.env.ref("erp_aftersales.mail_activity_type_emergency")
        return ticket.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_a9_flagging_says_who_and_when_and_raises_the_priority(self):
        ticket = self._emergency()
        self.assertEqual(ticket.priority, "3")
        self.assertEqual(ticket.aftersales_emergency_by_id, self.support)
        self.assertTrue(ticket.aftersales_emergency_at)
        self.assertIn("Emergency, flagged by", ticket.message_ids[0].body)
        found = self.env["helpdesk.ticket"].search(
            [("aftersales_is_emergency", "=", True), ("id", "=", ticket.id)]
        )
        self.assertEqual(found, ticket)
        self._mine(ticket).action_aftersales_no_emergency()
        self.assertFalse(ticket.aftersales_is_emergency)

    def test_a9_allowed_work_passes_a_stop_and_waits_for_acceptance(self):
        ticket = self._emergency()
        self.assertIn("begin at once", ticket.aftersales_emergency_text)
        self._log(ticket, 100)
        self.assertEqual(self._kinds(ticket), [("allowance", 0), ("overage", 40)])
        self.assertEqual(ticket.aftersales_waiting_amount, 40)
        self.assertFalse(self._bill(ticket.contract_id).filtered("amount_untaxed"))
        asked = self._asked(ticket)
        self.assertEqual((len(asked), asked.user_id), (1, self.support))
        self._log(ticket, 10, "2026-10-06")
        self.assertEqual(len(self._asked(ticket)), 1, "asked once")
        ticket.action_aftersales_accept(50, self.contact)
        self.assertEqual(self._bill(ticket.contract_id).amount_untaxed, 50)

    def test_a9_where_it_is_not_allowed_work_still_stops_and_says_what_to_do(self):
        ticket = self._emergency(allowed=False)
        self.assertIn("send an estimate", ticket.aftersales_emergency_text)
        with self.assertRaisesRegex(ValidationError, "passes the end"):
            self._log(ticket, 100)

    def test_a9_the_flag_alone_opens_no_stop_of_other_tickets(self):
        ticket = self._emergency()
        other = self._ticket_of(ticket.contract_id)
        with self.assertRaisesRegex(ValidationError, "passes the end"):
            self._log(other, 100)

    def test_a9_the_limit_of_the_contract_holds(self):
        ticket = self._emergency(limit=50)
        self._log(ticket, 100)
        with (
            self.assertRaisesRegex(ValidationError, "lets .*50.00 pass"),
            self.cr.savepoint(),
        ):
            self._log(ticket, 20, "2026-10-06")
        self.env.invalidate_all()
        self.assertEqual(ticket.aftersales_waiting_amount, 40)
        ticket.action_aftersales_accept(40, self.contact)
        self._log(ticket, 20, "2026-10-06")
        self.assertEqual(ticket.aftersales_waiting_amount, 20)

    def test_a9_a_manager_may_pass_the_limit(self):
        ticket = self._emergency(limit=10)
        line = self._log(ticket, 60)
        line.with_user(self.manager).unit_amount = 2
        self.assertEqual(ticket.aftersales_waiting_amount, 60)
        with self.assertRaisesRegex(ValidationError, "below 0"):
            ticket.contract_id.aftersales_emergency_limit = -1

    def test_a9_quoted_work_of_an_emergency_waits_and_somebody_asks(self):
        contract = self._contract_of(
            "Quote",
            coverage=[{"policy": "quote"}],
            contract_vals={"aftersales_emergency_allowed": True},
        )
        ticket = self._ticket_of(contract)
        ticket.action_aftersales_emergency()
        self._log(ticket, 60)
        self.assertTrue(ticket.charge_ids.is_waiting)
        self.assertTrue(self._asked(ticket))

    def test_a9_work_typed_before_the_flag_is_rated_anew(self):
        contract = self._allowed("stop", aftersales_emergency_allowed=True)
        ticket = self._ticket_of(contract)
        line = self._log(ticket, 60)
        line.with_user(self.manager).unit_amount = 2
        self.assertFalse(ticket.aftersales_waiting_amount)
        ticket.action_aftersales_emergency()
        self.assertEqual(ticket.aftersales_waiting_amount, 60)
        contract.aftersales_emergency_allowed = False
        self.assertFalse(ticket.aftersales_waiting_amount)

    def test_a9_prices_of_an_emergency_are_the_same(self):
        ticket = self._emergency("overage")
        self._log(ticket, 120)
        self.assertEqual(self._kinds(ticket), [("allowance", 0), ("overage", 60)])
        self.assertFalse(ticket.aftersales_waiting_amount)

    def test_a9_only_who_serves_the_ticket_flags_it(self):
        ticket = self._ticket_of(self._allowed("stop"))
        stranger = new_test_user(self.env, "stranger", "erp_aftersales.group_user")
        with self.assertRaises(AccessError):
            ticket.with_user(stranger).action_aftersales_emergency()


@tagged("post_install", "-at_install")
class TestWorkVisit(WorkCommon):
    """A visit logs travel as a service of its own (A7, A10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.travel = cls._service("Travel")
        cls.contract = cls._contract_of(
            "Visits",
            coverage=[
                {"policy": "included"},
                {"policy": "billable", "mode": "onsite"},
            ],
            rates=[
                {"price": 100, "mode": "onsite"},
                {"price": 30, "service_id": cls.travel.id},
            ],
        )

    def _visit(self, **vals):
        self.ticket = self._ticket_of(self.contract)
        form = self._form(self._mine(self.ticket).action_aftersales_onsite_visit())
        form.arrival = self._utc("2026-10-08", "10:00")
        form.hours = 2
        form.name = "Replaced the scanner"
        for name, value in vals.items():
            setattr(form, name, value)
        return form

    def test_a10_visit_and_travel_are_priced_apart_before_they_are_saved(self):
        self.company.aftersales_travel_service_id = self.travel
        form = self._visit(hours_there=1.5, hours_back=1)
        self.assertEqual(form.employee_id, self.me)
        self.assertEqual(form.travel_service_id, self.travel)
        there, visit, back = form.price_text.split("\n")
        self.assertIn("1 h 30 min x 30.00", there)
        self.assertIn("2 h x 100.00", visit)
        self.assertIn("1 h x 30.00", back)
        self.assertFalse(self.ticket.timesheet_ids)
        form.save().action_log()
        lines = self.ticket.timesheet_ids.sorted("start_datetime")
        self.assertEqual(lines.service_id, self.travel | self.service_support)
        self.assertEqual(set(lines.mapped("service_mode")), {"onsite"})
        self.assertEqual(lines[0].start_datetime, self._utc("2026-10-08", "08:30"))
        self.assertEqual(lines[2].start_datetime, self._utc("2026-10-08", "12:00"))
        # 1.5 h x 30 + 2 h x 100 + 1 h x 30
        self.assertEqual(lines.mapped("charge_amount"), [45, 200, 30])

    def test_a10_without_a_travel_service_it_is_the_visits_own(self):
        form = self._visit(hours_there=1)
        self.assertEqual(form.travel_service_id, self.service_support)
        form.save().action_log()
        self.assertEqual(sum(self.ticket.timesheet_ids.mapped("charge_amount")), 300)

    def test_a10_a_coordinator_logs_the_visit_of_an_engineer(self):
        contract = self._contract_of(
            "Grades",
            coverage=[{"policy": "billable"}],
            rates=[
                {"price": 100, "grade_id": self.grade_senior.id},
                {"price": 70, "grade_id": self.grade_junior.id},
            ],
        )
        ticket = self._ticket_of(contract)
        action = ticket.with_user(self.manager).action_aftersales_onsite_visit()
        form = self._form(action, self.manager)
        self.assertFalse(form.employee_id)
        form.employee_id = self.junior
        form.arrival = self._utc("2026-10-08", "10:00")
        form.hours = 2
        form.name = "By the junior"
        self.assertIn("140.00", form.price_text)
        form.save().action_log()
        self.assertEqual(ticket.timesheet_ids.employee_id, self.junior)
        self.assertEqual(ticket.timesheet_ids.charge_amount, 140)

    def test_a10_a_visit_needs_hours_and_words(self):
        with self.assertRaisesRegex(UserError, "above 0"):
            self._visit(hours=0).save().action_log()
        with self.assertRaisesRegex(UserError, "what was done"):
            self._visit(name=False).save().action_log()
