# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user

from .invoice_common import InvoiceCase


class TestInvoiceDrilldown(InvoiceCase):
    def setUp(self):
        super().setUp()
        sentences = patch.object(
            type(self.env["aftersales.wording"]),
            "_sentences",
            lambda model, charges: {c.id: f"Because {c.key}" for c in charges},
        )
        self.startPatcher(sentences)

    @classmethod
    def _work(cls):
        """Return a timesheet and the ticket it is for."""
        employee = cls.env["hr.employee"].create({"name": "Chen"})
        project = cls.env["project.project"].create({"name": "Support"})
        ticket = cls.env["helpdesk.ticket"].create(
            {"name": "Till is down", "description": "Till", "project_id": project.id}
        )
        timesheet = cls.env["account.analytic.line"].create(
            {
                "name": "Restarted",
                "employee_id": employee.id,
                "project_id": project.id,
                "unit_amount": 1,
                "date": "2026-09-03",
            }
        )
        return ticket, timesheet

    def test_e4_line_opens_its_charges_then_timesheet_then_ticket(self):
        ticket, timesheet = self._work()
        charge = self._charge(80, ticket_id=ticket.id, timesheet_id=timesheet.id)
        invoice = self._bill([charge])
        invoice.action_post()
        action = invoice.invoice_line_ids.action_aftersales_charges()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, charge)
        self.assertEqual(charge.action_open_timesheet()["res_id"], timesheet.id)
        self.assertEqual(charge.action_open_ticket()["res_id"], ticket.id)
        self.assertEqual(charge.action_open_contract()["res_id"], self.contract.id)
        self.assertEqual(charge.action_open_invoice()["res_id"], invoice.id)

    def test_e4_invoice_counts_and_opens_what_is_behind_it(self):
        ticket, timesheet = self._work()
        work = {"ticket_id": ticket.id, "timesheet_id": timesheet.id}
        charges = self._charge(80, **work) | self._charge(20, **work)
        invoice = self._bill([charges[0], charges[1], self._charge(7)])
        self.assertEqual(invoice.aftersales_charge_count, 3)
        self.assertEqual(invoice.aftersales_timesheet_count, 1)
        self.assertEqual(invoice.aftersales_ticket_count, 1)
        self.assertEqual(invoice.aftersales_contract_count, 1)
        self.assertEqual(
            invoice.invoice_line_ids.mapped("aftersales_charge_count"), [1, 1, 1]
        )
        self.assertEqual(
            invoice.action_aftersales_timesheets()["domain"],
            [("id", "in", timesheet.ids)],
        )
        self.assertEqual(invoice.action_aftersales_tickets()["res_id"], ticket.id)
        self.assertEqual(
            invoice.action_aftersales_contracts()["res_id"], self.contract.id
        )
        domain = invoice.action_aftersales_charges()["domain"]
        self.assertEqual(self.env["aftersales.charge"].search_count(domain), 3)

    def test_e4_invoice_without_work_shows_no_counts(self):
        copy = self.invoice.copy()
        self.assertFalse(copy.aftersales_charge_count)
        self.assertFalse(copy.invoice_line_ids[0].aftersales_charge_count)

    def test_e4_counts_follow_the_charges(self):
        self.assertEqual(self.invoice.aftersales_charge_count, 3)
        self.invoice.button_cancel()
        self.assertEqual(self.invoice.aftersales_charge_count, 0)

    def test_document_is_plain_json_with_decimal_strings(self):
        self.contract.partner_id = self.customer
        self.invoice.action_post()
        document = json.loads(json.dumps(self.invoice._aftersales_document()))
        self.assertEqual(document["problems"], [])
        (invoice,) = document["invoices"]
        self.assertEqual(invoice["contract"], "Retail 2026")
        self.assertEqual(invoice["customer"], "Lanhai Retail")
        self.assertEqual(invoice["invoice_date"], "2026-10-01")
        self.assertEqual(invoice["currency"], self.currency.name)
        self.assertEqual(invoice["untaxed"], "2450.00")
        self.assertEqual(invoice["tax"], "0.00")
        self.assertEqual(invoice["total"], "2450.00")
        keys = self.charges[:2].mapped("key")
        self.assertEqual(
            invoice["lines"][0],
            {
                "name": "Remote support 1",
                "period_start": "2026-09-01",
                "period_end": "2026-09-30",
                "quantity": "1",
                "unit": self.invoice.invoice_line_ids[0].product_uom_id.name,
                "price_unit": "1250.00",
                "subtotal": "1250.00",
                "rules": [f"Because {key}" for key in keys],
            },
        )

    def test_document_has_no_float_noise(self):
        line = self.invoice.invoice_line_ids[0]
        line.write({"quantity": 2.5, "price_unit": 0.1 + 0.2})
        data = self.invoice._aftersales_document()["invoices"][0]["lines"][0]
        self.assertEqual((data["quantity"], data["price_unit"]), ("2.5", "0.30"))
        line.write({"quantity": 10, "price_unit": 301.3371})
        data = self.invoice._aftersales_document()["invoices"][0]["lines"][0]
        self.assertEqual((data["quantity"], data["price_unit"]), ("10", "301.3371"))

    def test_document_shows_credit_notes_negative(self):
        refund = self._bill([self._charge(-320)], move_type="out_refund")
        (data,) = refund._aftersales_document()["invoices"]
        self.assertEqual(data["total"], "-320.00")
        self.assertEqual(data["untaxed"], "-320.00")
        self.assertEqual(data["tax"], "0.00")
        self.assertEqual(data["lines"][0]["subtotal"], "-320.00")
        self.assertEqual(data["lines"][0]["price_unit"], "-320.00")

    def test_document_tells_a_rule_once_and_skips_notes(self):
        one = self._bill([self.env["aftersales.charge"].concat(self._charge(1))])
        one.write(
            {
                "invoice_line_ids": [
                    Command.create({"display_type": "line_note", "name": "Thank you"})
                ]
            }
        )
        with patch.object(
            type(self.env["aftersales.wording"]),
            "_sentences",
            lambda model, charges: dict.fromkeys(charges.ids, "Remote x 800.00"),
        ):
            self.env.invalidate_all()
            self._charge(0)._aftersales_link(one.invoice_line_ids[0])
            (data,) = one._aftersales_document()["invoices"]
        self.assertEqual(len(data["lines"]), 1)
        self.assertEqual(data["lines"][0]["rules"], ["Remote x 800.00"])

    def test_document_costs_the_same_queries_for_2_and_12_invoices(self):
        moves = self.invoice
        for _number in range(11):
            moves |= self._bill([self._charge(5) | self._charge(6), self._charge(7)])
        self.env.flush_all()
        counts = []
        for batch in (moves[:2], moves):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._aftersales_document()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_counts_cost_the_same_queries_for_1_and_5_invoices(self):
        moves = self.invoice
        for _number in range(4):
            moves |= self._bill([self._charge(5), self._charge(7)])
        self.env.flush_all()
        counts = []
        for batch in (moves[:1], moves):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.mapped("aftersales_charge_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


class TestGrant(InvoiceCase):
    @classmethod
    def _grant(cls, **vals):
        return cls.env["aftersales.grant"].create(
            {
                "contract_id": cls.contract.id,
                "quantity": 10,
                "date_start": "2026-09-01",
                "date_end": "2026-09-30",
                "origin": "plan",
                **vals,
            }
        )

    def test_r07_used_and_remaining_follow_the_charges(self):
        grant = self._grant(quantity=10.25)
        self.assertEqual(grant.minutes, 615)
        self.assertEqual((grant.used, grant.remaining), (0, 10.25))
        work = {"kind": "allowance", "grant_id": grant.id}
        self._charge(0, minutes_taken=90, **work)
        self._charge(0, minutes_taken=37.5, **work)
        self.assertEqual(grant.minutes_used, 127.5)
        self.assertEqual(grant.minutes_remaining, 487.5)
        self.assertEqual((grant.used, grant.remaining), (2.125, 8.125))
        self.assertEqual(grant.used_percent, 20.7)

    def test_r11_incidents_are_counted(self):
        grant = self._grant(unit="incident", quantity=3)
        self._charge(0, kind="incident", unit="incident", grant_id=grant.id)
        self.assertEqual((grant.used, grant.remaining), (1, 2))
        self.assertEqual((grant.minutes, grant.minutes_used), (0, 0))

    def test_used_costs_the_same_queries_for_2_and_12_grants(self):
        grants = self.env["aftersales.grant"].concat(
            *(self._grant() for _n in range(12))
        )
        for grant in grants:
            self._charge(0, grant_id=grant.id, minutes_taken=5)
        self.env.flush_all()
        counts = []
        for batch in (grants[:2], grants):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(batch.mapped("minutes_used")), {5})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_grant_needs_a_quantity_and_days_in_order(self):
        with self.assertRefused(ValidationError, "above zero"):
            self._grant(origin="manual", quantity=0)
        with self.assertRefused(ValidationError, "above zero"):
            self._grant(quantity=-1)
        with self.assertRefused(ValidationError, "ends before it begins"):
            self._grant(date_end="2026-08-31")
        self.assertEqual(self._grant(quantity=0).remaining, 0)

    def test_manual_grant_rates_its_contract(self):
        grant = self._grant(origin="manual")
        self.assertEqual(self.rated, [self.contract.ids])
        charge = self._charge(0, grant_id=grant.id, minutes_taken=60)
        grant.quantity = 12
        grant.unlink()
        self.assertFalse(charge.grant_id)
        self.assertEqual(len(self.rated), 3)

    def test_plan_grant_written_by_code_rates_nothing(self):
        self._grant().quantity = 11
        self.assertFalse(self.rated)

    def test_r16_grant_that_pays_for_invoiced_work_is_not_deleted(self):
        grant = self._grant(origin="manual")
        charge = self._charge(0, grant_id=grant.id, minutes_taken=60)
        invoice = self._bill([charge])
        invoice.action_post()
        with self.assertRefused(UserError, invoice.name):
            grant.unlink()

    def test_only_a_manager_grants_by_hand_and_only_manual_ones(self):
        manager = new_test_user(
            self.env, "grant-manager", "erp_aftersales.group_manager"
        )
        billing = new_test_user(
            self.env, "grant-billing", "erp_aftersales.group_billing"
        )
        plan = self._grant()
        vals = {
            "contract_id": self.contract.id,
            "quantity": 2,
            "date_start": "2026-09-01",
        }
        Grant = self.env["aftersales.grant"]
        self.assertEqual(Grant.with_user(manager).create(vals).origin, "manual")
        with self.assertRefused(UserError, "create a manual grant"):
            Grant.with_user(manager).create({**vals, "origin": "purchase"})
        with self.assertRefused(UserError, "create a manual grant"):
            plan.with_user(manager).quantity = 99
        with self.assertRefused(UserError, "create a manual grant"):
            plan.with_user(manager).unlink()
        with self.assertRaises(AccessError):
            Grant.with_user(billing).create(vals)
