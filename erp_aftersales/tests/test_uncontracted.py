# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval
from datetime import date

from psycopg2.errors import LockNotAvailable

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .billing_common import BillingCommon


class UncontractedCommon(BillingCommon):
    """Work for two customers without contract, and a card that prices it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._card(price=90)
        cls.stranger = cls._customer("Stranger")
        cls.payg = cls._hourly_plan("Pay as you go")
        cls.manager = new_test_user(
            cls.env, "uncontracted_mgr", "erp_aftersales.group_manager"
        )

    def _lonely(self, partner=None, *days, minutes=60, **vals):
        """Work on a ticket of its own, without contract."""
        ticket = self._ticket(partner or self.stranger, contract_id=False, **vals)
        for day in days or ("2026-09-15",):
            self._work(ticket, self.senior, day, minutes)
        return ticket

    def _listed(self, user=None):
        """The lines that the menu shows to a user."""
        action = self.env.ref(
            "erp_aftersales.account_analytic_line_action_uncontracted"
        )
        lines = self.env["account.analytic.line"].with_user(user or self.manager)
        return lines.search(literal_eval(action.domain.strip()))

    def _contracts(self, partner=None):
        return self.env["contract.contract"].search(
            [("partner_id", "=", (partner or self.stranger).id)]
        )


@tagged("post_install", "-at_install")
class TestNotUnderContract(UncontractedCommon):
    """Work never vanishes: it is listed with what it would cost (C2, A8)."""

    def test_c2_work_on_a_ticket_without_contract_is_listed_with_its_price(self):
        ticket = self._lonely()
        line = self._listed()
        self.assertEqual(line.ticket_id, ticket)
        self.assertEqual(line.aftersales_customer_id, self.stranger)
        self.assertEqual(line.aftersales_grade_id, self.grade_senior)
        self.assertEqual(line.aftersales_card_price, 90)
        self.assertEqual(line.aftersales_card_currency_id, self.company.currency_id)
        self.assertFalse(line.aftersales_card_problem)

    def test_c2_work_under_contract_or_on_no_ticket_is_not_listed(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        self._hours(contract, "2026-09-15")
        self.assertFalse(self._listed())

    def test_r10_work_without_a_price_says_so(self):
        self.env["aftersales.plan.rate"].search([("plan_id", "=", False)]).unlink()
        self._lonely()
        line = self._listed()
        self.assertEqual(line.aftersales_card_price, 0)
        self.assertIn("standard card", line.aftersales_card_problem)

    def test_c2_the_list_sums_prices_by_customer(self):
        other = self._customer("Another")
        self._lonely(None, "2026-09-15", "2026-09-16")
        self._lonely(other, minutes=90)
        groups = self.env["account.analytic.line"].formatted_read_group(
            [("id", "in", self._listed().ids)],
            ["aftersales_customer_id"],
            [
                "aftersales_card_price:sum",
                "aftersales_card_price:sum_currency",
                "aftersales_card_currency_id:array_agg_distinct",
            ],
        )
        found = {
            group["aftersales_customer_id"][0]: group["aftersales_card_price:sum"]
            for group in groups
        }
        self.assertEqual(found, {self.stranger.id: 180, other.id: 135})
        currency = self.company.currency_id
        for group in groups:
            self.assertEqual(
                group["aftersales_card_price:sum_currency"],
                group["aftersales_card_price:sum"],
            )
            self.assertEqual(
                group["aftersales_card_currency_id:array_agg_distinct"], [currency.id]
            )

    def test_c2_billing_reads_the_list_and_support_does_not_see_prices_of_others(self):
        self._lonely()
        billing = new_test_user(self.env, "unc_billing", "erp_aftersales.group_billing")
        lines = self._listed(billing)
        self.assertEqual(lines.mapped("aftersales_card_price"), [90])
        self.assertEqual(lines.ticket_id.mapped("name"), ["Ticket of Stranger"])
        support = new_test_user(self.env, "unc_support", "erp_aftersales.group_user")
        self.assertFalse(self._listed(support))

    def test_c2_a_long_list_is_priced_with_as_many_queries_as_a_short_one(self):
        queries = []
        self._lonely().timesheet_ids.mapped("aftersales_card_price")  # units are known
        for count in (3, 30):
            days = [f"2026-09-{day:02}" for day in range(1, count + 1)]
            ids = self._lonely(None, *days).timesheet_ids.ids
            lines = self.env["account.analytic.line"].browse(ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines.mapped("aftersales_card_price")
            lines.mapped("aftersales_grade_id")
            queries.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*queries)


@tagged("post_install", "-at_install")
class TestMakeContract(UncontractedCommon):
    """One click, and the work stands under a contract and is rated (C2, A8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_default_plan_id = cls.payg

    def _make(self, lines=None, user=None):
        lines = lines or self._listed()
        return lines.with_user(user or self.manager).action_aftersales_make_contract()

    def test_c2_one_click_makes_the_contract_and_rates_the_work(self):
        ticket = self._lonely(None, "2026-09-15", "2026-08-20")
        action = self._make(ticket.timesheet_ids[0])
        contract = ticket.contract_id
        self.assertEqual(action["res_id"], contract.id)
        self.assertEqual(contract.aftersales_plan_id, self.payg)
        self.assertEqual(contract.date_start, date(2026, 8, 20))
        self.assertFalse(contract.date_end)
        self.assertEqual(contract.charge_ids.mapped("amount"), [60, 60])
        self.assertFalse(self._listed())
        self.assertIn(ticket.number, " ".join(contract.message_ids.mapped("body")))

    def test_c2_several_tickets_of_a_customer_are_one_contract(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.stranger.id}
        )
        first, second = self._lonely(), self._lonely(contact, "2026-09-02")
        other = self._lonely(self._customer("Another"))
        action = self._make()
        self.assertEqual(first.contract_id, second.contract_id)
        self.assertEqual(first.contract_id.date_start, date(2026, 9, 2))
        self.assertNotEqual(first.contract_id, other.contract_id)
        [(_field, _operator, ids)] = action["domain"]
        self.assertEqual(set(ids), {first.contract_id.id, other.contract_id.id})

    def test_c2_later_work_uses_the_contract_that_is_there(self):
        self._lonely()
        self._make()
        second = self._lonely(None, "2026-09-20")
        self._make()
        self.assertEqual(len(self._contracts()), 1)
        self.assertEqual(second.contract_id, self._contracts())

    def test_c2_earlier_work_pulls_an_unbilled_contract_forward(self):
        self._lonely()
        self._make()
        self._lonely(None, "2026-08-20")
        self._make()
        contract = self._contracts()
        self.assertEqual(contract.date_start, date(2026, 8, 20))
        self.assertEqual(len(contract.charge_ids), 2)

    def test_c2_before_a_billed_contract_an_own_one_is_made_that_ends_before(self):
        self._lonely()
        self._make()
        billed = self._contracts()
        self._run("2026-10-15")
        self._lonely(None, "2026-08-20")
        self._make()
        early = self._contracts() - billed
        self.assertEqual(early.date_start, date(2026, 8, 20))
        self.assertEqual(early.date_end, date(2026, 9, 14))
        self.assertEqual(early.charge_ids.amount, 60)

    def test_c2_a_later_revision_of_the_plan_uses_the_old_contract(self):
        self._lonely()
        self._make()
        revision = self.payg.action_revise()
        if isinstance(revision, dict):
            revision = self.env["aftersales.plan"].browse(revision["res_id"])
        revision.action_publish()
        self.company.aftersales_default_plan_id = revision
        self._lonely(None, "2026-09-20")
        self._make()
        self.assertEqual(len(self._contracts()), 1)

    def test_c2_all_is_rated_in_one_run(self):
        for index in range(3):
            self._lonely(self._customer(f"Customer {index}"))
        calls = []
        rating = self.registry["aftersales.rating"]
        original = rating._rate

        def _rate(model, contracts, *args, **kwargs):
            if len(contracts) == 3:
                calls.append(contracts)
            return original(model, contracts, *args, **kwargs)

        self.patch(rating, "_rate", _rate)
        self._make()
        self.assertEqual(len(calls), 2)  # when they are made, then with their work

    def test_r15_two_that_make_a_customers_contract_at_once_cannot_both_win(self):
        customer = self.env.ref("base.public_partner")  # other transactions see it
        self._lonely(customer)
        probe = "SELECT 1 FROM res_partner WHERE id = %s FOR NO KEY UPDATE NOWAIT"
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(probe, [customer.id])
        self._make()
        with (
            db_connect(self.env.cr.dbname).cursor() as other,
            mute_logger("odoo.sql_db"),
            self.assertRaises(LockNotAvailable),
        ):
            other.execute(probe, [customer.id])

    def test_c2_without_a_plan_in_the_settings_it_is_asked_for(self):
        self.company.aftersales_default_plan_id = False
        ticket = self._lonely()
        action = self._make()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        wizard.plan_id = self.plan
        result = wizard.save().action_make()
        self.assertEqual(ticket.contract_id.aftersales_plan_id, self.plan)
        self.assertEqual(result["res_id"], ticket.contract_id.id)

    def test_c2_only_managers_make_contracts(self):
        self._lonely()
        billing = new_test_user(self.env, "mc_billing", "erp_aftersales.group_billing")
        with self.assertRaisesRegex(AccessError, "after-sales managers"):
            self._make(self._listed(billing), billing)

    def test_c2_a_ticket_without_customer_is_named(self):
        ticket = self._lonely()
        ticket.partner_id = False
        with self.assertRaisesRegex(UserError, ticket.number):
            self._make()

    def test_c2_work_under_contract_makes_nothing(self):
        ticket = self._lonely()
        self._make()
        with self.assertRaisesRegex(UserError, "nothing is to be made"):
            self._make(ticket.timesheet_ids)

    def test_c2_each_company_makes_its_own_contract(self):
        west = self.env["res.company"].create(
            {"name": "West", "currency_id": self.company.currency_id.id}
        )
        self.env["account.chart.template"].try_loading(
            "generic_coa", company=west, install_demo=False
        )
        self.env.user.company_ids |= west
        self.manager.company_ids |= west
        west.aftersales_default_plan_id = self.plan
        western = self._ticket(
            self.stranger, company_id=west.id, team_id=False, contract_id=False
        )
        employee = self._employee("Local", self.grade_senior, company_id=west.id)
        self.env["account.analytic.line"].with_company(west).create(
            {
                "name": "Work",
                "ticket_id": western.id,
                "employee_id": employee.id,
                "date": "2026-09-15",
                "unit_amount": 1,
            }
        )
        eastern = self._lonely()
        lines = (western | eastern).timesheet_ids
        lines = lines.with_context(allowed_company_ids=(self.company | west).ids)
        self._make(lines)
        self.assertEqual(western.contract_id.company_id, west)
        self.assertEqual(western.contract_id.aftersales_plan_id, self.plan)
        self.assertEqual(eastern.contract_id.company_id, self.company)


@tagged("post_install", "-at_install")
class TestContractByItself(UncontractedCommon):
    """Where the company wants so, saving work makes the contract at once (C2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "aftersales_default_plan_id": cls.payg.id,
                "aftersales_auto_contract": True,
            }
        )

    def test_c2_saving_work_makes_the_contract(self):
        ticket = self._lonely()
        self.assertEqual(ticket.contract_id.aftersales_plan_id, self.payg)
        self.assertEqual(ticket.contract_id.charge_ids.amount, 60)
        again = self._lonely(None, "2026-09-16")
        self.assertEqual(again.contract_id, ticket.contract_id)

    def test_c2_an_engineer_without_rights_on_contracts_sets_it_off(self):
        user = new_test_user(self.env, "auto_support", "erp_aftersales.group_user")
        engineer = self._employee("Me", self.grade_senior, user_id=user.id)
        ticket = self._ticket(self.stranger, user_id=user.id)
        self.env["account.analytic.line"].with_user(user).create(
            {
                "name": "Work",
                "ticket_id": ticket.id,
                "employee_id": engineer.id,
                "date": "2026-09-15",
                "unit_amount": 1,
            }
        )
        self.assertEqual(ticket.contract_id.aftersales_plan_id, self.payg)

    def test_c2_a_timer_makes_it_when_it_has_counted(self):
        ticket = self._lonely(minutes=0)
        self.assertFalse(ticket.contract_id)
        ticket.timesheet_ids.unit_amount = 1
        self.assertTrue(ticket.contract_id)

    def test_c2_switched_off_work_stays_in_the_list(self):
        self.company.aftersales_auto_contract = False
        ticket = self._lonely()
        self.assertFalse(ticket.contract_id)
        self.assertEqual(self._listed().ticket_id, ticket)

    def test_c2_a_retired_plan_or_unknown_customer_never_keeps_work_from_saving(self):
        self.payg.state = "retired"
        self.assertFalse(self._lonely().contract_id)
        self.assertTrue(self._listed())

    def test_c2_work_under_contract_is_left_alone(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        ticket = self._hours(contract, "2026-09-15")
        self.assertEqual(ticket.contract_id, contract)
        self.assertEqual(self._contracts(self.customer), contract)


@tagged("post_install", "-at_install")
class TestSettings(UncontractedCommon):
    """The settings name the plan for work without contract (C2)."""

    def test_c2_the_settings_write_the_company(self):
        with Form(self.env["res.config.settings"]) as form:
            form.aftersales_default_plan_id = self.payg
            form.aftersales_auto_contract = True
        form.record.execute()
        self.assertEqual(self.company.aftersales_default_plan_id, self.payg)
        self.assertTrue(self.company.aftersales_auto_contract)

    def test_c2_a_draft_plan_is_refused(self):
        draft = self._hourly_plan("Draft", publish=False)
        with self.assertRaisesRegex(ValidationError, "not published"):
            self.company.aftersales_default_plan_id = draft

    def test_c2_a_plan_of_another_company_is_refused(self):
        west = self.env["res.company"].create({"name": "West"})
        plan = self._hourly_plan("Western")
        with self.assertRaisesRegex(ValidationError, "sold by"):
            plan.sudo()._write({"company_id": west.id})
            plan.invalidate_recordset()
            self.company.aftersales_default_plan_id = plan
