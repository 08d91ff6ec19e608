# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestTimesheetTakes(DeskCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_in_september()

    def test_timesheet_needs_only_ticket_employee_date_and_hours(self):
        line = self._work(self.ticket, self.senior, "2026-09-03", 20)
        self.assertEqual(line.project_id, self.ticket.project_id)
        self.assertEqual(line.service_id, self.service_support)
        self.assertEqual(line.service_mode, "remote")
        self.assertEqual(line._aftersales_minutes(), {line.id: 20})

    def test_timesheet_takes_the_tickets_task(self):
        task = self.env["project.task"].create(
            {"name": "Task", "project_id": self.ticket.project_id.id}
        )
        self.ticket.task_id = task
        line = self._work(self.ticket, self.senior, "2026-09-03", 20)
        self.assertEqual(line.task_id, task)

    def test_ticket_without_project_is_refused_by_our_own_sentence(self):
        self.ticket.project_id = False
        with self.assertRaisesRegex(ValidationError, "has no project"):
            self._work(self.ticket, self.senior, "2026-09-03", 20)

    def test_ticket_form_takes_work_in_its_list(self):
        with Form(self.ticket) as form, form.timesheet_ids.new() as line:
            line.employee_id = self.senior
            line.date = "2026-09-03"
            line.unit_amount = 1.0
        line = self.ticket.timesheet_ids
        self.assertEqual(line.project_id, self.ticket.project_id)
        self.assertFalse(line.service_by_hand or line.service_mode_by_hand)
        self.ticket.service_mode = "onsite"
        self.assertEqual(line.service_mode, "onsite")

    def test_each_field_follows_the_ticket_until_changed_by_hand(self):
        line = self._work(self.ticket, self.senior, "2026-09-03", 20)
        given = self._work(
            self.ticket, self.senior, "2026-09-03", 20, service_id=self.service_dev.id
        )
        line.service_mode = "onsite"
        third = self._service("Third")
        self.ticket.write({"service_id": third.id, "service_mode": "remote"})
        self.assertEqual(line.service_id, third)
        self.assertEqual(line.service_mode, "onsite")
        self.assertEqual(given.service_id, self.service_dev)
        self.ticket.service_mode = "onsite"
        self.assertEqual(given.service_mode, "onsite")

    def test_invoiced_work_no_longer_follows_the_ticket(self):
        line = self._work(self.ticket, self.senior, "2026-09-03", 20)
        self._freeze(self._charge(line))
        self.ticket.write({"service_id": self.service_dev.id, "service_mode": "onsite"})
        self.assertEqual(line.service_id, self.service_support)
        self.assertEqual(line.service_mode, "remote")

    def test_work_moved_to_another_ticket_takes_its_project_and_service(self):
        project = self.env["project.project"].create(
            {"name": "Second", "allow_timesheets": True}
        )
        other = self._ticket_in_september(
            self.other_customer,
            project_id=project.id,
            service_id=self.service_dev.id,
        )
        line = self._work(self.ticket, self.senior, "2026-09-03", 20)
        self.rated.clear()
        line.ticket_id = other
        self.assertEqual(line.project_id, project)
        self.assertEqual(line.service_id, self.service_dev)
        both = sorted((self.contract | self.other_contract).ids)
        self.assertEqual(self.rated, [(both, "2026-09-03")])

    def test_r01_start_decides_the_date_in_the_companys_zone(self):
        line = self._work(self.ticket, self.senior, "2026-09-03", 20, start="00:30")
        self.assertEqual(str(line.start_datetime), "2026-09-02 16:30:00")
        self.assertEqual(str(line.date), "2026-09-03")
        line.date = "2026-09-20"
        self.assertEqual(str(line.date), "2026-09-03")
        line.start_datetime = "2026-09-04 16:30:00"
        self.assertEqual(str(line.date), "2026-09-05")
        line.start_datetime = False
        line.date = "2026-09-20"
        self.assertEqual(str(line.date), "2026-09-20")

    def test_r01_companys_zone_is_its_partners_its_calendars_or_utc(self):
        company = self.env.company
        at = fields.Datetime.to_datetime("2026-09-02 16:30:00")
        self.assertEqual(str(company._aftersales_day(at)), "2026-09-03")
        company.partner_id.tz = False
        company.resource_calendar_id.tz = "America/New_York"
        self.assertEqual(company._aftersales_tz(), "America/New_York")
        self.assertEqual(str(company._aftersales_day(at)), "2026-09-02")
        company.resource_calendar_id = False
        self.assertEqual(company._aftersales_tz(), "UTC")

    def test_minutes_are_whole_half_up_and_know_days(self):
        lines = self.env["account.analytic.line"]
        for hours in (1 / 3, 0.075, 1.0):
            lines |= self._work(self.ticket, self.senior, "2026-09-03", hours * 60)
        lines[2].product_uom_id = self.env.ref("uom.product_uom_day")
        minutes = lines._aftersales_minutes()
        self.assertEqual([minutes[line.id] for line in lines], [20, 5, 480])


@tagged("post_install", "-at_install")
class TestTimesheetRates(DeskCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_in_september()

    def _batch(self, days, ticket=None):
        return self.env["account.analytic.line"].create(
            [
                {
                    "ticket_id": (ticket or self.ticket).id,
                    "employee_id": self.senior.id,
                    "date": day,
                    "unit_amount": 1.0,
                }
                for day in days
            ]
        )

    def test_batch_is_rated_once_from_its_first_day(self):
        lines = self._batch(["2026-09-07", "2026-09-04", "2026-09-09"])
        self.assertEqual(self.rated, [(self.contract.ids, "2026-09-04")])
        self.rated.clear()
        lines.write({"unit_amount": 2.0})
        self.assertEqual(self.rated, [(self.contract.ids, "2026-09-04")])
        self.rated.clear()
        lines.unlink()
        self.assertEqual(self.rated, [(self.contract.ids, "2026-09-04")])

    def test_r19_late_or_early_date_rates_from_the_earlier_of_both(self):
        line = self._batch(["2026-09-07"])
        for day in ("2026-09-20", "2026-09-04"):
            earlier = min(str(line.date), day)
            self.rated.clear()
            line.date = day
            self.assertEqual(self.rated, [(self.contract.ids, earlier)])

    def test_only_what_prices_the_work_rates_it(self):
        line = self._batch(["2026-09-07"])
        self.rated.clear()
        line.write({"name": "Described"})
        line.write({"unit_amount": 1.0, "date": "2026-09-07"})
        line._aftersales_rated_later().unit_amount = 3.0
        self.assertEqual(self.rated, [])
        line.employee_id = self.junior
        line.service_mode = "onsite"
        self.assertEqual(len(self.rated), 2)

    def test_work_without_contract_rates_nothing(self):
        free = self._ticket(self._customer("Free"))
        self._batch(["2026-09-07"], free).unlink()
        self.assertEqual(self.rated, [])

    def test_open_charges_go_with_their_timesheet(self):
        lines = self._batch(["2026-09-07", "2026-09-08"])
        charges = self._charge(lines[0]) | self._charge(lines[1])
        lines[0].unlink()
        self.assertEqual(charges.exists(), charges[1])

    def test_ten_and_a_hundred_timesheets_cost_the_same_queries(self):
        tickets = [self._ticket_in_september() for _number in range(100)]

        def create(number):
            self.env["account.analytic.line"].create(
                [
                    {
                        "ticket_id": ticket.id,
                        "employee_id": self.senior.id,
                        "date": "2026-09-07",
                        "unit_amount": 1.0,
                    }
                    for ticket in tickets[:number]
                ]
            )

        create(1)
        few = self._queries(lambda: create(10))
        self.assertEqual(few, self._queries(lambda: create(100)))

    def test_ten_and_a_hundred_changed_and_deleted_timesheets_too(self):
        few, many = self._batch(["2026-09-07"] * 10), self._batch(["2026-09-07"] * 100)
        self._batch(["2026-09-07"]).write({"service_mode": "onsite"})
        change = {"service_mode": "onsite"}
        self.assertEqual(
            self._queries(lambda: few.write(dict(change))),
            self._queries(lambda: many.write(dict(change))),
        )
        self.assertEqual(self._queries(few.unlink), self._queries(many.unlink))


@tagged("post_install", "-at_install")
class TestTimesheetGuards(DeskCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_in_september()

    def test_negative_hours_are_refused_zero_hours_kept(self):
        with self.assertRaisesRegex(ValidationError, "negative hours"):
            self._work(self.ticket, self.senior, "2026-09-03", -60)
        line = self._work(self.ticket, self.senior, "2026-09-03", 0)
        self.assertTrue(line.exists())
        with self.assertRaisesRegex(ValidationError, "negative hours"):
            line.unit_amount = -1
        free = self._ticket(self._customer("Free"))
        self.assertTrue(self._work(free, self.senior, "2026-09-03", -60))

    def test_work_before_the_contract_starts_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "before contract"):
            self._work(self.ticket, self.senior, "2026-08-31", 60)
        line = self._work(self.ticket, self.senior, "2026-09-01", 60)
        with self.assertRaisesRegex(ValidationError, "before contract"):
            line.date = "2026-08-31"

    def test_work_after_the_contract_ended_is_refused(self):
        customer = self._customer("Ended")
        self._contract(customer, self.plan, "2026-09-01", "2026-09-30")
        ticket = self._ticket_in_september(customer)
        self.assertTrue(self._work(ticket, self.senior, "2026-09-30", 60))
        with self.assertRaisesRegex(ValidationError, "after contract"):
            self._work(ticket, self.senior, "2026-10-01", 60)

    def test_r17_invoiced_work_is_not_edited_or_deleted(self):
        line = self._work(self.ticket, self.senior, "2026-09-03", 60)
        self._freeze(self._charge(line))
        other = self._ticket_in_september()
        for vals in (
            {"unit_amount": 2.0},
            {"date": "2026-09-04"},
            {"employee_id": self.junior.id},
            {"ticket_id": other.id},
            {"service_id": self.service_dev.id},
            {"service_mode": "onsite"},
            {"start_datetime": "2026-09-03 01:00:00"},
            {"project_id": self.env.company.internal_project_id.id},
            {"task_id": False},
        ):
            with self.assertRaisesRegex(UserError, "DESK/2026/0001.*correct it"):
                line.write(vals)
        with self.assertRaisesRegex(UserError, "bill this work again"):
            line.unlink()
        line.name = "Described better"
        self.assertTrue(line.readonly_timesheet)
        self.assertEqual(line.unit_amount, 1.0)

    def test_no_double_billing_through_a_tickets_project(self):
        product = self.env["product.product"].create(
            {
                "name": "Hours",
                "type": "service",
                "invoice_policy": "delivery",
                "service_type": "timesheet",
                "service_tracking": "project_only",
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 10})
                ],
            }
        )
        order.action_confirm()
        project = order.order_line.project_id
        self.assertTrue(project.allow_billable)
        metered = self._ticket_in_september(project_id=project.id)
        free = self._ticket_in_september(project_id=project.id, contract_id=False)
        line = self._work(metered, self.senior, "2026-09-03", 60)
        given = self._work(
            metered, self.senior, "2026-09-03", 60, so_line=order.order_line.id
        )
        billed = self._work(free, self.senior, "2026-09-03", 60)
        self.assertEqual(billed.so_line, order.order_line)
        line.so_line = order.order_line
        line.write({"is_so_line_edited": True})
        self.assertFalse((line | given).so_line)
        self.assertEqual(order.order_line.qty_delivered, 1.0)
        free.contract_id = self.contract
        self.assertFalse(billed.so_line)
        self.assertEqual(order.order_line.qty_delivered, 0.0)

    def test_work_on_its_sales_orders_invoice_gets_no_contract(self):
        self.ticket.contract_id = False
        line = self._work(self.ticket, self.senior, "2026-09-03", 60)
        product = self.env["product.product"].create(
            {"name": "Hours", "type": "service"}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        other = self._ticket_in_september()
        other_line = self._work(other, self.senior, "2026-09-03", 60)
        invoice = self._freeze(self._charge(other_line))
        line.so_line = order.order_line
        line.timesheet_invoice_id = invoice
        with self.assertRaisesRegex(ValidationError, "DESK/2026/0001"):
            self.ticket.contract_id = self.contract
