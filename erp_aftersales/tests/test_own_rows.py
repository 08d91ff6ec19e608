# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .own_common import OwnRowsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-09-20 02:00:00")
class TestOwnRows(OwnRowsCommon):
    """What a contract's own rows may say (R2)."""

    def _refused(self, text, contract=None, **rows):
        with self.assertRaises(ValidationError) as error, self.cr.savepoint():
            self._own(contract, **rows)
        self.assertIn(text, str(error.exception))
        return str(error.exception)

    def test_r02_own_rows_follow_company_and_currency_of_the_contract(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        plan = self._hourly_plan("Foreign", currency_id=euro.id)
        contract = self._contract(
            self._customer("Abroad"),
            plan,
            "2026-09-01",
            aftersales_rate_ids=[Command.create({"price": 1})],
            aftersales_coverage_ids=[Command.create({})],
        )
        for row in (contract.aftersales_rate_ids, contract.aftersales_coverage_ids):
            self.assertEqual(row.currency_id, euro)
            self.assertEqual(row.company_id, contract.company_id)
            self.assertFalse(row.plan_id)
        with self.assertRaisesRegex(ValidationError, "the currency"):
            self._own(rate=[{"price": 1, "currency_id": euro.id}])

    def test_r02_a_row_is_of_the_plan_or_of_the_contract(self):
        draft = self._plan("Draft", publish=False)
        both = {"plan_id": draft.id, "contract_id": self.contract.id}
        for model, vals in (("coverage", {}), ("rate", {"price": 1})):
            with self.assertRaisesRegex(ValidationError, "Choose one of them"):
                self.env[f"aftersales.plan.{model}"].create(vals | both)

    def test_r02_a_row_stays_with_its_contract(self):
        row = self._own(rate=[{"price": 1}]).aftersales_rate_ids
        other = self._contract(self._customer("Other"), self.plan, "2026-09-01")
        draft = self._plan("Draft", rates=[{"price": 2}], publish=False)
        for rows, contract in (
            (row, other),
            (row, self.env["contract.contract"]),
            (draft.rate_ids, other),
            (self._card(price=3), other),
        ):
            with self.assertRaisesRegex(ValidationError, "stays where it was made"):
                rows.write({"contract_id": contract.id})
        row.write({"contract_id": self.contract.id, "price": 5})

    def test_r02_own_rows_need_a_plan(self):
        bare = self.env["contract.contract"].create(
            {"name": "Bare", "partner_id": self.customer.id}
        )
        self._refused("choose the plan first", contract=bare, rate=[{"price": 1}])
        bare.write(
            {
                "aftersales_plan_id": self.plan.id,
                "aftersales_rate_ids": [Command.create({"price": 1})],
            }
        )
        self.assertEqual(bare.aftersales_rate_ids.layer, "contract")

    def test_days_are_in_order(self):
        days = {"date_start": "2026-10-01", "date_end": "2026-09-30"}
        for name, vals in (
            ("coverage", {}),
            ("allowance", {"quantity": 1}),
            ("rate", {"price": 1}),
            ("sla", {}),
        ):
            with self.subTest(name=name):
                self._refused("before it starts", **{name: [vals | days]})

    def test_r02_a_rate_is_a_price_or_a_percentage(self):
        self._refused("Clear one of them", rate=[{"price": 5, "percent": 90}])
        self._refused("'All work' has no price", rate=[{}])
        self._refused("cannot be below 0", rate=[{"percent": -10}])
        rates = self._own(rate=[{"percent": 120}]).aftersales_rate_ids
        self.assertIn("120 % of the price of plan", rates._describe())

    def test_an_own_allowance_gives_something(self):
        self._refused("gives 0", allowance=[{"name": "Empty"}])
        self._refused("cannot be below 0", allowance=[{"quantity": -1}])
        self._refused(
            "passes nothing on", allowance=[{"quantity": 1, "rollover_max": 1}]
        )

    def test_own_rows_that_contradict_on_some_day_are_refused(self):
        until = {"date_end": "2026-10-31"}
        after = {"date_start": "2026-11-01"}
        meeting = {"date_start": "2026-10-31"}
        for name, one, two, says in (
            ("coverage", {"policy": "included"}, {"policy": "billable"}, "'Included'"),
            ("rate", {"price": 1}, {"price": 2}, "2.00"),
            ("rate", {"price": 1}, {"percent": 90}, "90 %"),
            ("rate", {"percent": 80}, {"percent": 90}, "80 %"),
            ("sla", {"response_hours": 1}, {"response_hours": 2}, "within 2 h"),
        ):
            with self.subTest(name=name, two=two):
                text = self._refused("2 rows", **{name: [one | until, two | meeting]})
                self.assertIn("until 10/31/2026", text)
                self.assertIn("from 10/31/2026", text)
                self.assertIn(says, text)
                self._refused("2 rows", **{name: [one, two | after]})
                with self.cr.savepoint() as savepoint:
                    self._own(**{name: [one | until, two | after]})
                    savepoint.close(rollback=True)

    def test_a_row_may_follow_another_in_one_save(self):
        row = self._own(rate=[{"price": 1}]).aftersales_rate_ids
        self.contract.aftersales_rate_ids = [
            Command.create({"price": 2, "date_start": "2026-10-01"}),
            Command.update(row.id, {"date_end": "2026-09-30"}),
        ]
        self.assertEqual(self.contract.aftersales_rate_ids.mapped("price"), [1, 2])

    def test_edits_of_single_rows_are_checked_as_well(self):
        rows = self._own(
            rate=[{"price": 1, "date_end": "2026-09-30"}]
        ).aftersales_rate_ids
        rows |= rows.create(
            {
                "contract_id": self.contract.id,
                "price": 2,
                "date_start": "2026-10-01",
            }
        )
        for function, vals in (
            (rows[0].write, {"date_end": False}),
            (rows[1].write, {"date_start": "2026-09-30"}),
            (rows.create, {"contract_id": self.contract.id, "price": 3}),
        ):
            with self.assertRaises(ValidationError) as error, self.cr.savepoint():
                function(vals)
            self.assertIn("contradict", str(error.exception))

    def test_r02_replaced_rows_are_of_the_plan_in_force(self):
        other = self._plan("Other", allowances=[{"name": "Theirs", "quantity": 1}])
        own = {"name": "Mine", "quantity": 20}
        for replaced, days in (
            (other.allowance_ids, {}),
            (self.plan.allowance_ids, {"date_end": "2026-08-31"}),
        ):
            text = self._refused(
                "no row of a plan in force",
                allowance=[own | days | {"replaces_id": replaced.id}],
            )
            self.assertIn("'Mine' stands instead of", text)
        replacing = own | {"replaces_id": self.plan.allowance_ids.id}
        self._refused(
            "instead of the same 'Plan hours'",
            allowance=[replacing, replacing | {"name": "Mine too"}],
        )
        self._own(
            allowance=[
                replacing | {"date_end": "2026-10-31"},
                replacing | {"date_start": "2026-11-01"},
                own,
            ]
        )

    def test_services_and_grades_are_of_the_contracts_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        service = self._service("Theirs", company_id=elsewhere.id)
        grade = self._grade("Theirs", company_id=elsewhere.id)
        for name, vals in (
            ("coverage", {"service_id": service.id}),
            ("allowance", {"quantity": 1, "service_ids": [Command.link(service.id)]}),
            ("rate", {"price": 1, "service_id": service.id}),
            ("rate", {"price": 1, "grade_id": grade.id}),
        ):
            with (
                self.subTest(name=name, vals=vals),
                self.assertRaisesRegex(UserError, "Theirs"),
                self.cr.savepoint(),
            ):
                self._own(**{name: [vals]})

    def test_e1_summary_says_own_terms_before_the_plan(self):
        plan_lines = self.plan.summary.splitlines()
        self.assertEqual(self.contract.aftersales_summary.splitlines(), plan_lines)
        self._own(
            coverage=[{"service_id": self.service_dev.id, "policy": "excluded"}],
            allowance=[
                {
                    "name": "More",
                    "quantity": 20,
                    "replaces_id": self.plan.allowance_ids.id,
                }
            ],
            rate=[
                {"percent": 90, "date_end": "2026-12-31"},
                {"price": 7, "mode": "onsite", "date_end": "2026-09-19"},
            ],
        )
        lines = self.contract.aftersales_summary.splitlines()
        self.assertEqual(
            lines[:5],
            [
                "For this contract only:",
                "Development: not covered, charged by the standard card.",
                "More: 20 h a month for all services. Beyond them work is charged."
                " Instead of 'Plan hours'.",
                "All work: 90 % of the price of plan or standard card."
                " (until 12/31/2026)",
                "Otherwise, by Standard:",
            ],
        )
        self.assertEqual(lines[5:], plan_lines)

    def test_e2_price_list_names_layers_and_days(self):
        own = self._own(
            rate=[{"percent": 90, "date_start": "2026-08-01"}]
        ).aftersales_rate_ids
        self._own(rate=[{"price": 1, "mode": "onsite", "date_end": "2026-09-19"}])
        card = self._card(price=500, date_start="2026-01-01", date_end="2026-12-31")
        card |= self._card(price=9, company_id=False, date_end="2026-12-31")
        self._plan("Not this one", rates=[{"price": 7}])
        self._own(
            self._contract(self._customer("Other"), self.plan, "2026-09-01"),
            rate=[{"price": 8}],
        )
        self.contract.date_end = date(2027, 8, 31)
        action = self.contract.action_aftersales_price_list()
        rates = self.env["aftersales.plan.rate"].with_context(**action["context"])
        days = ("|", ("date_end", "=", False), ("date_end", ">=", "2026-09-20"))
        rows = rates.search([*days, *action["domain"]], order="layer, sequence, id")
        start, end = date(2026, 9, 1), date(2027, 8, 31)
        self.assertEqual(
            [(r.layer, r.effective_start, r.effective_end) for r in rows],
            [
                ("contract", start, end),
                ("plan", start, end),
                ("standard", start, date(2026, 12, 31)),
                ("standard", start, date(2026, 12, 31)),
            ],
        )
        self.assertEqual(rows, own | self.plan.rate_ids | card)
        self.assertIn("90 %", rows[0].price_words)
        self.assertIn("300.00", rows[1].price_words)

    def test_e2_price_list_of_a_changed_plan_has_the_days_of_each(self):
        new = self._hourly_plan("New", rates=[{"price": 400}])
        self.env["aftersales.contract.term"].create(
            {
                "contract_id": self.contract.id,
                "plan_id": new.id,
                "date_start": "2026-10-01",
            }
        )
        action = self.contract.action_aftersales_price_list()
        rates = self.env["aftersales.plan.rate"].with_context(**action["context"])
        rows = rates.search([*action["domain"], ("layer", "=", "plan")])
        self.assertEqual(
            {(r.price, r.effective_start, r.effective_end) for r in rows},
            {
                (300, date(2026, 9, 1), date(2026, 9, 30)),
                (400, date(2026, 10, 1), False),
            },
        )
        with freeze_time("2026-10-01 02:00:00"):
            action = self.contract.action_aftersales_price_list()
        rows = rates.search([*action["domain"], ("layer", "=", "plan")])
        self.assertEqual(rows, new.rate_ids)

    def test_contracts_with_own_terms_are_found(self):
        other = self._contract(self._customer("Other"), self.plan, "2026-09-01")
        view = self.env.ref("erp_aftersales.contract_contract_view_search_own")
        filters = self.env["ir.ui.view"].browse(view.id)._get_combined_arch()
        (domain,) = filters.xpath("//filter[@name='aftersales_own']/@domain")
        domain = [*literal_eval(domain), ("id", "in", (self.contract | other).ids)]
        self.assertFalse(self.contract.search(domain))
        for name, vals in (
            ("coverage", {}),
            ("allowance", {"quantity": 1}),
            ("rate", {"price": 1}),
            ("sla", {}),
        ):
            with self.subTest(name=name):
                rows = self._own(**{name: [vals]})[f"aftersales_{name}_ids"]
                self.assertEqual(self.contract.search(domain), self.contract)
                rows.unlink()
                self.assertFalse(self.contract.search(domain))

    def test_a_copied_contract_keeps_its_terms(self):
        self._own(
            coverage=[{"policy": "included"}],
            allowance=[{"quantity": 1, "replaces_id": self.plan.allowance_ids.id}],
            rate=[{"percent": 90}],
            sla=[{"response_hours": 1}],
        )
        copy = self.contract.copy()
        self.assertEqual(copy.aftersales_rate_ids.percent, 90)
        self.assertEqual(
            copy.aftersales_allowance_ids.replaces_id, self.plan.allowance_ids
        )
        for name in ("coverage", "allowance", "rate", "sla"):
            rows = (copy | self.contract)[f"aftersales_{name}_ids"]
            self.assertEqual(len(rows), 2)

    def test_the_standard_card_is_neither_plan_nor_contract(self):
        self._own(rate=[{"price": 1}])
        card = self._card(price=500)
        action = self.env.ref("erp_aftersales.aftersales_plan_rate_action_card")
        rows = self.env["aftersales.plan.rate"].search(literal_eval(action.domain))
        self.assertIn(card, rows)
        self.assertFalse(rows.plan_id)
        self.assertFalse(rows.contract_id)
        self.assertEqual(card.layer, "standard")
