# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from .common import ZONE
from .desk_common import DeskCommon

# A Wednesday in Shanghai, 10:00: everybody of the team is at work.
AT_WORK = "2026-11-25 02:00:00"
AT_NIGHT = "2026-11-25 14:00:00"


class DispatchCommon(DeskCommon):
    """A team of two engineers with a leader, working from 9 to 18 in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever other teams there are, they are not ours.
        cls.env["helpdesk.ticket.team"].search([]).aftersales_dispatch = False
        cls.calendar = cls._calendar()
        cls.company.resource_calendar_id = cls.calendar
        cls.li, cls.wang, cls.leader = (
            cls._colleague(name) for name in ("Li", "Wang", "Leader")
        )
        cls.team = cls._team("Desk", cls.li | cls.wang, user_id=cls.leader.id)
        cls.skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "Modules",
                "skill_level_ids": [
                    Command.create({"name": name, "level_progress": progress})
                    for name, progress in (("Beginner", 25), ("Expert", 100))
                ],
                "skill_ids": [
                    Command.create({"name": name}) for name in ("Finance", "Stock")
                ],
            }
        )
        cls.beginner, cls.expert = cls.skill_type.skill_level_ids.sorted(
            "level_progress"
        )
        cls.finance, cls.stock = cls.skill_type.skill_ids.sorted("name")

    def setUp(self):
        super().setUp()
        self._at(AT_WORK)

    def _at(self, moment):
        """Go on at another moment, in UTC."""
        frozen = freeze_time(moment)
        frozen.start()
        self.addCleanup(frozen.stop)

    @classmethod
    def _colleague(cls, name, grade=None, group="group_user", **vals):
        """Somebody with a login, and an employee who works in Shanghai."""
        user = new_test_user(
            cls.env,
            f"dispatch_{name.lower()}",
            f"erp_aftersales.{group}",
            name=name,
            tz=ZONE.key,
        )
        vals.setdefault("resource_calendar_id", cls.calendar.id)
        cls._employee(name, grade, user_id=user.id, **vals)
        return user

    @classmethod
    def _team(cls, name, users, **vals):
        return cls.env["helpdesk.ticket.team"].create(
            {
                "name": name,
                "user_ids": users.ids,
                "aftersales_calendar_id": cls.calendar.id,
                **vals,
            }
        )

    def _new(self, **vals):
        """A ticket that nobody was chosen for."""
        vals.setdefault("team_id", self.team.id)
        vals.setdefault("received_at", "2026-11-25 02:00:00")
        return self._ticket(self.customer, **vals)

    def _knows(self, user, skill, level):
        return self.env["hr.employee.skill"].create(
            {
                "employee_id": user.employee_ids.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_id": skill.id,
                "skill_level_id": level.id,
                "valid_from": "2020-01-01",
            }
        )

    def _needs(self, record, skill, level=None):
        field = {"aftersales.service": "service_id"}.get(record._name, "category_id")
        return self.env["aftersales.skill.need"].create(
            {
                field: record.id,
                "skill_id": skill.id,
                "skill_level_id": level and level.id,
            }
        )

    def _leave(self, user, start, end):
        employee = user.employee_ids
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "company_id": employee.company_id.id,
                "date_from": start,
                "date_to": end,
            }
        )

    def _duty(self, user, start, end, team=None):
        return self.env["aftersales.duty"].create(
            {
                "team_id": (team or self.team).id,
                "user_id": user.id,
                "date_from": start,
                "date_to": end,
            }
        )

    def _run(self):
        self.env["helpdesk.ticket"]._cron_aftersales_dispatch()

    def _escalations(self, ticket):
        kind = self.env.ref("erp_aftersales.mail_activity_type_nobody")
        return ticket.activity_ids.filtered(lambda a: a.activity_type_id == kind)
