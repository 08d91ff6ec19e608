# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestBenchmark(AftersalesCommon):
    """Our prices beside competitors', a year for one of the basis (B5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan(
            "Cloud",
            fees=[
                {
                    "name": "Users",
                    "basis": "users",
                    "price": 100,
                    "recurring_rule_type": "quarterly",
                },
                {"name": "Licences", "basis": "licence_value", "percent": 1.5},
            ],
        )
        cls.users_fee, cls.licence_fee = cls.plan.fee_ids

    @classmethod
    def _benchmark(cls, price=30, **vals):
        return cls.env["aftersales.benchmark"].create(
            {
                "name": "Rival",
                "service_level": "8x5",
                "price": price,
                "recurring_rule_type": "monthly",
                **vals,
            }
        )

    def _rows(self, plan):
        """What the plan's button shows: (side, basis, price a year for one)."""
        action = plan.action_open_benchmarks()
        report = self.env[action["res_model"]]
        report.invalidate_model()  # each screen reads anew
        rows = report.search(action["domain"])
        return sorted((row.side, row.basis, round(row.yearly_price, 6)) for row in rows)

    def test_b5_prices_are_compared_a_year_for_one(self):
        self.assertEqual(self.users_fee.yearly_price, 400)  # 100 a quarter
        self.assertEqual(self.licence_fee.yearly_price, 18)  # 1.5 % a month
        self.assertEqual(self._benchmark().yearly_price, 360)  # 30 a month
        self.assertEqual(
            self._benchmark(price=50, recurring_interval=6).yearly_price, 100
        )

    def test_b5_plan_stands_beside_the_market(self):
        self._benchmark()
        self._benchmark(price=35, plan_id=self.plan.id)
        self._benchmark(price=1, basis="sites")  # the plan has no such fee
        other = self._plan("Other", fees=[{"basis": "users", "price": 7}])
        self._benchmark(price=40, plan_id=other.id)
        before = self.plan.benchmark_count
        self.assertEqual(before, len(self._theirs()))
        self.assertEqual(
            [row for row in self._rows(self.plan) if row not in self._demo_rows()],
            [
                ("ours", "licence_value", 18),
                ("ours", "users", 400),
                ("theirs", "users", 360),
                ("theirs", "users", 420),
            ],
        )

    def _theirs(self):
        return [row for row in self._rows(self.plan) if row[0] == "theirs"]

    def _demo_rows(self):
        """What demo data bring; this plan is compared with them as well."""
        demo = self.env["aftersales.benchmark"].search([("name", "!=", "Rival")])
        return [("theirs", row.basis, row.yearly_price) for row in demo]

    def test_b5_several_bases_open_as_a_pivot(self):
        views = self.plan.action_open_benchmarks()["views"]
        self.assertEqual([kind for _id, kind in views], ["pivot", "graph", "list"])
        one = self._plan("One", fees=[{"basis": "users", "price": 1}])
        views = one.action_open_benchmarks()["views"]
        self.assertEqual([kind for _id, kind in views], ["graph", "pivot", "list"])

    def test_b5_a_revision_keeps_the_comparisons_of_its_plan(self):
        self._benchmark(plan_id=self.plan.id)
        revision = self.plan.action_revise()
        revision.fee_ids.filtered(lambda fee: fee.basis == "users").price = 110
        rows = self._rows(revision)
        self.assertIn(("ours", "users", 440), rows)
        self.assertNotIn(("ours", "users", 400), rows)
        self.assertIn(("theirs", "users", 360), rows)
        self.assertEqual(revision.benchmark_count, self.plan.benchmark_count)

    def test_b5_published_fee_gets_no_other_price_and_retired_plans_leave(self):
        with self.assertRaisesRegex(ValidationError, "never changes"):
            self.users_fee.price = 90
        self.plan.action_retire()
        self.assertFalse([row for row in self._rows(self.plan) if row[0] == "ours"])

    def test_b5_graph_and_pivot_average_by_seller(self):
        self._benchmark(price=30, plan_id=self.plan.id)
        self._benchmark(price=40, plan_id=self.plan.id)
        groups = self.env["aftersales.benchmark.report"]._read_group(
            [("plan_id", "=", self.plan.id), ("basis", "=", "users")],
            ["seller", "side"],
            ["yearly_price:avg"],
        )
        self.assertEqual(groups, [("Cloud", "ours", 400), ("Rival", "theirs", 420)])

    def test_b5_other_currencies_are_brought_into_the_companys(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XB5",
                "symbol": "X",
                "rate_ids": [
                    Command.create(
                        {"name": "2020-01-01", "rate": 4 * self._company_rate()}
                    )
                ],
            }
        )
        benchmark = self._benchmark(
            price=100, currency_id=currency.id, plan_id=self.plan.id
        )
        self.assertEqual(benchmark.yearly_price, 1200)
        self.assertIn(("theirs", "users", 300), self._rows(self.plan))
        benchmark.write({"basis": "licence_value", "price": 0, "percent": 2})
        self.assertIn(("theirs", "licence_value", 24), self._rows(self.plan))

    def _company_rate(self):
        currency = self.company.currency_id
        day = self.company._aftersales_today()
        return currency._get_rates(self.company, day)[currency.id]

    def test_b5_changes_and_archiving_show_at_once(self):
        benchmark = self._benchmark(plan_id=self.plan.id)
        self.assertIn(("theirs", "users", 360), self._rows(self.plan))
        benchmark.price = 31
        self.assertIn(("theirs", "users", 372), self._rows(self.plan))
        benchmark.active = False
        self.assertNotIn(("theirs", "users", 372), self._rows(self.plan))

    def test_b5_what_cannot_be_compared_is_refused(self):
        for vals in (
            {"price": 0},
            {"price": -1},
            {"percent": 5},
            {"basis": "licence_value"},
            {"recurring_interval": 0},
        ):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, "Rival"):
                self._benchmark(**vals)

    def test_b5_manager_types_it_in_the_form(self):
        user = new_test_user(self.env, "b5_manager", "erp_aftersales.group_manager")
        with Form(self.env["aftersales.benchmark"].with_user(user)) as form:
            form.name = "Rival"
            form.service_level = "7x24"
            form.basis = "users"
            form.price = 5
            form.basis = "licence_value"
            form.percent = 20
        self.assertEqual((form.record.price, form.record.yearly_price), (0, 20))
        self.assertEqual(form.record.display_name, "Rival, 7x24")

    def test_b5_counting_asks_as_much_for_many_plans(self):
        plans = self.plan
        for number in range(10):
            plans |= self._plan(f"P{number}", fees=[{"basis": "users", "price": 1}])
        self._benchmark(plan_id=plans[3].id)

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("benchmark_count")
            return self.env.cr.sql_log_count - before

        count(plans)
        self.assertEqual(count(plans[:2]), count(plans))
