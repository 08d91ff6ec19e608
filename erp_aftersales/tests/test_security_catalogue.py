# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import AftersalesCommon

OPERATIONS = ("read", "write", "create", "unlink")
ROLES = {
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "support": "erp_aftersales.group_user",
    "billing": "erp_aftersales.group_billing",
    "manager": "erp_aftersales.group_manager",
}
PLAN_SIDE = ("", "r", "r", "rwcu")
BY_DOORS = ("", "r", "r", "r")
# model: what employee, support, billing and manager may do; portal may do nothing
ALLOWED = {
    "aftersales.service": ("r", "r", "r", "rwcu"),
    "aftersales.grade": ("r", "r", "r", "rwcu"),
    "aftersales.skill.need": ("r", "r", "r", "rwcu"),
    "aftersales.duty": PLAN_SIDE,
    "aftersales.competence": ("", "r", "r", "r"),
    "aftersales.release": PLAN_SIDE,
    "aftersales.release.notice": BY_DOORS,
    "aftersales.benchmark": PLAN_SIDE,
    "aftersales.benchmark.report": ("", "r", "r", "r"),
    "aftersales.training.price": PLAN_SIDE,
    "aftersales.plan": PLAN_SIDE,
    "aftersales.plan.coverage": PLAN_SIDE,
    "aftersales.plan.allowance": PLAN_SIDE,
    "aftersales.plan.rate": PLAN_SIDE,
    "aftersales.plan.fee": PLAN_SIDE,
    "aftersales.plan.fee.factor": PLAN_SIDE,
    "aftersales.plan.fee.tier": PLAN_SIDE,
    "aftersales.plan.sla": PLAN_SIDE,
    "aftersales.plan.upgrade": PLAN_SIDE,
    "aftersales.plan.periodic": PLAN_SIDE,
    "aftersales.checklist.template": PLAN_SIDE,
    "aftersales.checklist.item": PLAN_SIDE,
    "aftersales.visit": ("", "rw", "rw", "rw"),
    "aftersales.ticket.checklist": ("", "rwcu", "rwcu", "rwcu"),
    "aftersales.upgrade": ("", "rwc", "rwc", "rwcu"),
    "aftersales.installation": ("", "rwc", "rwc", "rwcu"),
    "aftersales.problem": ("", "rwc", "rwc", "rwcu"),
    "aftersales.installation.metric": ("", "r", "rwcu", "rwcu"),
    "aftersales.contract.event": BY_DOORS,
    "aftersales.contract.pause": BY_DOORS,
    "aftersales.contract.term": BY_DOORS,
    "aftersales.charge": ("", "r", "r", "r"),
    "aftersales.acceptance": ("", "r", "r", "r"),
    "aftersales.clock.mark": ("", "r", "r", "r"),
    "aftersales.grant": ("", "r", "r", "rwcu"),
    "contract.contract": ("", "r", "rw", "rwc"),
    "contract.line": ("", "r", "rw", "rwc"),
}


@tagged("post_install", "-at_install")
class TestSecurityCatalogue(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"catalogue_{role}", group)
            for role, group in ROLES.items()
        }

    def test_each_role_may_do_what_the_table_says(self):
        for model, rights in ALLOWED.items():
            for role, letters in zip(list(ROLES)[1:], rights, strict=True):
                records = self.env[model].with_user(self.users[role])
                for operation in OPERATIONS:
                    letter = operation[0]
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), letter in letters
                        )

    def test_portal_users_reach_none_of_our_models(self):
        for model in ALLOWED:
            if model.startswith("aftersales."):
                records = self.env[model].with_user(self.users["portal"])
                for operation in OPERATIONS:
                    with self.subTest(model=model, operation=operation):
                        self.assertFalse(records.has_access(operation))

    def test_the_table_names_all_our_models(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("aftersales.") and model._auto and not model._transient
        }
        self.assertLessEqual(ours, set(ALLOWED))

    def test_records_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = self.users["manager"]
        vals = {"company_id": company.id}
        plan = self._plan("Theirs", rates=[{"price": 1}], **vals)
        installation = self._installation(
            self.customer, metrics=[("users", "2026-01-01", 1)], **vals
        )
        hidden = [
            self._service("Theirs", **vals),
            self._grade("Theirs", **vals),
            self.env["aftersales.release"].create({"name": "1", **vals}),
            self.env["aftersales.benchmark"].create(
                {"name": "Rival", "service_level": "8x5", "price": 1, **vals}
            ),
            plan,
            plan.rate_ids,
            self._card(price=1, **vals),
            installation,
            installation.metric_ids,
        ]
        for records in hidden:
            with self.subTest(model=records._name):
                self.assertFalse(
                    records.with_user(user).search([("id", "in", records.ids)])
                )
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])

    def test_manager_changes_only_grants_made_by_hand(self):
        contract = self._contract(self.customer, self._plan("P"), "2026-09-01")
        grants = self.env["aftersales.grant"].with_user(self.users["manager"])
        vals = {
            "contract_id": contract.id,
            "quantity": 1,
            "date_start": "2026-09-01",
        }
        grants.create(vals).unlink()
        for origin in ("plan", "rollover", "purchase"):
            with self.subTest(origin=origin), self.assertRaises(UserError):
                grants.create({**vals, "origin": origin})

    def test_screens_open_for_support(self):
        user = self.users["support"]
        contract = self._contract(self.customer, self._plan("P"), "2026-09-01")
        records = (
            contract,
            contract.aftersales_plan_id,
            self._installation(self.customer),
            self.service_support,
        )
        for record in records:
            with self.subTest(model=record._name):
                form = Form(record.with_user(user))
                self.assertEqual(form.record.id, record.id)

    def test_manager_makes_a_plan_and_a_contract(self):
        user = self.users["manager"]
        plan = (
            self.env["aftersales.plan"]
            .with_user(user)
            .create({"name": "Made", "rate_ids": [(0, 0, {"price": 1})]})
        )
        plan.action_publish()
        contract = (
            self.env["contract.contract"]
            .with_user(user)
            .create(
                {
                    "name": "Made",
                    "partner_id": self.customer.id,
                    "aftersales_plan_id": plan.id,
                    "date_start": "2026-09-01",
                }
            )
        )
        self.assertEqual(contract.aftersales_term_ids.plan_id, plan)
