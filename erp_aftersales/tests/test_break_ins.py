# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBreakIns(BillingCommon):
    """What a client sends with a call opens no door that its user has not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("user", "billing", "manager"):
            login = f"break_in_{role}"
            user = new_test_user(cls.env, login, f"erp_aftersales.group_{role}")
            setattr(cls, role, user)
        cls.accountant = new_test_user(
            cls.env, "break_in_accountant", "account.group_account_invoice"
        )
        cls.portal = new_test_user(cls.env, "break_in_portal", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer
        cls.user.employee_id = cls._employee("U", cls.grade_senior, user_id=cls.user.id)
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")
        cls.ticket = cls._ticket(cls.customer, cls.contract, user_id=cls.user.id)
        cls.line = cls._work(cls.ticket, cls.senior, "2026-09-02", 60)

    def _log(self, ticket, hours, **context):
        model = self.env["account.analytic.line"].with_user(self.user)
        return model.with_context(**context).create(
            {
                "name": "Work",
                "ticket_id": ticket.id,
                "employee_id": self.user.employee_id.id,
                "date": "2026-09-03",
                "unit_amount": hours,
            }
        )

    def _invoice(self):
        self.contract.action_aftersales_invoice()
        return self.contract.charge_ids.invoice_id

    def test_r16_a_default_of_the_client_freezes_no_charge(self):
        line = self._invoice().invoice_line_ids
        spoof = {"default_invoice_line_id": line.id, "default_is_waiting": True}
        work = self._log(self.ticket, 0)
        work.with_context(**spoof).unit_amount = 1
        self.contract.with_user(self.user).with_context(
            **spoof
        ).action_aftersales_rate()
        charge = work.sudo().charge_ids
        self.assertEqual((charge.state, charge.amount), ("open", 60))
        self.assertEqual(line.aftersales_charge_ids, self.line.charge_ids)

    def test_r09_a_default_of_the_client_makes_no_pack_larger(self):
        pack = self.env["product.product"].create(
            {
                "name": "Hour",
                "type": "service",
                "aftersales_pack_unit": "hour",
                "aftersales_pack_quantity": 1,
            }
        )
        line = Command.create({"product_id": pack.id})
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "order_line": [line]}
        )
        order.with_context(default_minutes=6000, default_priority=1).action_confirm()
        self.assertEqual(order.aftersales_grant_ids.minutes, 60)
        self.assertEqual(order.aftersales_grant_ids.priority, 10)

    def test_r25_no_context_of_the_client_passes_a_stop(self):
        plan = self._hourly_plan(
            "Stop",
            coverage=[{"policy": "allowance"}],
            allowances=[
                {"name": "Hour", "quantity": 1, "period": "month", "at_end": "stop"}
            ],
        )
        customer = self._customer("Stopped")
        contract = self._contract(customer, plan, "2026-09-01")
        ticket = self._ticket(customer, contract, user_id=self.user.id)
        for context in ({}, {"aftersales_no_rating": True}):
            with self.assertRaisesRegex(ValidationError, "passes the end"):
                self._log(ticket, 2, **context)

    def test_r19_no_context_of_the_client_leaves_work_unrated(self):
        self._log(self.ticket, 1, aftersales_no_rating=True)
        line = self.line.with_context(aftersales_no_rating=True)
        line.unit_amount = 2
        self.assertEqual(sum(self.contract.charge_ids.mapped("amount")), 180)

    def test_r02_no_context_of_the_client_hides_a_contracts_own_row(self):
        rates = self.env["aftersales.plan.rate"].with_user(self.manager)
        rates.with_context(aftersales_own_rows=True).create(
            {"contract_id": self.contract.id, "price": 90}
        )
        self.assertEqual(self.contract.charge_ids.amount, 90)

    def test_r25_what_was_accepted_is_written_by_an_acceptance_only(self):
        ticket = self.ticket.with_user(self.user)
        ticket.write({"aftersales_accepted_amount": 500, "priority": "2"})
        self.assertEqual((ticket.aftersales_accepted_amount, ticket.priority), (0, "2"))
        ticket.action_aftersales_accept(100, self.customer)
        ticket.aftersales_accepted_amount = 500
        self.assertEqual(ticket.aftersales_accepted_amount, 100)

    def test_r23_nobody_types_that_a_promise_was_missed(self):
        tickets = self.env["helpdesk.ticket"].with_user(self.user)
        missed = {"response_state": "breached", "response_deadline": "2026-09-05"}
        values = {"name": "New", "description": "-", "partner_id": self.customer.id}
        spoof = {f"default_{name}": value for name, value in missed.items()}
        for call in (
            lambda: self.ticket.with_user(self.user).write(missed),
            lambda: tickets.create({**values, **missed}),
            lambda: tickets.with_context(**spoof).create(values),
        ):
            with self.assertRaisesRegex(AccessError, "follow from its clock"):
                call()
        self.ticket.with_user(self.manager).write(missed)
        self.assertEqual(self.ticket.response_state, "breached")

    def test_l6_nobody_types_what_a_closed_ticket_was_promised(self):
        for name in (
            "aftersales_response_minutes",
            "aftersales_resolution_minutes",
            "aftersales_clock_calendar_id",
            "aftersales_turns_at",
            "aftersales_waiting_since",
            "aftersales_raised",
        ):
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(AccessError, "follow from its clock"),
            ):
                self.ticket.with_user(self.user).write({name: False})

    def test_r25_nobody_types_that_an_estimate_stops_nothing(self):
        ticket = self.ticket.with_user(self.user)
        ticket.write({"aftersales_is_capped": True, "priority": "2"})
        self.assertEqual((ticket.aftersales_is_capped, ticket.priority), (False, "2"))

    def test_r16_what_a_line_has_freed_is_noted_by_code_only(self):
        line = self._invoice().invoice_line_ids
        for user in (self.accountant, self.billing, self.manager):
            with self.assertRaises(AccessError):
                line.with_user(user).aftersales_freed = {"by": 1, "charges": []}

    def test_r16_nobody_writes_charges_through_what_they_hang_on(self):
        line = self._invoice().invoice_line_ids
        charge = self.contract.charge_ids
        holders = (
            (line, "aftersales_charge_ids"),
            (self.contract, "charge_ids"),
            (self.ticket, "charge_ids"),
            (self.line, "charge_ids"),
        )
        commands = (
            Command.update(charge.id, {"amount": 0}),
            Command.unlink(charge.id),
            Command.delete(charge.id),
        )
        for user in (self.user, self.billing, self.manager, self.accountant):
            for holder, name in holders:
                for command in commands:
                    with self.assertRaises(UserError):
                        holder.with_user(user).write({name: [command]})
        self.assertEqual((charge.state, charge.amount), ("invoiced", 60))

    def test_r15_nobody_bills_who_may_not(self):
        for user in (self.user, self.portal, self.env.ref("base.public_user")):
            contract = self.contract.with_user(user)
            with freeze_time("2026-10-01 02:00:00"):
                for bill in (
                    contract.recurring_create_invoice,
                    contract.action_aftersales_invoice,
                    contract.cron_recurring_create_invoice,
                    self.contract.charge_ids.with_user(user).action_aftersales_invoice,
                ):
                    with self.assertRaises(AccessError, msg=bill.__name__):
                        bill()
        self.assertEqual(self.contract.charge_ids.state, "open")

    def test_customers_call_nothing_that_rates_accepts_or_corrects(self):
        contract = self.contract.with_user(self.portal)
        for call in (
            contract.action_aftersales_rate,
            lambda: self.ticket.with_user(self.portal).action_aftersales_accept(
                500, self.portal.partner_id
            ),
            lambda: self.line.with_user(self.portal).action_aftersales_correct({}),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_a_dialogue_shows_nothing_that_its_user_may_not_see(self):
        west = self.env["res.company"].create({"name": "West"})
        (self.user | self.manager).write(
            {"company_ids": [Command.set(west.ids)], "company_id": west.id}
        )
        accept = self.env["aftersales.accept"].with_user(self.user)
        correct = self.env["aftersales.correct"].with_user(self.manager)
        for dialogue, vals in (
            (accept, {"ticket_id": self.ticket.id, "partner_id": self.customer.id}),
            (correct, {"timesheet_id": self.line.id, "date": "2026-09-02"}),
        ):
            with self.assertRaises(AccessError):
                dialogue.create(vals)

    def test_r02_a_draft_is_no_plan_in_force(self):
        draft = self._hourly_plan("Draft", publish=False)
        terms = self.contract.aftersales_term_ids.with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "is not published"):
            terms.sudo().plan_id = draft

    def test_ids_of_what_is_hidden_are_not_told(self):
        invoice = self._invoice()
        charge = self.contract.charge_ids
        for user in (self.portal, self.env.ref("base.public_user")):
            for call in (
                invoice.with_user(user).action_aftersales_timesheets,
                invoice.with_user(user).action_aftersales_tickets,
                invoice.with_user(user).action_aftersales_contracts,
                charge.with_user(user).action_open_invoice,
            ):
                with self.assertRaises(AccessError):
                    call()
        stranger = new_test_user(self.env, "break_in_stranger", "base.group_portal")
        with self.assertRaises(AccessError):
            self.ticket.with_user(stranger).action_view_aftersales_invoices()
