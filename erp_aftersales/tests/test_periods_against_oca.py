"""The engine's periods and due dates are those of OCA contract (R8, R14)."""

from datetime import date, timedelta
from itertools import product
from random import Random

from odoo.tests import TransactionCase, tagged

from ..engine.periods import Occurrence, Schedule, next_period_end, occurrences

DAY = timedelta(days=1)
RULES = (
    "daily",
    "weekly",
    "monthly",
    "monthlylastday",
    "quarterly",
    "semesterly",
    "yearly",
)
EDGES = (
    date(2026, 1, 1),
    date(2026, 1, 31),
    date(2026, 2, 28),
    date(2026, 8, 31),
    date(2026, 12, 31),
    date(2027, 11, 30),
    date(2028, 2, 29),
)


@tagged("post_install", "-at_install")
class TestPeriodsAgainstOca(TransactionCase):
    """Days at the edges of months, and random ones that are always the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={"tracking_disable": True})
        cls.line = cls.env["contract.line"]
        cls.customer = cls.env["res.partner"].create({"name": "Customer of the test"})
        cls.product = cls.env["product.product"].create(
            {"name": "Service of the test", "type": "service"}
        )

    def setUp(self):
        super().setUp()
        self.random = Random(14)  # noqa: S311 (the same examples every time)

    def _day(self):
        return date(2024, 1, 1) + timedelta(days=self.random.randrange(3000))

    def _oca_end(self, schedule, start, due=False):
        return self.line.get_next_period_date_end(
            start,
            schedule.rule,
            schedule.interval,
            max_date_end=schedule.date_end or False,
            next_invoice_date=due,
            recurring_invoicing_type=schedule.invoicing,
            recurring_invoicing_offset=self._oca_offset(schedule),
        )

    def _oca_offset(self, schedule):
        return self.line._get_default_recurring_invoicing_offset(
            schedule.invoicing, schedule.rule
        )

    def _oca_due(self, schedule, start):
        return self.line.get_next_invoice_date(
            start,
            schedule.invoicing,
            self._oca_offset(schedule),
            schedule.rule,
            schedule.interval,
            max_date_end=schedule.date_end or False,
        )

    def _oca_runs(self, schedule, upto):
        """What OCA's functions make of run after run."""
        found, start, due = [], schedule.next_start, schedule.next_date
        while due and due <= upto:
            end = self._oca_end(schedule, start, due)
            if not end:
                break
            found.append(Occurrence(due, start, end))
            start = end + DAY
            due = self._oca_due(schedule, start)
        return found

    def _schedule(self):
        """A random schedule; every second one has a date that somebody forced."""
        start = self._day()
        billed = self.random.choice([None, start + self.random.randrange(400) * DAY])
        begin = billed + DAY if billed else start
        schedule = Schedule(
            date_start=start,
            date_end=self.random.choice(
                [None, begin + self.random.randrange(900) * DAY]
            ),
            rule=self.random.choice(RULES),
            interval=self.random.randint(1, 4),
            invoicing=self.random.choice(["pre-paid", "post-paid"]),
            last_invoiced=billed,
            next_date=None,
        )
        due = self._oca_due(schedule, begin)
        return schedule.starting(
            due + self.random.choice([0, self.random.randint(-40, 40)]) * DAY
        )

    def test_r08_whole_periods_end_where_oca_ends_them(self):
        starts = [*EDGES, *(self._day() for _times in range(100))]
        for start, rule, interval in product(starts, RULES, (1, 2, 3, 7)):
            oca = self.line.get_next_period_date_end(
                start, rule, interval, max_date_end=False
            )
            self.assertEqual(next_period_end(start, rule, interval), oca)

    def test_r14_due_dates_and_ends_are_ocas(self):
        for _times in range(1000):
            schedule = self._schedule()
            start, due = schedule.next_start, schedule.next_date
            self.assertEqual(schedule.offset, self._oca_offset(schedule))
            self.assertEqual(schedule.due_of(start), self._oca_due(schedule, start))
            end = self._oca_end(schedule, start, due)
            self.assertEqual(schedule.end_of(due), end)

    def test_r14_occurrences_are_what_run_after_run_of_oca_bills(self):
        several = 0
        for _times in range(500):
            schedule, upto = self._schedule(), self._day()
            found = occurrences(schedule, upto)
            self.assertEqual(found, self._oca_runs(schedule, upto), schedule)
            several += len(found) > 2
        self.assertGreater(several, 100, "most schedules never came to a third run")

    def test_r14_a_real_line_bills_the_same_occurrences(self):
        """Records, with OCA's own checks, recomputations and advance of the period."""
        ends = (False, date(2027, 4, 10))
        for start, end, rule, invoicing in product(
            (date(2026, 1, 31), date(2026, 3, 1)),
            ends,
            RULES,
            ("pre-paid", "post-paid"),
        ):
            line = self._line(start, end, rule, invoicing)
            runs = 3
            expected = occurrences(self._facts(line), date(2040, 1, 1))[:runs]
            found = []
            while line.recurring_next_date and len(found) < runs:
                found.append(
                    Occurrence(
                        line.recurring_next_date,
                        line.next_period_date_start,
                        line.next_period_date_end,
                    )
                )
                self.assertTrue(line._can_be_invoiced(line.recurring_next_date))
                line._update_last_date_invoiced()
            self.assertEqual(found, expected)

    def test_r14_a_date_forced_on_a_real_line_is_honoured_once(self):
        for invoicing in ("pre-paid", "post-paid"):
            line = self._line(date(2026, 9, 1), False, "monthly", invoicing)
            line.recurring_next_date = date(2026, 9, 16)
            first, second = occurrences(self._facts(line), date(2026, 12, 1))[:2]
            self.assertEqual(line.next_period_date_end, first.end)
            line._update_last_date_invoiced()
            self.assertEqual(line.recurring_next_date, second.due)
            self.assertEqual(line.next_period_date_end, second.end)

    def _line(self, start, end, rule, invoicing):
        values = {
            "product_id": self.product.id,
            "name": "Line of the test",
            "quantity": 1,
            "price_unit": 1,
            "recurring_rule_type": rule,
            "recurring_interval": 2,
            "recurring_invoicing_type": invoicing,
            "date_start": start,
            "date_end": end,
        }
        contract = self.env["contract.contract"].create(
            {
                "name": "Contract of the test",
                "partner_id": self.customer.id,
                "line_recurrence": True,
                "contract_line_ids": [(0, 0, values)],
            }
        )
        return contract.contract_line_ids

    def _facts(self, line):
        """The engine's view of a contract line."""
        return Schedule(
            date_start=line.date_start,
            date_end=line.date_end or None,
            rule=line.recurring_rule_type,
            interval=line.recurring_interval,
            invoicing=line.recurring_invoicing_type,
            last_invoiced=line.last_date_invoiced or None,
            next_date=line.recurring_next_date or None,
        )
