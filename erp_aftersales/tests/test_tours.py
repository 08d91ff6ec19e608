# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, new_test_user, tagged

from .billing_common import BillingCommon
from .common import ZONE


class ToursCase(BillingCommon, HttpCase):
    """A customer, an engineer with a login, and the people who look at screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._customer("Tour Customer")
        cls.support = cls._user("tour_support", "group_user")
        cls.billing = cls._user("tour_billing", "group_billing")
        cls.manager = cls._user("tour_manager", "group_manager")
        cls.engineer = cls._employee("Lin", cls.grade_senior, user_id=cls.support.id)

    @classmethod
    def _user(cls, login, group):
        return new_test_user(
            cls.env, login, f"erp_aftersales.{group}", name=login, tz=ZONE.key
        )

    def _tour(self, name, user):
        self.start_tour("/odoo", f"erp_aftersales_{name}", login=user.login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestDrillDown(ToursCase):
    """The accountant did none of the work, and finds it behind the invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract(cls.buyer, cls.fee_plan, "2026-09-01")
        ticket = cls._ticket(
            cls.buyer, cls.contract, name="Till is down", user_id=cls.support.id
        )
        cls._work(ticket, cls.engineer, "2026-09-15", 60, name="Looked at the till")
        cls._work(ticket, cls.engineer, "2026-09-16", 50, name="Repaired the till")

    def test_e4_accountant_walks_from_an_invoice_line_to_the_ticket(self):
        (fee,) = self._run("2026-09-01")
        invoice = self._run("2026-10-01")
        self.assertEqual(
            invoice.invoice_line_ids.mapped("price_subtotal"), [100.0, 120.0]
        )
        invoice.action_post()
        fee.unlink()
        self._tour("drill_down", self.billing)


@tagged("post_install", "-at_install")
class TestSalesperson(ToursCase):
    """Each does a part: plan and contract, the work, the bill."""

    def test_plan_becomes_contract_work_and_invoice_on_the_screens(self):
        self._tour("manager_sells_a_plan", self.manager)
        contract = self.buyer.contract_ids
        self.assertEqual(contract.aftersales_plan_id.name, "Tour plan")
        self.assertEqual(contract.aftersales_plan_id.state, "published")

        self._tour("support_logs_work", self.support)
        work = contract.charge_ids.timesheet_id
        self.assertEqual(work.employee_id, self.engineer)
        self.assertEqual(work.ticket_id.charge_amount, 90)

        self._tour("accountant_invoices", self.billing)
        invoice = contract._get_related_invoices()
        self.assertEqual(
            invoice.invoice_line_ids.mapped("price_subtotal"), [100.0, 90.0]
        )
        self.assertEqual(set(contract.charge_ids.mapped("state")), {"invoiced"})
