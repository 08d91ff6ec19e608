# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Command
from odoo.tests import tagged

from .why_common import WhyCommon


@tagged("post_install", "-at_install")
class TestWhyFees(WhyCommon):
    """Fees and credits try no rows: their calculation is shown (R20, R23, R24)."""

    def _fee_contract(self, *fees, partner=None, **vals):
        return self._contract_of(fees=fees, partner=partner, contract_vals=vals)

    def test_r24_a_fee_shows_what_was_counted_where_and_since_when(self):
        installation = self._installation(
            self.customer, "Main", metrics=[("users", "2026-08-15", 20)]
        )
        contract = self._fee_contract(
            {
                "name": "User fee",
                "basis": "users",
                "price": 10,
                "discount": 25,
                "minimum_fee": 155,
            },
            installation_ids=installation.ids,
        )
        self._bill(contract)
        charge = self._charge(contract, "fee")
        lines = charge._aftersales_why()
        self.assertEqual(
            [(line["row"], line["text"]) for line in lines],
            [
                (installation.display_name, "20 Users since 08/15/2026"),
                ("", "20 Users x 10.00 = 200.00"),
                ("", "less 25 % = 150.00"),
                ("", "at least 155.00"),
                ("", "Amount: 155.00"),
            ],
        )
        installation.metric_ids.value = 30
        self.assertEqual(
            [line["text"] for line in charge._aftersales_why()],
            [line["text"] for line in lines[1:]],
        )

    def test_r24_a_part_of_a_period_and_a_percent(self):
        installation = self._installation(
            self.customer, metrics=[("licence_value", "2026-08-15", 36500)]
        )
        contract = self._fee_contract(
            {
                "name": "Yearly",
                "basis": "licence_value",
                "percent": 20,
                "recurring_rule_type": "yearly",
            },
            installation_ids=installation.ids,
            date_end="2026-09-30",
        )
        self._bill(contract)
        self.assertEqual(
            self._texts(self._charge(contract, "fee"))[1:],
            [
                "20 % of 36,500.00 = 7,300.00",
                "for 30 of 365 days = 600.00",
                "Amount: 600.00",
            ],
        )

    def test_r24_a_fee_without_metric_says_what_to_type_where(self):
        fee = {"name": "User fee", "basis": "users", "price": 10}
        for installations, text in (
            (self.env["aftersales.installation"], "has no installation whose 'Users'"),
            (self._installation(self.customer, "Main"), "on one of: .*Main"),
        ):
            contract = self._fee_contract(fee, installation_ids=installations.ids)
            self._bill(contract)
            self.assertRegex(self._texts(self._charge(contract, "unrated"))[-1], text)

    def test_r24_a_credit_shows_the_fees_it_is_taken_of(self):
        contract = self._contract_of(
            fees=[{"name": "Base", "price": 1000, "basis": "fixed"}],
            sla=[
                {
                    "priority": "1",
                    "response_hours": 1,
                    "resolution_hours": 8,
                    "credit_percent": 5,
                }
            ],
        )
        self._bill(contract)
        ticket = self._ticket_of(contract, priority="1")
        ticket.write(
            {"response_deadline": "2026-09-02 03:00:00", "response_state": "breached"}
        )
        contract.action_aftersales_rate()
        lines = self._charge(contract, "credit")._aftersales_why()
        self.assertEqual(
            [(line["row"], line["text"]) for line in lines],
            [
                (
                    "Base",
                    "1,000.00 from 09/01/2026 on, of which 30 days of the month: "
                    "1,000.00",
                ),
                ("", "5 % of 1,000.00 = -50.00"),
                ("", "Amount: -50.00"),
            ],
        )

    def test_r24_a_true_up_says_its_numbers(self):
        contract = self._fee_contract({"name": "Base", "price": 100})
        self._bill(contract)
        fee = self._charge(contract, "fee")
        true_up = fee.copy(
            {
                "key": f"{fee.key}.2",
                "kind": "true_up",
                "invoice_line_id": False,
                "quantity": 2,
                "price_unit": 7,
                "amount": 14,
                "reason_args": {"basis": "users", "value": "2"},
            }
        )
        self.assertEqual(
            self._texts(true_up), ["2 Users x 7.00 = 14.00", "Amount: 14.00"]
        )


@tagged("post_install", "-at_install")
class TestWhyFrozen(WhyCommon):
    """What is invoiced says why it cost that then (R16, R17, R24)."""

    def setUp(self):
        super().setUp()
        self.contract = self._contract_of(coverage=[{"policy": "billable"}])
        self.ticket = self._ticket_of(self.contract)
        self.line = self._work(self.ticket, self.senior, "2026-09-03", 60)
        self.invoice = self._bill(self.contract)

    def test_r24_a_row_typed_later_did_not_decide(self):
        self.contract.aftersales_rate_ids = [Command.create({"price": 10})]
        charge = self._charge(self.contract)
        self.assertEqual(self._verdicts(charge, "rate"), ["newer", "applied"])
        self.assertIn("1 h x 60.00 an hour = 60.00", self._texts(charge))

    def test_r24_an_own_row_that_was_changed_tells_its_old_price(self):
        contract = self._contract_of(
            coverage=[{"policy": "billable"}],
            contract_vals={"aftersales_rate_ids": [Command.create({"price": 40})]},
        )
        self._work(self._ticket_of(contract), self.senior, "2026-09-03", 60)
        self._bill(contract)
        contract.aftersales_rate_ids.price = 45
        found = self._texts(self._charge(contract), "rate")
        self.assertRegex(found[0], "^Gave the price of 40.00; it was changed")

    def test_r24_an_adjustment_names_what_it_takes_back(self):
        self.line.with_user(self.manager).action_aftersales_correct(
            {"unit_amount": 1.5, "employee_id": self.junior.id}
        )
        old, back, new = (
            self._charge(self.contract, key=f"w{self.line.id}{suffix}")
            for suffix in (".1", ".1/back", "/1.1")
        )
        (taken,) = self._why(back, "before")
        self.assertEqual(
            taken, ("taken_back", f"Taken back; it is on {self.invoice.display_name}.")
        )
        self.assertEqual(back._aftersales_why()[0]["row"], old.reason)
        self.assertEqual(self._why(back)[1:], self._why(old))
        (before,) = self._why(new, "before")
        self.assertEqual(
            before, ("corrected", f"Corrected; it is on {self.invoice.display_name}.")
        )
        self.assertIn("1 h 30 min x 60.00 an hour = 90.00", self._texts(new))

    def test_r24_an_incident_taken_back_names_its_invoice(self):
        contract = self._contract_of(
            coverage=[{"policy": "incident"}],
            rates=[{"price": 500, "unit": "incident"}],
        )
        first, second = self._ticket_of(contract), self._ticket_of(contract)
        contract.action_aftersales_rate()
        invoice = self._bill(contract)
        self.env["helpdesk.ticket.merge"].with_context(active_ids=first.ids).create(
            {
                "ticket_ids": [Command.set(first.ids)],
                "dst_ticket_id": second.id,
                "create_new_ticket": False,
            }
        ).merge_tickets()
        back = self._charge(contract, "adjustment")
        self.assertEqual(back.ticket_id, first)
        self.assertEqual(
            self._texts(back, "before"),
            [f"Taken back; it is on {invoice.display_name}."],
        )
        self.assertEqual(self._verdicts(back, "rate"), ["applied"])
