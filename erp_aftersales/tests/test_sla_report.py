# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .desk_common import DeskCommon

DONE = "helpdesk_mgmt.helpdesk_ticket_stage_done"


@freeze_time("2026-10-20 08:00:00")
class SlaReportCommon(DeskCommon):
    """Five tickets of two customers, with what became of their promises.

    ====== ======== ========= =================== ============
    ticket priority month     response            resolution
    ====== ======== ========= =================== ============
    kept   3        September met                 150 min late
    slow   3        September 25 min late         runs
    silent 1        October   owed for 90 minutes at risk
    quick  1        October   met                 met
    plain  1        October   no target           no target
    ====== ======== ========= =================== ============
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.east, cls.west = cls.env["helpdesk.ticket.team"].create(
            [{"name": "East"}, {"name": "West"}]
        )
        mine, theirs = cls.contract, cls.other_contract
        cls.kept = cls._promised(
            mine, "3", "2026-09-02", cls.east, met="10:00", met_late="11:30"
        )
        cls.slow = cls._promised(
            mine, "3", "2026-09-03", cls.west, met_late="09:25", running=None
        )
        cls.silent = cls._promised(
            theirs, "1", "2026-10-20", cls.west, breached=None, at_risk=None
        )
        cls.silent.response_deadline = "2026-10-20 06:30:00"
        cls.quick = cls._promised(
            theirs, "1", "2026-10-12", cls.east, met="08:30", met_again="08:45"
        )
        cls.plain = cls._ticket(cls.customer, cls.contract)
        cls.tickets = cls.kept | cls.slow | cls.silent | cls.quick | cls.plain
        cls.env.flush_all()

    @classmethod
    def _promised(cls, contract, priority, day, team, **states):
        """A ticket with two targets, each due at 09:00, as state=reached."""
        ticket = cls._ticket(
            contract.partner_id,
            contract,
            priority=priority,
            received_at=f"{day} 01:00:00",
            team_id=team.id,
            user_id=False,
        )
        answered, solved = (at and f"{day} {at}:40" for at in states.values())
        vals = {"responded_at": answered}
        if solved:
            vals |= {"resolved_at": solved, "stage_id": cls.env.ref(DONE).id}
        ticket.write(vals)
        cls._decide(ticket, day, *states)
        return ticket

    @classmethod
    def _decide(cls, ticket, day, response, resolution):
        """Write what became of the promises; the clock has tests of its own."""
        ticket.write(
            {
                "response_state": response,
                "response_deadline": f"{day} 09:00:00",
                "resolution_state": resolution.removesuffix("_again"),
                "resolution_deadline": f"{day} 09:00:00",
            }
        )

    def _report(self, user=None):
        report = self.env["aftersales.sla.report"]
        return report.with_user(user) if user else report

    def _rows(self, *domain, user=None):
        domain = [("ticket_id", "in", self.tickets.ids), *domain]
        return self._report(user).search(domain)

    def _percent(self, *groupby):
        """Percentage met by the groups' values."""
        groups = self._report()._read_group(
            [("ticket_id", "in", self.tickets.ids)], groupby, ["met:avg"]
        )
        return {tuple(key): met and round(met, 2) for *key, met in groups}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 08:00:00")
class TestSlaReport(SlaReportCommon):
    """Percentages met, as counted by hand (D2, G1)."""

    def test_d2_a_row_a_ticket_and_target(self):
        self.assertEqual(
            sorted((row.ticket_id.id, row.target, row.state) for row in self._rows()),
            sorted(
                [
                    (self.kept.id, "response", "met"),
                    (self.kept.id, "resolution", "met_late"),
                    (self.slow.id, "response", "met_late"),
                    (self.slow.id, "resolution", "running"),
                    (self.silent.id, "response", "breached"),
                    (self.silent.id, "resolution", "at_risk"),
                    (self.quick.id, "response", "met"),
                    (self.quick.id, "resolution", "met"),
                ]
            ),
        )

    def test_d2_percentage_met_by_priority_team_customer_and_month(self):
        # of six decided targets three are met; the two that run count nowhere
        self.assertEqual(self._percent(), {(): 50.0})
        # priority 3: one of three; priority 1: two of three
        by_priority = {("3",): 33.33, ("1",): 66.67}
        self.assertEqual(self._percent("priority"), by_priority)
        # East: three of four; West: none of two
        self.assertEqual(
            self._percent("team_id"), {(self.east,): 75.0, (self.west,): 0.0}
        )
        self.assertEqual(
            self._percent("partner_id"),
            {(self.customer,): 33.33, (self.other_customer,): 66.67},
        )
        by_month = {
            (month.month, target): met
            for (month, target), met in self._percent(
                "received_at:month", "target"
            ).items()
        }
        self.assertEqual(
            by_month,
            {
                (9, "response"): 50.0,
                (9, "resolution"): 0.0,
                (10, "response"): 50.0,
                (10, "resolution"): 100.0,
            },
        )

    def test_d2_a_group_of_undecided_targets_has_no_percentage(self):
        open_ = [("state", "in", ("running", "at_risk"))]
        rows = self._rows(*open_)
        self.assertEqual(len(rows), 2)
        groups = self._report()._read_group(
            [("id", "in", rows.ids)], [], ["met:avg", "missed:sum", "minutes_late:avg"]
        )
        self.assertEqual(groups, [(False, 0, False)])

    def test_l1_minutes_late_are_whole_and_grow_while_it_is_owed(self):
        def late():
            rows = self._rows(("missed", "=", 1))
            return {(row.ticket_id, row.target): row.minutes_late for row in rows}

        expected = {
            (self.kept, "resolution"): 150,
            (self.slow, "response"): 25,
            (self.silent, "response"): 90,
        }
        self.assertEqual(late(), expected)
        with freeze_time("2026-10-20 08:10:00"):
            self.env.invalidate_all()
            self.assertEqual(late(), {**expected, (self.silent, "response"): 100})

    def test_l6_the_plan_is_the_one_that_promised(self):
        new_plan = self._plan("New")
        self.env["aftersales.contract.term"].create(
            {
                "contract_id": self.contract.id,
                "plan_id": new_plan.id,
                "date_start": "2026-10-01",
            }
        )
        closed = {"stage_id": self.env.ref(DONE).id}
        # Before and after midnight of the change in Shanghai, one evening in UTC.
        for ticket, solved_at in {
            self.kept: "2026-09-30 15:59:00",
            self.slow: "2026-09-30 16:00:00",
        }.items():
            ticket.write({**closed, "resolved_at": solved_at})
            self._decide(ticket, "2026-10-09", "met", "met")
        running = self._promised(
            self.contract, "3", "2026-09-03", self.west, met="08:00", running=None
        )
        rows = self._report().search(
            [("ticket_id", "in", (self.kept | self.slow | running).ids)]
        )
        self.assertEqual(
            {row.ticket_id: row.plan_id for row in rows},
            {self.kept: self.plan, self.slow: new_plan, running: new_plan},
        )

    def test_d2_archived_tickets_do_not_count(self):
        self.slow.active = False
        self._decide(self.slow, "2026-09-03", "met_late", "met")
        self.assertFalse(self._rows(("ticket_id", "=", self.slow.id)))
        archived = self._rows(("active", "=", False))
        self.assertEqual(archived.ticket_id, self.slow)

    def test_d2_contract_and_plan_say_how_many_targets_were_met(self):
        contracts = self.contract | self.other_contract
        self.assertEqual(contracts.mapped("aftersales_sla_count"), [3, 3])
        self.assertEqual(
            [round(contract.aftersales_sla_met, 1) for contract in contracts],
            [33.3, 66.7],
        )
        self.assertEqual(self.plan.aftersales_sla_count, 6)
        self.assertEqual(self.plan.aftersales_sla_met, 50.0)
        for record, tickets in (
            (self.contract, self.kept | self.slow),
            (self.plan, self.tickets - self.plain),
        ):
            action = record.action_aftersales_sla()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(rows.ticket_id, tickets)

    def test_d2_where_nothing_is_decided_no_button_stands(self):
        plan = self._plan("Fresh")
        contract = self._contract(self._customer("Fresh"), plan, "2026-09-01")
        self._promised(
            contract, "1", "2026-10-20", self.east, running=None, paused=None
        )
        self.assertEqual(contract.aftersales_sla_count, 0)
        self.assertEqual(plan.aftersales_sla_met, 0.0)
        with Form(contract) as form:
            self.assertEqual(form.aftersales_sla_count, 0)

    def test_d2_a_row_opens_its_ticket(self):
        row = self._rows(("ticket_id", "=", self.kept.id))[0]
        action = row.action_open_ticket()
        self.assertEqual(action["res_model"], "helpdesk.ticket")
        self.assertEqual(action["res_id"], self.kept.id)

    def test_d2_many_contracts_ask_as_much_as_few(self):
        contracts = self.contract | self.other_contract
        for number in range(8):
            contract = self._contract(
                self._customer(f"C{number}"), self.plan, "2026-09-01"
            )
            self._promised(
                contract, "1", "2026-10-12", self.east, met="08:00", met_again="08:30"
            )
            contracts |= contract

        def count(records):
            return self._queries(lambda: records.mapped("aftersales_sla_met"))

        count(contracts)
        self.assertEqual(count(contracts[:2]), count(contracts))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 08:00:00")
class TestSlaReportRights(SlaReportCommon):
    """Who sees a ticket sees what became of its promises, and nobody else does."""

    def _user(self, login, *groups):
        return new_test_user(self.env, login, ",".join(groups))

    def _seen(self, user):
        self.env.flush_all()
        return self._rows(user=user).sudo().ticket_id

    def test_d2_support_sees_own_tickets_and_those_it_may_take(self):
        user = self._user("sla_support", "erp_aftersales.group_user")
        self.assertFalse(self._seen(user))
        self.kept.user_id = user
        self.assertEqual(self._seen(user), self.kept)
        self.west.user_ids = [Command.link(user.id)]
        self.assertEqual(self._seen(user), self.kept | self.slow | self.silent)
        self.quick.message_subscribe(user.partner_id.ids)
        self.assertEqual(self._seen(user), self.tickets - self.plain)

    def test_d2_every_role_sees_the_promises_of_the_tickets_it_sees(self):
        team, user = "group_helpdesk_user_team", "group_helpdesk_user"
        somebody = self._user("sla_somebody", "erp_aftersales.group_user")
        self.east.user_ids = [Command.link(somebody.id)]
        self.kept.user_id = self.slow.user_id = somebody
        for login, groups in {
            "sla_own": [],
            "sla_team": [f"helpdesk_mgmt.{team}"],
            "sla_all": [f"helpdesk_mgmt.{user}"],
            "sla_billing": ["erp_aftersales.group_billing"],
            "sla_manager": ["erp_aftersales.group_manager"],
        }.items():
            reader = self._user(login, "erp_aftersales.group_user", *groups)
            self.west.user_ids = [Command.link(reader.id)]
            tickets = self.tickets - self.plain
            visible = tickets.with_user(reader)._filtered_access("read").sudo()
            self.assertEqual(set(self._seen(reader)), set(visible), login)

    def test_d2_the_percentage_is_that_of_the_tickets_seen(self):
        user = self._user("sla_half", "erp_aftersales.group_user")
        self.kept.user_id = user
        self.env.flush_all()
        contract = self.contract.with_user(user)
        self.assertEqual(contract.aftersales_sla_count, 2)
        self.assertEqual(contract.aftersales_sla_met, 50.0)

    def test_d2_nobody_else_reads_it(self):
        for login, group in {
            "sla_desk": "helpdesk_mgmt.group_helpdesk_manager",
            "sla_portal": "base.group_portal",
        }.items():
            user = self._user(login, group)
            with self.subTest(group), self.assertRaises(AccessError):
                self._report(user).search([])

    def test_d2_another_company_s_promises_stay_there(self):
        abroad = self.env["res.company"].create({"name": "Abroad"})
        user = self._user("sla_local", "erp_aftersales.group_manager")
        user.company_ids |= abroad
        customer = self._customer("Abroad")
        ticket = self._ticket(customer, company_id=abroad.id)
        ticket.response_state = "met"
        self.env.flush_all()
        report = self._report(user).with_context(allowed_company_ids=self.company.ids)
        own = [("ticket_id", "=", ticket.id)]
        self.assertFalse(report.search(own))
        both = report.with_context(
            allowed_company_ids=[self.company.id, abroad.id]
        ).search(own)
        self.assertEqual(both.company_id, abroad)
        self.assertEqual(both.met, 100.0)
