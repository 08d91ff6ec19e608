# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .billing_common import BillingCommon


class HeadCommon(BillingCommon):
    """It is Thursday, 10 September 2026, 10:00 in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "head_support",
            "erp_aftersales.group_user,helpdesk_mgmt.group_helpdesk_user",
        )
        cls.code = cls.company.currency_id.name
        cls.plan = cls._hourly_plan(
            "Hybrid",
            coverage=[
                {"policy": "allowance"},
                {"policy": "excluded", "service_id": cls.service_dev.id},
            ],
            allowances=[{"name": "10 h", "quantity": 10, "period": "month"}],
            rates=[
                {"price": 300, "grade_id": cls.grade_senior.id},
                {"price": 200, "grade_id": cls.grade_junior.id, "minimum": 120},
            ],
        )
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")

    def _seen(self, ticket):
        """Kind and title of a ticket's head, as support reads it."""
        self.env.invalidate_all()
        ticket = ticket.with_user(self.user)
        return ticket.aftersales_head_kind, ticket.aftersales_head_title

    def _under(self, plan, **vals):
        customer = self._customer(f"Customer of {plan.name}")
        contract = self._contract(customer, plan, "2026-09-01")
        return self._ticket(customer, contract, user_id=False, **vals)

    def _plan_of(self, policy, rates=(), **vals):
        return self._hourly_plan(
            policy, coverage=[{"policy": policy, **vals}], rates=rates
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 02:00:00")
class TestTicketHead(HeadCommon):
    """Covered or charged, and why, before anybody works (E1)."""

    def test_e1_what_is_left_of_the_allowance(self):
        self._hours(self.contract, "2026-09-09", minutes=150)
        ticket = self._ticket(self.customer)
        self.assertEqual(
            self._seen(ticket),
            ("covered", "Covered by the allowance: 7 h 30 min left"),
        )
        self.assertIn("6.50 of 10 h left", ticket.aftersales_head_detail)

    def test_e1_the_hour_that_ends_the_allowance_is_partly_charged(self):
        self._hours(self.contract, "2026-09-09", minutes=570)
        ticket = self._ticket(self.customer)
        self.assertEqual(
            self._seen(ticket),
            (
                "charged",
                f"30 min left, then charged: 150.00 {self.code} of the next hour",
            ),
        )

    def test_e1_the_grade_is_of_whoever_is_assigned(self):
        self._hours(self.contract, "2026-09-09", minutes=600)
        ticket = self._ticket(self.customer, user_id=False)
        self.assertEqual(
            self._seen(ticket),
            ("charged", f"Charged: 300.00 {self.code} for the next hour"),
        )
        self.junior.user_id = self.user
        ticket.user_id = self.user
        self.assertEqual(
            self._seen(ticket),
            ("charged", f"Charged: 400.00 {self.code} for the next hour (minimum 2 h)"),
        )

    def test_e1_what_is_outside_the_contract_says_so(self):
        self._card(price=800)
        ticket = self._ticket(self.customer, service_id=self.service_dev.id)
        kind, title = self._seen(ticket)
        self.assertEqual(kind, "charged")
        self.assertEqual(title, f"Not covered: 800.00 {self.code} for the next hour")

    def test_e1_included_work_and_the_vendors_fault_cost_nothing(self):
        self.assertEqual(
            self._seen(self._under(self._plan_of("included"))), ("covered", "Included")
        )
        fault = self._service("Defect", is_vendor_fault=True)
        ticket = self._under(
            self._plan_of("billable", [{"price": 100}]), service_id=fault.id
        )
        self.assertEqual(
            self._seen(ticket), ("covered", "Free of charge: the fault is ours")
        )

    def test_e1_work_by_quotation_waits_for_one(self):
        ticket = self._under(self._plan_of("quote"))
        self.assertEqual(
            self._seen(ticket), ("waits", "Needs a quotation before work starts")
        )
        order = self.env["sale.order"].create(
            {"partner_id": ticket.partner_id.id, "ticket_ids": ticket.ids}
        )
        order.action_confirm()
        self.assertEqual(
            self._seen(ticket), ("charged", f"Billed by quotation {order.name}")
        )

    def test_e1_without_a_price_it_says_so(self):
        ticket = self._under(self._plan_of("billable"))
        self.assertEqual(self._seen(ticket), ("waits", "No price yet"))

    def test_e1_beyond_the_allowance_it_waits_until_the_customer_accepts(self):
        plan = self._hourly_plan(
            "Approval",
            coverage=[{"policy": "allowance"}],
            allowances=[
                {"name": "1 h", "quantity": 1, "period": "month", "at_end": "approval"}
            ],
            rates=[{"price": 300}],
        )
        ticket = self._under(plan)
        self._work(ticket, self.senior, "2026-09-09", 60)
        self.assertEqual(
            self._seen(ticket),
            ("waits", f"Waits for acceptance: 300.00 {self.code} for the next hour"),
        )
        ticket.action_aftersales_accept(500, ticket.partner_id)
        self.assertEqual(
            self._seen(ticket),
            ("charged", f"Charged: 300.00 {self.code} for the next hour"),
        )
        self._work(ticket, self.senior, "2026-09-10", 60)
        self.assertEqual(
            self._seen(ticket)[0], "waits", "200.00 are left of what was accepted"
        )

    def test_e1_where_the_plan_stops_more_work_is_refused(self):
        plan = self._hourly_plan(
            "Stop",
            coverage=[{"policy": "allowance"}],
            allowances=[
                {"name": "1 h", "quantity": 1, "period": "month", "at_end": "stop"}
            ],
            rates=[{"price": 300}],
        )
        ticket = self._under(plan)
        self._work(ticket, self.senior, "2026-09-09", 60)
        self.assertEqual(
            self._seen(ticket), ("stopped", "Nothing is left: more work is refused")
        )

    def test_r11_a_ticket_that_is_charged_by_itself_is_counted_once(self):
        plan = self._hourly_plan(
            "Incidents",
            coverage=[{"policy": "incident"}],
            allowances=[
                {"name": "1", "quantity": 1, "unit": "incident", "period": "month"}
            ],
            rates=[{"price": 500, "unit": "incident"}],
        )
        ticket = self._under(plan)
        self.assertEqual(
            self._seen(ticket),
            ("covered", "Covered: a prepaid incident, 0 left after it"),
        )
        second = self._ticket(ticket.partner_id, ticket.contract_id)
        self.assertEqual(
            self._seen(second),
            ("charged", f"Charged: this request costs 500.00 {self.code}"),
        )

    def test_e1_without_contract_the_standard_card_speaks(self):
        nobody = self._customer("Nobody")
        ticket = self._ticket(nobody)
        self.assertEqual(
            self._seen(ticket),
            ("uncontracted", "The standard card has no price for such work"),
        )
        self._card(price=800, minimum=60)
        price = f"800.00 {self.code} for the next hour (minimum 1 h)"
        self.assertEqual(
            self._seen(ticket), ("uncontracted", f"By the standard card: {price}")
        )

    def test_e1_between_two_contracts_somebody_chooses(self):
        other = self._contract(self.customer, self.plan, "2026-09-01")
        ticket = self._ticket(self.customer)
        self.assertEqual(
            self._seen(ticket), ("ask", "Choose the contract: 2 of this customer run")
        )
        both = self.contract | other
        self.assertEqual(ticket.aftersales_candidate_ids, both)
        ticket.contract_id = other
        self.assertEqual(self._seen(ticket)[0], "covered")
        self.assertFalse(ticket.aftersales_candidate_ids)

    def test_e1_a_contract_that_has_ended_prices_nothing(self):
        ticket = self._ticket(self.customer)
        with freeze_time("2026-12-10 02:00:00"):
            self.contract.date_end = "2026-10-31"
            self.assertEqual(
                self._seen(ticket), ("ask", "The contract ended on 10/31/2026")
            )

    def test_e1_a_closed_ticket_says_what_it_cost(self):
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        ticket = self._under(self._plan_of("billable", [{"price": 100}]))
        ticket.stage_id = done
        self.assertEqual(self._seen(ticket), ("covered", "Closed, without charge"))
        self._work(ticket, self.senior, "2026-09-10", 60)
        self.assertEqual(
            self._seen(ticket), ("charged", f"Closed, it cost 100.00 {self.code}")
        )

    def test_e1_the_head_speaks_while_the_ticket_is_typed(self):
        self._hours(self.contract, "2026-09-09", minutes=150)
        with Form(self.env["helpdesk.ticket"].with_user(self.user)) as form:
            self.assertEqual(form.aftersales_head_title, "Choose the customer")
            form.name = "x"
            form.description = "x"
            form.partner_id = self.customer
            self.assertEqual(form.contract_id, self.contract)
            self.assertEqual(
                form.aftersales_head_title,
                "Covered by the allowance: 7 h 30 min left",
            )
            form.service_id = self.service_dev
            self.assertEqual(form.aftersales_head_kind, "waits")
        with Form(form.record) as form:
            form.service_id = self.service_support
            self.assertEqual(form.aftersales_head_kind, "covered")

    def test_the_head_writes_nothing(self):
        self._hours(self.contract, "2026-09-09", minutes=570)
        ticket = self._ticket(self.customer)
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT head; SET TRANSACTION READ ONLY")
        self._seen(ticket)
        self.env.flush_all()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT head")


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 02:00:00")
class TestTicketSurroundings(HeadCommon):
    """What else decides how a ticket is served."""

    def test_other_open_tickets_of_the_customer_are_counted_and_opened(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        ticket, other = self._ticket(self.customer), self._ticket(contact)
        closed = self._ticket(self.customer)
        closed.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self._ticket(self._customer("Somebody"))
        seen = ticket.with_user(self.user)
        self.assertEqual(seen.aftersales_other_ticket_count, 1)
        action = seen.action_aftersales_other_tickets()
        self.assertEqual(seen.search(action["domain"]), other)
        self.assertEqual(closed.aftersales_other_ticket_count, 2)

    def test_the_end_of_the_contract_is_told_when_it_is_near(self):
        ticket = self._ticket(self.customer).with_user(self.user)
        self.assertFalse(ticket.aftersales_contract_ends)
        self.contract.date_end = "2026-11-09"
        self.env.invalidate_all()
        self.assertEqual(str(ticket.aftersales_contract_ends), "2026-11-09")
        self.contract.date_end = "2026-11-10"
        self.env.invalidate_all()
        self.assertFalse(ticket.aftersales_contract_ends)

    def test_cards_say_what_the_contract_does_with_the_service(self):
        tickets = self._ticket(self.customer)
        tickets |= self._ticket(self.customer, service_id=self.service_dev.id)
        tickets |= self._ticket(self._customer("Nobody"))
        tickets = tickets.with_user(self.user)
        self.assertEqual(
            tickets.mapped("aftersales_coverage"), ["allowance", "excluded", "none"]
        )
        self._hours(self.contract, "2026-09-09", minutes=600)
        self.env.invalidate_all()
        self.assertEqual(tickets[0].aftersales_coverage, "used_up")

    def test_cards_and_lists_ask_once_for_all(self):
        names = [
            "aftersales_coverage",
            "aftersales_other_ticket_count",
            "aftersales_contract_ends",
            "aftersales_candidate_ids",
        ]
        few = many = self.env["helpdesk.ticket"]
        for number in range(20):
            customer = self._customer(f"Customer {number}")
            contract = number % 2 and self._contract(customer, self.plan, "2026-09-01")
            many |= self._ticket(customer, contract or None)
        few = many[:2]
        self._reads(few, names)
        self.assertEqual(self._reads(few, names), self._reads(many, names))

    def _reads(self, tickets, names):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        tickets.with_user(self.user).read(names)
        return self.env.cr.sql_log_count - before
