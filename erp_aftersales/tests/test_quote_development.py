# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .sale_common import TODAY, SaleCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 04:00:00")
class TestQuoteDevelopment(SaleCommon):
    """Development is quoted at a whole price, by the hour or in stages (A4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract(
            cls.customer,
            cls._hourly_plan(
                "Quoted",
                coverage=[
                    {"policy": "included"},
                    {
                        "policy": "quote",
                        "service_id": cls.service_dev.id,
                        "discount": 10,
                    },
                ],
                rates=[
                    {"price": 800, "grade_id": cls.grade_senior.id},
                    {"price": 9600, "unit": "day", "grade_id": cls.grade_architect.id},
                ],
            ),
            "2026-09-01",
            pricelist_id=cls.pricelist.id,
        )
        cls.ticket = cls._ticket(
            cls.customer, cls.contract, service_id=cls.service_dev.id
        )

    def _dialogue(self, **vals):
        action = self.contract.action_aftersales_quote_development()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        for name, value in {"name": "Bank interface", **vals}.items():
            setattr(form, name, value)
        return form

    def _quoted(self, form):
        action = form.save().action_quote()
        return self.env["sale.order"].browse(action["res_id"])

    def _by_hours(self, *parts, **vals):
        form = self._dialogue(way="hours", **vals)
        form.service_id = self.service_dev
        for grade, hours in parts:
            with form.line_ids.new() as line:
                line.grade_id, line.hours = grade, hours
        return form

    def _in_stages(self, *stages, **vals):
        form = self._dialogue(way="stages", **vals)
        for name, amount in stages:
            with form.line_ids.new() as line:
                line.name, line.amount = name, amount
        return form

    def test_a4_a_whole_price_is_invoiced_at_once(self):
        form = self._dialogue(amount=9600, ticket_id=self.ticket)
        order = self._quoted(form)
        self.assertEqual(order.aftersales_contract_id, self.contract)
        self.assertEqual(order.ticket_ids, self.ticket)
        self.assertEqual(order.order_line.name, "Bank interface")
        order.action_confirm()
        self.assertEqual(order._create_invoices().amount_untaxed, 9600)

    def test_a4_hours_cost_what_the_contracts_rates_say(self):
        # 10 % off: 800 is 720; 9 600 a day is 1 200 an hour, 1 080
        form = self._by_hours((self.grade_senior, 10), (self.grade_architect, 2))
        self.assertEqual(form.total, 7200 + 2160)
        order = self._quoted(form)
        self.assertEqual(order.order_line.mapped("price_unit"), [720, 1080])
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [10, 2])
        self.assertEqual(
            order.order_line[0].name, "Bank interface: Senior, by the hours worked"
        )
        order.action_confirm()
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 0])
        self.env["account.analytic.line"].create(
            {
                "name": "Work",
                "task_id": order.order_line[0].task_id.id,
                "project_id": order.order_line[0].task_id.project_id.id,
                "employee_id": self.senior.id,
                "date": TODAY,
                "unit_amount": 4,
            }
        )
        self.assertEqual(order.order_line[0].qty_to_invoice, 4)
        self.assertEqual(order._create_invoices().amount_untaxed, 2880)

    def test_a4_work_on_the_ticket_is_billed_by_the_line_of_its_grade(self):
        form = self._by_hours((self.grade_senior, 10), (self.grade_architect, 2))
        form.ticket_id = self.ticket
        order = self._quoted(form)
        order.action_confirm()
        self._work(self.ticket, self.architect, TODAY, 60)
        self._work(self.ticket, self.senior, TODAY, 120)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 1])
        self.assertEqual(order._create_invoices().amount_untaxed, 2 * 720 + 1080)

    def test_a4_a_line_that_is_just_added_has_no_price_yet(self):
        line = self.env["aftersales.quote.line"].new({"hours": 2})
        self.assertEqual((line.price_hour, line.amount), (0, 0))

    def test_a4_what_the_plan_quotes_is_proposed(self):
        self.assertEqual(self._dialogue().service_id, self.service_dev)

    def test_r10_hours_without_a_rate_are_refused(self):
        form = self._by_hours((self.grade_junior, 10))
        self.assertEqual(form.total, 0)
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "no rate for 'Development' by Junior"):
            wizard.action_quote()

    def test_a4_each_stage_is_invoiced_when_it_is_accepted(self):
        form = self._in_stages(("Design", 3000), ("Go-live", 7000))
        self.assertEqual(form.total, 10000)
        order = self._quoted(form)
        order.action_confirm()
        stages = self.env["project.milestone"].search(
            [("sale_line_id", "in", order.order_line.ids)], order="id"
        )
        self.assertEqual(
            stages.mapped("name"), ["Bank interface: Design", "Bank interface: Go-live"]
        )
        self.assertEqual(len(stages.project_id), 1)
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 0])
        stages[0].is_reached = True
        self.assertEqual(order._create_invoices().amount_untaxed, 3000)
        stages[1].is_reached = True
        self.assertEqual(order._create_invoices().amount_untaxed, 7000)

    def test_a4_milestones_are_made_once(self):
        order = self._quoted(self._in_stages(("Design", 3000)))
        order.action_confirm()
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(
            self.env["project.milestone"].search_count(
                [("sale_line_id", "in", order.order_line.ids)]
            ),
            1,
        )

    def test_what_is_missing_is_asked_for(self):
        for form, words in (
            (self._dialogue(amount=0.0), "Type the price"),
            (self._dialogue(way="stages"), "Add a line"),
            (self._in_stages(("Design", 0)), "Each stage needs"),
            (self._by_hours((self.grade_senior, 0)), "hours above 0"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                form.save().action_quote()

    def test_a_ticket_gives_its_name_and_service(self):
        form = self._dialogue(name=False, ticket_id=self.ticket)
        self.assertEqual(form.name, self.ticket.name)
        self.assertEqual(form.service_id, self.service_dev)

    def test_hours_are_priced_at_equal_cost_for_few_and_many(self):
        counts = []
        for number in (1, 1, 10):  # the first one fills the caches
            grades = self.env["aftersales.grade"].create(
                [{"name": f"G{index}"} for index in range(number)]
            )
            wizard = self._dialogue(way="hours").save()
            wizard.service_id = self.service_dev
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard._hour_prices(grades)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_who_sells_and_serves_may_quote(self):
        seller = new_test_user(
            self.env,
            "seller_of_work",
            "sales_team.group_sale_salesman,erp_aftersales.group_user",
        )
        self.contract = self.contract.with_user(seller)
        self.env.user.invalidate_recordset()
        action = self.contract.action_aftersales_quote_development()
        wizard = (
            self.env[action["res_model"]]
            .with_user(seller)
            .create({"contract_id": self.contract.id, "name": "Report", "amount": 500})
        )
        order = self.env["sale.order"].browse(wizard.action_quote()["res_id"])
        self.assertEqual((order.amount_untaxed, order.user_id), (500, seller))
