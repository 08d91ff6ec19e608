# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .charging_common import ChargingCommon


@tagged("post_install", "-at_install")
class TestMerge(ChargingCommon):
    """Merged tickets are one (R11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of(
            "Incidents",
            coverage=[
                {"policy": "billable"},
                {"policy": "incident", "service_id": cls.service_support.id},
            ],
            rates=[{"price": 60}, {"price": 500, "unit": "incident"}],
        )
        cls.other = cls._contract_of(
            "Other", cls._customer("Other"), coverage=[{"policy": "billable"}]
        )

    def setUp(self):
        super().setUp()
        self.source = self._ticket_of(self.contract)
        self.target = self._ticket_of(self.contract, "2026-09-05")

    def _merge(self, tickets, target=None, user=None, **vals):
        vals["ticket_ids"] = [Command.set(tickets.ids)]
        vals |= {"dst_ticket_id": target.id} if target else {"create_new_ticket": True}
        wizards = self.env["helpdesk.ticket.merge"].with_user(user or self.env.user)
        wizard = wizards.with_context(active_ids=tickets.ids).create(vals)
        wizard.merge_tickets()
        return wizard.dst_ticket_id

    def test_r11_merged_tickets_are_one_incident_with_all_the_work(self):
        line = self._work(self.source, self.senior, "2026-09-03", 60)
        self._merge(self.source | self.target, self.target)
        self.assertFalse(self.source.active)
        self.assertEqual(self.source.aftersales_merged_into_id, self.target)
        self.assertEqual(line.ticket_id, self.target)
        self.assertFalse(self.source.charge_ids)
        self.assertEqual(
            sorted(self._kinds(self.target)), [("incident", 500), ("included", 0)]
        )

    def test_r11_support_merges_also_the_work_of_colleagues(self):
        group = self.env.ref("helpdesk_mgmt.group_helpdesk_user")
        self.support.group_ids = [Command.link(group.id)]
        line = self._work(self.source, self.senior, "2026-09-03", 60)
        self._merge(self.source | self.target, self.target, user=self.support)
        self.assertEqual(line.ticket_id, self.target)

    def test_r11_invoiced_work_stays_and_its_incident_is_taken_back(self):
        line = self._work(self.source, self.senior, "2026-09-03", 60)
        late = self._work(self.source, self.senior, "2026-10-09", 60)
        self.contract.charge_ids.filtered(
            lambda c: c.ticket_id == self.source and c.date.month == 9
        ).action_aftersales_invoice()
        self.assertTrue(line.charge_ids.invoice_line_id)
        self.assertFalse(late.charge_ids.invoice_line_id)
        self._merge(self.source | self.target, self.target)
        self.assertEqual(line.ticket_id, self.source)
        self.assertEqual(late.ticket_id, self.target)
        self.assertIn(("adjustment", -500), self._kinds(self.source))

    def test_r11_new_ticket_takes_contract_service_and_first_arrival(self):
        (self.source | self.target).service_mode = "onsite"
        line = self._work(self.source, self.senior, "2026-09-03", 60)
        new = self._merge(self.source | self.target, dst_ticket_name="Both")
        self.assertEqual(new.contract_id, self.contract)
        self.assertEqual(new.service_id, self.service_support)
        self.assertEqual(new.service_mode, "onsite")
        self.assertEqual(new.received_at, self.source.received_at)
        self.assertEqual(line.ticket_id, new)
        amounts = self.contract.charge_ids.mapped("amount")
        self.assertEqual(sorted(amounts), [0, 500])

    def test_r11_charged_work_of_two_contracts_is_not_mixed(self):
        foreign = self._ticket_of(self.other)
        self._work(foreign, self.senior, "2026-09-03", 60)
        with self.assertRaisesRegex(UserError, "several contracts"):
            self._merge(foreign | self.target, self.target)
        self.assertTrue(foreign.active)

    def test_r11_ticket_without_contract_takes_that_of_the_merged(self):
        bare = self._ticket(self.customer, contract_id=False)
        line = self._work(self.source, self.senior, "2026-09-03", 60)
        self._merge(self.source | bare, bare)
        self.assertEqual(bare.contract_id, self.contract)
        self.assertEqual(line.ticket_id, bare)
        self.assertTrue(line.charge_ids)

    def test_r25_what_the_customer_accepted_goes_along(self):
        self.source.action_aftersales_accept(300, self.contact)
        self.target.action_aftersales_accept(200, self.contact)
        order = self._order(self.source, 50)
        self._merge(self.source | self.target, self.target)
        self.assertEqual(self.target.aftersales_accepted_amount, 500)
        self.assertEqual(order.ticket_ids, self.target)
