"""The engine's working time is that of Odoo's calendars (L1, R6), clock changes too."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from odoo.tests import TransactionCase, tagged

from ..engine.opening import add_open_minutes, open_minutes
from ..engine.worktime import Attendance, Calendar, week_type

MINUTE = timedelta(minutes=1)
STEP = 15
# Nights of the past, whose clock changes no later edition of the zone data moves: Odoo
# and Python may have different ones (pytz's own, the system's).
CHANGES = {
    "Europe/Berlin": [datetime(2024, 3, 31), datetime(2024, 10, 27)],
    "America/New_York": [datetime(2024, 3, 10), datetime(2024, 11, 3)],
    "America/Nuuk": [datetime(2024, 3, 31), datetime(2024, 10, 27)],
    "America/Havana": [datetime(2024, 3, 10), datetime(2024, 11, 3)],
    "Australia/Lord_Howe": [datetime(2024, 4, 7), datetime(2024, 10, 6)],
    "Asia/Shanghai": [datetime(2024, 2, 29), datetime(2026, 10, 1)],
}


@tagged("post_install", "-at_install")
class TestWorktimeAgainstOdoo(TransactionCase):
    """Generated calendars, always the same ones, looked at in quarters of an hour."""

    def setUp(self):
        super().setUp()
        self.random = Random(19)  # noqa: S311 (the same examples every time)

    def _rows(self, weekday, week):
        """A day of up to three attendances; some gaps are written down as breaks."""
        edges = sorted(self.random.sample(range(0, 1441, 5), 6))
        spans = list(zip(edges[::2], edges[1::2], strict=True))
        rows = [
            (start, end, "morning")
            for start, end in spans[: self.random.choice([0, 1, 3])]
        ]
        if len(rows) == 3:
            rows.append((edges[1], edges[2], "lunch"))
        return [
            {
                "name": f"{weekday} {start}",
                "dayofweek": str(weekday),
                "week_type": week and str(week - 1),
                "day_period": period,
                "hour_from": start / 60,
                "hour_to": end / 60,
            }
            for start, end, period in rows
        ]

    def _calendar(self, tz, two_weeks, rows=None):
        weeks = (1, 2) if two_weeks else (False,)
        if rows is None:
            rows = [
                row
                for day in range(7)
                for week in weeks
                for row in self._rows(day, week)
            ]
        return self.env["resource.calendar"].create(
            {
                "name": f"Generated {tz}",
                "tz": tz,
                "two_weeks_calendar": two_weeks,
                "attendance_ids": [(5,), *((0, 0, row) for row in rows)],
            }
        )

    def _leave(self, calendar, start, end):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Generated leave",
                "calendar_id": calendar.id,
                "date_from": start,
                "date_to": end,
                "time_type": "leave",
            }
        )

    def _facts(self, calendar, leaves=()):
        """The engine's view of a calendar."""
        rows = calendar.attendance_ids.filtered(
            lambda row: not row.display_type and row.day_period != "lunch"
        )
        return Calendar(
            tz=calendar.tz,
            attendances=tuple(
                Attendance(
                    int(row.dayofweek),
                    round(row.hour_from * 60),
                    round(row.hour_to * 60),
                    int(row.week_type) if calendar.two_weeks_calendar else None,
                )
                for row in rows
            ),
            leaves=tuple(
                (leave.date_from.replace(tzinfo=UTC), leave.date_to.replace(tzinfo=UTC))
                for leave in leaves
            ),
        )

    def _odoo(self, calendar, start, end):
        """Odoo's open minutes, counted from ``start``; 24:00 lacks a microsecond."""
        margin = timedelta(days=3)
        found = calendar._work_intervals_batch(start - margin, end + margin)[False]
        tick = timedelta(microseconds=1)
        return {
            minute
            for opened, closed, _row in found
            for minute in range(
                (opened + tick - start) // MINUTE, (closed + tick - start) // MINUTE
            )
        }

    def _assert_same(self, calendar, leaves, start, days):
        facts = self._facts(calendar, leaves)
        end = start + timedelta(days=days)
        odoo = self._odoo(calendar, start, end)
        for begin in range(0, days * 24 * 60, STEP):
            at = start + begin * MINUTE
            expected = len(odoo.intersection(range(begin, begin + STEP)))
            got = open_minutes(facts, at, at + STEP * MINUTE)
            self.assertEqual(got, expected, f"{calendar.tz} from {at}: {facts}")
        total = len(odoo.intersection(range(days * 24 * 60)))
        self.assertEqual(open_minutes(facts, start, end), total)
        return total

    def test_l1_generated_calendars_are_open_when_odoo_says_so(self):
        opened = 0
        for tz, nights in CHANGES.items():
            for night in nights:
                for two_weeks in (False, True):
                    calendar = self._calendar(tz, two_weeks)
                    start = night.replace(tzinfo=UTC) - timedelta(days=4)
                    leave = night + timedelta(minutes=self.random.randint(-4000, 4000))
                    length = timedelta(minutes=self.random.randint(1, 1500))
                    leaves = self._leave(calendar, leave, leave + length)
                    opened += self._assert_same(calendar, leaves, start, 8)
        self.assertGreater(opened, 20 * 24 * 60, "the calendars were mostly closed")

    def test_l1_hours_that_a_night_repeats_or_leaves_out_are_odoos(self):
        """Edges before, in and after the hours in question, in each zone."""
        for tz, nights in CHANGES.items():
            for start, end in [(15, 75), (60, 150), (90, 120), (105, 180), (0, 1440)]:
                rows = [
                    {
                        "name": f"Day {day}",
                        "dayofweek": str(day),
                        "hour_from": start / 60,
                        "hour_to": end / 60,
                    }
                    for day in range(7)
                ]
                calendar = self._calendar(tz, False, rows)
                for night in nights:
                    before = night.replace(tzinfo=UTC) - timedelta(days=2)
                    self._assert_same(calendar, (), before, 4)

    def test_l1_a_leave_to_the_last_second_of_a_day_takes_its_last_minute(self):
        """Odoo leaves one second of it open, which is no minute of work."""
        row = {"name": "All day", "dayofweek": "3", "hour_from": 0, "hour_to": 24}
        calendar = self._calendar("Asia/Shanghai", False, [row])
        leaves = self._leave(
            calendar, datetime(2026, 9, 30, 16), datetime(2026, 10, 1, 15, 59, 59)
        )
        start, end = (
            datetime(2026, 9, 30, tzinfo=UTC),
            datetime(2026, 10, 2, tzinfo=UTC),
        )
        self.assertEqual(open_minutes(self._facts(calendar, leaves), start, end), 0)
        hours = calendar.get_work_hours_count(start, end)
        self.assertLessEqual(hours * 3600, 1)

    def test_l1_planned_hours_end_where_odoo_ends_them(self):
        for tz in CHANGES:
            calendar = self._calendar(tz, False)
            facts = self._facts(calendar)
            for _times in range(8):
                start = datetime(2024, 10, 20, tzinfo=UTC)
                start += MINUTE * self.random.randrange(9999)
                minutes = 7 + 10 * self.random.randrange(1, 200)
                planned = calendar.plan_hours(minutes / 60, start, compute_leaves=True)
                planned = (planned + timedelta(seconds=30)).astimezone(UTC)
                planned = planned.replace(second=0, microsecond=0)
                end = add_open_minutes(facts, start, minutes)
                self.assertEqual(open_minutes(facts, start, planned), minutes)
                self.assertLessEqual(end, planned)
                self.assertEqual(open_minutes(facts, end, planned), 0)

    def test_l1_weeks_alternate_as_odoos_do(self):
        model = self.env["resource.calendar.attendance"]
        for days in range(0, 4000, 3):
            day = date(2024, 1, 1) + timedelta(days=days)
            self.assertEqual(week_type(day), model.get_week_type(day))
