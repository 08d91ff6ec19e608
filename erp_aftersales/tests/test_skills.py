# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .dispatch_common import DispatchCommon


@tagged("post_install", "-at_install")
class TestSkills(DispatchCommon):
    """Who can serve what, and where are too few (F4)."""

    def _rows(self, service=None, user=None):
        self.env.invalidate_all()
        service = service or self.service_support
        domain = [("service_id", "=", service.id)]
        if user:
            domain.append(("user_id", "=", user.id))
        return self.env["aftersales.competence"].search(domain)

    def test_f4_everybody_serves_what_needs_nothing(self):
        row = self._rows(user=self.li)
        self.assertTrue(row.can_serve)
        self.assertEqual((row.people, row.lacking, row.why_not), (1, 0, ""))

    def test_f4_the_screen_says_why_not(self):
        self._needs(self.service_support, self.finance, self.expert)
        self._needs(self.service_support, self.stock)
        self._knows(self.li, self.finance, self.beginner)
        self._knows(self.wang, self.finance, self.expert)
        self._knows(self.wang, self.stock, self.beginner)
        li, wang = (self._rows(user=user) for user in (self.li, self.wang))
        self.assertFalse(li.can_serve)
        self.assertEqual(li.lacking, 2)
        self.assertEqual(
            li.why_not,
            "knows too little of Finance (25% of 100%), does not know Stock",
        )
        self.assertEqual(li.skills, "Finance: Beginner")
        self.assertTrue(wang.can_serve)
        self.service_support.aftersales_grade_id = self.grade_senior
        wang = self._rows(user=self.wang)
        self.assertFalse(wang.can_serve)
        self.assertEqual(wang.why_not, "has too low a grade")
        self.wang.employee_ids.aftersales_grade_id = self.grade_architect
        self.assertTrue(self._rows(user=self.wang).can_serve)

    def test_f4_the_screen_decides_as_the_dispatcher_does(self):
        cases = [
            (level, grade)
            for level in (None, self.beginner, self.expert)
            for grade in (None, self.grade_junior, self.grade_architect)
        ]
        services = self.env["aftersales.service"]
        for place, (level, grade) in enumerate(cases):
            service = self._service(f"Service {place}")
            service.aftersales_grade_id = grade
            self._needs(service, self.finance, level)
            services |= service
        for user, level, grade in (
            (self.li, self.beginner, self.grade_senior),
            (self.wang, self.expert, False),
        ):
            self._knows(user, self.finance, level)
            user.employee_ids.aftersales_grade_id = grade
        for service in services:
            ticket = self._new(service_id=service.id)
            candidates, _job = self.env["aftersales.dispatch"]._ranking(ticket)
            able = {each.person.user for each in candidates if each.is_able}
            rows = self._rows(service).filtered("can_serve")
            team = self.team.user_ids
            self.assertEqual(set((rows.user_id & team).ids), able)
            for row in self._rows(service):
                self.assertEqual(row.can_serve, not row.why_not)

    def test_f4_the_last_course_is_shown(self):
        course = self.env["hr.resume.line.type"].create(
            {"name": "Course", "is_course": True}
        )
        for day in ("2026-03-02", "2026-09-02"):
            self.env["hr.resume.line"].create(
                {
                    "employee_id": self.li.employee_ids.id,
                    "name": "Finance",
                    "line_type_id": course.id,
                    "date_start": day,
                    "date_end": day,
                }
            )
        self.assertEqual(str(self._rows(user=self.li).last_training), "2026-09-02")
        self.assertFalse(self._rows(user=self.wang).last_training)

    def test_f4_services_that_too_few_can_serve_are_found(self):
        service = self._service("Finance")
        self._needs(service, self.finance)
        self._knows(self.li, self.finance, self.beginner)
        self.assertEqual(service.aftersales_people_count, 1)
        self.assertTrue(service.aftersales_is_gap)
        gaps = [("aftersales_people_count", "<", 2)]
        services = self.env["aftersales.service"]
        self.assertIn(service, services.search(gaps))
        self.assertIn(service, services.search([("aftersales_people_count", "=", 1)]))
        self._knows(self.wang, self.finance, self.beginner)
        self.env.invalidate_all()
        self.assertEqual(service.aftersales_people_count, 2)
        self.assertNotIn(service, services.search(gaps))
        rows = self.env["aftersales.competence"].search(
            service.action_aftersales_people()["domain"]
        )
        self.assertEqual(rows.service_id, service)
        employee = self.li.employee_ids
        rows = self.env["aftersales.competence"].search(
            employee.action_aftersales_services()["domain"]
        )
        self.assertEqual(rows.employee_id, employee)

    def test_f4_a_level_is_one_of_the_skill(self):
        level = self.env["hr.skill.type"].create(
            {
                "name": "Languages",
                "skill_level_ids": [(0, 0, {"name": "C2", "level_progress": 100})],
                "skill_ids": [(0, 0, {"name": "German"})],
            }
        )
        with self.assertRaisesRegex(ValidationError, "'C2' is no level of the skill"):
            self._needs(self.service_support, self.finance, level.skill_level_ids)

    @mute_logger("odoo.sql_db")
    def test_f4_a_skill_is_asked_for_once(self):
        self._needs(self.service_support, self.finance)
        with self.assertRaisesRegex(IntegrityError, "service_skill_uniq"):
            self._needs(self.service_support, self.finance, self.expert)

    def test_f4_a_service_is_given_its_skills_in_its_form(self):
        manager = new_test_user(self.env, "skill_boss", "erp_aftersales.group_manager")
        with Form(self.service_support.with_user(manager)) as form:
            form.aftersales_grade_id = self.grade_senior
            with form.aftersales_skill_need_ids.new() as need:
                need.skill_id = self.finance
                need.skill_level_id = self.expert
        self.assertEqual(self.service_support.aftersales_skill_ids, self.finance)
        self.assertEqual(
            self.service_support.aftersales_skill_need_ids.display_name,
            "Finance: Expert",
        )

    def test_f4_support_reads_and_cannot_change_what_is_needed(self):
        need = self._needs(self.service_support, self.finance)
        rows = self.env["aftersales.competence"].with_user(self.li).search([])
        rows.read(["employee_id", "skills", "why_not", "last_training"])
        self.assertIn(self.li.employee_ids, rows.sudo().employee_id)
        mine = rows.filtered(lambda row: row.user_id == self.li)[:1]
        opened = mine.action_open_employee()
        self.assertEqual(opened["res_model"], "hr.employee.public")
        public = self.env[opened["res_model"]].browse(opened["res_id"])
        services = public.with_user(self.li).action_aftersales_services()
        self.assertEqual(services["domain"], [("employee_id", "in", public.ids)])
        with self.assertRaises(AccessError):
            need.with_user(self.li).skill_level_id = self.expert

    def test_f4_the_screen_costs_no_more_queries_for_more_rows(self):
        self._needs(self.service_support, self.finance)
        for user in self.li | self.wang:
            self._knows(user, self.finance, self.expert)

        def shown():
            rows = self._rows()
            self._queries(lambda: rows.mapped("why_not"))
            return len(rows), self._queries(lambda: rows.mapped("why_not"))

        few, queries = shown()
        for number in range(20):
            user = self._colleague(f"More{number}", self.grade_senior)
            self._knows(user, self.finance, self.expert)
            self.team.user_ids |= user
        self.assertEqual(shown(), (few + 20, queries))
