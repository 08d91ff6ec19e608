# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .own_common import OwnRowsCommon

NEW = {
    "coverage": {"policy": "included"},
    "allowance": {"quantity": 1},
    "rate": {"price": 1},
    "sla": {"response_hours": 1},
}


@tagged("post_install", "-at_install")
@freeze_time("2026-09-20 02:00:00")
class TestOwnRowsRights(OwnRowsCommon):
    """A manager edits own terms, others read them, customers see nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._own(**{name: [vals] for name, vals in NEW.items()})
        cls.rows = {name: cls.contract[f"aftersales_{name}_ids"] for name in NEW}

    def _user(self, group, **vals):
        return new_test_user(self.env, f"own_{group}", group, **vals)

    def test_support_and_billing_read_but_do_not_change(self):
        for group in ("group_user", "group_billing"):
            user = self._user(f"erp_aftersales.{group}")
            contract = self.contract.with_user(user)
            self.assertIn("For this contract only", contract.aftersales_summary)
            for name, rows in self.rows.items():
                rows = rows.with_user(user)
                field = f"aftersales_{name}_ids"
                self.assertTrue(rows.read(["display_name"]))
                vals = NEW[name] | {"contract_id": self.contract.id}
                attempts = [
                    (rows.write, {"date_end": "2026-12-31"}),
                    (rows.create, vals),
                    (contract.write, {field: [Command.create(NEW[name])]}),
                    (contract.write, {field: [Command.delete(rows.id)]}),
                    (contract.write, {field: [Command.clear()]}),
                    (contract.write, {field: [Command.update(rows.id, NEW[name])]}),
                ]
                for function, argument in attempts:
                    with (
                        self.subTest(group=group, name=name, argument=argument),
                        self.assertRaises(AccessError),
                        self.cr.savepoint(),
                    ):
                        function(argument)
                with self.assertRaises(AccessError), self.cr.savepoint():
                    rows.unlink()

    def test_portal_users_reach_nothing(self):
        user = self._user("base.group_portal", partner_id=self.customer.id)
        contract = self.contract.with_user(user)
        self.assertTrue(contract.read(["name"]))  # their own contract
        for name, rows in self.rows.items():
            rows = rows.with_user(user)
            field = f"aftersales_{name}_ids"
            for function, args in (
                (contract.read, [[field]]),
                (contract.search, [[(f"{field}.sequence", ">", 0)]]),
                (contract.write, [{field: [Command.clear()]}]),
                (rows.read, [["sequence"]]),
                (rows.search, [[]]),
                (rows.write, [{"sequence": 1}]),
                (rows.create, [NEW[name] | {"contract_id": self.contract.id}]),
                (rows.unlink, []),
            ):
                with (
                    self.subTest(name=name, function=function, args=args),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    function(*args)
        with self.assertRaises(AccessError):
            contract.read(["aftersales_summary"])

    def test_rows_of_another_company_are_hidden(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        user = self._user(
            "erp_aftersales.group_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        for name, rows in self.rows.items():
            with self.subTest(name=name):
                rows = rows.with_user(user)
                self.assertFalse(rows.search([("id", "in", rows.ids)]))
                for function, args in (
                    (rows.read, [["sequence"]]),
                    (rows.write, [{"sequence": 1}]),
                    (rows.create, [NEW[name] | {"contract_id": self.contract.id}]),
                    (rows.unlink, []),
                ):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        function(*args)

    def test_a_manager_edits_own_terms_on_the_form(self):
        user = self._user("erp_aftersales.group_manager")
        contract = self.contract.with_user(user)
        with Form(contract) as form:
            with form.aftersales_rate_ids.new() as rate:
                rate.mode = "onsite"
                rate.price = 500
                rate.percent = 90
                self.assertEqual(rate.price, 0)
            with form.aftersales_coverage_ids.edit(0) as coverage:
                coverage.policy = "billable"
            with form.aftersales_allowance_ids.new() as allowance:
                allowance.name = "Replaced"
                allowance.quantity = 20
                allowance.replaces_id = self.plan.allowance_ids
        self.assertEqual(contract.aftersales_rate_ids.mapped("percent"), [0, 90])
        self.assertEqual(contract.aftersales_coverage_ids.policy, "billable")

    def test_the_page_is_editable_for_managers_only(self):
        view = self.env.ref("contract.contract_contract_customer_form_view")
        for group, editable in (
            ("group_user", False),
            ("group_billing", False),
            ("group_manager", True),
        ):
            user = self._user(f"erp_aftersales.{group}")
            contracts = self.env["contract.contract"].with_user(user)
            views = contracts.get_views([(view.id, "form")])["views"]
            for name in NEW:
                arch = views["form"]["arch"]
                start = arch.index(f'name="aftersales_{name}_ids"')
                node = arch[start : arch.index(">", arch.index("<list", start))]
                with self.subTest(group=group, name=name):
                    self.assertEqual('create="False"' not in node, editable)
                    self.assertEqual('edit="False"' not in node, editable)

    def test_everybody_inside_opens_the_price_list(self):
        for group in ("group_user", "group_billing", "group_manager"):
            user = self._user(f"erp_aftersales.{group}")
            contract = self.contract.with_user(user)
            action = contract.action_aftersales_price_list()
            rows = (
                self.env["aftersales.plan.rate"]
                .with_user(user)
                .with_context(action["context"])
                .search(action["domain"])
            )
            self.assertIn(self.rows["rate"], rows)
            names = ["layer", "price_words", "effective_start", "effective_end"]
            self.assertEqual(len(rows.read(names)), len(rows))
