# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .charging_common import ChargingCommon

SEPTEMBER = date(2026, 9, 1), date(2026, 9, 30)
OCTOBER = date(2026, 10, 1), date(2026, 10, 31)


class StatementCommon(ChargingCommon):
    """Three hours a month, one of them may be passed on; 60 an hour beyond, fee 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of(
            "Three hours",
            coverage=[{"policy": "allowance"}],
            rates=[{"price": 60, "increment": 15}],
            allowances=[
                {
                    "name": "Monthly hours",
                    "quantity": 3,
                    "period": "month",
                    "rollover_max": 1,
                    "rollover_periods": 1,
                }
            ],
            fees=[{"name": "Base", "basis": "fixed", "price": 100}],
        )

    def _september(self):
        """90 minutes billed of 180; of the rest 60 are passed on, 30 expire."""
        ticket = self._ticket_of(self.contract, name="Printer")
        self._work(ticket, self.senior, "2026-09-02", 50)
        self._work(ticket, self.junior, "2026-09-03", 30, service_mode="onsite")
        return ticket

    def _october(self):
        """270 minutes: 60 passed on, 180 of October, 30 beyond at 60 an hour."""
        ticket = self._ticket_of(self.contract, "2026-10-05", name="Stock")
        self._work(ticket, self.senior, "2026-10-05", 270)
        return ticket

    def _statement(self, first, last, contract=None):
        return self.env["aftersales.statement"]._statement(
            contract or self.contract, first, last
        )

    def _accounts(self, statement, unit="hour"):
        """The balances of a unit's grants that are not zero, and of all of them."""
        (found,) = [each for each in statement["units"] if each["unit"] == unit]
        rows = [*(row["balance"] for row in found["accounts"]), found["total"]]
        for row in rows:
            ins = row.opening + row.granted + row.rolled_in
            outs = row.used + row.passed_on + row.expired
            self.assertEqual(ins - outs, row.closing)
        return [
            {name: value for name, value in asdict(row).items() if value}
            for row in rows
        ]

    def _amounts(self, statement):
        """Amounts of the summary that are not zero."""
        total = statement["total"]
        names = ("asked", "invoiced", "unbilled", "waiting")
        found = {name: getattr(total, name) for name in names}
        self.assertEqual(sum(found.values()), total.amount)
        self.assertEqual(
            sum(kind["sum"].amount for kind in statement["kinds"]), total.amount
        )
        return {name: value for name, value in found.items() if value}


@tagged("post_install", "-at_install")
class TestStatement(StatementCommon):
    """The numbers of a statement, by hand (R7, R8, R14)."""

    def test_r08_a_month_opens_is_used_passes_on_expires_and_closes(self):
        self._september()
        self.contract.action_aftersales_rate()
        plan = {"granted": 180, "used": 90, "passed_on": 60, "expired": 30}
        rollover = {"rolled_in": 60, "closing": 60}
        self.assertEqual(
            self._accounts(self._statement(*SEPTEMBER)),
            [plan, rollover, plan | rollover],
        )

    def test_r08_the_next_month_opens_with_what_was_passed_on(self):
        self._september()
        self._october()
        statement = self._statement(*OCTOBER)
        self.assertCountEqual(
            self._accounts(statement)[:2],
            [{"opening": 60, "used": 60}, {"granted": 180, "used": 180}],
        )
        (unit,) = statement["units"]
        names = {row["name"] for row in unit["accounts"]}
        self.assertEqual(names, {"Monthly hours", "Monthly hours, passed on"})

    def test_a_month_under_way_keeps_its_rest(self):
        accounts = self._accounts(self._statement(*OCTOBER))
        self.assertIn({"granted": 180, "closing": 180}, accounts)

    def test_packs_and_grants_by_hand_have_their_own_lines(self):
        for origin, quantity in (("purchase", 2), ("manual", 1)):
            self.env["aftersales.grant"].create(
                {
                    "contract_id": self.contract.id,
                    "origin": origin,
                    "quantity": quantity,
                    "date_start": "2026-08-01",
                    "reason": origin,
                }
            )
        statement = self._statement(*SEPTEMBER)
        accounts = self._accounts(statement)
        self.assertIn({"opening": 120, "closing": 120}, accounts)
        self.assertIn({"opening": 60, "closing": 60}, accounts)

    def test_r11_incidents_are_counted_apart(self):
        contract = self._contract_of(
            "Incidents",
            coverage=[{"policy": "incident"}],
            rates=[{"price": 500, "unit": "incident"}, {"price": 60}],
            allowances=[
                {
                    "name": "Incidents",
                    "unit": "incident",
                    "quantity": 1,
                    "period": "month",
                }
            ],
        )
        for day in ("2026-09-02", "2026-09-03"):
            self._ticket_of(contract, day)
        contract.action_aftersales_rate()
        statement = self._statement(*SEPTEMBER, contract)
        self.assertEqual(
            self._accounts(statement, "incident")[0], {"granted": 1, "used": 1}
        )
        self.assertEqual(self._amounts(statement), {"unbilled": 500})

    def test_work_stands_by_ticket_with_its_minutes_and_its_sentence(self):
        ticket = self._september()
        (group,) = self._statement(*SEPTEMBER)["tickets"]
        self.assertEqual((group["number"], group["name"]), (ticket.number, "Printer"))
        first, second = group["rows"]
        self.assertEqual(first["date"], date(2026, 9, 2))
        self.assertEqual((first["entry"].worked, first["entry"].minutes), (50, 60))
        self.assertEqual(first["what"], ["Support", "Remote", "Senior"])
        self.assertEqual(second["what"], ["Support", "On-site", "Junior"])
        self.assertEqual(first["kind"], "From allowance")
        self.assertIn("1 h (rounded from 50 min), covered by", first["reason"])
        self.assertEqual(first["entry"].amount, Decimal("0.00"))
        total = group["total"]
        self.assertEqual((total.worked, total.minutes, total.amount), (80, 90, 0))

    def test_r25_what_waits_is_summed_apart_as_if_accepted(self):
        contract = self._allowed("approval")
        self._work(self._ticket_of(contract), self.senior, "2026-09-04", 120)
        statement = self._statement(*SEPTEMBER, contract)
        self.assertEqual(self._amounts(statement), {"waiting": 60})
        (group,) = statement["tickets"]
        states = [row["state"] for row in group["rows"]]
        self.assertCountEqual(states, ["open", "waiting"])

    def test_an_invoice_is_stated_to_the_cent(self):
        self._september()
        self._october()
        move = self._bill(self.contract)
        (statement,) = self.env["aftersales.statement"]._invoice_statements(move)[
            move.id
        ]
        self.assertEqual(
            self._amounts(statement)["asked"], Decimal(str(move.amount_untaxed))
        )
        self.assertGreater(move.amount_untaxed, 100)
        self.assertEqual(
            (statement["date_from"], statement["date_to"]),
            (date(2026, 9, 1), date(2026, 10, 10)),
        )
        self.assertTrue(statement["fees"]["rows"])
        self.assertEqual(statement["invoice"], "draft invoice")
        move.action_post()
        (statement,) = self.env["aftersales.statement"]._invoice_statements(move)[
            move.id
        ]
        self.assertEqual(statement["invoice"], move.name)

    def test_on_a_later_invoice_the_earlier_one_is_named(self):
        self._september()
        first = self._bill(self.contract)
        first.action_post()
        self._october()
        second = self._bill(self.contract)
        statements = self.env["aftersales.statement"]._invoice_statements(second)
        (statement,) = statements[second.id]
        self.assertEqual(self._amounts(statement)["asked"], 30)
        whole = self._statement(SEPTEMBER[0], OCTOBER[1])
        invoices = {row["invoice"] for each in whole["tickets"] for row in each["rows"]}
        self.assertEqual(invoices, {first.name, "draft invoice"})

    def test_an_invoice_of_two_contracts_states_each(self):
        self._september()
        other = self._contract_of("Other", coverage=[{"policy": "billable"}])
        self._work(self._ticket_of(other), self.senior, "2026-09-08", 60)
        other.action_aftersales_rate()
        move = self._bill(self.contract)
        other.charge_ids._aftersales_link(move.invoice_line_ids[0])
        both = self.env["aftersales.statement"]._invoice_statements(move)[move.id]
        amounts = {each["plan"]: self._amounts(each)["asked"] for each in both}
        self.assertEqual(amounts["Other"], 60)
        self.assertEqual(
            amounts["Three hours"], Decimal(str(move.amount_untaxed)), "fees alone"
        )

    def test_r22_a_change_of_plan_names_both_and_cuts_off_the_first(self):
        second = self._plan(
            "Second",
            coverage=[{"policy": "billable"}],
            rates=[{"price": 50}],
            default_service_id=self.service_support.id,
        )
        self.env["aftersales.contract.term"].create(
            {
                "contract_id": self.contract.id,
                "plan_id": second.id,
                "date_start": "2026-09-16",
            }
        )
        self.contract.action_aftersales_rate()
        statement = self._statement(*SEPTEMBER)
        self.assertEqual(statement["plan"], "Three hours, Second")
        self.assertEqual(self._accounts(statement)[0], {"granted": 180, "expired": 180})

    def test_r17_a_correction_is_stated_and_gives_its_minutes_back(self):
        ticket = self._october()
        move = self._bill(self.contract)
        move.action_post()
        line = ticket.timesheet_ids
        line.with_user(self.manager).action_aftersales_correct({"unit_amount": 1})
        statement = self._statement(*OCTOBER)
        rows = statement["corrections"]["rows"]
        self.assertGreater(len(rows), 1)
        self.assertEqual({row["ticket"] for row in rows}, {ticket.number})
        self.assertEqual(self._accounts(statement)[-1]["used"], 60)
        charges = self.contract.charge_ids.filtered(
            lambda charge: OCTOBER[0] <= charge.date <= OCTOBER[1]
        )
        self.assertEqual(
            statement["total"].amount, Decimal(str(sum(charges.mapped("amount"))))
        )

    def test_only_the_days_asked_for_are_stated(self):
        self._september()
        self._october()
        statement = self._statement(date(2026, 9, 3), date(2026, 9, 29))
        (group,) = statement["tickets"]
        self.assertEqual(len(group["rows"]), 1)
        self.assertEqual(
            self._accounts(statement)[0], {"opening": 120, "used": 30, "closing": 90}
        )
        self.assertFalse(self._statement(date(2026, 8, 1), date(2026, 8, 31))["units"])

    def test_the_plans_in_force_are_named(self):
        self.assertEqual(self._statement(*SEPTEMBER)["plan"], "Three hours")

    def test_it_costs_as_many_queries_for_many_charges_as_for_few(self):
        def stated():
            self._statement(*SEPTEMBER)

        for name in ("One", "Two"):
            ticket = self._ticket_of(self.contract, name=name)
            for day in range(1, 4):
                self._work(ticket, self.senior, f"2026-09-{day:02}", 10)
        stated()  # what is read once for all
        few = self._queries(stated)
        for number in range(10):
            ticket = self._ticket_of(self.contract, name=f"More {number}")
            for day in range(1, 4):
                self._work(ticket, self.junior, f"2026-09-{day + 10}", 20)
        self.assertEqual(self._queries(stated), few)

    def test_invoices_cost_as_many_queries_for_many_as_for_few(self):
        def billed(number):
            customer = self._customer(f"Customer {number}")
            contract = self._contract(
                customer, self.contract.aftersales_plan_id, "2026-09-01"
            )
            ticket = self._ticket_of(contract)
            self._work(ticket, self.senior, "2026-09-02", 60)
            return self._bill(contract)

        moves = self.env["account.move"].union(*(billed(n) for n in range(8)))
        sheet = self.env["aftersales.statement.sheet"]
        sheet._of_invoices(moves[:1])  # what is read once for all
        few = self._queries(lambda: sheet._of_invoices(moves[:2]))
        self.assertEqual(self._queries(lambda: sheet._of_invoices(moves)), few)


@tagged("post_install", "-at_install")
class TestStatementRights(StatementCommon):
    """Who may read a contract and charges may read its statement; nobody else."""

    def _as(self, user):
        statements = self.env["aftersales.statement"].with_user(user)
        return statements._statement(self.contract.with_user(user), *SEPTEMBER)

    def test_support_billing_managers_and_accountants_read_it(self):
        self._september()
        accountant = new_test_user(
            self.env, "as_accountant", "account.group_account_invoice"
        )
        for user in (self.support, self.billing, self.manager, accountant):
            with self.subTest(user=user.login):
                self.assertEqual(len(self._as(user)["tickets"]), 1)

    def test_customers_and_other_staff_do_not(self):
        portal = new_test_user(
            self.env,
            "as_portal",
            "base.group_portal",
            partner_id=self.contact.id,
        )
        staff = new_test_user(self.env, "as_staff", "base.group_user")
        move = self._bill(self.contract)
        move.action_post()
        report = self.env["report.erp_aftersales.report_invoice_statement"]
        for user in (portal, staff):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._as(user)
                with self.assertRaises(AccessError):
                    report.with_user(user)._get_report_values(
                        move.ids, {"sheets": [{}]}
                    )

    def test_another_company_s_contract_is_not_stated(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "as_elsewhere",
            "erp_aftersales.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self._as(stranger)
