# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .own_common import OwnRowsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 02:00:00")
class TestOwnCompared(OwnRowsCommon):
    """Own rows beside the plan's: 10 hours a month, then 300 an hour (C7)."""

    def _compared(self, contract=None):
        contract = contract or self.contract
        return self.env["aftersales.own.comparison"]._compare(contract)

    def _differences(self):
        return [(row["own"], row["difference"]) for row in self._compared()["rows"]]

    def test_c07_an_own_price_beside_the_plans(self):
        self._own(rate=[{"price": 250, "increment": 15}])
        # 12 hours in September: two beyond the plan's ten
        self._hours(self.contract, *(f"2026-09-{n:02}" for n in range(1, 13)))
        compared = self._compared()
        cost = compared["cost"]
        self.assertEqual((cost.own, cost.plan, cost.difference), (500, 600, -100))
        (row,) = compared["rows"]
        self.assertEqual(row["difference"], -100)
        self.assertEqual(row["plan"], [self.plan.rate_ids._describe()])
        self.assertEqual(row["list"], "Own prices")
        self.assertTrue(row["is_today"])

    def test_c07_each_row_alone_and_all_together(self):
        self._own(
            rate=[{"percent": 50}],
            allowance=[
                {
                    "name": "Twelve",
                    "quantity": 12,
                    "replaces_id": self.plan.allowance_ids.id,
                }
            ],
        )
        self._hours(self.contract, *(f"2026-09-{n:02}" for n in range(1, 14)))
        compared = self._compared()
        # With both an hour at 150; by the plan three at 300. Without the price alone
        # one at 300; without the hours alone three at 150.
        cost = compared["cost"]
        self.assertEqual((cost.own, cost.plan, cost.difference), (150, 900, -750))
        self.assertEqual([r["difference"] for r in compared["rows"]], [-150, -300])
        self.assertEqual(
            compared["rows"][1]["plan"], [self.plan.allowance_ids._describe()]
        )

    def test_c07_coverage_says_what_it_stands_above(self):
        self._own(coverage=[{"mode": "onsite", "policy": "billable"}])
        self._hours(self.contract, "2026-10-01", service_mode="onsite")
        (row,) = self._compared()["rows"]
        self.assertEqual(row["difference"], 300)
        self.assertEqual(row["plan"], [self.plan.coverage_ids._describe()])

    def test_c07_a_row_without_anything_below_says_so(self):
        self._own(
            allowance=[{"name": "More", "quantity": 1}],
            rate=[
                {"price": 1, "mode": "remote"},
                {"price": 2, "mode": "remote", "sequence": 99, "date_end": "2026-09-30"}
                | {"date_start": "2026-09-30", "unit": "incident"},
            ],
            sla=[{"priority": "3", "response_hours": 1}],
        )
        plans = [row["plan"][0] for row in self._compared()["rows"]]
        self.assertEqual(plans[0], self.plan.rate_ids._describe())
        self.assertEqual(
            plans[1:],
            [
                "No price: the work waits for one.",
                "Nothing: it adds to the plan.",
                "No target.",
            ],
        )

    def test_c07_a_row_of_other_days_is_compared_on_its_own_days(self):
        self._own(rate=[{"price": 250, "date_end": "2026-09-30"}])
        self._hours(self.contract, *(f"2026-09-{n:02}" for n in range(1, 12)))
        (row,) = self._compared()["rows"]
        self.assertFalse(row["is_today"])
        self.assertEqual(row["plan"], [self.plan.rate_ids._describe()])
        self.assertEqual(row["difference"], -50)

    def test_c07_r23_service_levels_by_what_they_pay_back(self):
        plan = self._hourly_plan(
            "With fee",
            fees=[{"name": "Base", "basis": "fixed", "price": 1000}],
            sla=[{"priority": "1", "response_hours": 8, "credit_percent": 5}],
        )
        contract = self._contract(self._customer("Promised"), plan, "2026-09-01")
        self._own(
            contract, sla=[{"priority": "1", "response_hours": 4, "credit_percent": 8}]
        )
        ticket = self._ticket(contract.partner_id, contract, priority="1")
        ticket.write(
            {
                "response_state": "breached",
                "response_deadline": "2026-10-05 04:00:00",
            }
        )
        compared = self._compared(contract)
        # 8 % instead of 5 % of October's 1,000 are given back
        cost = compared["cost"]
        self.assertEqual((cost.own, cost.plan), (-80, -50))
        (row,) = compared["rows"]
        self.assertEqual(row["difference"], -30)
        self.assertEqual(row["plan"], [plan.sla_ids._describe()])

    def test_c07_r20_own_fees_by_their_days_instead_of_the_plans(self):
        plan = self._hourly_plan(
            "With fee", fees=[{"name": "Base", "basis": "fixed", "price": 1000}]
        )
        contract = self._contract(self._customer("Own fee"), plan, "2026-08-21")
        self._own(
            contract,
            fee=[
                {"name": "Better", "price": 750, "replaces_id": plan.fee_ids.id},
                {"name": "More", "price": 50, "date_start": "2026-09-21"},
                {"name": "Once", "price": 50, "date_end": "2026-08-20"}
                | {"date_start": "2026-08-01"},
            ],
        )
        compared = self._compared(contract)
        # two months: 1,500 instead of 2,000; one month 50 for something else
        cost = compared["cost"]
        self.assertEqual((cost.own, cost.plan), (1550, 2000))
        rows = compared["rows"]
        self.assertEqual([row["difference"] for row in rows], [-500, 50, 0])
        self.assertEqual(rows[0]["plan"], [plan.fee_ids._describe()])
        self.assertEqual(rows[1]["plan"], ["Nothing: it adds to the plan."])

    def test_c07_what_is_invoiced_counts_and_nothing_is_written(self):
        self._own(rate=[{"price": 250, "increment": 15}])
        self._hours(self.contract, *(f"2026-09-{n:02}" for n in range(1, 13)))
        self._hours(self.contract, "2026-10-02")
        before = self._compared()["cost"]
        self._run("2026-10-01")
        charges = self.contract.charge_ids
        self.assertEqual(set(charges.mapped("state")), {"invoiced", "open"})
        stood = charges.read(["amount", "state", "grant_id", "write_date"])
        grants = self.contract.grant_ids.read()
        self.assertEqual(self._compared()["cost"], before)
        self.assertEqual(
            charges.read(["amount", "state", "grant_id", "write_date"]), stood
        )
        self.assertEqual(self.contract.grant_ids.read(), grants)

    def test_c07_a_year_back_and_no_longer_than_the_contract(self):
        compared = self._compared()
        self.assertEqual(compared["first"], date(2026, 9, 1))
        with freeze_time("2027-12-01 02:00:00"):
            compared = self._compared()
        self.assertEqual(compared["first"], date(2026, 12, 2))
        self.assertEqual(compared["last"], date(2027, 12, 1))

    def test_c07_the_button_opens_the_screen(self):
        self._own(rate=[{"price": 250, "increment": 15}])
        self._hours(self.contract, *(f"2026-09-{n:02}" for n in range(1, 13)))
        user = new_test_user(self.env, "as_reader", "erp_aftersales.group_user")
        contract = self.contract.with_user(user)
        action = contract.action_aftersales_own_compared()
        sheet = contract.env[action["res_model"]].browse(action["res_id"])
        text = " ".join(str(sheet.body).split())
        for part in ("500.00", "600.00", "gives", "100.00", "09/01/2026"):
            self.assertIn(part, text)
        arch = contract.get_view(view_type="form")["arch"]
        self.assertIn("action_aftersales_own_compared", arch)

    def test_c07_who_may_not_read_charges_may_not_compare(self):
        salesman = new_test_user(
            self.env, "as_seller", "base.group_user,sales_team.group_sale_salesman"
        )
        comparison = self.env["aftersales.own.comparison"].with_user(salesman)
        with self.assertRaises(AccessError):
            comparison._compare(self.contract.with_user(salesman))

    def test_c07_as_many_queries_for_many_rows_as_for_one(self):
        self._own(
            rate=[{"price": 250}],
            coverage=[{"policy": "allowance"}],
            sla=[{"priority": "1", "credit_percent": 5}],
        )
        self._hours(self.contract, "2026-09-02")
        one = self._queries()
        self._own(
            rate=[
                {"price": 100 + n, "mode": mode, "sequence": n}
                for n, mode in enumerate(("remote", "onsite"))
            ],
            coverage=[{"policy": "billable", "mode": "onsite"}],
            sla=[{"priority": "2", "credit_percent": 5}],
        )
        self._hours(self.contract, *(f"2026-09-{n:02}" for n in range(3, 20)))
        self.assertEqual(self._queries(), one)

    def _queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._compared()
        return self.env.cr.sql_log_count - before
