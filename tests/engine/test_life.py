"""Which lines the fees of a contract need (R2, R8, R22)."""

from datetime import date

from engine.life import FeeDays, Recurring, fee_days
from hypothesis import given
from hypothesis import strategies as st

START = date(2026, 1, 1)
YEARLY = Recurring(1, "yearly", 1)
MONTHLY = Recurring(2, "monthly", 1)
OTHER = Recurring(3, "monthly", 1)


def lines(terms, own=(), end=None, renewals=(), start=START):
    found = fee_days(start, end, renewals, terms, own)
    return [(line.row_id, line.first, line.last) for line in found]


def test_r22_one_plan_needs_one_line_a_fee():
    assert lines([(START, [YEARLY, MONTHLY])], end=date(2027, 5, 3)) == [
        (1, START, date(2027, 5, 3)),
        (2, START, date(2027, 5, 3)),
    ]


def test_r22_the_new_plans_fee_begins_with_a_part_of_its_period():
    change = date(2026, 7, 16)
    assert lines([(START, [YEARLY]), (change, [OTHER])]) == [
        (1, START, date(2026, 7, 15)),
        (3, change, date(2026, 7, 31)),
        (3, date(2026, 8, 1), None),
    ]


def test_r22_a_change_with_the_period_needs_no_part():
    assert lines([(START, [YEARLY]), (date(2026, 8, 1), [OTHER])])[1:] == [
        (3, date(2026, 8, 1), None)
    ]


def test_r22_a_fee_that_goes_on_under_the_new_plan_is_one_line():
    """Rows belong to plans; the same one comes back only with the same plan."""
    assert lines([(START, [YEARLY]), (date(2026, 8, 1), [YEARLY])]) == [
        (1, START, None)
    ]


def test_r08_a_renewal_begins_a_line():
    renewal = date(2026, 3, 16)
    terms = [(START, [MONTHLY]), (renewal, [MONTHLY])]
    assert lines(terms, renewals=[renewal]) == [
        (2, START, date(2026, 3, 15)),
        (2, renewal, None),
    ]


def test_r02_an_own_fee_stands_instead_of_the_plans_for_its_days():
    own = Recurring(9, "monthly", 1, date(2026, 2, 10), date(2026, 4, 30), 2)
    assert lines([(START, [MONTHLY])], [own]) == [
        (9, date(2026, 2, 10), date(2026, 2, 28)),
        (9, date(2026, 3, 1), date(2026, 4, 30)),
        (2, START, date(2026, 2, 9)),
        (2, date(2026, 5, 1), None),
    ]


def test_r02_an_own_fee_runs_on_the_contracts_days_only():
    own = Recurring(9, "monthly", 1, date(2020, 1, 1), date(2030, 1, 1))
    gone = Recurring(8, "monthly", 1, date(2031, 1, 1))
    assert lines([(START, [])], [own, gone], end=date(2026, 12, 31)) == [
        (9, START, date(2026, 12, 31))
    ]


days = st.dates(START, date(2028, 12, 31))


@given(
    st.lists(days, max_size=3, unique=True).map(sorted),
    st.lists(days, max_size=2, unique=True).map(sorted),
    st.none() | days,
    st.lists(st.tuples(days, st.none() | days, st.booleans()), max_size=2),
)
def test_r22_each_day_has_each_fee_in_force_once(changes, renewals, end, own):
    """The naive way: day by day."""
    terms = [(START, [YEARLY])] + [
        (day, [(MONTHLY, YEARLY)[n % 2]])
        for n, day in enumerate(changes)
        if end is None or day <= end
    ]
    rows = [
        Recurring(10 + n, "monthly", 1, first, last, 1 if instead else None)
        for n, (first, last, instead) in enumerate(own)
    ]
    renewals = [day for day in renewals if day > START]
    found = fee_days(START, end, renewals, terms, rows)
    for number in range(0, 1200, 7):
        day = date.fromordinal(START.toordinal() + number)
        running = sorted(line.row_id for line in found if holds(line, day))
        assert running == sorted(wanted(day, end, terms, rows))


def holds(line: FeeDays, day):
    return line.first <= day and (line.last is None or day <= line.last)


def wanted(day, end, terms, rows):
    if end and day > end:
        return []
    ours = [r for r in rows if r.start <= day and (r.end is None or day <= r.end)]
    plan = [fees for first, fees in terms if first <= day][-1]
    instead = {row.replaces_id for row in ours}
    return [*(r.id for r in ours), *(r.id for r in plan if r.id not in instead)]
