# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestPlan(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.plan = cls._plan(
            "Standard",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "Hours", "quantity": 10}],
            rates=[{"price": 300, "increment": 30}],
            fees=[{"name": "Base fee", "price": 2000}],
            sla=[{"response_hours": 4}],
            upgrades=[{"kind": "minor"}],
        )
        cls.rows = [cls.plan[name] for name in cls._row_fields()]

    @staticmethod
    def _row_fields():
        return [
            "coverage_ids",
            "allowance_ids",
            "rate_ids",
            "fee_ids",
            "sla_ids",
            "upgrade_ids",
        ]

    def _refused(self, text, function, *args):
        with self.assertRaises(ValidationError) as error:
            function(*args)
        self.assertIn(text, str(error.exception))

    def test_plan_begins_as_a_draft(self):
        with self.assertRaisesRegex(ValidationError, "begins as a draft"):
            self._plan("Bad", publish=False, state="published")

    def test_r02_published_plan_is_not_edited(self):
        for vals in (
            {"name": "Other"},
            {"invoice_grouping": "entry"},
            {"state": "draft"},
            {"active": False, "code": "X"},
            {"rate_ids": [Command.create({"price": 1})]},
        ):
            self._refused("action_revise", self.plan.write, vals)
            self._refused("action_revise", self.plan.sudo().write, vals)

    def test_r02_published_rows_are_not_edited_added_or_deleted(self):
        for rows in self.rows:
            self._refused("action_revise", rows.sudo().write, {"sequence": 3})
            self._refused("action_revise", rows.sudo().unlink)
            self._refused(
                "action_revise", rows.sudo().create, {"plan_id": self.plan.id}
            )

    def test_r02_a_row_is_not_moved_into_a_published_plan(self):
        draft = self._plan("Draft", rates=[{"price": 1}], publish=False)
        self._refused("action_revise", draft.rate_ids.write, {"plan_id": self.plan.id})

    def test_published_plan_is_retired_and_archived(self):
        self.plan.active = False
        self.plan.active = True
        self.plan.action_retire()
        self.assertEqual(self.plan.state, "retired")
        self._refused("action_revise", self.plan.write, {"state": "published"})
        self._refused("action_revise", self.plan.rate_ids.write, {"price": 1})

    def test_draft_is_not_retired(self):
        draft = self._plan("Draft", publish=False)
        self._refused("is a draft", draft.action_retire)

    def test_published_plan_is_translated(self):
        chinese = self.plan.with_context(lang="zh_CN")
        chinese.name = "标准"
        chinese.fee_ids.name = "基本费"
        self.plan.fee_ids.update_field_translations("name", {"zh_CN": "基础费"})
        self.plan.update_field_translations("name", {"zh_CN": "标准"})
        self.assertEqual(chinese.name, "标准")
        self.assertEqual(chinese.fee_ids.name, "基础费")
        self.assertEqual(self.plan.name, "Standard")
        self._refused("action_revise", chinese.fee_ids.write, {"price": 1})

    def test_revision_is_a_draft_copy_with_all_rows_and_translations(self):
        self.plan.with_context(lang="zh_CN").name = "标准"
        second = self.plan.action_revise()
        self.assertEqual((second.state, second.revision), ("draft", 2))
        self.assertEqual(second.name, "Standard")
        self.assertEqual(second.with_context(lang="zh_CN").name, "标准")
        for name in self._row_fields():
            self.assertEqual(len(second[name]), 1, name)
        second.rate_ids.price = 310
        second.action_publish()
        self.assertEqual(self.plan.rate_ids.price, 300)
        self.assertEqual(self.plan.state, "published")

    def test_revision_number_follows_the_highest_one(self):
        second = self.plan.action_revise()
        second.active = False
        third = self.plan.action_revise()
        self.assertEqual(third.revision, 3)
        self.assertEqual(third.action_revise().revision, 4)
        self.assertEqual(self.plan.revision_count, 4)
        self.assertIn("revision 3", third.display_name)

    def test_copy_is_a_new_plan(self):
        copy = self.plan.copy()
        self.assertEqual((copy.revision, copy.state), (1, "draft"))
        self.assertEqual(copy.name, "Standard (copy)")
        self.assertFalse(copy.origin_id)

    def test_plan_in_use_is_not_deleted(self):
        contract = self._contract(self.customer, self.plan, "2026-09-01")
        self._refused(contract.display_name, self.plan.unlink)
        self.assertEqual(self.plan.contract_count, 1)
        action = self.plan.action_open_contracts()
        self.assertEqual(
            self.env["contract.contract"].search(action["domain"]), contract
        )

    def test_published_plan_is_not_deleted_but_a_draft_is(self):
        self._refused("cannot be deleted", self.plan.unlink)
        draft = self.plan.action_revise()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_calendar_without_fixed_hours_is_refused(self):
        calendar = self._calendar()
        for vals in ({"flexible_hours": True}, {"duration_based": True}):
            calendar.write({"flexible_hours": False, "duration_based": False} | vals)
            for field in ("calendar_id", "band_calendar_id"):
                self._refused(
                    "no fixed hours",
                    self.env["aftersales.plan"].create,
                    {"name": "Clock", field: calendar.id},
                )

    def test_summary_says_in_words_what_the_plan_gives(self):
        summary = self.plan.summary
        self.assertIn("Hours: 10 h a month for all services.", summary)
        currency = self.plan.currency_id.name
        self.assertIn(f"300.00 {currency} an hour, rounded up to 30 min.", summary)
        self.assertIn("Base fee: 2,000.00", summary)
        self.assertIn("a month, in advance.", summary)
        self.assertIn("answer within 4 h", summary)

    def test_summary_names_what_no_row_covers(self):
        bare = self._plan("Bare", publish=False)
        self.assertIn("No work is covered", bare.summary)
        bare.coverage_ids = [Command.create({"mode": "remote"})]
        self.assertIn("Remote work: included.", bare.summary)
        self.assertIn("All other work is not covered", bare.summary)
        bare.coverage_ids = [Command.create({"mode": "onsite", "policy": "excluded"})]
        self.assertNotIn("All other work", bare.summary)
        self.assertIn("On-site work: not covered", bare.summary)

    def test_summary_keeps_the_digits_of_a_price(self):
        plan = self._plan("Digits", rates=[{"price": 0.125}], publish=False)
        self.assertIn("0.125", plan.summary)

    def test_plan_is_made_published_and_revised_in_its_form(self):
        with Form(self.env["aftersales.plan"]) as form:
            form.name = "By form"
            with form.rate_ids.new() as rate:
                rate.price = 500
            with form.fee_ids.new() as fee:
                fee.basis = "licence_value"
                fee.percent = 20
                fee.basis = "users"
                fee.price = 100
        plan = form.record
        plan.action_publish()
        revision = self.env["aftersales.plan"].browse(
            plan.action_open_new_revision()["res_id"]
        )
        self.assertEqual(revision.rate_ids.price, 500)
        self.assertEqual(
            revision.fee_ids.product_id,
            self.env.ref("erp_aftersales.product_maintenance_fee"),
        )
