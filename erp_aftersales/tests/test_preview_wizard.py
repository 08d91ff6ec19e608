# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .preview_common import PreviewCommon


@tagged("post_install", "-at_install")
class TestPreviewWizard(PreviewCommon):
    """The preview on the screen, for who bills (R14)."""

    def setUp(self):
        super().setUp()
        self.contract = self._contract(self.customer, self.fee_plan, "2026-08-01")
        self._hours(self.contract, "2026-08-15", "2026-09-05")
        self.user = new_test_user(self.env, "preview", "erp_aftersales.group_billing")

    def _wizard(self, contract=None, user=None, **vals):
        """Press the button on the contract, or open the menu; fill the dialogue."""
        env = self.env(user=user or self.user)
        action = env.ref("erp_aftersales.aftersales_preview_wizard_action").sudo()
        context = {"default_due_only": True}
        if contract:
            context = contract.with_env(env).action_aftersales_preview()["context"]
        form = Form(env[action.res_model].with_context(**context))
        for name, value in vals.items():
            form[name] = value
        return form

    def test_the_button_shows_lines_with_their_sentences(self):
        form = self._wizard(self.contract, date="2026-09-10")
        self.assertIn("1 h x 60.00", form.body)
        self.assertEqual(form.body.count("<section"), 3)

    def test_the_switch_leaves_out_what_is_not_due(self):
        form = self._wizard(self.contract, date="2026-09-10", due_only=True)
        self.assertEqual(form.body.count("<section"), 2)

    def test_what_waits_is_shown(self):
        plan = self._hourly_plan(
            "Seniors", rates=[{"price": 60, "grade_id": self.grade_senior.id}]
        )
        contract = self._contract(self.customer, plan, "2026-08-01")
        ticket = self._ticket(self.customer, contract)
        self._work(ticket, self.junior, "2026-08-16", 60)
        form = self._wizard(contract, date="2026-09-10")
        self.assertIn("wait for a price", form.body)
        self.assertIn("Nothing would be invoiced", form.body)

    def test_the_menu_lists_the_lines_of_all_due_contracts(self):
        other = self._contract(self._customer("Other"), self.plan, "2026-08-01")
        self._hours(other, "2026-08-20")
        later = self._contract(self._customer("Later"), self.fee_plan, "2027-01-01")
        wizard = self._wizard(date="2026-09-10").save()
        action = wizard.action_show()
        lines = self.env[action["res_model"]].search(action["domain"])
        ours = lines.filtered(lambda line: line.contract_id in self.contract | other)
        self.assertEqual(ours.mapped("amount"), [100.0, 100.0, 60.0, 60.0])
        self.assertIn("1 h x 60.00", ours[2].reasons)
        self.assertNotIn(later, lines.contract_id)

    def test_nothing_is_invoiced_by_looking(self):
        before = self.env["account.move"].search_count([])
        self._wizard(self.contract, date="2026-09-10").save().action_show()
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(set(self.contract.charge_ids.mapped("state")), {"open"})
        self.assertFalse(
            any(self.contract.contract_line_ids.mapped("last_date_invoiced"))
        )

    def test_support_has_no_preview(self):
        support = new_test_user(self.env, "support", "erp_aftersales.group_user")
        with self.assertRaises(AccessError):
            self._wizard(self.contract, user=support)

    def test_nobody_previews_a_contract_that_is_not_his(self):
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.contract.with_user(stranger)._aftersales_preview("2026-09-10")

    def test_a_billing_user_sees_what_the_run_makes(self):
        preview = self.contract.with_user(self.user)._aftersales_preview("2026-09-10")
        moves = self._bill(self.contract, "2026-09-10")
        self.assertEqual(preview, moves._aftersales_document())
