# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .charging_common import ChargingCommon


@tagged("post_install", "-at_install")
class TestMergeTraps(ChargingCommon):
    """Merging again and again must not make consents that nobody gave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of("Work", coverage=[{"policy": "billable"}])

    def setUp(self):
        super().setUp()
        self.first, self.second, self.target = (
            self._ticket_of(self.contract) for _number in range(3)
        )

    def _wizard(self, tickets, target):
        wizards = self.env["helpdesk.ticket.merge"]
        wizard = wizards.with_context(active_ids=tickets.ids).create(
            {
                "ticket_ids": [Command.set(tickets.ids)],
                "dst_ticket_id": target.id,
            }
        )
        # The button comes with a request of its own.
        self.env.flush_all()
        self.env.invalidate_all()
        return wizard

    def test_r25_consents_of_several_people_go_along(self):
        other = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.customer.id}
        )
        self.first.action_aftersales_accept(300, self.contact)
        self.second.action_aftersales_accept(200, other)
        self._wizard(
            self.first | self.second | self.target, self.target
        ).merge_tickets()
        self.assertEqual(self.target.aftersales_accepted_amount, 500)
        self.assertEqual(self.target.aftersales_acceptance_ids.partner_id, other)

    def test_r25_a_ticket_is_merged_once(self):
        self.first.action_aftersales_accept(300, self.contact)
        tickets = self.first | self.target
        self._wizard(tickets, self.target).merge_tickets()
        messages = self.target.message_ids
        # Archived tickets can still be selected in a list that shows them.
        wizard = self._wizard(tickets, self.target).with_context(active_test=False)
        with self.assertRaisesRegex(UserError, self.first.number):
            wizard.merge_tickets()
        self.assertEqual(self.target.aftersales_accepted_amount, 300)
        self.assertEqual(self.target.message_ids, messages)

    def test_r11_a_merged_ticket_takes_in_no_other(self):
        self._wizard(self.first | self.target, self.target).merge_tickets()
        with self.assertRaisesRegex(UserError, self.target.number):
            self._wizard(self.second, self.first).merge_tickets()
        self.assertTrue(self.second.active)
