# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .dispatch_common import DispatchCommon


@tagged("post_install", "-at_install")
class TestDuty(DispatchCommon):
    """Who can be reached outside the team's hours (D1)."""

    def test_d1_only_members_are_on_duty(self):
        with self.assertRaisesRegex(ValidationError, "Leader is no member"):
            self._duty(self.leader, "2026-11-25 10:00:00", "2026-11-26 01:00:00")

    def test_d1_nobody_is_on_duty_twice_at_a_time(self):
        self._duty(self.li, "2026-11-25 10:00:00", "2026-11-26 01:00:00")
        self._duty(self.wang, "2026-11-25 10:00:00", "2026-11-26 01:00:00")
        self._duty(self.li, "2026-11-26 01:00:00", "2026-11-26 02:00:00")
        with self.assertRaisesRegex(ValidationError, "Li is on duty for 'Desk'"):
            self._duty(self.li, "2026-11-25 23:00:00", "2026-11-26 03:00:00")

    @mute_logger("odoo.sql_db")
    def test_d1_a_duty_ends_after_it_begins(self):
        with self.assertRaisesRegex(IntegrityError, "ends_after_begin"):
            self._duty(self.li, "2026-11-25 10:00:00", "2026-11-25 10:00:00")

    def test_d1_the_plan_names_its_holes(self):
        night = self._duty(self.li, "2026-11-25 10:00:00", "2026-11-26 01:00:00")
        # 18:00 to 20:00 of the next day has nobody: the day itself is the team's.
        last = self._duty(self.wang, "2026-11-26 12:00:00", "2026-11-27 01:00:00")
        zone = {"tz": "Asia/Shanghai"}
        self.assertEqual(
            night.with_context(**zone).hole, "11/26/2026 18:00 to 11/26/2026 20:00"
        )
        self.assertTrue(night.has_hole)
        self.assertFalse(last.hole)
        last.date_from = "2026-11-26 10:00:00"
        self.env.invalidate_all()
        self.assertFalse(night.hole)

    def test_d1_support_reads_the_plan_managers_make_it(self):
        duty = self._duty(self.li, "2026-11-25 10:00:00", "2026-11-26 01:00:00")
        duty.with_user(self.li).read(["user_id", "hole"])
        with self.assertRaises(AccessError):
            duty.with_user(self.li).date_to = "2026-11-26 02:00:00"
        manager = new_test_user(
            self.env, "duty_manager", "erp_aftersales.group_manager"
        )
        duty.with_user(manager).date_to = "2026-11-26 02:00:00"

    def test_d1_plans_of_other_companies_are_hidden(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self._team("Theirs", self.li, company_id=company.id)
        duty = self._duty(
            self.li, "2026-11-25 10:00:00", "2026-11-26 01:00:00", team=team
        )
        self.assertEqual(duty.company_id, company)
        duties = self.env["aftersales.duty"].with_user(self.wang)
        self.assertFalse(duties.search([("id", "=", duty.id)]))

    def test_d1_holes_of_a_long_plan_cost_no_more_queries(self):
        def planned(days):
            duties = self.env["aftersales.duty"]
            for day in days:
                duties |= self._duty(
                    self.li,
                    f"2026-12-{day:02} 10:00:00",
                    f"2026-12-{day:02} 22:00:00",
                )
            return duties

        few, many = planned(range(1, 4)), planned(range(5, 25))
        # What is read once for all has been read.
        self._queries(lambda: few.mapped("hole"))
        counts = [
            self._queries(lambda duties=duties: duties.mapped("hole"))
            for duties in (few, many)
        ]
        self.assertEqual(*counts)
        self.assertTrue(all(many.mapped("hole")[:-1]))
