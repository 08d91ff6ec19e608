# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.tests import tagged

from .charging_common import ChargingCommon


@tagged("post_install", "-at_install")
class TestIncidents(ChargingCommon):
    """Support is charged by the incident, development by the hour (R11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of(
            "Incidents",
            coverage=[
                {"policy": "billable"},
                {"policy": "incident", "service_id": cls.service_support.id},
            ],
            rates=[{"price": 60}, {"price": 500, "unit": "incident"}],
        )
        cls.stage = cls.env["helpdesk.ticket.stage"].create({"name": "Ours"})
        cls.plain = cls._contract_of(
            "Plain", cls._customer("Plain"), coverage=[{"policy": "billable"}]
        )

    def _charged(self, ticket):
        return [(c.kind, c.amount, str(c.date)) for c in ticket.charge_ids]

    def test_r11_ticket_without_work_is_charged_on_the_day_it_came_in(self):
        ticket = self._ticket_of(self.contract, received_at="2026-09-02 17:00:00")
        self.assertEqual(self._charged(ticket), [("incident", 500, "2026-09-03")])

    def test_r11_whatever_decides_an_incident_charges_and_uncharges_it(self):
        ticket = self._ticket_of(self.contract)
        other = self._ticket_of(self.contract)
        mine = self.contract
        fault = self._service("Fault", is_vendor_fault=True)
        for off, on in (
            ({"service_id": self.service_dev.id}, {"service_id": ticket.service_id.id}),
            ({"service_id": fault.id}, {"service_id": ticket.service_id.id}),
            ({"duplicate_id": other.id}, {"duplicate_id": False}),
            (
                {"aftersales_merged_into_id": other.id},
                {"aftersales_merged_into_id": False},
            ),
            ({"contract_id": False}, {"contract_id": mine.id}),
        ):
            ticket.write(off)
            self.assertFalse(ticket.charge_ids, off)
            ticket.write(on)
            self.assertEqual(self._kinds(ticket), [("incident", 500)], on)

    def test_r11_received_at_moves_the_incident_both_ways(self):
        ticket = self._ticket_of(self.contract, "2026-09-20")
        for day in ("2026-10-03", "2026-09-05"):
            ticket.received_at = f"{day} 02:00:00"
            self.assertEqual(self._charged(ticket), [("incident", 500, day)])

    def test_r11_flag_on_the_stage_reaches_tickets_without_work(self):
        ticket = self._ticket_of(self.contract, stage_id=self.stage.id)
        self.assertEqual(self._kinds(ticket), [("incident", 500)])
        self.stage.aftersales_not_charged = True
        self.assertFalse(ticket.charge_ids)
        self.stage.aftersales_not_charged = False
        self.assertEqual(self._kinds(ticket), [("incident", 500)])
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        self.assertFalse(ticket.charge_ids)

    def test_r11_work_of_the_incident_is_part_of_it(self):
        ticket = self._ticket_of(self.contract)
        self._work(ticket, self.senior, "2026-09-03", 60)
        self._work(
            ticket, self.senior, "2026-09-04", 30, service_id=self.service_dev.id
        )
        kinds = sorted(self._kinds(ticket))
        self.assertEqual(kinds, [("billable", 30), ("incident", 500), ("included", 0)])

    def test_r11_invoiced_incident_that_becomes_none_is_taken_back(self):
        ticket = self._ticket_of(self.contract)
        self.assertEqual(self._bill(self.contract).amount_untaxed, 500)
        ticket.duplicate_id = self._ticket_of(self.contract)
        self.assertIn(("adjustment", -500), self._kinds(ticket))
        ticket.duplicate_id = False
        self.assertEqual(self._kinds(ticket), [("incident", 500)])

    def test_r11_deleted_ticket_takes_its_open_incident_along(self):
        ticket = self._ticket_of(self.contract)
        ticket.unlink()
        self.assertFalse(self.contract.charge_ids)

    def test_plain_tickets_are_not_rated_and_cost_few_queries(self):
        rating = self.registry["aftersales.rating"]
        with patch.object(rating, "_rate") as rated:
            ticket = self._ticket_of(self.plain)
            ticket.write({"service_id": self.service_dev.id, "priority": "2"})
        rated.assert_not_called()

        def create(number):
            vals = {"name": "x", "description": "x", "contract_id": self.plain.id}
            vals["partner_id"] = self.plain.partner_id.id
            self.env["helpdesk.ticket"].create([dict(vals) for _n in range(number)])

        create(1)
        few, many = self._queries(lambda: create(2)), self._queries(lambda: create(6))
        # The helpdesk itself asks for a number and followers, ticket by ticket.
        per_ticket = (many - few) / 4
        vals = {"name": "x", "description": "x", "contract_id": False}
        bare = self._queries(
            lambda: self.env["helpdesk.ticket"].create([dict(vals) for _n in range(2)])
        )
        bare_many = self._queries(
            lambda: self.env["helpdesk.ticket"].create([dict(vals) for _n in range(6)])
        )
        self.assertLessEqual(per_ticket, (bare_many - bare) / 4 + 1)

    def test_r11_many_tickets_are_rated_in_one_run(self):
        tickets = self.env["helpdesk.ticket"].browse()
        for day in (2, 5, 9):
            tickets |= self._ticket_of(self.contract, f"2026-09-0{day}")
        rating = self.registry["aftersales.rating"]
        with patch.object(rating, "_rate") as rated:
            tickets.write({"service_id": self.service_dev.id})
        self.assertEqual(rated.call_count, 1)
        self.assertEqual(str(rated.call_args.kwargs["since"]), "2026-09-02")


@tagged("post_install", "-at_install")
class TestSlaCredits(ChargingCommon):
    """A missed promise pays, whoever writes the state (R23)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of(
            "With promises",
            coverage=[{"policy": "billable"}],
            fees=[{"name": "Fee", "basis": "fixed", "price": 310}],
            sla=[
                {
                    "priority": "1",
                    "response_hours": 4,
                    "resolution_hours": 8,
                    "credit_percent": 10,
                }
            ],
        )

    def test_r23_missed_target_pays_and_is_taken_back_when_met(self):
        self.env["contract.contract"].cron_recurring_create_invoice()
        ticket = self._ticket_of(self.contract, priority="1", response_state="running")
        ticket.write(
            {
                "response_state": "breached",
                "response_deadline": "2026-09-02 06:00:00",
            }
        )
        self.assertEqual(self._kinds(ticket), [("credit", -31)])
        ticket.response_state = "met"
        self.assertFalse(ticket.charge_ids)
        ticket.response_state = "met_late"
        self.assertEqual(self._kinds(ticket), [("credit", -31)])

    def test_r23_states_that_pay_nothing_rate_nothing(self):
        typed = {"response_state": "none"}  # by who makes the ticket, not by its clock
        tickets = self._ticket_of(self.contract, **typed)
        tickets |= self._ticket_of(self.contract, **typed)
        rating = self.registry["aftersales.rating"]
        with patch.object(rating, "_rate") as rated:
            for state in ("running", "paused", "at_risk", "met"):
                tickets.write({"response_state": state, "resolution_state": state})
            rated.assert_not_called()
            tickets.write({"resolution_state": "met_late"})
        self.assertEqual(rated.call_count, 1)
