# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestMergeAlong(VisitCommon):
    """What goes along when tickets become one, and what stays (R11)."""

    def setUp(self):
        super().setUp()
        self.source = self._ticket_of(self.contract)
        self.target = self._ticket_of(self.contract, "2026-09-05")

    def _merge(self, tickets, target=None, **vals):
        vals["ticket_ids"] = [Command.set(tickets.ids)]
        vals |= {"dst_ticket_id": target.id} if target else {"create_new_ticket": True}
        wizards = self.env["helpdesk.ticket.merge"].with_context(active_ids=tickets.ids)
        wizard = wizards.create(vals)
        wizard.merge_tickets()
        return wizard.dst_ticket_id

    def _merge_all(self):
        return self._merge(self.source | self.target, self.target)

    def _opened(self, place):
        visit = self._next(place)
        visit.action_open_ticket()
        return visit

    # The first arrival

    def test_r11_the_ticket_that_stays_came_in_as_the_first(self):
        came_in = self.source.received_at
        self._merge_all()
        self.assertEqual(self.target.received_at, came_in)

    def test_r11_what_came_in_later_changes_no_arrival(self):
        came_in = self.source.received_at
        self._merge(self.source | self.target, self.source)
        self.assertEqual(self.source.received_at, came_in)

    def test_r16_a_ticket_that_is_invoiced_keeps_its_day(self):
        self.contract.aftersales_coverage_ids = [Command.create({"policy": "billable"})]
        self.contract.aftersales_rate_ids = [Command.create({"price": 60})]
        line = self._work(self.target, self.senior, "2026-09-06", 60)
        self.contract.action_aftersales_invoice()
        self.assertTrue(line.charge_ids.invoice_line_id)
        came_in = self.target.received_at
        self._merge_all()
        self.assertEqual(self.target.received_at, came_in)

    def test_r11_a_ticket_is_not_dated_before_its_contract(self):
        early = self._ticket(
            self.customer, contract_id=False, received_at="2026-08-20 02:00:00"
        )
        came_in = self.target.received_at
        self._merge(early | self.target, self.target)
        self.assertEqual(self.target.received_at, came_in)

    # Several of something

    def test_r11_tickets_of_two_customers_are_not_mixed(self):
        other = self._ticket(self._customer("Somebody else"))
        with self.assertRaisesRegex(UserError, "several customers"):
            self._merge(other | self.target, self.target)
        self.assertTrue(other.active)
        nobody = self.env["helpdesk.ticket"].create({"name": "?", "description": "?"})
        self._merge(nobody | self.target, self.target)
        self.assertFalse(nobody.active)

    def test_r11_two_contracts_without_work_leave_it_open_which(self):
        second = self._contract(self.customer, self.plan, "2026-09-01")
        other = self._ticket_of(second)
        bare = self._ticket(self.customer, contract_id=False)
        self._merge(self.source | other | bare, bare)
        self.assertFalse(bare.contract_id)

    def test_r11_installations_that_differ_are_not_guessed(self):
        self.source.installation_id = self.north
        self.target.installation_id = self.south
        new = self._merge(self.source | self.target, dst_ticket_name="Both")
        self.assertFalse(new.installation_id)
        self.assertEqual(new.contract_id, self.contract)
        again = self._ticket_of(self.contract, installation_id=self.north.id)
        more = self._ticket_of(self.contract, installation_id=self.south.id)
        self._merge(again | more, more)
        self.assertEqual(more.installation_id, self.south)

    # Grants, consents

    def test_r07_a_grant_pays_the_same_minutes_after_merging(self):
        contract = self._allowed("overage", hours=2)
        source, target = self._ticket_of(contract), self._ticket_of(contract)
        self._work(source, self.senior, "2026-09-03", 90)
        self._work(target, self.senior, "2026-09-04", 60)
        grant = contract.grant_ids.filtered(lambda g: str(g.date_start) == "2026-09-01")
        before = (grant.used, sum(contract.charge_ids.mapped("amount")))
        self._merge(source | target, target)
        self.assertEqual(
            (grant.used, sum(contract.charge_ids.mapped("amount"))), before
        )
        self.assertEqual(contract.charge_ids.ticket_id, target)

    def test_r25_acceptances_of_two_contacts_add_up(self):
        bob = self.contact.copy({"name": "Bob"})
        third = self._ticket_of(self.contract)
        self.source.action_aftersales_accept(300, self.contact)
        third.action_aftersales_accept(50, bob)
        self._merge(self.source | third | self.target, self.target)
        self.assertEqual(self.target.aftersales_accepted_amount, 350)

    # What people wrote

    def test_r11_messages_attachments_and_followers_go_along(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "log.txt",
                "raw": b"x",
                "res_model": "helpdesk.ticket",
                "res_id": self.source.id,
            }
        )
        self.source.message_subscribe(self.contact.ids)
        message = self.source.message_post(body="It hangs", message_type="comment")
        activity = self.source.activity_schedule("mail.mail_activity_data_todo")
        self._merge_all()
        self.assertEqual(file.res_id, self.target.id)
        self.assertEqual(message.res_id, self.target.id)
        self.assertEqual(activity.res_id, self.target.id)
        self.assertIn(self.contact, self.target.message_partner_ids)

    # Planned services

    def test_d3_the_checklist_goes_along(self):
        visit = self._opened(self.north)
        ticket = visit.ticket_id
        ticket.aftersales_checklist_ids[0].is_done = True
        self._merge(ticket | self.target, self.target)
        self.assertEqual(self.target.aftersales_checklist_text, "1 / 2")

    def test_d3_a_request_keeps_its_targets_and_the_visit_follows_it(self):
        visit = self._opened(self.north)
        came_in = self.target.received_at
        self._merge(visit.ticket_id | self.target, self.target)
        self.assertFalse(self.target.aftersales_visit_id)
        self.assertEqual(self.target.received_at, came_in)
        self.assertEqual(visit.ticket_id, self.target)
        self.target.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertEqual(visit.state, "done")

    def test_d3_a_planned_ticket_that_takes_in_a_request_has_targets(self):
        visit = self._opened(self.north)
        ticket = visit.ticket_id
        self._merge(ticket | self.target, ticket)
        self.assertFalse(ticket.aftersales_visit_id)
        self.assertEqual(ticket.received_at, self.target.received_at)
        self.assertEqual(visit.ticket_id, ticket)

    def test_d3_two_planned_tickets_stay_planned(self):
        north, south = self._opened(self.north), self._opened(self.south)
        new = self._merge(north.ticket_id | south.ticket_id, dst_ticket_name="Both")
        self.assertIn(new.aftersales_visit_id, north | south)
        self.assertEqual((north | south).ticket_id, new)
        new.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertEqual({*(north | south).mapped("state")}, {"done"})
