# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import new_test_user, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestPlanComparison(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._plan(
            "Care",
            coverage=[{"policy": "included"}],
            rates=[{"price": 100}, {"price": 200, "grade_id": cls.grade_senior.id}],
            fees=[{"name": "Base", "price": 1000}, {"name": "Old", "price": 5}],
        )
        cls.second = cls.first.action_revise()
        cls.second.fee_ids.filtered(lambda fee: fee.name == "Base").price = 1100
        cls.second.fee_ids.filtered(lambda fee: fee.name == "Old").unlink()
        cls.second.rate_ids[:1].increment = 30
        cls.second.rate_ids.create(
            {"plan_id": cls.second.id, "price": 300, "grade_id": cls.grade_junior.id}
        )
        cls.second.action_publish()

    def _comparison(self, plan):
        action = plan.action_compare()
        return self.env["aftersales.plan.comparison"].browse(action["res_id"])

    def test_c8_a_revision_stands_beside_the_one_before(self):
        comparison = self._comparison(self.second)
        self.assertEqual(comparison.old_id, self.first)
        self.assertEqual(comparison.new_id, self.second)
        states = [
            (line.section, line.state)
            for line in comparison.line_ids
            if line.section in ("Coverage", "Prices", "Fees")
        ]
        self.assertEqual(
            states,
            [
                ("Coverage", "same"),
                ("Prices", "changed"),
                ("Prices", "same"),
                ("Prices", "new"),
                ("Fees", "changed"),
                ("Fees", "gone"),
            ],
        )
        fee = comparison.line_ids.filtered(lambda line: line.section == "Fees")[0]
        self.assertIn("1,000.00", fee.old)
        self.assertIn("1,100.00", fee.new)

    def test_c8_the_first_revision_is_set_beside_the_next_and_turned_round(self):
        comparison = self._comparison(self.first)
        self.assertEqual(comparison.new_id, self.second)
        comparison.action_swap()
        self.assertEqual(comparison.old_id, self.second)
        states = comparison.line_ids.filtered(lambda line: line.section == "Fees")
        self.assertEqual(states.mapped("state"), ["changed", "new"])

    def test_c8_its_contracts_are_moved_by_the_dialogue_that_shows_what_it_does(self):
        contract = self._contract(self.customer, self.first, "2026-01-01")
        comparison = self._comparison(self.second)
        self.assertEqual(comparison.contract_count, 1)
        context = comparison.action_move_contracts()["context"]
        self.assertEqual(context["default_plan_id"], self.second.id)
        self.assertEqual(context["default_contract_ids"], contract.ids)

    def test_support_may_compare(self):
        user = new_test_user(self.env, "comparing", "erp_aftersales.group_user")
        action = self.second.with_user(user).action_compare()
        self.assertTrue(action["res_id"])
