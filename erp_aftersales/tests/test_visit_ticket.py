# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitTicket(VisitCommon):
    """A planned service is opened as a ticket before its day (D3)."""

    def _run_cron(self, day):
        with self._today(day):
            cron = self.env.ref("erp_aftersales.ir_cron_open_visits")
            cron.ir_actions_server_id.run()

    def test_d3_the_cron_opens_a_ticket_on_its_day_and_once(self):
        visit = self._next()
        self._run_cron("2026-11-20")
        self.assertFalse(visit.ticket_id)
        self._run_cron("2026-11-21")
        self._run_cron("2026-11-22")
        ticket = visit.ticket_id
        self.assertEqual(visit.state, "opened")
        self.assertEqual(ticket.aftersales_visit_id, visit)
        self.assertEqual(ticket.name, "Inspection")
        self.assertEqual(ticket.contract_id, self.contract)
        self.assertEqual(ticket.installation_id, self.north)
        self.assertEqual(ticket.service_id, self.service_support)
        self.assertEqual(ticket.channel_id.name, "Planned")
        self.assertEqual(
            ticket.aftersales_checklist_ids.mapped("name"), ["Disk space", "Log"]
        )
        tickets = self.env["helpdesk.ticket"].search(
            [
                ("aftersales_visit_id", "!=", False),
                ("contract_id", "=", visit.contract_id.id),
            ]
        )
        self.assertEqual(len(tickets), 2)

    def test_d3_the_ticket_is_for_the_planned_day(self):
        visit = self._next()
        visit.action_open_ticket()
        day = self.company._aftersales_day(visit.ticket_id.received_at)
        self.assertEqual(day, visit.date)
        visit.with_user(self.support).date = "2026-12-08"
        day = self.company._aftersales_day(visit.ticket_id.received_at)
        self.assertEqual(str(day), "2026-12-08")

    def test_d3_support_opens_it_earlier(self):
        visit = self._next().with_user(self.support)
        visit.action_open_ticket()
        self.assertEqual(visit.state, "opened")
        with self.assertRaisesRegex(UserError, "Nothing was changed"):
            visit.action_open_ticket()

    def test_d3_team_and_engineer_are_those_of_the_row_else_of_the_contract(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Care", "user_ids": [Command.set(self.support.ids)]}
        )
        self.contract.team_id = team
        visit = self._next()
        visit.user_id = self.support
        visit.action_open_ticket()
        self.assertEqual(visit.ticket_id.team_id, team)
        self.assertEqual(visit.ticket_id.user_id, self.support)
        visit.ticket_id.user_id = self.manager
        self.assertEqual(visit.user_id, self.manager)

    def test_d3_it_is_nobodys_unless_an_engineer_is_named(self):
        self.company.helpdesk_mgmt_ticket_auto_assign = True
        visit = self._next()
        visit.action_open_ticket()
        self.assertFalse(visit.ticket_id.user_id)

    def test_d3_closing_the_ticket_does_it_and_reopening_opens_it(self):
        visit = self._next()
        visit.action_open_ticket()
        stages = self.env["helpdesk.ticket.stage"].search([])
        done = stages.filtered(lambda s: s.closed and not s.aftersales_not_charged)[:1]
        rejected = stages.filtered(lambda s: s.closed and s.aftersales_not_charged)[:1]
        visit.ticket_id.stage_id = done
        self.assertEqual(visit.state, "done")
        self.assertEqual(str(visit.date_done), "2026-10-10")
        visit.ticket_id.stage_id = stages.filtered(lambda s: not s.closed)[:1]
        self.assertEqual((visit.state, visit.date_done), ("opened", False))
        visit.ticket_id.stage_id = rejected
        self.assertEqual(visit.state, "cancelled")

    def test_d3_what_is_opened_or_done_outlives_the_contract(self):
        visit = self._next()
        visit.action_open_ticket()
        self.contract.action_aftersales_terminate("2026-11-30", False)
        self.assertEqual(visit.state, "opened")
        self.assertEqual(self.contract.aftersales_visit_ids, visit)

    def test_d3_what_is_opened_goes_on_under_the_new_plan(self):
        opened, moved = self._next(), self._next(self.south)
        opened.action_open_ticket()
        moved.date = "2026-12-09"
        again = self.plan.action_revise()
        again.action_publish()
        self.contract.action_aftersales_change_plan(again, "2026-11-25")
        self.assertEqual(len(self.contract.aftersales_visit_ids), 8)
        self.assertEqual((opened | moved).row_id, again.periodic_ids)
        self.assertEqual((opened.state, str(moved.date)), ("opened", "2026-12-09"))

    def test_d3_what_is_late_is_not_opened_once_the_contract_has_ended(self):
        with self._today("2026-12-10"):
            self.contract.action_aftersales_terminate("2026-12-01", False)
            self.assertFalse(self.contract.aftersales_visit_ids)

    def test_d3_a_deleted_ticket_leaves_the_visit_planned(self):
        visit = self._next()
        visit.action_open_ticket()
        visit.ticket_id.unlink()
        self.assertEqual(visit.state, "planned")

    def test_d3_one_that_fails_stops_no_other_and_says_why(self):
        bad, good = self._next(), self._next(self.south)
        Visit = type(bad)
        vals = Visit._ticket_vals

        def failing(visit):
            if visit == bad:
                raise ValidationError(visit.display_name)
            return vals(visit)

        with patch.object(Visit, "_ticket_vals", failing):
            self._run_cron("2026-11-21")
            self._run_cron("2026-11-22")
        self.assertEqual((bad.state, good.state), ("planned", "opened"))
        self.assertIn(bad.display_name, bad.activity_ids.note)
        self.assertEqual(len(bad.activity_ids), 1)

    def test_d3_nobody_types_that_a_ticket_was_planned(self):
        ticket = self._ticket(self.customer)
        with self.assertRaises(AccessError):
            ticket.with_user(self.manager).aftersales_visit_id = self._next()
        with self.assertRaises(AccessError):
            self.env["helpdesk.ticket"].with_user(self.manager).with_context(
                default_aftersales_visit_id=self._next().id
            ).create({"name": "x", "description": "x"})

    def test_d3_an_incident_of_a_planned_service_is_dated_its_day(self):
        self.contract.aftersales_coverage_ids = [
            Command.create(
                {"policy": "incident", "service_id": self.service_support.id}
            )
        ]
        self.contract.aftersales_rate_ids = [
            Command.create({"price": 300, "unit": "incident"})
        ]
        visit = self._next()
        visit.action_open_ticket()
        charge = visit.ticket_id.charge_ids
        self.assertEqual(
            (charge.kind, charge.amount, charge.date), ("incident", 300, visit.date)
        )

    # The checklist

    def test_d3_who_ticks_off_is_written_down(self):
        visit = self._next()
        visit.action_open_ticket()
        first, second = visit.ticket_id.aftersales_checklist_ids
        first.with_user(self.support).write(
            {"is_done": True, "remark": "80 %", "done_by_id": self.manager.id}
        )
        self.assertEqual(first.done_by_id, self.support)
        self.assertTrue(first.done_at)
        (first | second).with_user(self.manager).is_done = True
        self.assertEqual(first.done_by_id, self.support)
        self.assertEqual(second.done_by_id, self.manager)
        first.is_done = False
        self.assertFalse(first.done_by_id or first.done_at)

    def test_d3_closing_with_an_open_checklist_warns_and_is_noted(self):
        visit = self._next()
        visit.action_open_ticket()
        ticket = visit.ticket_id
        ticket.aftersales_checklist_ids[0].is_done = True
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        warned = self.assertLogs("odoo.tests.form.onchange", "WARNING")
        with warned as logs, Form(ticket) as form:
            form.stage_id = done
        self.assertIn("Not ticked off: Log.", "".join(logs.output))
        self.assertEqual(ticket.aftersales_checklist_text, "1 / 2")
        self.assertFalse(self._ticket(self.customer).aftersales_checklist_text)
        self.assertIn("Not ticked off: Log.", ticket.message_ids[0].body)

    def test_d3_items_are_copied_in_all_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        item = self.checklist.item_ids[0]
        item.with_context(lang="zh_CN").name = "磁盘空间"
        visit = self._next()
        visit.action_open_ticket()
        line = visit.ticket_id.aftersales_checklist_ids[0]
        self.assertEqual(line.name, "Disk space")
        self.assertEqual(line.with_context(lang="zh_CN").name, "磁盘空间")

    def test_d3_the_ticket_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        own = Command.create({**self.inspection, "name": "Drill", "month_day": 9})
        self.contract.aftersales_periodic_ids = [own]
        row = self.contract.aftersales_periodic_ids
        row.with_context(lang="zh_CN").name = "演练"
        visit = self.contract.aftersales_visit_ids.filtered(lambda v: v.row_id == row)
        visit[0].action_open_ticket()
        self.assertEqual(visit[0].ticket_id.name, "演练")
