# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .charging_common import ChargingCommon


@tagged("post_install", "-at_install")
class TestAcceptance(ChargingCommon):
    """Work beyond the allowance waits until the customer accepts it (R25, E3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._allowed("approval")

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_of(self.contract)
        self._work(self.ticket, self.senior, "2026-09-03", 180)

    def test_r25_waiting_work_is_shown_on_ticket_contract_and_in_filters(self):
        self.assertEqual(self.ticket.aftersales_waiting_amount, 120)
        self.assertEqual(self.contract.aftersales_waiting_amount, 120)
        self.assertEqual(self.contract.aftersales_waiting_count, 1)
        waiting = [("is_waiting", "=", True), ("amount", "!=", 0)]
        other = self._ticket_of(self.contract)
        found = self.env["helpdesk.ticket"].search([("charge_ids", "any", waiting)])
        self.assertIn(self.ticket, found)
        self.assertNotIn(other, found)
        self.assertFalse(self._bill(self.contract).filtered("amount_untaxed"))

    def test_r25_acceptance_opens_what_it_pays_and_the_latest_stands(self):
        self.ticket.action_aftersales_accept(60, self.contact)
        self.assertEqual(self.ticket.aftersales_waiting_amount, 60)
        self.ticket.action_aftersales_accept(120, self.contact.id)
        self.assertEqual(self.ticket.aftersales_accepted_amount, 120)
        self.assertEqual(self.ticket.aftersales_waiting_amount, 0)
        self.ticket.action_aftersales_accept(0, self.contact)
        self.assertEqual(self.ticket.aftersales_waiting_amount, 120)
        self.ticket.action_aftersales_accept("120.00", self.contact)
        self.assertEqual(self._bill(self.contract).amount_untaxed, 120)
        amounts = self.ticket.aftersales_acceptance_ids.sorted().mapped("amount")
        self.assertEqual(amounts, [120, 0, 120, 60])

    def test_r25_acceptance_is_said_on_the_ticket(self):
        self.ticket.action_aftersales_accept(60, self.contact)
        body = self.ticket.message_ids[0].body
        self.assertIn("Ann", body)
        self.assertIn("60", body)

    def test_r25_the_amount_shown_is_the_amount_to_accept(self):
        contract = self._contract_of(
            "Thirds",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "Hour", "quantity": 1, "at_end": "approval"}],
            rates=[{"price": 100}],
        )
        ticket = self._ticket_of(contract)
        self._work(ticket, self.senior, "2026-09-03", 80)
        self.assertEqual(ticket.aftersales_waiting_amount, 33.33)
        ticket.action_aftersales_accept(33.33, self.contact)
        self.assertEqual(ticket.aftersales_waiting_amount, 0)
        self.assertEqual(self._bill(contract).amount_untaxed, 33.33)

    def test_r25_a_limit_below_zero_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "below 0"):
            self.contract.overage_limit = -1

    def test_r25_only_the_customer_accepts(self):
        stranger = self._customer("Stranger")
        for by in (stranger, stranger.id, self.env["res.partner"], 0):
            with self.assertRaisesRegex(UserError, "cannot accept work"):
                self.ticket.action_aftersales_accept(60, by)
        self.assertFalse(self.ticket.aftersales_acceptance_ids)

    def test_r25_amount_is_zero_or_more(self):
        for amount in (-1, "x", float("nan"), float("inf"), None):
            with self.assertRaisesRegex(ValidationError, "can accept an amount"):
                self.ticket.action_aftersales_accept(amount, self.contact)

    def test_r25_acceptance_is_written_by_the_door_only(self):
        self.ticket.user_id = self.support
        mine = self.ticket.with_user(self.support)
        acceptance = mine.action_aftersales_accept(60, self.contact)
        self.assertEqual(acceptance.create_uid, self.support)
        with self.assertRaises(AccessError):
            acceptance.copy()
        for user in (self.support, self.manager):
            with self.assertRaises(UserError):
                acceptance.with_user(user).amount = 5
            with self.assertRaises(UserError):
                acceptance.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            acceptance.sudo().amount = 5
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            acceptance.sudo().unlink()

    def test_r25_customers_and_readers_cannot_accept_by_themselves(self):
        portal = new_test_user(self.env, "as_portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        plain = new_test_user(self.env, "as_plain", "base.group_user")
        for user in (portal, plain):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).action_aftersales_accept(60, self.contact)

    def test_r25_dialogue_proposes_what_the_work_costs_by_now(self):
        self.ticket.action_aftersales_accept(60, self.contact)
        self.ticket.partner_id = self.contact
        self._bill(self.contract)
        self._work(self.ticket, self.senior, "2026-09-04", 60)
        action = self.ticket.action_aftersales_acceptance()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        with Form(wizards) as form:
            self.assertEqual(form.partner_id, self.contact)
            self.assertEqual(form.amount, 180)
            self.assertEqual(form.waiting_amount, 120)
            form.note = "By phone at nine"
        form.record.action_confirm()
        self.assertEqual(self.ticket.aftersales_accepted_amount, 180)
        self.assertEqual(self.ticket.aftersales_waiting_amount, 0)
        self.assertIn("By phone at nine", self.ticket.message_ids[0].body)

    def test_r25_beyond_the_monthly_limit_waits(self):
        limited = self._allowed("overage", overage_limit=100)
        ticket = self._ticket_of(limited)
        self._work(ticket, self.senior, "2026-09-03", 180)
        self.assertEqual(ticket.aftersales_waiting_amount, 20)
        ticket.action_aftersales_accept(120, self.contact)
        self.assertEqual(ticket.aftersales_waiting_amount, 0)

    def test_r25_acceptances_of_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        acceptance = self.ticket.action_aftersales_accept(60, self.contact)
        user = new_test_user(
            self.env,
            "as_elsewhere",
            "erp_aftersales.group_manager",
            company_id=company.id,
            company_ids=[company.id],
        )
        found = self.env["aftersales.acceptance"].with_user(user).search([])
        self.assertNotIn(acceptance, found)


@tagged("post_install", "-at_install")
class TestStop(ChargingCommon):
    """Where the plan says stop, no work is saved beyond the allowance (R25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._allowed("stop")
        cls.me = cls._employee("Me", cls.grade_senior, user_id=cls.support.id)

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_of(self.contract, user_id=self.support.id)
        self.mine = self.ticket.with_user(self.support)

    @contextmanager
    def _refused(self, pattern):
        """What is refused leaves nothing behind."""
        with self.assertRaisesRegex(ValidationError, pattern), self.cr.savepoint():
            yield

    def _log(self, day, minutes, **vals):
        return (
            self.env["account.analytic.line"]
            .with_user(self.support)
            .create(
                {
                    "name": "Work",
                    "ticket_id": self.ticket.id,
                    "employee_id": self.me.id,
                    "date": day,
                    "unit_amount": minutes / 60,
                    **vals,
                }
            )
        )

    def test_r25_stop_refuses_to_save_what_passes_the_end(self):
        self._log("2026-09-03", 40)
        pattern = "'Monthly hours' of contract .*: 20 min .* 10 min are not"
        with self._refused(pattern):
            self._log("2026-09-04", 30)
        self.assertEqual(len(self.ticket.timesheet_ids), 1)
        self.assertEqual(self._kinds(self.ticket), [("allowance", 0)])
        self._log("2026-09-04", 20)
        self._log("2026-10-02", 60)

    def test_r25_stop_refuses_a_longer_time_and_lets_a_shorter_pass(self):
        line = self._log("2026-09-03", 60)
        with self._refused("passes the end"):
            line.unit_amount = 1.5
        self.assertEqual(line.unit_amount, 1)
        line.unit_amount = 0.5
        line.unit_amount = 1

    def test_r25_manager_overrules_and_others_may_then_shorten(self):
        line = self._log("2026-09-03", 60)
        line.with_user(self.manager).unit_amount = 3
        self.assertIn(("overage", 120), self._kinds(self.ticket))
        line.unit_amount = 2
        line.name = "Same hours"
        with self._refused("passes the end"):
            line.unit_amount = 2.5
        self.assertEqual(line.unit_amount, 2)

    def test_r25_what_passes_the_end_by_reordering_is_kept_and_listed(self):
        late = self._log("2026-09-20", 60)
        charges = self.env["aftersales.charge"]
        beyond = [("is_beyond_stop", "=", True), ("ticket_id", "=", self.ticket.id)]
        self.assertFalse(charges.search(beyond))
        self._log("2026-09-10", 30)
        found = charges.search(beyond)
        self.assertEqual(found.timesheet_id.id, late.id)
        self.assertEqual((found.kind, found.minutes), ("overage", 30))
        self.assertTrue(found.is_beyond_stop)
        rest = charges.search(
            [("is_beyond_stop", "=", False), ("ticket_id", "=", self.ticket.id)]
        )
        self.assertEqual(rest, self.ticket.charge_ids - found)

    def test_r25_stop_holds_in_code_too(self):
        self._log("2026-09-03", 60)
        with self._refused("passes the end"):
            self.env["account.analytic.line"].with_user(self.support).sudo().create(
                {
                    "name": "Work",
                    "ticket_id": self.ticket.id,
                    "employee_id": self.me.id,
                    "date": "2026-09-04",
                    "unit_amount": 1,
                }
            )

    def test_r25_stop_holds_for_the_systems_own_user(self):
        self._log("2026-09-03", 60)
        with self._refused("passes the end"):
            self._work(self.ticket, self.senior, "2026-09-04", 1)
