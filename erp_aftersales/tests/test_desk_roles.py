# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestDeskAsSupport(DeskCommon):
    """A support engineer has no right on contracts' money, projects or charges."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(self.env, "desk_support", "erp_aftersales.group_user")
        self.engineer = self._employee("Me", self.grade_senior, user_id=self.user.id)

    def test_support_takes_a_ticket_and_logs_work_in_its_form(self):
        Ticket = self.env["helpdesk.ticket"].with_user(self.user)
        with freeze_time("2026-09-02 01:00:00"), Form(Ticket) as form:
            form.name = "x"
            form.description = "x"
            form.partner_id = self.customer
            self.assertEqual(form.contract_id, self.contract)
        ticket = form.record
        with Form(ticket) as form, form.timesheet_ids.new() as line:
            line.employee_id = self.engineer
            line.date = "2026-09-03"
            line.unit_amount = 1.0
        line = ticket.timesheet_ids
        self.assertEqual(line.service_id, self.service_support)
        self.assertEqual(self.rated[-1], (self.contract.ids, "2026-09-03"))
        charge = self._charge(line)
        self.assertEqual(ticket.charge_amount, 100.0)
        self.assertEqual(line.charge_kinds, "Billable")
        self._freeze(charge)
        self.env.invalidate_all()
        self.assertEqual(ticket.invoice_count, 1)
        with self.assertRaisesRegex(UserError, "DESK/2026/0001"):
            line.unit_amount = 2.0

    def test_user_of_the_helpdesk_alone_still_opens_tickets(self):
        self._ticket_in_september()
        user = new_test_user(
            self.env, "desk_plain", "helpdesk_mgmt.group_helpdesk_user"
        )
        Ticket = self.env["helpdesk.ticket"].with_user(user)
        with freeze_time("2026-09-02 01:00:00"), Form(Ticket) as form:
            form.name = "x"
            form.description = "x"
            form.partner_id = self.customer
        self.assertEqual(form.record.sudo().contract_id, self.contract)
        Ticket.search([]).read(["name", "contract_id", "service_id", "service_mode"])

    def test_views_of_tickets_and_timesheets_load_for_every_role(self):
        helpdesk, timesheet = "helpdesk.ticket", "account.analytic.line"
        for groups, models in (
            ("erp_aftersales.group_user", (helpdesk, timesheet)),
            ("erp_aftersales.group_manager", (helpdesk, timesheet)),
            ("helpdesk_mgmt.group_helpdesk_user", (helpdesk,)),
            ("hr_timesheet.group_hr_timesheet_user", (timesheet,)),
        ):
            user = new_test_user(self.env, groups.replace(".", "_"), groups)
            kinds = [(False, kind) for kind in ("list", "form", "search")]
            for model in models:
                views = self.env(user=user)[model].get_views(kinds)["views"]
                self.assertEqual(set(views), {"list", "form", "search"})
