# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo.tests import freeze_time, new_test_user

from .common import AftersalesCommon

STAGE = "helpdesk_mgmt.helpdesk_ticket_stage_"


class ClockCommon(AftersalesCommon):
    """A plan that answers in 30 minutes and solves in 4 hours, Monday to Friday 9-18.

    Days are of September 2026 in Shanghai; the 3rd is a Thursday.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._calendar()
        cls.leader = cls._staff("leader")
        cls.manager = cls._staff("manager")
        cls.engineer = cls._staff("engineer")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Desk",
                "user_id": cls.leader.id,
                "user_ids": [(6, 0, (cls.leader | cls.engineer).ids)],
                "aftersales_calendar_id": cls.calendar.id,
            }
        )
        cls.plan = cls._plan(
            "Clock",
            sla=cls._levels(),
            coverage=[{"policy": "included"}],
            fees=[{"name": "Month", "price": 1000}],
            calendar_id=cls.calendar.id,
            default_service_id=cls.service_support.id,
        )
        cls.contract = cls._contract(
            cls.customer, cls.plan, "2026-09-01", service_manager_id=cls.manager.id
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.customer.id, "email": "c@x.example"}
        )

    @classmethod
    def _levels(cls):
        return [
            {
                "priority": "1",
                "response_hours": 0.5,
                "resolution_hours": 4,
                "credit_percent": 10,
            },
            {"priority": "3", "response_hours": 0.25, "resolution_hours": 1},
        ]

    @classmethod
    def _staff(cls, login):
        return new_test_user(
            cls.env,
            login=f"clock_{login}",
            groups="erp_aftersales.group_user,helpdesk_mgmt.group_helpdesk_user",
        )

    def _moment(self, text):
        """A local day and time, as in "03 10:30", the way Odoo stores it."""
        day, time = text.split()
        return self._utc(f"2026-09-{day}", time)

    @contextmanager
    def _at(self, text):
        with freeze_time(self._moment(text)):
            yield

    def _call(self, text, **vals):
        """A ticket that came in at a moment, of the customer's contact."""
        vals = {"team_id": self.team.id, "user_id": False, **vals}
        with self._at(text):
            return self._ticket(self.contact, **vals)

    def _move(self, tickets, text, stage):
        with self._at(text):
            tickets.stage_id = self.env.ref(STAGE + stage)

    def _say(self, ticket, text, author, **vals):
        """Somebody writes to the other side."""
        vals = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", **vals}
        with self._at(text):
            return ticket.message_post(
                body="...", author_id=author.id, email_from="x@x.example", **vals
            )

    def _watch(self, text, tickets=None):
        with self._at(text):
            (tickets or self.env["helpdesk.ticket"])._aftersales_watch()

    def _assert_clock(self, ticket, **values):
        """States by name; deadlines and moments as "03 10:30"."""
        for name, value in values.items():
            if value and name.endswith(("deadline", "at", "_since")):
                value = self._moment(value)
            self.assertEqual(ticket[name], value, name)
