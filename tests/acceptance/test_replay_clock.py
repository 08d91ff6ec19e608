# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Real incidents drive the clock: opened, answered, pending, solved, reopened.

What each clock must show is found a second time by ``naive_clock``, which shares
nothing with the product.
"""

from collections import Counter
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import incidents as real
import pytest
from naive_bill import FIRST_DAY, HOLIDAYS
from naive_clock import PROMISED, Life

from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.erp_aftersales.tests.common import AftersalesCommon

ZONE = ZoneInfo("Asia/Shanghai")
STAGE = "helpdesk_mgmt.helpdesk_ticket_stage_"


@tagged("post_install", "-at_install")
class TestReplayClock(AftersalesCommon):
    """Everything happens once, in the order of time; each test reads one law off it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.incidents = real.read()
        cls._promise()
        cls.staff = new_test_user(cls.env, "replay", "erp_aftersales.group_user")
        cls.tickets = {}
        with freeze_time(_utc(cls.incidents[0].opened_at)) as clock:
            for at, _number, happens in cls._story():
                clock.move_to(_utc(at))
                happens()
        cls.lives = {
            incident.number: Life(incident, incident.updates[-1].at)
            for incident in cls.incidents
        }

    @classmethod
    def _promise(cls):
        calendar = cls._calendar()
        cls.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Closed",
                    "calendar_id": calendar.id,
                    "company_id": calendar.company_id.id,
                    "date_from": cls._utc(str(day), "00:00"),
                    "date_to": cls._utc(str(day + timedelta(days=1)), "00:00"),
                }
                for day in HOLIDAYS
            ]
        )
        plan = cls._plan(
            "Replay: clock",
            calendar_id=calendar.id,
            default_service_id=cls.service_support.id,
            coverage=[{"policy": "included"}],
            sla=[
                {
                    "priority": priority,
                    "response_hours": answer / 60,
                    "resolution_hours": solution / 60,
                }
                for priority, (answer, solution) in PROMISED.items()
            ],
        )
        cls.contract = cls._contract(cls.customer, plan, FIRST_DAY)
        cls.team = cls.env["helpdesk.ticket.team"].create({"name": "Replay"})

    # What happens

    @classmethod
    def _story(cls):
        """(local minute, order in it, what happens), in the order of time."""
        story = []
        for incident in cls.incidents:
            story.append((incident.opened_at, 0, lambda of=incident: cls._open(of)))
            state, priority = "new", incident.priority
            opened_by, answered = incident.updates[0].updater, False
            last = {update.at: update for update in incident.updates}
            for update in incident.updates:
                at = max(update.at, incident.opened_at)  # some are dated before it
                if not answered and update.updater != opened_by:
                    answered = True
                    story.append((at, 1, lambda of=incident: cls._answer(of)))
                if last[update.at] is update and state != update.state:
                    state = update.state
                    act = lambda of=incident, to=state: cls._move(of, to)  # noqa: E731
                    story.append((at, 2, act))
                if priority != update.priority:
                    priority = update.priority
                    act = lambda of=incident, to=priority: cls._weigh(of, to)  # noqa: E731
                    story.append((at, 1, act))
        return sorted(story, key=lambda happens: happens[:2])

    @classmethod
    def _open(cls, incident):
        cls.tickets[incident.number] = cls.env["helpdesk.ticket"].create(
            {
                "name": incident.number,
                "description": incident.category,
                "partner_id": cls.customer.id,
                "contract_id": cls.contract.id,
                "team_id": cls.team.id,
                "user_id": False,
                "priority": incident.priority,
            }
        )

    @classmethod
    def _answer(cls, incident):
        cls.tickets[incident.number].message_post(
            body="We look at it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=cls.staff.partner_id.id,
        )

    @classmethod
    def _move(cls, incident, state):
        cls.tickets[incident.number].stage_id = cls.env.ref(STAGE + state)

    @classmethod
    def _weigh(cls, incident, priority):
        cls.tickets[incident.number].priority = priority

    # The laws

    @pytest.fixture(autouse=True)
    def _terminal(self, capsys):
        """Lets a test that passes print as well."""
        self.capsys = capsys

    def _pairs(self):
        for incident in self.incidents:
            yield self.tickets[incident.number], self.lives[incident.number]

    def test_l4_elapsed_paused_and_closed_are_the_calendars_minutes(self):
        for ticket, life in self._pairs():
            now = _utc(life.until)
            minutes = dict.fromkeys(life.minutes, 0)
            for stretch, _mark in self.env["aftersales.clock"]._stretches(ticket, now):
                minutes[stretch.state] += stretch.minutes
            self.assertEqual(minutes, life.minutes, ticket.name)

    def test_l1_l6_deadlines_and_states_are_those_of_the_walk(self):
        shown = Counter()
        for ticket, life in self._pairs():
            due = life.due(0), life.due(1)
            answered = life.answered or life.solved
            states = (
                "met_late" if answered > due[0] else "met",
                "met_late" if life.solved > due[1] else "met",
            )
            self.assertEqual(ticket.response_deadline, _utc(due[0]), ticket.name)
            self.assertEqual(ticket.resolution_deadline, _utc(due[1]), ticket.name)
            self.assertEqual(ticket.resolved_at, _utc(life.solved), ticket.name)
            found = ticket.response_state, ticket.resolution_state
            self.assertEqual(found, states, ticket.name)
            shown.update(zip(("answers", "solutions"), states, strict=True))
        self._print(shown)

    def _print(self, shown):
        with self.capsys.disabled():
            print("\n\nReplay of real incidents, the clock")
            for target in ("answers", "solutions"):
                met, late = shown[target, "met"], shown[target, "met_late"]
                print(f"  {target:<10} {met} of {met + late} in time")


def _utc(local):
    """A local minute of the file as Odoo stores it: naive, in UTC."""
    return local.replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)
