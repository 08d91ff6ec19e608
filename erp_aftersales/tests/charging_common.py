# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import AftersalesCommon


class ChargingCommon(AftersalesCommon):
    """Contracts from September on, looked at on 10 October, really rated and billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time("2026-10-10 04:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.env["product.product"].search([]).taxes_id = False
        cls.manager = cls._user("manager")
        cls.support = cls._user("user")
        cls.billing = cls._user("billing")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.customer.id}
        )

    @classmethod
    def _user(cls, group):
        return new_test_user(cls.env, f"as_{group}", f"erp_aftersales.group_{group}")

    @classmethod
    def _contract_of(cls, name="Charging", partner=None, contract_vals=None, **rows):
        """A contract whose plan has these rows; 60 an hour unless rates are given."""
        rows.setdefault("rates", [{"price": 60}])
        rows.setdefault("default_service_id", cls.service_support.id)
        plan = cls._plan(name, **rows)
        return cls._contract(
            partner or cls.customer, plan, "2026-09-01", **(contract_vals or {})
        )

    @classmethod
    def _allowed(cls, at_end, hours=1, **contract_vals):
        """A contract with hours a month, and what happens at their end."""
        return cls._contract_of(
            f"Hours, then {at_end}",
            coverage=[{"policy": "allowance"}],
            allowances=[
                {
                    "name": "Monthly hours",
                    "quantity": hours,
                    "period": "month",
                    "at_end": at_end,
                }
            ],
            contract_vals=contract_vals,
        )

    def _ticket_of(self, contract, day="2026-09-02", **vals):
        vals.setdefault("received_at", f"{day} 02:00:00")
        return self._ticket(contract.partner_id, contract, **vals)

    def _kinds(self, record):
        """Kind and amount of the charges of a record, by key."""
        return [(c.kind, c.amount) for c in record.charge_ids.sorted("key")]

    def _bill(self, contract):
        """Invoice what is open now; the new documents."""
        known = contract.charge_ids.invoice_id
        contract.action_aftersales_invoice()
        return contract.charge_ids.invoice_id - known

    def _order(self, ticket, amount, **vals):
        """A quotation of one service for a ticket."""
        product = self.env["product.product"].create(
            {"name": "Estimate", "type": "service", "invoice_policy": "order"}
        )
        product.taxes_id = False
        vals.setdefault("partner_id", ticket.partner_id.id)
        vals.setdefault("ticket_ids", [Command.set(ticket.ids)])
        line = {"product_id": product.id, "price_unit": amount, "tax_ids": False}
        vals["order_line"] = [Command.create(line)]
        return self.env["sale.order"].create(vals)

    def _queries(self, work):
        """How many queries a piece of work costs, written to the database."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
