# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .billing_common import BillingCommon


class GrantCommon(BillingCommon):
    """Ten hours a month, and who may give more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ten = cls._hourly_plan(
            "Ten hours a month",
            coverage=[{"policy": "allowance"}],
            allowances=[cls._allowance()],
        )
        with freeze_time("2026-09-01 04:00:00"):
            cls.contract = cls._contract(cls.customer, cls.ten, "2026-09-01")
        cls.manager = new_test_user(
            cls.env, "grants_mgr", "erp_aftersales.group_manager", name="Wang"
        )

    @classmethod
    def _allowance(cls, **vals):
        return {"name": "Monthly hours", "quantity": 10, "period": "month", **vals}

    def _grant(self, **vals):
        return self.env["aftersales.grant"].create(
            {
                "contract_id": self.contract.id,
                "quantity": 5,
                "date_start": "2026-09-01",
                **vals,
            }
        )

    def _month(self, day):
        """The plan's grant of the month of a day."""
        return self.contract.grant_ids.filtered(
            lambda grant: grant.origin == "plan" and str(grant.date_start) == day
        )


@tagged("post_install", "-at_install")
class TestGrantsByHand(GrantCommon):
    """A manager gives more, says why, and the contract remembers (R7)."""

    def _history(self):
        return " ".join(self.contract.message_ids.mapped("body"))

    def test_r07_a_manager_gives_hours_with_a_reason(self):
        Grants = self.env["aftersales.grant"].with_user(self.manager)
        with Form(Grants.with_context(aftersales_by_hand=True)) as form:
            form.contract_id = self.contract
            form.quantity = 2.5
            form.date_start = "2026-09-01"
            form.reason = "Goodwill after the outage"
        grant = form.record
        self.assertEqual((grant.origin, grant.minutes), ("manual", 150))
        self.assertIn("Wang gave 2.50 h by hand: Goodwill", self._history())

    def test_r07_the_screen_asks_for_the_reason_and_code_need_not_give_one(self):
        asking = self.env["aftersales.grant"].with_context(aftersales_by_hand=True)
        values = {
            "contract_id": self.contract.id,
            "quantity": 1,
            "date_start": "2026-09-01",
        }
        with self.assertRaisesRegex(ValidationError, "enter a reason"):
            asking.create(values)
        self.assertTrue(self.env["aftersales.grant"].create(values))

    def test_r07_changes_and_deletion_are_remembered(self):
        grant = self._grant(reason="Trial").with_user(self.manager)
        grant.quantity = 3
        self.assertIn("changed a manual grant: 3 h, Trial", self._history())
        grant.unlink()
        self.assertIn("deleted a manual grant: 3 h, Trial", self._history())

    def test_r07_support_and_billing_give_nothing(self):
        for group in ("group_user", "group_billing"):
            user = new_test_user(self.env, group, f"erp_aftersales.{group}")
            with self.subTest(group), self.assertRaises(AccessError):
                self._grant_as(user)

    def _grant_as(self, user):
        self.env["aftersales.grant"].with_user(user).create(
            {
                "contract_id": self.contract.id,
                "quantity": 1,
                "date_start": "2026-09-01",
            }
        )

    def test_r07_a_grant_that_names_an_allowance_serves_its_services(self):
        plan = self._hourly_plan(
            "Support hours",
            coverage=[{"policy": "allowance"}],
            allowances=[
                self._allowance(service_ids=self.service_support.ids, priority=3)
            ],
        )
        grant = self._grant(allowance_id=plan.allowance_ids.id)
        self.assertEqual(grant.service_ids, self.service_support)
        self.assertEqual((grant.origin, grant.priority), ("manual", 3))
        self.assertFalse(self._grant().service_ids)

    def test_r16_it_cannot_be_lowered_below_what_is_invoiced(self):
        grant = self._grant(priority=1)
        self._hours(self.contract, "2026-09-05", minutes=120)
        self._hours(self.contract, "2026-09-06", minutes=60 * 20)
        self.assertEqual(grant.used, 5)
        self._run("2026-10-01")
        for values in ({"quantity": 4}, {"unit": "incident"}):
            with (
                self.assertRaisesRegex(ValidationError, "Invoiced work has used 5 h"),
                self.env.cr.savepoint(),
            ):
                grant.write(values)
        grant.quantity = 6

    def test_r07_a_lowered_grant_gives_open_work_back(self):
        grant = self._grant(priority=1)
        self._hours(self.contract, "2026-09-05", minutes=120)
        grant.quantity = 1
        self.assertEqual((grant.used, grant.remaining), (1, 0))
        self.assertEqual(self._month("2026-09-01").used, 1)


@tagged("post_install", "-at_install")
class TestGrantFigures(GrantCommon):
    """Lists sort, group and sum what is left, counted when asked."""

    def _count(self, state):
        return self.env["aftersales.grant"].search(
            [("contract_id", "=", self.contract.id), ("state", "=", state)]
        )

    def test_r07_the_state_says_where_a_grant_stands_today(self):
        with freeze_time("2026-09-20 04:00:00"):
            full = self._grant(quantity=1, priority=1)
            self._hours(self.contract, "2026-09-05", minutes=60)
            month = self._month("2026-09-01")
            later = self._grant(date_start="2026-12-01")
            over = self._grant(date_start="2026-08-01", date_end="2026-08-31")
            for state, grant in (
                ("used_up", full),
                ("open", month),
                ("future", later),
                ("expired", over),
            ):
                with self.subTest(state):
                    self.assertEqual(grant.state, state)
                    self.assertEqual(self._count(state), grant)
            self.assertEqual(
                self.env["aftersales.grant"]._read_group(
                    [("contract_id", "=", self.contract.id)], ["state"], ["__count"]
                ),
                [("expired", 1), ("future", 1), ("open", 1), ("used_up", 1)],
            )

    def test_r07_the_state_changes_with_the_day_in_the_companys_zone(self):
        over = self._grant(date_end="2026-09-10")
        with freeze_time("2026-09-10 15:59:00"):
            over.invalidate_recordset()
            self.assertEqual(over.state, "open")
            self.assertIn(over, self._count("open"))
        with freeze_time("2026-09-10 16:00:00"):  # the 11th in Shanghai
            over.invalidate_recordset()
            self.assertEqual(over.state, "expired")
            self.assertIn(over, self._count("expired"))

    def test_r07_lists_sum_and_sort_what_is_left(self):
        grant = self._grant(quantity=1, priority=1)
        self._hours(self.contract, "2026-09-05", minutes=90)
        domain = [("contract_id", "=", self.contract.id)]
        Grants = self.env["aftersales.grant"]
        [(used, left)] = Grants._read_group(domain, [], ["used:sum", "remaining:sum"])
        grants = Grants.search(domain)
        self.assertEqual(used, 1.5)
        self.assertEqual(left, sum(grants.mapped("remaining")))
        self.assertEqual(Grants.search(domain, order="remaining", limit=1), grant)
        described = Grants.fields_get(["used", "remaining", "state"])
        self.assertEqual(described["remaining"]["aggregator"], "sum")
        self.assertTrue(described["remaining"]["sortable"])
        self.assertTrue(described["state"]["groupable"])

    def test_r07_incidents_are_counted(self):
        grant = self._grant(unit="incident", quantity=3)
        self.assertEqual(grant.minutes, 0)
        self.env["aftersales.charge"].sudo().create(
            {
                "contract_id": self.contract.id,
                "kind": "incident",
                "date": "2026-09-05",
                "quantity": 1,
                "unit": "incident",
                "amount": 0,
                "currency_id": self.contract.currency_id.id,
                "key": "t1.1",
                "grant_id": grant.id,
            }
        )
        grant.invalidate_recordset()
        self.assertEqual((grant.used, grant.remaining), (1, 2))
        [(used, left)] = self.env["aftersales.grant"]._read_group(
            [("id", "=", grant.id)], [], ["used:sum", "remaining:sum"]
        )
        self.assertEqual((used, left), (1, 2))

    def test_r08_a_rollover_names_the_period_it_comes_from(self):
        month = self._month("2026-09-01")
        rollover = self._grant_as_superuser(
            allowance_id=month.allowance_id.id,
            origin="rollover",
            date_start="2026-10-01",
            date_end="2026-10-31",
        )
        self.assertEqual(rollover.source_id, month)
        self.assertIn("Monthly hours, passed on from 09/01/2026", rollover.source)
        self.assertFalse(month.source_id)

    def _grant_as_superuser(self, **vals):
        return self._grant(**vals).sudo()

    def test_r07_many_grants_are_read_with_as_many_queries_as_few(self):
        names = ["used", "remaining", "state", "source", "display_name"]
        queries = []
        for count in (5, 40):
            grants = self.env["aftersales.grant"].browse()
            for _index in range(count):
                grants |= self._grant(reason="x")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            grants.read(names)
            queries.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*queries)


@tagged("post_install", "-at_install")
class TestPeriodsOpenOnce(GrantCommon):
    """The cron or the button opens a period, and only once (R8)."""

    def test_r08_the_cron_opens_the_period_that_has_begun(self):
        self.assertFalse(self._month("2026-10-01"))
        with freeze_time("2026-10-01 04:00:00"):
            self.env["contract.contract"]._cron_aftersales_rate()
            october = self._month("2026-10-01")
            self.assertEqual(october.quantity, 10)
            self.assertEqual(october.date_end, date(2026, 10, 31))

    def test_r08_a_period_is_never_opened_twice(self):
        with freeze_time("2026-10-01 04:00:00"):
            self.env["contract.contract"]._cron_aftersales_rate()
            grants = self.contract.grant_ids
            self.env["contract.contract"]._cron_aftersales_rate()
            self.contract.action_aftersales_rate()
            self._hours(self.contract, "2026-10-05")
            self.contract.invalidate_recordset()
            self.assertEqual(self.contract.grant_ids, grants)
            self.assertEqual(len(grants), 2)

    def test_r08_the_database_refuses_a_second_grant_of_a_period(self):
        month = self._month("2026-09-01").sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            month.copy()
            self.env.flush_all()
