# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisit(VisitCommon):
    """What is due by a contract is planned a year ahead (D3)."""

    def test_d3_a_contract_plans_a_year_for_each_installation(self):
        self.assertEqual(
            self._days(self.contract),
            [
                ("2026-12-05", "North"),
                ("2026-12-05", "South"),
                ("2027-03-05", "North"),
                ("2027-03-05", "South"),
                ("2027-06-05", "North"),
                ("2027-06-05", "South"),
                ("2027-09-05", "North"),
                ("2027-09-05", "South"),
            ],
        )
        visit = self.contract.aftersales_visit_ids[0]
        self.assertEqual(visit.service_id, self.service_support)
        self.assertEqual(str(visit.date_open), "2026-11-21")

    def test_d3_without_installation_once_for_the_contract(self):
        self.contract.installation_ids = False
        self.assertEqual(self._days(self.contract)[0], ("2026-12-05", ""))
        self.assertEqual(len(self.contract.aftersales_visit_ids), 4)

    def test_d3_planning_twice_writes_nothing(self):
        visits = self.contract.aftersales_visit_ids
        self.env.flush_all()
        written = []
        self.patch(type(visits), "write", lambda *args: written.append(args))
        self.contract._aftersales_plan_visits()
        self.assertFalse(written)
        self.assertEqual(self.contract.aftersales_visit_ids, visits)

    def test_d3_a_termination_takes_back_what_comes_later(self):
        self.contract.action_aftersales_terminate("2027-04-30", False)
        days = {day for day, _place in self._days(self.contract)}
        self.assertEqual(days, {"2026-12-05", "2027-03-05"})

    def test_d3_a_pause_moves_what_falls_into_it_and_lifting_moves_it_back(self):
        self.contract.action_aftersales_pause("2026-12-01", "2026-12-20")
        self.assertEqual(self._days(self.contract)[0][0], "2026-12-21")
        self.contract.aftersales_pause_ids.action_lift()
        self.assertEqual(self._days(self.contract)[0][0], "2026-12-05")

    def test_d3_a_change_of_plan_drops_and_doubles_nothing(self):
        before = self._days(self.contract)
        again = self.plan.action_revise()
        again.action_publish()
        self.contract.action_aftersales_change_plan(again, "2027-01-01")
        self.assertEqual(self._days(self.contract), before)
        rows = self.contract.aftersales_visit_ids.sorted("date").row_id
        self.assertEqual(rows, self.plan.periodic_ids | again.periodic_ids)

    def test_d3_a_plan_without_the_service_takes_it_back(self):
        self.contract.action_aftersales_change_plan(self._plan("Bare"), "2026-11-01")
        self.assertFalse(self.contract.aftersales_visit_ids)

    def test_d3_an_own_row_stands_instead_of_the_plans(self):
        row = self.plan.periodic_ids
        vals = {**self.inspection, "recurring_rule_type": "yearly"}
        own = Command.create({**vals, "replaces_id": row.id, "month_day": 7})
        self.contract.aftersales_periodic_ids = [own]
        self.assertEqual(
            self._days(self.contract),
            [("2027-09-07", "North"), ("2027-09-07", "South")],
        )
        self.contract.aftersales_periodic_ids.unlink()
        self.assertEqual(len(self.contract.aftersales_visit_ids), 8)

    def test_d3_an_archived_contract_plans_nothing(self):
        self.contract.active = False
        self.assertFalse(self.contract.aftersales_visit_ids)

    def test_d3_a_new_installation_is_planned_as_well(self):
        west = self._installation(self.customer, "West")
        self.contract.installation_ids |= west
        self.assertEqual(len(self.contract.aftersales_visit_ids), 12)

    # What people decide

    def test_d3_what_is_moved_stays_where_it_was_put(self):
        visit = self.contract.aftersales_visit_ids[0].with_user(self.support)
        visit.date = "2026-12-11"
        self.assertTrue(visit.is_moved)
        self.contract._aftersales_plan_visits()
        self.contract.action_aftersales_pause("2027-01-01", "2027-01-02")
        self.assertEqual(str(visit.date), "2026-12-11")
        self.assertEqual(len(self.contract.aftersales_visit_ids), 8)

    def test_d3_what_is_moved_past_today_is_not_planned_twice(self):
        visit = self.contract.aftersales_visit_ids[0]
        visit.date = "2027-02-01"
        with self._today("2026-12-20"):
            self.contract._aftersales_plan_visits()
        self.assertEqual(visit.state, "planned")
        self.assertEqual(self._count(visit.installation_id, visit.period_start), 1)

    def test_d3_what_is_moved_is_cancelled_with_its_contract(self):
        visit = self.contract.aftersales_visit_ids[0]
        visit.date = "2026-12-11"
        self.contract.action_aftersales_terminate("2026-11-30", False)
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(self.contract.aftersales_visit_ids, visit)

    def test_d3_nothing_is_moved_to_a_day_without_service(self):
        self.contract.action_aftersales_pause("2026-12-10", "2026-12-20")
        visit = self.contract.aftersales_visit_ids[0]
        for day in ("2026-12-15", "2026-08-31"):
            with self.assertRaisesRegex(ValidationError, "does not run on"):
                visit.date = day

    def test_d3_a_skip_needs_a_reason_and_can_be_taken_back(self):
        visit = self.contract.aftersales_visit_ids[0].with_user(self.support)
        with self.assertRaisesRegex(ValidationError, "Type the reason"):
            visit.action_skip()
        visit.skip_reason = "Plant closed"
        visit.action_skip()
        self.contract._aftersales_plan_visits()
        self.assertEqual(visit.state, "skipped")
        self.assertEqual(len(self.contract.aftersales_visit_ids), 8)
        with self.assertRaisesRegex(ValidationError, "Only what is planned or opened"):
            visit.date = "2026-12-11"
        visit.action_plan_again()
        self.assertEqual(visit.state, "planned")

    def test_d3_a_row_with_decisions_is_ended_not_deleted(self):
        own = Command.create({**self.inspection, "name": "Drill", "month_day": 9})
        self.contract.aftersales_periodic_ids = [own]
        row = self.contract.aftersales_periodic_ids
        visit = self.contract.aftersales_visit_ids.filtered(lambda v: v.row_id == row)
        visit[0].date = "2026-12-11"
        with self.assertRaisesRegex(ValidationError, "Type its last day"):
            row.unlink()
        visit[0].date = visit[0].date_due
        row.unlink()
        self.assertFalse(visit.exists())

    # Rights

    def test_d3_what_follows_is_typed_by_nobody(self):
        visit = self.contract.aftersales_visit_ids[0]
        for user in (self.support, self.manager):
            with self.assertRaisesRegex(AccessError, "follow from the contract"):
                visit.with_user(user).state = "done"
            with self.assertRaises(AccessError):
                visit.with_user(user).unlink()

    def test_d3_visits_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        visit = self.contract.aftersales_visit_ids[0]
        self.support.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        visits = self.env["aftersales.visit"].with_user(self.support)
        self.assertFalse(visits.search([("id", "=", visit.id)]))

    # Rows

    def test_d3_a_published_plans_services_never_change(self):
        with self.assertRaisesRegex(ValidationError, "action_revise"):
            self.plan.periodic_ids.lead_days = 3

    def test_d3_numbers_that_mean_nothing_are_refused(self):
        for vals in ({"recurring_interval": 0}, {"month_day": 32}, {"lead_days": -1}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._plan(
                    "Wrong",
                    publish=False,
                    periodic_ids=[Command.create({**self.inspection, **vals})],
                )

    def test_d3_two_own_rows_instead_of_one_contradict(self):
        vals = {**self.inspection, "replaces_id": self.plan.periodic_ids.id}
        with self.assertRaisesRegex(ValidationError, "stand instead of the same"):
            self.contract.aftersales_periodic_ids = [
                Command.create(vals),
                Command.create(vals),
            ]

    def test_d3_the_plan_says_it_in_words(self):
        self.assertIn(
            "Inspection: Support, Remote, once a quarter, at each installation.",
            self.plan.summary,
        )
        self.assertIn("Inspection", self.contract.aftersales_summary)

    def test_d3_the_comparison_of_plans_names_it(self):
        comparison = self.env["aftersales.plan.comparison"].create(
            {"old_id": self.plan.id, "new_id": self._plan("Bare").id}
        )
        lines = comparison.line_ids.filtered(
            lambda line: line.section == "Periodic services"
        )
        self.assertIn("Inspection", lines.old)
        self.assertEqual(lines.state, "gone")

    def test_d3_the_contract_document_says_it_as_well(self):
        def said():
            agreements = self.env["aftersales.agreement"]._agreements(self.contract)
            return " ".join(agreements[self.contract.id]["further"])

        self.assertIn("Inspection: Support, Remote, once a quarter", said())
        own = {**self.inspection, "name": "Drill", "recurring_rule_type": "yearly"}
        own["replaces_id"] = self.plan.periodic_ids.id
        self.contract.aftersales_periodic_ids = [Command.create(own)]
        self.assertIn("Drill: Support, Remote, once a year", said())
        self.assertNotIn("Inspection: Support", said())

    def test_d3_as_many_queries_for_many_contracts_as_for_few(self):
        contracts = self.contract
        for n in range(8):
            customer = self._customer(f"Many {n}")
            place = self._installation(customer, "Only")
            contracts |= self._contract(
                customer,
                self.plan,
                "2026-09-01",
                installation_ids=[Command.set(place.ids)],
            )
        few, many = contracts[:1], contracts

        def plan_anew(which):
            which.aftersales_visit_ids.unlink()
            self.env.flush_all()
            return self._queries(which._aftersales_plan_visits)

        plan_anew(many)
        self.assertEqual(plan_anew(few), plan_anew(many))
