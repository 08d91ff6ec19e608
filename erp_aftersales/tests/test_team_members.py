# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestTeamMembers(AftersalesCommon):
    """Who joins or leaves a team sees, or sees no more, its tickets: at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["helpdesk.ticket.team"].create({"name": "Team"})
        cls.ticket = cls._ticket(cls.customer, team_id=cls.team.id, user_id=False)

    def _sees(self, user):
        self.env.flush_all()
        tickets = self.env["helpdesk.ticket"].with_user(user)
        return bool(tickets.search([("id", "=", self.ticket.id)]))

    def test_d1_a_new_member_sees_the_team_s_tickets_at_once(self):
        for login, group in {
            "joins_own": "erp_aftersales.group_user",
            "joins_team": "helpdesk_mgmt.group_helpdesk_user_team",
        }.items():
            user = new_test_user(self.env, login, group)
            self.assertFalse(self._sees(user), login)
            self.team.user_ids = [Command.link(user.id)]
            self.assertTrue(self._sees(user), login)
            self.team.user_ids = [Command.unlink(user.id)]
            self.assertFalse(self._sees(user), login)
