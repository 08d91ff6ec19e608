# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestCompanies(BillingCommon):
    """Two vendors in one database: each bills its own, on its own day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.west = cls.env["res.company"].create(
            {"name": "West", "currency_id": cls.company.currency_id.id}
        )
        cls.west.partner_id.tz = "America/Los_Angeles"
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.west, install_demo=False
        )
        cls.env.user.company_ids |= cls.west
        cls.western = cls._contract(
            cls._customer("Western"),
            cls.plan,
            "2026-09-01",
            company_id=cls.west.id,
        )
        cls.eastern = cls._contract(cls.customer, cls.plan, "2026-09-01")

    def _work_on(self, contract, day):
        company = contract.company_id
        ticket = (
            self.env["helpdesk.ticket"]
            .with_company(company)
            .create(
                {
                    "name": "Help",
                    "description": "Please",
                    "partner_id": contract.partner_id.id,
                    "company_id": company.id,
                }
            )
        )
        self.assertEqual(ticket.contract_id, contract)
        employee = self._employee("Local", self.grade_senior, company_id=company.id)
        return (
            self.env["account.analytic.line"]
            .with_company(company)
            .create(
                {
                    "name": "Work",
                    "ticket_id": ticket.id,
                    "employee_id": employee.id,
                    "date": day,
                    "unit_amount": 1,
                }
            )
        )

    def test_a_team_elsewhere_does_not_take_the_ticket_s_project(self):
        """A user's own team may be of another company than his ticket (A8)."""
        self.env["helpdesk.ticket.team"].create(
            {
                "name": "Westerners",
                "company_id": self.west.id,
                "user_ids": [Command.link(self.env.user.id)],
            }
        )
        self.company.helpdesk_mgmt_ticket_auto_assign = True
        ticket = self._ticket(self.customer)
        self.assertEqual(ticket.user_id, self.env.user)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.project_id.company_id, self.company)
        self.assertEqual(
            self._work(ticket, self.senior, "2026-09-03", 60).company_id, self.company
        )

    def test_r14_each_company_is_billed_on_its_own_day(self):
        self._work_on(self.eastern, "2026-09-15")
        self._work_on(self.western, "2026-09-15")
        with freeze_time("2026-09-30 20:00:00"):  # October has begun in Shanghai only
            self.env["contract.contract"].cron_recurring_create_invoice()
        self.assertEqual(
            self.eastern._get_related_invoices().invoice_date, date(2026, 10, 1)
        )
        self.assertFalse(self.western._get_related_invoices())
        with freeze_time("2026-10-01 10:00:00"):
            self.env["contract.contract"].cron_recurring_create_invoice()
        move = self.western._get_related_invoices()
        self.assertEqual((move.company_id, move.amount_untaxed), (self.west, 60))

    def test_r10_a_card_prices_its_own_company_only(self):
        plan = self._hourly_plan("By the card", coverage=[], rates=[])
        contract = self._contract(self._customer("New"), plan, "2026-09-01")
        self._card(price=30, company_id=self.west.id)
        charge = self._work_on(contract, "2026-09-15").charge_ids
        self.assertEqual(charge.kind, "unrated")
        self._card(price=40, company_id=self.company.id)
        contract.action_aftersales_rate()
        self.assertEqual((charge.kind, charge.amount), ("billable", 40))

    def test_r14_a_contract_with_work_or_invoices_stays_with_its_company(self):
        worked, billed, new = (
            self._contract(self._customer(name), plan, "2026-09-01")
            for name, plan in (
                ("Worked", self.plan),
                ("Billed", self.fee_plan),
                ("New", self.plan),
            )
        )
        self._ticket(worked.partner_id, worked).active = False
        self._run("2026-09-01")
        self.assertTrue(billed.charge_ids.invoice_id)
        for contract in (worked, billed):
            with self.assertRaisesRegex(ValidationError, "its company cannot change"):
                contract.company_id = self.west
            contract.company_id = self.company
        new.company_id = self.west
        self.assertEqual(new.contract_line_ids.company_id, self.west)

    def test_work_is_in_the_books_of_its_tickets_company(self):
        """Nor does a user of one company work on a ticket of another by its id."""
        local = new_test_user(
            self.env,
            "western-support",
            "erp_aftersales.group_user",
            company_id=self.west.id,
            company_ids=[(6, 0, self.west.ids)],
        )
        engineer = self._employee("W", user_id=local.id, company_id=self.west.id)
        ticket = self._ticket(self.customer, self.eastern)
        project = self.env["project.project"].create(
            {"name": "Theirs", "company_id": self.west.id, "allow_timesheets": True}
        )
        lines = self.env["account.analytic.line"].with_user(local)
        vals = {
            "name": "Work",
            "employee_id": engineer.id,
            "project_id": project.id,
            "date": "2026-09-15",
            "unit_amount": 1,
        }
        with self.assertRaisesRegex(ValidationError, "in the books of West"):
            lines.create({**vals, "ticket_id": ticket.id})
        line = lines.create(vals)
        with self.assertRaisesRegex(ValidationError, "in the books of West"):
            line.write({"ticket_id": ticket.id, "project_id": project.id})
        project.company_id = False
        vals = {"project_id": project.id}
        shared = self._work(ticket, self.senior, "2026-09-15", 60, **vals)
        self.assertEqual(shared.company_id, self.company)

    def test_charges_and_grants_stay_within_their_company(self):
        work = self._work_on(self.western, "2026-09-15")
        local = new_test_user(
            self.env,
            "aftersales-local",
            "erp_aftersales.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        charges = self.env["aftersales.charge"].with_user(local)
        self.assertFalse(charges.search([("contract_id", "=", self.western.id)]))
        with self.assertRaises(AccessError):
            work.charge_ids.with_user(local).read(["amount"])
