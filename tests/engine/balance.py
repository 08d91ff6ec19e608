"""The laws of money that hold at any moment of a contract's life."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from agreement import assert_agree
from engine.fee_days import daily
from model.fees import cost_by_day, days_of


def assert_balanced(facts, outcome):
    """Work, fees and grants of the books are what naive models say.

    :param facts: what is agreed, was done and is invoiced
    :param outcome: what stands open in the books
    """
    assert_agree(facts, outcome)
    frozen = [item.charge for item in facts.existing if item.frozen]
    charges = [*frozen, *outcome.charges]
    keys = [charge.key for charge in charges]
    assert len(keys) == len(set(keys)), "a key is given twice"
    assert_fees(facts, [charge for charge in charges if charge.fee_id])
    assert_grants([*facts.grants, *outcome.grants], charges)


_seen = []


def assert_fees(facts, charges):
    """Each day that was asked for is charged once, at what it costs by the facts.

    What was just seen to hold, as before a step that is about work alone, still does.
    """
    agreed = facts.fee_lines, facts.metrics, facts.pauses, facts.renewals
    now = [agreed, facts.start, facts.end, facts.refunds_end, charges]
    if now == _seen:
        return
    _assert_fees(facts, charges)
    _seen[:] = now


def _assert_fees(facts, charges):
    by_row = defaultdict(list)
    for line in facts.fee_lines:
        by_row[line.row.id].append(line)
    last = facts.end if facts.end and not facts.refunds_end else date.max
    for row_id, lines in by_row.items():
        ours = [charge for charge in charges if charge.fee_id == row_id]
        got = defaultdict(Fraction)
        for charge in ours:
            cost = daily(charge)
            for day in days_of(charge.start, charge.end):
                got[day] += cost
        upto = max([facts.start, *got])
        wanted = cost_by_day(facts, lines, upto)
        for day, cost in got.items():
            if day <= last:
                told = f"fee {row_id} on {day}: {cost}, wanted {wanted.get(day)}"
                assert cost == (wanted.get(day) or 0), told
        assert_asked(facts, lines, got)


def assert_asked(facts, lines, got):
    """No day up to what is charged was left out."""
    for line in lines:
        schedule = line.schedule
        billed = schedule.last_invoiced
        if line.is_canceled or not billed:
            continue
        missing = [
            day
            for day in days_of(schedule.date_start, billed)
            if day not in got and not rests(facts, day)
        ]
        assert not missing, f"fee {line.row.id} was never made for {missing[0]}"


def rests(facts, day):
    return any(first <= day <= last for first, last in facts.pauses)


def assert_grants(grants, charges):
    """No grant is below zero, or above what was granted."""
    sizes = {grant.key: grant.size for grant in grants}
    taken = defaultdict(Fraction)
    for charge in charges:
        if charge.grant:
            taken[charge.grant] += Fraction(charge.used)
    for key, much in taken.items():
        assert 0 <= much <= sizes[key], f"grant {key} holds {sizes[key]}, gave {much}"


def day_after(day):
    return day + timedelta(days=1)
