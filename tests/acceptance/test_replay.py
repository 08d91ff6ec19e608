# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A year of real work under four plans: logged, rated, billed month by month.

The work is that of 445 real incidents (data/README.md). What it must cost is computed a
second time by ``naive_bill``, which shares nothing with the product.
"""

from collections import Counter
from datetime import UTC, timedelta
from decimal import Decimal
from fractions import Fraction
from time import perf_counter
from zoneinfo import ZoneInfo

import incidents as real
import pytest
from dateutil.relativedelta import relativedelta
from naive_bill import FIRST_DAY, HOLIDAYS, LAST_DAY, Bill

from odoo.tests import tagged

from odoo.addons.erp_aftersales.tests.common import AftersalesCommon

ZONE = ZoneInfo("Asia/Shanghai")
GROUPINGS = (False, "ticket", "entry")
PRICED = ("overage", "billable")
SHOWN = ("tickets", "timesheets", "rating again", "billing", "run of 2016-04-01")


@tagged("post_install", "-at_install")
class TestReplay(AftersalesCommon):
    """Everything is done once, in the class; each test reads one law off the result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seconds, cls.queries = {}, {}
        cls.incidents = real.read()
        cls.naive = Bill(cls.incidents)
        cls._sell()
        cls._hire()
        with cls._measured("tickets"):
            cls._open_tickets()
        with cls._measured("timesheets"):
            cls._log_work()
        with cls._measured("rating again"):
            cls.changed_by_rating_again = cls._rate_again()
        cls.invoices = cls.env["account.move"]
        cls.runs = {}
        with cls._measured("billing"):
            cls._bill_month_by_month()
        cls.charges = cls.env["aftersales.charge"].search(
            [("contract_id", "in", cls._contracts().ids)]
        )
        cls.work = cls.charges.filtered("timesheet_id")
        cls.lines = cls.invoices.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )

    # What is sold

    @classmethod
    def _sell(cls):
        """Four plans, the standard card, and a contract for each customer."""
        cls.grades = {
            "Junior": cls.grade_junior,
            "Senior": cls.grade_senior,
            "Architect": cls.grade_architect,
        }
        cls._standard_card()
        calendar = cls._office_hours()
        plans = {
            name: getattr(cls, f"_plan_{name}")(
                name=f"Replay: {name}",
                calendar_id=calendar.id,
                default_service_id=cls.service_support.id,
            )
            for name in real.PLANS
        }
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "is_company": True}
                for number in range(real.CUSTOMERS)
            ]
        )
        cls.contracts = {
            number: cls._contract(
                customer,
                plans[real.plan_of(number)],
                FIRST_DAY,
                LAST_DAY,
                invoice_grouping=GROUPINGS[number // len(plans) % len(GROUPINGS)],
            )
            for number, customer in enumerate(cls.customers)
        }

    @classmethod
    def _plan_included(cls, name, **vals):
        """Everything is included in a yearly fee."""
        fee = {"name": "Year", "price": 12000, "recurring_rule_type": "yearly"}
        return cls._plan(name, coverage=[{"policy": "included"}], fees=[fee], **vals)

    @classmethod
    def _plan_hours(cls, name, **vals):
        """Ten hours a month, then overage in steps of 30 minutes."""
        return cls._plan(
            name,
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "Ten hours", "quantity": 10, "period": "month"}],
            fees=[{"name": "Month", "price": 2000}],
            rates=cls._rates(300, 450.50, 699.99, increment=30),
            **vals,
        )

    @classmethod
    def _plan_hourly(cls, name, **vals):
        """By the hour: dearer after hours, a minimum, visits measured as a whole."""
        visit = {"mode": "onsite", "rounding_scope": "visit"}
        late = {"band": "after_hours"}
        return cls._plan(
            name,
            coverage=[{"policy": "billable", "discount": 3}],
            rates=[
                *cls._rates(600, 800, 1100, increment=10, minimum=20),
                *cls._rates(900.10, 1250.50, 1650, increment=30, minimum=30, **late),
                *cls._rates(850, 1200, 1777.77, increment=30, minimum=60, **visit),
            ],
            **vals,
        )

    @classmethod
    def _plan_excluded(cls, name, **vals):
        """Nothing is covered: the standard card, without the plan's discount."""
        coverage = [{"policy": "excluded", "discount": 50}]
        return cls._plan(name, coverage=coverage, **vals)

    @classmethod
    def _rates(cls, junior, senior, architect, **vals):
        prices = {"Junior": junior, "Senior": senior, "Architect": architect}
        return [
            {"grade_id": cls.grades[grade].id, "price": price, **vals}
            for grade, price in prices.items()
        ]

    @classmethod
    def _standard_card(cls):
        """The card of this company, which went up on 1 April."""
        card = cls.env["aftersales.plan.rate"]
        card.search([("layer", "=", "standard")]).date_end = FIRST_DAY - timedelta(
            days=1
        )
        card.create(
            [
                *cls._rates(666.66, 999.99, 1500, date_end="2016-03-31"),
                *cls._rates(700, 1050.05, 1580, date_start="2016-04-01"),
            ]
        )

    @classmethod
    def _office_hours(cls):
        calendar = cls._calendar()
        local = "00:00"
        cls.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Closed",
                    "calendar_id": calendar.id,
                    "company_id": calendar.company_id.id,
                    "date_from": cls._utc(str(day), local),
                    "date_to": cls._utc(str(day + timedelta(days=1)), local)
                    - timedelta(seconds=1),
                }
                for day in HOLIDAYS
            ]
        )
        return calendar

    # What happened

    @classmethod
    def _hire(cls):
        """An engineer for each updater, with a grade."""
        names = {u.updater for incident in cls.incidents for u in incident.updates}
        cls.engineers = dict(
            zip(
                sorted(names),
                cls.env["hr.employee"].create(
                    [
                        {
                            "name": name,
                            "date_version": "2015-01-01",
                            "aftersales_grade_id": cls.grades[real.grade_of(name)].id,
                        }
                        for name in sorted(names)
                    ]
                ),
                strict=True,
            )
        )

    @classmethod
    def _open_tickets(cls):
        """One ticket an incident; contract and service are found by themselves."""
        names = sorted({incident.caller for incident in cls.incidents})
        callers = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": cls.customers[real.customer_of(name)].id}
                for name in names
            ]
        )
        by_name = dict(zip(names, callers, strict=True))
        done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        phone = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        cls.tickets = cls.env["helpdesk.ticket"].create(
            [
                {
                    "name": incident.number,
                    "description": incident.category,
                    "partner_id": by_name[incident.caller].id,
                    "channel_id": phone.id,
                    "priority": incident.priority,
                    "service_mode": incident.mode,
                    "received_at": _utc(incident.opened_at),
                    "closed_date": _utc(incident.closed_at),
                    "stage_id": done.id,
                }
                for incident in cls.incidents
            ]
        )

    @classmethod
    def _log_work(cls):
        """A timesheet an update; rating follows by itself."""
        pairs = list(zip(cls.incidents, cls.tickets, strict=True))
        cls.timesheets = cls.env["account.analytic.line"].create(
            [
                {
                    "name": incident.number,
                    "ticket_id": ticket.id,
                    "employee_id": cls.engineers[update.updater].id,
                    "start_datetime": _utc(update.at),
                    "unit_amount": real.WORK_MINUTES / 60,
                }
                for incident, ticket in pairs
                for update in incident.updates
            ]
        )

    @classmethod
    def _rate_again(cls):
        """The contracts on which a second rating of the same facts changed anything."""
        counts = {c.id: c.aftersales_rating_count for c in cls._contracts()}
        cls._contracts().action_aftersales_rate()
        return cls._contracts().filtered(
            lambda contract: contract.aftersales_rating_count != counts[contract.id]
        )

    @classmethod
    def _bill_month_by_month(cls):
        """The recurring run on the first of each month, until nothing is left."""
        day, made = FIRST_DAY, True
        while made or day <= LAST_DAY:
            with cls._measured(f"run of {day}"):
                cls.env["contract.contract"].cron_recurring_create_invoice(day)
            made = cls._invoices() - cls.invoices
            cls.invoices |= made
            cls.runs[day] = made
            day += relativedelta(months=1)

    @classmethod
    def _invoices(cls):
        return cls.env["account.move"].search(
            [("line_ids.contract_line_id.contract_id", "in", cls._contracts().ids)]
        )

    @classmethod
    def _contracts(cls):
        return cls.env["contract.contract"].concat(*cls.contracts.values())

    @classmethod
    def _measured(cls, what):
        return Measured(cls, what)

    # The laws

    @pytest.fixture(autouse=True)
    def _terminal(self, capsys):
        """Lets a test that passes print as well."""
        self.capsys = capsys

    def test_the_grand_total_equals_a_naive_computation(self):
        invoiced = sum(map(_signed_untaxed, self.invoices), Decimal(0))
        naive = Decimal(self.naive.cents) / 100
        self._print_totals(invoiced, naive)
        self.assertEqual(invoiced, naive)

    def test_each_price_of_each_month_of_each_customer_equals_the_naive_one(self):
        numbers = {contract: number for number, contract in self.contracts.items()}
        ours = Counter()
        for charge in self.work.filtered(lambda charge: charge.kind in PRICED):
            ours[
                numbers[charge.contract_id],
                (charge.date.year, charge.date.month),
                Fraction(str(charge.price_unit)),
                int(charge.discount),
            ] += round(charge.amount * 100)
        self.assertEqual(dict(ours), self.naive.rounded())

    def test_each_fee_equals_the_naive_one(self):
        fees = {
            number: round(
                100 * sum(contract.charge_ids.filtered("fee_id").mapped("amount"))
            )
            for number, contract in self.contracts.items()
            if contract.charge_ids.filtered("fee_id")
        }
        self.assertEqual(fees, dict(self.naive.fees))

    def test_tickets_found_the_contracts_of_their_callers(self):
        found = [ticket.contract_id for ticket in self.tickets]
        wanted = [self.contracts[incident.customer] for incident in self.incidents]
        self.assertEqual(found, wanted)

    def test_minutes_worked_are_minutes_in_charges_less_the_rounding_shown(self):
        worked, charged, shown = Counter(), Counter(), Counter()
        for incident, ticket in zip(self.incidents, self.tickets, strict=True):
            worked[ticket] += len(incident.updates) * real.WORK_MINUTES
        for charge in self.work:
            charged[charge.ticket_id] += charge.minutes_worked
            if charge.minutes != charge.minutes_worked:
                self.assertIn("rounded from", charge.reason)
                shown[charge.contract_id] += charge.minutes - charge.minutes_worked
        self.assertEqual(charged, worked)
        for number, contract in self.contracts.items():
            minutes = sum(contract.charge_ids.mapped("minutes"))
            of_tickets = sum(
                worked[t] for t in self.tickets if t.contract_id == contract
            )
            self.assertEqual(minutes, self.naive.minutes[number], contract.name)
            self.assertEqual(minutes - shown[contract], of_tickets, contract.name)

    def test_each_charge_with_an_amount_is_on_exactly_one_invoice_line(self):
        times = Counter()
        for line in self.lines:
            times.update(line.aftersales_charge_ids.ids)
        self.assertEqual(set(times.values()), {1})
        priced = self.charges.filtered("amount")
        self.assertLessEqual(set(priced.ids), set(times))
        self.assertLessEqual(set(times), set(self.charges.ids))

    def test_each_line_costs_the_sum_of_its_charges(self):
        for line in self.lines:
            charges = line.aftersales_charge_ids
            self.assertTrue(charges, line.name)
            due = sum((_decimal(charge.amount) for charge in charges), Decimal(0))
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            self.assertEqual(_decimal(line.price_subtotal), sign * due, line.name)

    def test_at_least_30_percent_of_the_minutes_are_priced(self):
        priced = sum(self.work.filtered("amount").mapped("minutes"))
        self.assertEqual(priced, self.naive.priced_minutes)
        self.assertGreaterEqual(priced, 0.3 * sum(self.work.mapped("minutes")))

    def test_nothing_priced_is_left_open_and_no_contract_has_a_problem(self):
        left = self.charges.filtered(lambda charge: charge.state != "invoiced")
        self.assertEqual(set(left.mapped("amount")) - {0.0}, set())
        self.assertEqual(set(left.mapped("state")) - {"open"}, set())
        errors = self._contracts().filtered("invoice_generation_error")
        self.assertFalse(errors.mapped("invoice_generation_error"))

    def test_each_month_is_billed_by_its_own_run(self):
        for day, made in self.runs.items():
            self.assertEqual(set(made.mapped("invoice_date")) - {day}, set())
            last = day - timedelta(days=1)
            usage = made.invoice_line_ids.filtered(
                lambda line: line.aftersales_charge_ids.ticket_id
            )
            priced = usage.aftersales_charge_ids.filtered("amount")
            months = {(date.year, date.month) for date in priced.mapped("date")}
            self.assertEqual(months - {(last.year, last.month)}, set(), day)

    def test_invoices_are_posted_as_they_are(self):
        before = {move: move.amount_untaxed for move in self.invoices}
        self.invoices.action_post()
        after = {move: move.amount_untaxed for move in self.invoices}
        self.assertEqual(after, before)

    def test_rating_again_writes_nothing_before_and_after_billing(self):
        self.assertFalse(self.changed_by_rating_again)
        self.assertFalse(self._rate_again())

    # What a reader of the log sees

    def _print_totals(self, invoiced, naive):
        worked, billed, priced = (
            sum(charges.mapped(name))
            for charges, name in (
                (self.work, "minutes_worked"),
                (self.work, "minutes"),
                (self.work.filtered("amount"), "minutes"),
            )
        )
        kinds = Counter(charge.kind for charge in self.charges)
        rows = {
            "tickets": f"{len(self.tickets)}, of {len(self.contracts)} contracts",
            "timesheets": len(self.timesheets),
            "minutes": f"{worked} worked + {billed - worked} by rounding = {billed} in "
            f"charges, {100 * priced // billed} % of them priced",
            "charges": f"{len(self.charges)}: "
            + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())),
            "invoices": f"{len(self.invoices)} with {len(self.lines)} lines, "
            f"by {len(self.runs)} runs",
            "invoiced": f"{invoiced:,.2f}",
            "naive": f"{naive:,.2f}",
            "time": ", ".join(
                f"{what} {self.seconds[what]:.1f} s, {self.queries[what]} queries"
                for what in SHOWN
            ),
        }
        with self.capsys.disabled():
            print("\n\nReplay of real incidents")
            for name, value in rows.items():
                print(f"  {name:<11} {value}")


class Measured:
    """Counts the seconds and queries of a block, its flush included."""

    def __init__(self, case, what):
        self.case, self.what = case, what

    def __enter__(self):
        self.case.env.flush_all()
        self.start = perf_counter(), self.case.env.cr.sql_log_count

    def __exit__(self, *_error):
        self.case.env.flush_all()
        seconds, queries = self.start
        self.case.seconds[self.what] = perf_counter() - seconds
        self.case.queries[self.what] = self.case.env.cr.sql_log_count - queries


def _utc(local):
    """A local minute of the file as Odoo stores it: naive, in UTC."""
    return local.replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)


def _decimal(amount):
    return Decimal(f"{amount:.2f}")


def _signed_untaxed(move):
    return _decimal(move.amount_untaxed_signed)
