# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestPlanRows(AftersalesCommon):
    def _refused_on_save(self, text, **rows):
        with self.assertRaises(ValidationError) as error, self.cr.savepoint():
            self._plan("Bad", publish=False, **rows)
        self.assertIn(text, str(error.exception))

    def _refused_on_publish(self, text, **rows):
        plan = self._plan("Bad plan", publish=False, **rows)
        with self.assertRaises(ValidationError) as error:
            plan.action_publish()
        self.assertIn(text, str(error.exception))
        self.assertIn("Bad plan", str(error.exception))
        self.assertEqual(plan.state, "draft")

    def test_percentages_lie_between_0_and_100(self):
        for key, vals in (
            ("coverage", {"discount": 100.5}),
            ("coverage", {"discount": -1}),
            ("fees", {"price": 1, "discount": 101}),
            ("fees", {"basis": "licence_value", "percent": 120}),
            ("fees", {"basis": "licence_value", "percent": -20}),
            ("sla", {"credit_percent": 101}),
            ("sla", {"credit_percent": -1}),
        ):
            with self.subTest(key=key, vals=vals):
                self._refused_on_save("from 0 to 100", **{key: [vals]})
        self._plan("Edges", coverage=[{"discount": 100}], sla=[{"credit_percent": 0}])

    def test_prices_and_quantities_are_not_negative(self):
        for key, vals in (
            ("rates", {"price": -1}),
            ("rates", {"price": 1, "minimum": -15}),
            ("fees", {"price": -0.01}),
            ("fees", {"price": 1, "minimum_fee": -5}),
            ("allowances", {"quantity": -10}),
            ("allowances", {"quantity": 1, "rollover_max": -1}),
            ("allowances", {"quantity": 1, "rollover_periods": -1}),
            ("sla", {"response_hours": -1}),
            ("sla", {"resolution_hours": -1}),
        ):
            with self.subTest(key=key, vals=vals):
                self._refused_on_save("cannot be below 0", **{key: [vals]})

    def test_measures_of_a_rate_and_intervals_of_a_fee_are_positive(self):
        for increment in (0, -15):
            self._refused_on_save("1 rounds nothing", rates=[{"increment": increment}])
        for factor in (0, -1):
            self._refused_on_save("above 0", rates=[{"burn_factor": factor}])
        for interval in (0, -1):
            self._refused_on_save(
                "1 or more", fees=[{"price": 1, "recurring_interval": interval}]
            )

    def test_alert_thresholds_are_percentages_with_commas(self):
        for text in ("80;100", "80,", "0,80", "101", "eighty", "-5"):
            with self.subTest(text=text):
                self._refused_on_save(
                    "80,100", allowances=[{"quantity": 1, "alert_thresholds": text}]
                )
        self._plan("Ok", allowances=[{"quantity": 1, "alert_thresholds": "80, 100"}])

    def test_r03_contradicting_coverage_is_refused(self):
        service = self.service_support.id
        onsite = {"service_id": service, "mode": "onsite"}
        self._refused_on_publish(
            "contradict",
            coverage=[onsite | {"policy": "included"}, onsite | {"policy": "excluded"}],
        )
        self._refused_on_publish("contradict", coverage=[{}, {"discount": 5}])
        self._plan(
            "More specific rows are no contradiction",
            coverage=[
                {"policy": "included"},
                {"service_category": "maintenance", "policy": "billable"},
                onsite | {"policy": "excluded"},
            ],
        )

    def test_r03_category_that_is_not_the_services_is_refused(self):
        row = {"service_id": self.service_dev.id, "service_category": "maintenance"}
        self._refused_on_publish("Clear the category", coverage=[row])

    def test_r10_contradicting_rates_are_refused(self):
        self._refused_on_publish("contradict", rates=[{"price": 1}, {"price": 2}])
        self._refused_on_publish(
            "contradict", rates=[{"price": 1}, {"price": 1, "increment": 15}]
        )
        self._refused_on_publish(
            "contradict", rates=[{"price": 1}, {"price": 1, "unit": "day"}]
        )
        self._plan(
            "Different work",
            rates=[
                {"price": 1},
                {"price": 2, "grade_id": self.grade_senior.id},
                {"price": 3, "mode": "onsite"},
                {"price": 4, "band": "holiday"},
                {"price": 5, "region_id": self.env.ref("base.state_us_5").id},
                {"price": 6, "service_id": self.service_dev.id},
            ],
        )

    def test_missing_prices_are_named_together(self):
        self._refused_on_publish(
            "'Senior' has no price", rates=[{"grade_id": self.grade_senior.id}]
        )
        self._refused_on_publish("'Base' has no price", fees=[{"name": "Base"}])
        self._refused_on_publish("no percentage", fees=[{"basis": "licence_value"}])
        plan = self._plan("Both", rates=[{}], fees=[{"name": "Base"}], publish=False)
        with self.assertRaisesRegex(ValidationError, "(?s)'All work'.*'Base'"):
            plan.action_publish()

    def test_r20_percent_belongs_to_the_licence_value_only(self):
        self._refused_on_publish(
            "licence value only", fees=[{"basis": "users", "percent": 20}]
        )
        self._refused_on_publish(
            "licence value only",
            fees=[{"basis": "licence_value", "percent": 20, "price": 5}],
        )

    def test_two_targets_of_one_priority_are_refused(self):
        self._refused_on_publish(
            "has 2 rows",
            sla=[
                {"priority": "3", "response_hours": 1},
                {"priority": "3", "response_hours": 2},
            ],
        )

    def test_allowance_of_nothing_is_refused(self):
        self._refused_on_publish("gives 0", allowances=[{"quantity": 0}])

    def test_every_policy_unit_and_ending_can_be_published(self):
        plan = self._plan(
            "All of them",
            coverage=[
                {"service_id": self.service_support.id, "policy": "incident"},
                {"service_id": self.service_dev.id, "policy": "quote"},
                {"policy": "allowance"},
            ],
            allowances=[
                {"name": "Asks", "quantity": 1, "at_end": "approval"},
                {"name": "Stops", "quantity": 1, "at_end": "stop"},
                {"name": "Counts", "quantity": 3, "unit": "incident"},
                {"name": "Lasts", "quantity": 8, "rollover_periods": 1},
                {
                    "name": "Lasts a little",
                    "quantity": 8,
                    "rollover_periods": 2,
                    "rollover_max": 4,
                },
            ],
            rates=[{"price": 300}, {"price": 500, "unit": "incident"}],
        )
        self.assertEqual(plan.state, "published")
        for text in (
            "Support: charged per incident.",
            "Development: by quotation.",
            "Beyond them the customer is asked.",
            "Beyond them no work is done.",
            "Counts: 3 incidents a month",
            "What is left can be used for 1 more periods.",
            "What is left, at most 4 h, can be used for 2 more periods.",
            f"500.00 {plan.currency_id.name} an incident",
        ):
            self.assertIn(text, plan.summary)

    def test_r08_a_bound_on_what_is_never_passed_on_is_refused(self):
        self._refused_on_publish(
            "'Hours' bounds what is passed on",
            allowances=[{"name": "Hours", "quantity": 1, "rollover_max": 5}],
        )

    def test_r11_incidents_are_counted_in_whole_numbers(self):
        counted = {"name": "Calls", "unit": "incident"}
        rollover = {"quantity": 2, "rollover_periods": 1, "rollover_max": 0.5}
        for vals in ({"quantity": 2.5}, rollover):
            self._refused_on_publish("whole numbers", allowances=[counted | vals])
        self._plan("Hours may be split", allowances=[{"quantity": 2.5}])

    def test_r11_an_incident_has_no_grade(self):
        self._refused_on_publish(
            "Clear the grade",
            rates=[
                {"price": 1, "unit": "incident", "grade_id": self.grade_senior.id},
            ],
        )

    def test_rows_of_a_plan_have_no_days_and_no_percentage(self):
        for key, vals in (
            ("coverage", {}),
            ("allowances", {"quantity": 1}),
            ("rates", {"price": 1}),
            ("fees", {"price": 1}),
            ("sla", {}),
        ):
            with self.subTest(key=key):
                self._refused_on_save(
                    "limited to some days", **{key: [vals | {"date_end": "2026-12-31"}]}
                )
        self._refused_on_save("only a contract's own rate", rates=[{"percent": 90}])
        with self.assertRaisesRegex(ValidationError, "only a contract's own rate"):
            self._card(percent=90)

    def test_rows_belong_to_a_plan_or_a_contract(self):
        for model in ("coverage", "allowance", "fee", "sla"):
            with (
                self.subTest(model=model),
                self.assertRaisesRegex(ValidationError, "belongs to no plan"),
            ):
                self.env[f"aftersales.plan.{model}"].create({})

    def test_fees_recur_as_oca_contracts_do(self):
        for name in ("recurring_rule_type", "recurring_invoicing_type"):
            ours = self.env["aftersales.plan.fee"].fields_get([name])
            theirs = self.env["contract.line"].fields_get([name])
            self.assertEqual(ours[name]["selection"], theirs[name]["selection"])

    def test_r10_rows_of_a_plan_have_its_currency(self):
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        other.active = True
        self._refused_on_save("currency", rates=[{"price": 1, "currency_id": other.id}])
        plan = self._plan(
            "Foreign", rates=[{"price": 1}], publish=False, currency_id=other.id
        )
        self.assertEqual(plan.rate_ids.currency_id, other)
        plan.currency_id = self.company.currency_id
        self.assertEqual(plan.rate_ids.currency_id, self.company.currency_id)

    def test_prices_keep_the_digits_typed(self):
        plan = self._plan("Digits", rates=[{"price": 1234.56789}])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(plan.rate_ids.price, 1234.56789)

    def test_card_row_belongs_to_the_company(self):
        row = self._card(price=500)
        self.assertEqual(row.company_id, self.company)
        self.assertEqual(row.currency_id, self.company.currency_id)
        self.assertFalse(self._card(price=500, company_id=False).company_id)

    def test_card_row_does_not_end_before_it_starts(self):
        with self.assertRaisesRegex(ValidationError, "before it starts"):
            self._card(price=5, date_start="2026-02-01", date_end="2026-01-31")
        self._card(price=5, date_start="2026-02-01", date_end="2026-02-01")

    def test_used_card_row_is_ended_not_edited(self):
        plan = self._plan("Card only")
        contract = self._contract(self.customer, plan, "2026-09-01")
        row = self._card(price=500, date_start="2026-01-01")
        row.price = 510
        self.env["aftersales.charge"].create(
            {
                "contract_id": contract.id,
                "date": "2026-09-02",
                "kind": "billable",
                "currency_id": contract.currency_id.id,
                "key": "test",
                "rate_id": row.id,
            }
        )
        for function, args in (
            (row.sudo().write, [{"price": 520}]),
            (row.sudo().write, [{"date_end": "2026-12-31", "increment": 5}]),
            (row.sudo().unlink, []),
        ):
            with self.assertRaisesRegex(ValidationError, "add a new row"):
                function(*args)
        row.date_end = "2026-12-31"
        self.assertEqual(row.price, 510)
