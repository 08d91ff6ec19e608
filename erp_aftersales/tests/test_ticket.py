# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestTicketFinds(DeskCommon):
    def test_ticket_takes_the_one_running_contract_of_its_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        ticket = self._ticket_in_september(contact)
        self.assertEqual(ticket.contract_id, self.contract)
        self.assertEqual(ticket.service_id, self.service_support)
        self.assertEqual(ticket.service_mode, "remote")

    def test_ticket_never_guesses_between_two_contracts(self):
        self._contract(self.customer, self.plan, "2026-09-01")
        ticket = self._ticket_in_september()
        self.assertFalse(ticket.contract_id)
        self.assertFalse(ticket.service_id)

    def test_r01_contract_is_the_one_running_on_the_day_in_the_companys_zone(self):
        self.contract.date_start = "2026-09-01"
        before = self._ticket(self.customer, received_at="2026-08-31 15:59:00")
        after = self._ticket(self.customer, received_at="2026-08-31 16:00:00")
        self.assertFalse(before.contract_id)
        self.assertEqual(after.contract_id, self.contract)

    def test_ticket_takes_no_ended_archived_foreign_or_plain_contract(self):
        customer = self._customer("Nobody")
        self._contract(customer, self.plan, "2026-01-01", "2026-08-31")
        archived = self._contract(customer, self.plan, "2026-01-01")
        archived.active = False
        self.env["contract.contract"].create(
            {"name": "Plain", "partner_id": customer.id, "date_start": "2026-01-01"}
        )
        self.assertFalse(self._ticket_in_september(customer).contract_id)
        company = self.env["res.company"].create({"name": "Second"})
        ticket = self._ticket_in_september(company_id=company.id)
        self.assertFalse(ticket.contract_id)

    def test_given_values_are_kept_also_empty_ones(self):
        ticket = self._ticket_in_september(
            contract_id=False, service_id=self.service_dev.id
        )
        self.assertFalse(ticket.contract_id)
        self.assertEqual(ticket.service_id, self.service_dev)

    def test_service_comes_from_the_category_before_the_plan(self):
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Change", "aftersales_service_id": self.service_dev.id}
        )
        ticket = self._ticket_in_september(category_id=category.id)
        self.assertEqual(ticket.service_id, self.service_dev)
        ticket = self._ticket(self._customer("Free"))
        self.assertFalse(ticket.service_id)
        ticket.category_id = category
        self.assertEqual(ticket.service_id, self.service_dev)

    def test_installation_is_the_contracts_or_the_customers_only_one(self):
        Installation = self.env["aftersales.installation"]
        first = Installation.create({"name": "A", "partner_id": self.customer.id})
        self.assertEqual(self._ticket_in_september().installation_id, first)
        second = Installation.create({"name": "B", "partner_id": self.customer.id})
        self.assertFalse(self._ticket_in_september().installation_id)
        self.contract.installation_ids = second
        self.assertEqual(self._ticket_in_september().installation_id, second)

    def test_customer_set_later_finds_the_contract_and_rates_its_work(self):
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "x", "description": "x", "received_at": "2026-09-02 01:00:00"}
        )
        self._work(ticket, self.senior, "2026-09-03", 60)
        self.assertFalse(self.rated)
        ticket.partner_id = self.customer
        self.assertEqual(ticket.contract_id, self.contract)
        self.assertEqual(ticket.service_id, self.service_support)
        self.assertEqual(self.rated, [(self.contract.ids, "2026-09-03")])

    def test_form_shows_contract_and_service_as_soon_as_the_customer_is_known(self):
        with (
            freeze_time("2026-09-02 01:00:00"),
            Form(self.env["helpdesk.ticket"]) as form,
        ):
            form.name = "x"
            form.description = "x"
            form.partner_id = self.customer
            self.assertEqual(form.contract_id, self.contract)
            self.assertEqual(form.service_id, self.service_support)
            form.partner_id = self.other_customer
            self.assertEqual(form.contract_id, self.other_contract)
        self.assertEqual(form.record.contract_id, self.other_contract)

    def test_project_is_given_or_the_teams_or_the_companys(self):
        company_project = self._ticket_in_september().project_id
        self.assertTrue(company_project.allow_timesheets)
        self.assertFalse(company_project.allow_billable)
        self.assertTrue(company_project.account_id.active)
        self.assertEqual(self._ticket_in_september().project_id, company_project)
        project = self.env["project.project"].create(
            {"name": "Team's", "allow_timesheets": True}
        )
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Team", "default_project_id": project.id}
        )
        ticket = self._ticket_in_september(team_id=team.id)
        self.assertEqual(ticket.project_id, project)
        project.allow_timesheets = False
        ticket = self._ticket_in_september(team_id=team.id)
        self.assertEqual(ticket.project_id, company_project)

    def test_l02_email_counts_from_its_own_date_but_never_from_the_future(self):
        Ticket = self.env["helpdesk.ticket"]
        message = {
            "subject": "Help",
            "body": "x",
            "from": "a@example.com",
            "to": "b@example.com",
            "author_id": self.customer.id,
            "date": "2026-09-05 03:04:05",
        }
        with freeze_time("2026-09-06 00:00:00"):
            ticket = Ticket.message_new(message)
            ahead = Ticket.message_new({**message, "date": "2026-09-07 00:00:00"})
        self.assertEqual(str(ticket.received_at), "2026-09-05 03:04:05")
        self.assertEqual(str(ahead.received_at), "2026-09-06 00:00:00")
        self.assertEqual(ticket.contract_id, self.contract)
        email = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email")
        self.assertEqual(ticket.channel_id, email)

    def test_ten_and_a_hundred_tickets_cost_the_same_queries(self):
        customers = [self._customer(f"Customer {n}") for n in range(100)]
        for customer in customers:
            self._contract(customer, self.plan, "2026-09-01")

        def create(number):
            self.env["helpdesk.ticket"].create(
                [
                    {
                        "name": "x",
                        "description": "x",
                        "partner_id": customer.id,
                        "received_at": "2026-09-02 01:00:00",
                    }
                    for customer in customers[:number]
                ]
            )

        def added(number):
            """Queries beyond the helpdesk's own, which has some a ticket."""
            ours = self._queries(lambda: create(number))
            finder = self.registry["aftersales.finder"]
            with patch.object(finder, "_found", lambda _f, known: [{} for _k in known]):
                return ours - self._queries(lambda: create(number))

        create(1)
        few, many = added(10), added(100)
        self.assertGreater(few, 0)
        self.assertEqual(few, many)


@tagged("post_install", "-at_install")
class TestTicketGuards(DeskCommon):
    def test_contract_of_another_customer_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to Other Customer"):
            self._ticket_in_september(contract_id=self.other_contract.id)
        ticket = self._ticket_in_september()
        with self.assertRaisesRegex(ValidationError, "belongs to Other Customer"):
            ticket.contract_id = self.other_contract

    def test_installation_of_another_customer_is_refused(self):
        installation = self.env["aftersales.installation"].create(
            {"name": "A", "partner_id": self.other_customer.id}
        )
        with self.assertRaisesRegex(ValidationError, "belongs to Other Customer"):
            self._ticket_in_september(installation_id=installation.id)

    def test_contract_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Second"})
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            self._ticket_in_september(
                company_id=company.id, contract_id=self.contract.id
            )

    def test_r16_contract_and_customer_of_invoiced_work_stay(self):
        ticket = self._ticket_in_september()
        line = self._work(ticket, self.senior, "2026-09-03", 60)
        self._freeze(self._charge(line))
        second = self._contract(self.customer, self.plan, "2026-09-01")
        for vals in (
            {"contract_id": second.id},
            {"contract_id": False},
            {"partner_id": self.other_customer.id, "contract_id": False},
        ):
            with self.assertRaisesRegex(UserError, "DESK/2026/0001"):
                ticket.write(vals)
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        ticket.write({"partner_id": contact.id, "contract_id": self.contract.id})
        self.assertEqual(ticket.partner_id, contact)

    def test_r16_ticket_with_invoiced_work_is_archived_but_never_deleted(self):
        ticket = self._ticket_in_september()
        line = self._work(ticket, self.senior, "2026-09-03", 60)
        charge = self._charge(line)
        self._freeze(charge)
        with self.assertRaisesRegex(UserError, "DESK/2026/0001"):
            ticket.unlink()
        ticket.active = False
        self.assertEqual(charge.state, "invoiced")

    def test_ticket_with_timesheets_is_not_deleted_without_it_is(self):
        ticket = self._ticket_in_september()
        line = self._work(ticket, self.senior, "2026-09-03", 60)
        charge = self._charge(line)
        with self.assertRaisesRegex(UserError, "has timesheets"):
            ticket.unlink()
        line.unlink()
        self.assertFalse(charge.exists())
        ticket.unlink()
        self.assertFalse(ticket.exists())

    def test_contract_given_later_must_fit_the_work_that_is_there(self):
        ticket = self._ticket_in_september(contract_id=False)
        self._work(ticket, self.senior, "2026-08-15", 60)
        with self.assertRaisesRegex(ValidationError, "before contract"):
            ticket.contract_id = self.contract


@tagged("post_install", "-at_install")
class TestTicketRates(DeskCommon):
    def setUp(self):
        super().setUp()
        self.tickets = self._ticket_in_september() | self._ticket_in_september()
        self._work(self.tickets[0], self.senior, "2026-09-07", 60)
        self._work(self.tickets[1], self.senior, "2026-09-05", 60)
        self.env.flush_all()
        self.rated.clear()

    def test_change_of_contract_rates_old_and_new_once_from_the_first_work(self):
        second = self._contract(self.customer, self.plan, "2026-09-01")
        self.rated.clear()
        self.tickets.contract_id = second
        both = sorted((self.contract | second).ids)
        self.assertEqual(self.rated, [(both, "2026-09-05")])

    def test_change_of_what_prices_the_work_rates_anew(self):
        cancelled = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        installation = self.env["aftersales.installation"].create(
            {"name": "A", "partner_id": self.customer.id}
        )
        for vals in (
            {"service_id": self.service_dev.id},
            {"service_mode": "onsite"},
            {"installation_id": installation.id},
            {"stage_id": cancelled.id},
            {"active": False},
            {"duplicate_id": self._ticket_in_september().id},
        ):
            self.rated.clear()
            self.tickets.write(dict(vals))
            self.assertEqual(self.rated, [(self.contract.ids, "2026-09-05")], vals)
            self.rated.clear()
            self.tickets.write(dict(vals))
            self.assertEqual(self.rated, [], f"{vals} again")

    def test_what_does_not_price_the_work_rates_nothing(self):
        awaiting = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_awaiting")
        self.tickets.write({"name": "y", "priority": "3"})
        self.tickets.write({"stage_id": awaiting.id})
        self.assertEqual(self.rated, [])

    def test_r11_stage_that_follows_from_the_team_rates_too(self):
        Stage = self.env["helpdesk.ticket.stage"]
        team = self.env["helpdesk.ticket.team"].create({"name": "Team"})
        Stage.create(
            {
                "name": "Not charged",
                "sequence": -1,
                "team_ids": team.ids,
                "aftersales_not_charged": True,
            }
        )
        other = self.env["helpdesk.ticket.team"].create({"name": "Other"})
        own = Stage.create({"name": "Own", "team_ids": other.ids})
        self.tickets.write({"team_id": other.id, "stage_id": own.id})
        self.rated.clear()
        self.tickets.team_id = team
        self.assertEqual(self.rated, [(self.contract.ids, "2026-09-05")])

    def test_stage_that_turns_its_flag_rates_its_tickets(self):
        stage = self.tickets.stage_id
        stage.ensure_one().aftersales_not_charged = True
        self.assertEqual(self.rated, [(self.contract.ids, "2026-09-05")])
        stage.aftersales_not_charged = True
        stage.aftersales_pauses = True
        self.assertEqual(len(self.rated), 1)

    def test_bulk_work_may_leave_rating_for_later(self):
        tickets = self.tickets._aftersales_rated_later()
        tickets.service_mode = "onsite"
        self.assertEqual(self.rated, [])

    def test_stage_flags_are_preset_on_the_helpdesks_own_stages(self):
        flags = {
            name: self.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")
            for name in ("new", "in_progress", "awaiting", "done", "cancelled")
        }
        flags["rejected"] = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_rejected")
        pausing = [name for name, s in flags.items() if s.aftersales_pauses]
        free = [name for name, s in flags.items() if s.aftersales_not_charged]
        self.assertEqual(pausing, ["awaiting"])
        self.assertEqual(free, ["cancelled", "rejected"])

    def test_ticket_counts_hours_charges_and_invoices(self):
        lines = self.tickets[0].timesheet_ids
        lines |= self._work(self.tickets[0], self.junior, "2026-09-08", 30)
        charges = self._charge(lines[0]) | self._charge(lines[1], amount=50.0)
        invoice = self._freeze(charges[0])
        ticket = self.tickets[0]
        self.assertEqual(ticket.hours_worked, 1.5)
        self.assertEqual(ticket.charge_count, 2)
        self.assertEqual(ticket.charge_amount, 150.0)
        self.assertEqual(ticket.invoice_count, 1)
        action = ticket.action_view_aftersales_invoices()
        found = self.env["account.move"].search(action["domain"])
        self.assertEqual(found, invoice)
        action = ticket.action_view_aftersales_charges()
        found = self.env["aftersales.charge"].search(action["domain"])
        self.assertEqual(found, charges)
        self.assertEqual(lines[0].charge_kinds, "Billable")
        self.assertEqual(lines[0].charge_amount, 100.0)
