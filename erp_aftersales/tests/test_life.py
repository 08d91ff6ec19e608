# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import AftersalesCommon

D = fields.Date.to_date


class LifeCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = cls._yearly("Small", 1000)
        cls.large = cls._yearly("Large", 1600)

    @classmethod
    def _yearly(cls, name, price):
        fee = {
            "name": f"{name} fee",
            "basis": "users",
            "price": price,
            "recurring_rule_type": "yearly",
        }
        return cls._plan(name, fees=[fee])

    def _sold(self, users=35, plan=None, end=None, **values):
        """A contract of 2026 with so many users, invoiced on its first day."""
        metrics = [("users", "2026-01-01", users)]
        place = self._installation(self.customer, metrics=metrics)
        contract = self._contract(
            self.customer,
            plan or self.small,
            "2026-01-01",
            end,
            installation_ids=[Command.set(place.ids)],
            **values,
        )
        with freeze_time("2026-01-01 08:00:00"):
            contract._recurring_create_invoice(D("2026-01-01"))
        return contract

    def _fees(self, contract, state="open"):
        charges = contract.charge_ids.filtered("fee_id").sorted(
            lambda charge: (charge.date, charge.fee_id.id, charge.date_start)
        )
        return [
            (charge.kind, fields.Date.to_string(charge.date_start), charge.amount)
            for charge in charges
            if charge.state == state
        ]

    def _lines(self, contract):
        lines = contract.contract_line_ids.filtered("aftersales_fee_id")
        return [
            (
                line.name,
                fields.Date.to_string(line.date_start),
                fields.Date.to_string(line.date_end) if line.date_end else None,
            )
            for line in lines.filtered(lambda line: not line.is_canceled).sorted(
                lambda line: (line.date_start, line.id)
            )
        ]


@tagged("post_install", "-at_install")
class TestMetrics(LifeCommon):
    @freeze_time("2026-10-12 08:00:00")
    def test_r21_a_user_who_joins_is_charged_for_the_days_left(self):
        contract = self._sold()
        self.assertEqual(
            self._fees(contract, "invoiced"), [("fee", "2026-01-01", 35000)]
        )
        place = contract.installation_ids
        values = {"installation_id": place.id, "metric": "users", "value": 38}
        metric = self.env["aftersales.installation.metric"].create(
            {**values, "date": "2026-10-10"}
        )
        # 3 x 1000 x 83 / 365
        self.assertEqual(self._fees(contract), [("true_up", "2026-10-10", 682.19)])
        event = contract.aftersales_event_ids.filtered(lambda e: e.kind == "metric")
        self.assertEqual((event.amount, event.text), (682.19, "Users: 38"))
        metric.value = 36
        self.assertEqual(self._fees(contract), [("true_up", "2026-10-10", 227.4)])
        metric.unlink()
        self.assertEqual(self._fees(contract), [])

    @freeze_time("2026-10-12 08:00:00")
    def test_r21_each_contract_is_told_what_its_own_change_costs(self):
        contracts = self._sold() | self._sold()
        values = {"metric": "users", "value": 38, "date": "2026-10-10"}
        self.env["aftersales.installation.metric"].create(
            [{**values, "installation_id": c.installation_ids.id} for c in contracts]
        )
        events = contracts.aftersales_event_ids.filtered(lambda e: e.kind == "metric")
        self.assertEqual(events.mapped("amount"), [682.19, 682.19])

    @freeze_time("2026-10-12 08:00:00")
    def test_r21_a_true_up_says_its_whole_calculation(self):
        contract = self._sold()
        values = {"installation_id": contract.installation_ids.id, "metric": "users"}
        self.env["aftersales.installation.metric"].create(
            {**values, "value": 38, "date": "2026-10-10"}
        )
        charge = contract.charge_ids.filtered(lambda c: c.kind == "true_up")
        self.assertEqual(
            charge.reason,
            "Small fee from 10/10/2026: 38 Users x 1,000.00 is 38,000.00,"
            " instead of 35,000.00 for 35, for 83 of 365 days",
        )

    def test_r20_a_fee_says_tiers_factors_and_member_price(self):
        plan = self._plan(
            "Tiers",
            fees=[
                {
                    "name": "Service",
                    "basis": "users",
                    "discount": 10,
                    "recurring_rule_type": "yearly",
                    "tier_ids": [
                        Command.create({"up_to": 20, "price": 1000}),
                        Command.create({"up_to": 0, "price": 900}),
                    ],
                    "factor_ids": [Command.create({"name": "7x24", "factor": 1.3})],
                }
            ],
        )
        members = self.env["product.pricelist"].create(
            {
                "name": "Members",
                "currency_id": plan.currency_id.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 5})
                ],
            }
        )
        contract = self._sold(plan=plan, pricelist_id=members.id)
        charge = contract.charge_ids
        # (20 x 1000 + 15 x 900) x 1.3 = 43 550; -5 % 41 372.50; -10 % 37 235.25
        self.assertEqual(charge.amount, 37235.25)
        self.assertEqual(
            charge.reason,
            "Service: 35 Users: first 20 at 1,000.00, next 15 at 900.00;"
            " 7x24 x 1.3; member price -5 %, less 10 %",
        )
        self.assertEqual(charge.invoice_line_id.price_subtotal, 37235.25)

    def test_r20_tiers_that_do_not_go_together_are_named(self):
        plan = self._plan(
            "Wrong",
            publish=False,
            fees=[
                {
                    "name": "Service",
                    "basis": "users",
                    "price": 3,
                    "tier_ids": [
                        Command.create({"up_to": 20, "price": 1000}),
                        Command.create({"up_to": 20, "price": 0}),
                    ],
                }
            ],
        )
        with self.assertRaises(ValidationError) as caught:
            plan.action_publish()
        for text in (
            "has a price and tiers",
            "two tiers of 'Service' go up to 20",
            "the last tier of 'Service' has a bound",
            "a tier of 'Service' has no price",
        ):
            self.assertIn(text, str(caught.exception))

    def test_r02_tiers_and_factors_of_a_published_plan_stand(self):
        fee = self.small.fee_ids
        with self.assertRaisesRegex(ValidationError, "action_revise"):
            fee.factor_ids.create({"fee_id": fee.id, "name": "x", "factor": 2})
        with self.assertRaisesRegex(ValidationError, "action_revise"):
            fee.write({"tier_ids": [Command.create({"up_to": 0, "price": 2})]})


@tagged("post_install", "-at_install")
class TestChangeOfPlan(LifeCommon):
    @freeze_time("2026-07-20 08:00:00")
    def test_r22_an_upgrade_credits_and_charges_by_days(self):
        contract = self._sold()
        contract.action_aftersales_change_plan(self.large, D("2026-07-16"))
        # 35 000 x 169 / 365 = 16 205.48 back
        self.assertEqual(self._fees(contract), [("credit", "2026-07-16", -16205.48)])
        self.assertEqual(contract.aftersales_plan_id, self.large)
        contract.action_aftersales_change_plan(self.large.id, "2026-07-16")
        self.assertEqual(len(contract.aftersales_term_ids), 2)
        self.assertEqual(
            self._lines(contract),
            [
                ("Small fee", "2026-01-01", "2026-07-15"),
                ("Large fee", "2026-07-16", "2026-12-31"),
                ("Large fee", "2027-01-01", None),
            ],
        )
        moves = contract._recurring_create_invoice(D("2026-08-01"))
        # 35 x 1600 x 169 / 365 = 25 928.77, and 1/365 less on other invoices
        self.assertEqual(
            self._fees(contract, "invoiced")[1:],
            [("credit", "2026-07-16", -16205.48), ("fee", "2026-07-16", 25928.77)],
        )
        self.assertEqual(sum(moves.mapped("amount_untaxed")), 9723.29)
        event = contract.aftersales_event_ids.filtered(lambda e: e.kind == "plan")
        self.assertEqual(
            (event.text, event.amount), ("Plan Large instead of Small", -16205.48)
        )

    @freeze_time("2026-07-20 08:00:00")
    def test_r22_change_and_change_back_on_the_same_day_costs_nothing(self):
        contract = self._sold()
        before = self._lines(contract)
        contract.action_aftersales_change_plan(self.large, D("2026-07-16"))
        contract.action_aftersales_change_plan(self.small, D("2026-07-16"))
        self.assertEqual(self._fees(contract), [])
        self.assertEqual(self._lines(contract), before)
        self.assertEqual(len(contract.aftersales_term_ids), 1)
        line = contract.contract_line_ids.filtered("aftersales_fee_id")
        self.assertEqual(line.last_date_invoiced, D("2026-12-31"))
        self.assertEqual(line.recurring_next_date, D("2027-01-01"))

    @freeze_time("2026-07-20 08:00:00")
    def test_r22_a_change_to_the_plan_in_force_is_none(self):
        contract = self._sold()
        contract.action_aftersales_change_plan(self.small, D("2026-07-16"))
        self.assertEqual(len(contract.aftersales_term_ids), 1)
        self.assertFalse(
            contract.aftersales_event_ids.filtered(lambda e: e.kind == "plan")
        )

    @freeze_time("2026-07-20 08:00:00")
    def test_r22_upgrade_on_the_first_day_is_having_had_the_plan(self):
        contract = self._sold()
        contract.action_aftersales_change_plan(self.large, D("2026-01-01"))
        contract._recurring_create_invoice(D("2026-08-01"))
        total = sum(contract.charge_ids.mapped("amount"))
        self.assertEqual(total, 56000)

    @freeze_time("2026-07-20 08:00:00")
    def test_r22_a_change_in_the_future_waits_for_its_day(self):
        contract = self._sold()
        contract.action_aftersales_change_plan(self.large, D("2026-09-01"))
        self.assertEqual(contract.aftersales_plan_id, self.small)
        contract._recurring_create_invoice(D("2026-08-01"))
        self.assertEqual(self._fees(contract)[0][:2], ("credit", "2026-09-01"))
        with freeze_time("2026-09-01 08:00:00"):
            self.env["contract.contract"]._cron_aftersales_rate()
            self.assertEqual(contract.aftersales_plan_id, self.large)

    def test_r22_what_does_not_fit_is_refused(self):
        contract = self._sold(end="2026-12-31")
        draft = self._plan("Draft", publish=False)
        for plan, day, text in (
            (draft, "2026-07-01", "is not published"),
            (self.large, "2025-12-31", "choose days within it"),
            (self.large, "2027-01-01", "choose days within it"),
        ):
            with self.assertRaisesRegex(ValidationError, text):
                contract.action_aftersales_change_plan(plan, D(day))
        with self.assertRaisesRegex(ValidationError, "action_aftersales_change_plan"):
            contract.aftersales_plan_id = self.large

    def test_only_managers_change_what_is_agreed(self):
        contract = self._sold()
        user = new_test_user(self.env, "life_billing", "erp_aftersales.group_billing")
        theirs = contract.with_user(user)
        for door in (
            lambda: theirs.action_aftersales_change_plan(self.large, D("2026-07-01")),
            lambda: theirs.action_aftersales_terminate(D("2026-07-01"), True),
            lambda: theirs.action_aftersales_pause(D("2026-07-01"), D("2026-07-02")),
        ):
            with self.assertRaisesRegex(AccessError, "Only after-sales managers"):
                door()


@tagged("post_install", "-at_install")
class TestPauseAndEnd(LifeCommon):
    @freeze_time("2026-07-20 08:00:00")
    def test_r22_termination_refunds_or_not(self):
        for refund, fees in (
            (True, [("credit", "2026-08-01", -14671.23)]),  # 35 000 x 153 / 365
            (False, []),
        ):
            contract = self._sold()
            contract.action_aftersales_terminate(D("2026-07-31"), refund)
            self.assertEqual(contract.date_end, D("2026-07-31"))
            self.assertEqual(self._fees(contract), fees)

    @freeze_time("2026-07-20 08:00:00")
    def test_r22_the_refund_is_a_credit_note_at_the_end(self):
        contract = self._sold()
        contract.action_aftersales_terminate(D("2026-07-31"), True)
        with freeze_time("2026-08-01 08:00:00"):
            move = contract._recurring_create_invoice(D("2026-08-01"))
        self.assertEqual(
            (move.move_type, move.amount_untaxed), ("out_refund", 14671.23)
        )

    @freeze_time("2026-07-20 08:00:00")
    def test_r22_nobody_ends_a_contract_before_its_work(self):
        contract = self._sold()
        ticket = self._ticket(self.customer, contract)
        self._work(ticket, self.senior, "2026-07-15", 60)
        with self.assertRaisesRegex(ValidationError, "has work on 07/15/2026"):
            contract.action_aftersales_terminate(D("2026-07-10"), True)

    @freeze_time("2026-07-20 08:00:00")
    def test_r22_a_pause_credits_its_days_and_is_lifted(self):
        contract = self._sold()
        contract.action_aftersales_pause(D("2026-08-01"), D("2026-08-31"))
        # 35 000 x 31 / 365
        self.assertEqual(self._fees(contract), [("credit", "2026-08-01", -2972.6)])
        with (
            self.assertRaisesRegex(ValidationError, "rests on some of these days"),
            self.env.cr.savepoint(),
        ):
            contract.action_aftersales_pause(D("2026-08-31"), D("2026-09-02"))
        contract.invalidate_recordset()
        contract.aftersales_pause_ids.action_lift()
        self.assertEqual(self._fees(contract), [])
        kinds = contract.aftersales_event_ids.mapped("kind")
        self.assertEqual(sorted(kinds), ["lift", "pause", "start"])

    @freeze_time("2026-07-20 08:00:00")
    def test_r02_an_own_fee_replaces_the_plans_and_its_days_are_credited(self):
        contract = self._sold()
        fee = {
            "name": "Negotiated",
            "basis": "users",
            "price": 900,
            "recurring_rule_type": "yearly",
            "date_start": "2026-07-16",
            "replaces_id": self.small.fee_ids.id,
        }
        contract.aftersales_fee_ids = [Command.create(fee)]
        self.assertEqual(self._fees(contract), [("credit", "2026-07-16", -16205.48)])
        contract._recurring_create_invoice(D("2026-08-01"))
        # 35 x 900 x 169 / 365 = 14 584.93
        self.assertIn(("fee", "2026-07-16", 14584.93), self._fees(contract, "invoiced"))
        with self.assertRaisesRegex(ValidationError, "Type its last day"):
            contract.aftersales_fee_ids.price = 800
        with self.assertRaisesRegex(ValidationError, "Type its last day"):
            contract.aftersales_fee_ids.unlink()

    @freeze_time("2026-07-20 08:00:00")
    def test_r02_an_own_fee_that_is_not_invoiced_goes_with_its_line(self):
        contract = self._sold()
        fee = {"name": "Extra", "price": 120, "recurring_rule_type": "monthly"}
        contract.aftersales_fee_ids = [Command.create(fee)]
        self.assertEqual(len(self._lines(contract)), 2)
        contract.aftersales_fee_ids.unlink()
        self.assertEqual(len(self._lines(contract)), 1)


@tagged("post_install", "-at_install")
class TestRenewal(LifeCommon):
    @freeze_time("2026-12-01 08:00:00")
    def test_c8_a_renewal_begins_a_term_with_dearer_fees(self):
        contract = self._sold(end="2026-12-31", aftersales_increase_cap=5)
        with self.assertRaisesRegex(ValidationError, "above the 5 % agreed"):
            contract.action_aftersales_renew(D("2027-12-31"), increase=6)
        contract.action_aftersales_renew(D("2027-12-31"), increase=5)
        self.assertEqual(contract.date_end, D("2027-12-31"))
        self.assertEqual(
            self._lines(contract),
            [
                ("Small fee", "2026-01-01", "2026-12-31"),
                ("Small fee", "2027-01-01", "2027-12-31"),
            ],
        )
        with freeze_time("2027-01-01 08:00:00"):
            contract._recurring_create_invoice(D("2027-01-01"))
        charge = contract.charge_ids.filtered(lambda c: c.date_start == D("2027-01-01"))
        self.assertEqual(charge.amount, 36750)
        self.assertIn("price increase 5 %", charge.reason.replace("5.00", "5"))
        event = contract.aftersales_event_ids.filtered(lambda e: e.kind == "renewal")
        self.assertEqual(event.text, "Renewed until 12/31/2027, fees 5 % higher")

    @freeze_time("2026-12-01 08:00:00")
    def test_c8_what_was_agreed_renews_by_itself(self):
        contract = self._sold(end="2026-12-31")
        contract.write({"aftersales_auto_renew": True, "aftersales_renew_interval": 1})
        line = contract._aftersales_usage_line()
        self.assertTrue(line.is_auto_renew)
        line.termination_notice_date = "2026-11-30"
        self.env["contract.line"].cron_renew_contract_line()
        self.assertEqual(contract.date_end, D("2027-12-31"))
        self.assertEqual(
            contract.aftersales_term_ids.mapped("is_renewal"), [False, True]
        )
        with freeze_time("2027-01-01 08:00:00"):
            contract._recurring_create_invoice(D("2027-01-01"))
        self.assertEqual(sum(contract.charge_ids.mapped("amount")), 70000)

    @freeze_time("2026-12-01 08:00:00")
    def test_c8_what_cannot_be_renewed_says_why(self):
        endless = self._sold()
        with self.assertRaisesRegex(ValidationError, "has no end"):
            endless.action_aftersales_renew(D("2027-12-31"))
        with self.assertRaisesRegex(ValidationError, "has no end"):
            endless.aftersales_auto_renew = True
        contract = self._sold(end="2026-12-31")
        with self.assertRaisesRegex(ValidationError, "a renewal ends later"):
            contract.action_aftersales_renew(D("2026-12-31"))
        contract.action_aftersales_terminate(D("2026-12-15"), False)
        with self.assertRaisesRegex(ValidationError, "without refund"):
            contract.action_aftersales_renew(D("2027-12-31"))

    @freeze_time("2027-02-01 08:00:00")
    def test_r21_true_ups_cross_a_renewal(self):
        contract = self._sold(end="2026-12-31")
        contract.action_aftersales_renew(D("2027-12-31"), increase=10)
        contract._recurring_create_invoice(D("2027-02-01"))
        self.env["aftersales.installation.metric"].create(
            {
                "installation_id": contract.installation_ids.id,
                "metric": "users",
                "date": "2026-12-22",
                "value": 36,
            }
        )
        # 1 000 x 10 / 365 of the old term, 1 100 of the new one
        self.assertEqual(
            self._fees(contract),
            [("true_up", "2026-12-22", 27.4), ("true_up", "2027-01-01", 1100.0)],
        )


@tagged("post_install", "-at_install")
class TestChangeWizard(LifeCommon):
    def _wizard(self, contracts, **values):
        wizard = self.env["aftersales.change"].create(
            {"contract_ids": [Command.set(contracts.ids)], **values}
        )
        wizard.action_show()
        return wizard

    @freeze_time("2026-07-20 08:00:00")
    def test_c8_what_a_change_does_is_shown_and_not_done(self):
        contracts = self._sold() | self._sold(users=10)
        wizard = self._wizard(contracts, kind="plan", plan_id=self.large.id)
        wizard.date = "2026-07-16"
        wizard.action_show()
        self.assertEqual(
            [
                (line.yearly_before, line.yearly_after, line.amount)
                for line in wizard.line_ids
            ],
            [(35000, 56000, -16205.48), (10000, 16000, -4630.14)],
        )
        # 25 928.77 - 16 205.48, and as much of ten users
        self.assertEqual(wizard.line_ids.mapped("next_amount"), [9723.29, 2778.08])
        self.assertEqual(contracts.aftersales_plan_id, self.small)
        self.assertFalse(contracts.charge_ids.filtered(lambda c: c.kind == "credit"))
        wizard.action_confirm()
        self.assertEqual(contracts.aftersales_plan_id, self.large)

    @freeze_time("2026-07-20 08:00:00")
    def test_c8_the_end_invoice_is_shown_before_it_is_made(self):
        contract = self._sold()
        wizard = self._wizard(contract, kind="end", date="2026-07-31")
        self.assertEqual(wizard.line_ids.next_amount, -14671.23)
        self.assertEqual(wizard.line_ids.yearly_after, 0)
        self.assertFalse(contract.date_end)

    @freeze_time("2026-12-01 08:00:00")
    def test_c8_a_renewal_is_proposed_for_another_year(self):
        contract = self._sold(end="2026-12-31")
        wizard = self._wizard(contract, kind="renewal", increase=5)
        self.assertEqual(wizard.date_to, D("2027-12-31"))
        self.assertEqual(wizard.line_ids.yearly_before, 35000)
        self.assertEqual(wizard.line_ids.yearly_after, 36750)
        wizard.action_confirm()
        self.assertEqual(contract.date_end, D("2027-12-31"))
