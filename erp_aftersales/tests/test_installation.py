# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestInstallation(AftersalesCommon):
    def test_metric_is_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "cannot be below 0"):
            self._installation(self.customer, metrics=[("users", "2026-01-01", -1)])
        self._installation(self.customer, metrics=[("users", "2026-01-01", 0)])

    def test_metric_has_one_value_a_day(self):
        rows = [("users", "2026-01-01", 5), ("users", "2026-01-01", 6)]
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._installation(self.customer, metrics=rows)
        self._installation(
            self.customer,
            metrics=[
                ("users", "2026-01-01", 5),
                ("users", "2026-02-01", 6),
                ("sites", "2026-01-01", 5),
            ],
        )

    def test_metrics_are_the_bases_of_fees_but_fixed(self):
        bases = self.env["aftersales.plan.fee"]._fields["basis"].get_values(self.env)
        metrics = self.env["aftersales.installation.metric"]._fields["metric"]
        self.assertEqual(["fixed", *metrics.get_values(self.env)], bases)

    def test_customer_opens_the_installations_of_its_company(self):
        installation = self._installation(self.customer)
        contact = self._customer("Anna", is_company=False, parent_id=self.customer.id)
        other = self._installation(self._customer("Other"))
        self.assertEqual(self.customer.aftersales_installation_count, 1)
        self.assertEqual(contact.aftersales_installation_count, 1)
        action = contact.action_open_aftersales_installations()
        found = self.env["aftersales.installation"].search(action["domain"])
        self.assertEqual(found, installation)
        self.assertNotIn(other, found)
        self.assertEqual(installation.display_name, "Customer, Main system")

    def test_installation_opens_its_contracts(self):
        installation = self._installation(self.customer)
        self.assertEqual(installation.contract_count, 0)
        contract = self._contract(
            self.customer,
            self._plan("Plan"),
            "2026-09-01",
            installation_ids=installation.ids,
        )
        installation.invalidate_recordset()
        self.assertEqual(installation.contract_count, 1)
        action = installation.action_open_contracts()
        self.assertEqual(
            self.env["contract.contract"].search(action["domain"]), contract
        )

    def test_installation_is_made_in_its_form(self):
        with Form(self.env["aftersales.installation"]) as form:
            form.partner_id = self.customer
            with form.metric_ids.new() as metric:
                metric.metric = "users"
                metric.value = 35
        self.assertEqual(form.record.metric_ids.value, 35)
        self.assertEqual(form.record.company_id, self.company)
