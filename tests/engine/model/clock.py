"""R1 and R6: the order of things, and the clock on the wall."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from .terms import plan_on


def in_order(works):
    """R1, as piles of each day: timed work, then the rest."""
    for day in sorted({work.day for work in works}):
        of_day = [work for work in works if work.day == day]
        timed = [work for work in of_day if work.start]
        yield from sorted(timed, key=lambda work: (work.start, work.id))
        rest = [work for work in of_day if not work.start]
        yield from sorted(rest, key=lambda work: work.id)


def bands(facts, work):
    """The band of each minute worked."""
    calendar = calendar_on(facts, work.day)
    if not work.start or not calendar:
        return ["normal"] * work.minutes
    return [
        band_at(calendar, work.start + timedelta(minutes=minute))
        for minute in range(work.minutes)
    ]


def calendar_on(facts, day):
    plan = plan_on(facts, day)
    return plan and plan.calendar


def band_at(calendar, moment):
    """Monday to Friday from 9 to 18 is the office's time."""
    wall = moment.astimezone(ZoneInfo(calendar.tz))
    if any(start <= moment < end for start, end in calendar.leaves):
        return "holiday"
    return "normal" if wall.weekday() < 5 and 9 <= wall.hour < 18 else "after_hours"
