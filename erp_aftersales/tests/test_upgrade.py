# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .charging_common import ChargingCommon


class UpgradeCommon(ChargingCommon):
    """Release 2.0 is installed; the contract runs for two years."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old, cls.patch, cls.new, cls.next = cls.env["aftersales.release"].create(
            [
                {"name": name, "kind": kind, "date": day}
                for name, kind, day in (
                    ("2.0", "major", "2001-01-01"),
                    ("2.0.1", "patch", "2001-02-01"),
                    ("3.0", "major", "2001-03-01"),
                    ("3.0.1", "patch", "2001-04-01"),
                )
            ]
        )
        cls.plan = cls._plan(
            "Upgrades",
            upgrades=[
                {
                    "kind": "major",
                    "policy": "limited",
                    "quantity": 1,
                    "period": "year",
                    "price": 5000,
                    "function_price": 100,
                },
                {"kind": "patch"},
            ],
        )
        cls.installation = cls._place("Main system", functions=12)
        cls.contract = cls._contract(
            cls.customer,
            cls.plan,
            "2026-09-01",
            "2028-08-31",
            installation_ids=[Command.set(cls.installation.ids)],
        )
        cls.seller = new_test_user(
            cls.env,
            "a3_seller",
            "erp_aftersales.group_user,sales_team.group_sale_salesman",
        )

    @classmethod
    def _place(cls, name, functions=0):
        metrics = [("custom_functions", "2026-01-01", functions)]
        return cls._installation(
            cls.customer, name=name, metrics=metrics, release_id=cls.old.id
        )

    @classmethod
    def _upgrade(cls, release=None, user=None, **vals):
        upgrades = cls.env["aftersales.upgrade"]
        return upgrades.with_user(user or cls.env.user).create(
            {
                "contract_id": cls.contract.id,
                "release_id": (release or cls.new).id,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestUpgradeCost(UpgradeCommon):
    """What an upgrade costs is said before work starts (A3)."""

    def test_a3_an_included_upgrade_still_moves_custom_functions(self):
        upgrade = self._upgrade()
        self.assertEqual(upgrade.kind, "major")
        self.assertEqual(upgrade.amount, 1200)  # 12 x 100
        self.assertIn(
            "Major upgrade: 0 of 1 included ones are used.", upgrade.cost_text
        )
        self.assertIn("12 x 100.00 = 1,200.00", upgrade.cost_text)

    def test_a3_beyond_the_included_ones_the_price_is_asked(self):
        bare = self._place("Bare")
        first, second = (self._upgrade(installation_id=bare.id) for _each in "ab")
        self.assertEqual((first.amount, second.amount), (0, 0))
        first.action_agree()
        second.invalidate_recordset(["amount", "cost_text"])
        self.assertTrue(first.takes_included)
        self.assertEqual((first.amount, second.amount), (0, 5000))
        self.assertIn("all 1 included ones are used", second.cost_text)
        first.action_cancel()
        second.invalidate_recordset(["amount"])
        self.assertEqual(second.amount, 0)

    def test_a3_of_two_that_are_agreed_together_one_is_included(self):
        bare = self._place("Bare")
        both = self._upgrade(installation_id=bare.id)
        both |= self._upgrade(installation_id=bare.id)
        with self.assertRaisesRegex(ValidationError, "is not free"):
            both.action_agree()

    def test_a3_the_included_ones_begin_anew_after_a_year(self):
        bare = self._place("Bare")
        self._upgrade(installation_id=bare.id).action_agree()
        for day, amount in (("2027-08-31", 5000), ("2027-09-01", 0)):
            later = self._upgrade(installation_id=bare.id, requested_on=day)
            self.assertEqual(later.amount, amount, day)

    def test_a3_the_included_ones_begin_anew_with_a_renewal(self):
        rule = {"kind": "major", "policy": "limited", "quantity": 1, "price": 5000}
        plan = self._plan("A term", upgrades=[rule])
        contract = self._contract(self.customer, plan, "2026-09-01", "2026-12-31")
        vals = {"contract_id": contract.id, "installation_id": self.installation.id}
        self._upgrade(**vals).action_agree()
        contract.action_aftersales_renew(date(2027, 12, 31))
        for day, amount in (("2026-12-31", 5000), ("2027-01-01", 0)):
            later = self._upgrade(requested_on=day, **vals)
            self.assertEqual(later.amount, amount, day)

    def test_a3_a_step_over_a_major_release_is_a_major_upgrade(self):
        self.assertEqual(self._upgrade(self.next).kind, "major")
        patch = self._upgrade(self.patch)
        self.assertEqual((patch.kind, patch.amount), ("patch", 0))
        self.assertIn("included in the plan. It costs nothing.", patch.cost_text)

    def test_a3_without_a_rule_nobody_can_tell(self):
        upgrade = self._upgrade(kind="minor")
        self.assertFalse(upgrade.is_priced)
        self.assertIn("has to be quoted", upgrade.cost_text)
        with self.assertRaisesRegex(ValidationError, "is not free"):
            upgrade.action_agree()
        with self.assertRaisesRegex(ValidationError, "nothing to quote"):
            upgrade.action_quote()

    def test_a3_functions_that_nobody_counted_are_named(self):
        upgrade = self._upgrade(installation_id=self._installation(self.customer).id)
        self.assertFalse(upgrade.is_priced)
        self.assertIn("nobody has counted those", upgrade.cost_text)

    def test_a3_outside_the_contract_there_is_no_rule(self):
        for day in ("2026-08-31", "2028-09-01"):
            self.assertFalse(self._upgrade(requested_on=day).is_priced, day)

    def test_a3_costs_ask_as_much_for_many(self):
        upgrades = self._upgrade()
        for _each in range(10):
            upgrades |= self._upgrade()

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("cost_text")
            return self.env.cr.sql_log_count - before

        count(upgrades)
        self.assertEqual(count(upgrades[:2]), count(upgrades))


@tagged("post_install", "-at_install")
class TestUpgradeStates(UpgradeCommon):
    """From the request to the new release (D4)."""

    def test_d4_support_asks_and_a_manager_agrees(self):
        bare = self._place("Bare")
        with Form(self.env["aftersales.upgrade"].with_user(self.support)) as form:
            form.contract_id = self.contract
            self.assertEqual(form.installation_id, self.installation)
            form.installation_id = bare
            form.release_id = self.new
            self.assertEqual(form.kind, "major")
            self.assertIn("0 of 1", form.cost_text)
        upgrade = form.record
        self.assertEqual(upgrade.requested_by_id, self.support.partner_id)
        with self.assertRaisesRegex(AccessError, "Only managers"):
            upgrade.with_user(self.support).action_agree()
        upgrade.with_user(self.manager).action_agree()
        upgrade.with_user(self.support).action_start()
        upgrade.with_user(self.support).action_done()
        self.assertEqual(upgrade.state, "done")
        self.assertEqual(bare.release_id, self.new)
        self.assertEqual(str(upgrade.date_done), "2026-10-10")

    def test_d4_what_costs_is_quoted_and_follows_its_order(self):
        upgrade = self._upgrade(user=self.seller)
        upgrade.action_quote()
        order = upgrade.sale_order_id
        self.assertEqual(upgrade.state, "quoted")
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.aftersales_contract_id, self.contract)
        self.assertEqual(order.amount_untaxed, 1200)
        self.assertIn("12 x 100.00", order.order_line.name)
        order.action_confirm()
        self.assertEqual((upgrade.state, upgrade.agreed_amount), ("agreed", 1200))
        self.assertEqual(order._create_invoices().amount_untaxed, 1200)

    def test_d4_the_price_on_the_order_is_the_one_agreed_on(self):
        upgrade = self._upgrade(user=self.seller)
        upgrade.action_quote()
        upgrade.sale_order_id.order_line.price_unit = 1000
        upgrade.sale_order_id.action_confirm()
        self.assertEqual(upgrade.amount, 1000)
        self.assertIn("Agreed on: ", upgrade.cost_text)

    def test_d4_a_cancelled_order_brings_the_request_back(self):
        upgrade = self._upgrade(user=self.seller)
        upgrade.action_quote()
        first = upgrade.sale_order_id
        first.action_confirm()
        with self.assertRaisesRegex(ValidationError, "Cancel the order first"):
            upgrade.action_cancel()
        first._action_cancel()
        self.assertEqual((upgrade.state, upgrade.agreed_amount), ("requested", 0))
        self.assertFalse(upgrade.takes_included)
        upgrade.action_quote()
        self.assertNotEqual(upgrade.sale_order_id, first)
        upgrade.action_cancel()
        upgrade.action_reopen()
        self.assertEqual(upgrade.state, "requested")

    def test_d4_an_ordinary_quotation_prices_what_has_no_rule(self):
        upgrade = self._upgrade(kind="minor")
        upgrade.sale_order_id = self._confirmed(self.customer)
        self.assertEqual((upgrade.state, upgrade.amount), ("agreed", 4200))

    def _confirmed(self, partner):
        """An order written by hand."""
        product = self.env.ref("erp_aftersales.product_upgrade")
        line = {"product_id": product.id, "price_unit": 4200}
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [Command.create(line)]}
        )
        order.action_confirm()
        return order

    def test_d4_an_order_of_somebody_else_prices_nothing(self):
        order = self._confirmed(self._customer("Other"))
        with self.assertRaisesRegex(ValidationError, "of the contract's customer"):
            self._upgrade().sale_order_id = order

    def test_d4_support_agrees_to_nothing_by_linking_an_order(self):
        order = self._confirmed(self.customer)
        upgrade = self._upgrade()
        with self.assertRaises(AccessError):
            upgrade.with_user(self.support).sale_order_id = order.id
        with self.assertRaises(AccessError):
            self._upgrade(user=self.support, sale_order_id=order.id)

    def test_d4_an_order_is_the_price_of_one_upgrade(self):
        order = self._confirmed(self.customer)
        self._upgrade(sale_order_id=order.id)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._upgrade(sale_order_id=order.id)

    def test_d4_a_deleted_quotation_brings_the_request_back(self):
        upgrade = self._upgrade(user=self.seller)
        upgrade.action_quote()
        upgrade.sale_order_id.sudo().unlink()
        self.assertEqual((upgrade.state, upgrade.agreed_amount), ("requested", 0))

    def test_d4_what_is_agreed_on_is_neither_deleted_nor_unlinked(self):
        upgrade = self._upgrade(sale_order_id=self._confirmed(self.customer).id)
        for function in (upgrade.unlink, lambda: upgrade.write({"sale_order_id": 0})):
            with self.assertRaisesRegex(ValidationError, "does not change any more"):
                function()
        self._upgrade().unlink()

    def test_d4_the_service_manager_is_asked_until_it_is_decided(self):
        self.contract.service_manager_id = self.manager
        bare = self._place("Bare")
        upgrade = self._upgrade(user=self.support, installation_id=bare.id)
        self.assertEqual(upgrade.activity_ids.user_id, self.manager)
        upgrade.with_user(self.manager).action_agree()
        self.assertFalse(upgrade.activity_ids)

    def test_d4_an_agreement_stands_whatever_is_counted_later(self):
        upgrade = self._upgrade(user=self.seller)
        upgrade.action_quote()
        self.installation.metric_ids.value = 99
        self.assertEqual(upgrade.amount, 1200)
        for name, value in (("release_id", self.next.id), ("kind", "patch")):
            with self.assertRaisesRegex(ValidationError, "does not change any more"):
                upgrade.write({name: value})
        with self.assertRaisesRegex(ValidationError, "follows from its plan"):
            upgrade.sudo().write({"agreed_amount": 1})

    def test_d4_states_are_not_jumped(self):
        upgrade = self._upgrade()
        for state in ("in_progress", "done", "quoted"):
            with self.assertRaises(ValidationError):
                upgrade.sudo().write({"state": state})
        for vals in ({"state": "agreed"}, {"agreed_amount": 1}):
            with self.assertRaisesRegex(ValidationError, "begins as requested"):
                self._upgrade(**vals)

    def test_d4_a_column_of_the_kanban_makes_requests_only(self):
        upgrades = self.env["aftersales.upgrade"].with_context(default_state="agreed")
        self.assertEqual(upgrades.default_get(["state"])["state"], "requested")
        upgrade = upgrades.create(
            {"contract_id": self.contract.id, "release_id": self.new.id}
        )
        self.assertEqual(upgrade.state, "requested")

    def test_d4_a_release_that_is_not_newer_is_refused(self):
        self.installation.release_id = self.new
        for release in (self.new, self.old):
            with self.assertRaisesRegex(ValidationError, "is not newer"):
                self._upgrade(release)

    def test_d4_an_installation_of_somebody_else_is_refused(self):
        other = self._installation(self._customer("Other"))
        with self.assertRaisesRegex(ValidationError, "of the same customer"):
            self._upgrade(installation_id=other.id)

    def test_d4_buttons_lead_there_and_back(self):
        upgrade = self._upgrade(user=self.seller)
        upgrade.action_quote()
        for record, method, count in (
            (
                self.contract,
                "action_open_aftersales_upgrades",
                "aftersales_upgrade_count",
            ),
            (self.installation, "action_open_upgrades", "upgrade_count"),
            (self.new, "action_open_upgrades", "upgrade_count"),
            (upgrade.sale_order_id, "action_open_aftersales_upgrades", None),
        ):
            action = getattr(record.with_user(self.seller), method)()
            found = self.env["aftersales.upgrade"].search(action["domain"])
            self.assertEqual(found, upgrade, record._name)
            if count:
                self.assertEqual(record[count], 1)
        place = self.installation.action_open_upgrades()
        self.assertEqual(place["context"]["default_contract_id"], self.contract.id)
        self.assertEqual(self.old.installation_count, 1)
        self.assertEqual(
            self.env["aftersales.installation"].search(
                self.old.action_open_installations()["domain"]
            ),
            self.installation,
        )
