"""Valid inputs for the engine's tests, built once for all of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from engine.periods import Schedule
from engine.worktime import Attendance, Calendar
from hypothesis import strategies as st

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")
RULES = (
    "daily",
    "weekly",
    "monthly",
    "monthlylastday",
    "quarterly",
    "semesterly",
    "yearly",
)

# money

roundings = st.sampled_from([Decimal(step) for step in ("0.01", "1", "0.001", "0.05")])
exact_amounts = st.builds(
    Fraction, st.integers(-10_000_000, 10_000_000), st.sampled_from((1, 3, 60, 480))
)

# days and periods

days = st.dates(date(2023, 1, 1), date(2033, 12, 31))
rules = st.sampled_from(RULES)
recurrences = st.tuples(rules, st.integers(1, 4))


@st.composite
def schedules(draw, forced: bool = False):
    """A line's schedule: new or under way, with or without end and forced date."""
    rule, interval = draw(recurrences)
    start = draw(days)
    billed = draw(st.none() | st.integers(0, 400))
    next_start = start if billed is None else start + timedelta(days=billed + 1)
    end = draw(st.none() | st.integers(0, 1500))
    shift = draw(st.integers(-40, 40)) if forced else 0
    schedule = Schedule(
        date_start=start,
        date_end=None if end is None else next_start + timedelta(days=end),
        rule=rule,
        interval=interval,
        invoicing=draw(st.sampled_from(("pre-paid", "post-paid"))),
        last_invoiced=None if billed is None else next_start - timedelta(days=1),
        next_date=None,
    )
    due = schedule.due_of(next_start) + timedelta(days=shift)
    return schedule.starting(due)


# intervals

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)

# calendars

moments = st.datetimes(
    datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC)
)
dst_nights = st.sampled_from(
    [
        datetime(2026, 3, 7, 12, tzinfo=UTC),  # before 8 March, New York
        datetime(2026, 3, 28, 12, tzinfo=UTC),  # before 29 March, Berlin
        datetime(2026, 10, 24, 12, tzinfo=UTC),  # before 25 October, Berlin
        datetime(2026, 10, 31, 12, tzinfo=UTC),  # before 1 November, New York
    ]
)
near_dst = st.builds(
    lambda night, minutes: night + timedelta(minutes=minutes),
    dst_nights,
    st.integers(0, 48 * 60),
)
starts = moments | near_dst

# No attendance begins or ends in the hours that DST repeats or leaves out: there the
# clock on the wall is no oracle. test_worktime has those hours as examples.
_edges = st.sampled_from([0, *range(4 * 60, 24 * 60 + 1, 15)])


@st.composite
def attendances(draw, two_weeks: bool):
    """One row of a weekly timetable."""
    start, end = sorted(draw(st.lists(_edges, min_size=2, max_size=2, unique=True)))
    week = draw(st.sampled_from((0, 1))) if two_weeks else None
    return Attendance(draw(st.integers(0, 6)), start, end, week)


@st.composite
def leaves(draw):
    """A leave, from an hour to some weeks, at whole minutes of UTC."""
    start = draw(starts).replace(second=0, microsecond=0)
    return start, start + timedelta(minutes=draw(st.integers(1, 9 * 24 * 60)))


@st.composite
def calendars(draw, min_attendances: int = 0):
    """A calendar of one or two weeks, rows may overlap, with a few leaves."""
    rows = attendances(two_weeks=draw(st.booleans()))
    return Calendar(
        tz=draw(st.sampled_from(ZONES)),
        attendances=tuple(draw(st.lists(rows, min_size=min_attendances, max_size=12))),
        leaves=tuple(draw(st.lists(leaves(), max_size=4))),
    )
