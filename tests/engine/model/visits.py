"""R5: which minutes of each entry are still to be billed, and in which band."""

from fractions import Fraction
from math import ceil

from .clock import bands, in_order
from .frozen import standing_of
from .terms import price_of


def open_bands(facts):
    """Entry id -> the bands of its minutes to be billed, in the order of time."""
    found = {}
    for together, row in visits(facts):
        found |= rest_of_visit(facts, together, row)
    return found


def visits(facts):
    """Entries that are measured together, and the price whose measure they have."""
    entries = [work for work in in_order(facts.work) if work.minutes]
    while entries:
        one = entries[0]
        row = price_of(facts, one, bands(facts, one)[0], one.grade_id)
        together = entries[:1]
        if row and row.per_visit:
            together = [work for work in entries if visit(work) == visit(one)]
        entries = [work for work in entries if work not in together]
        yield together, row


def visit(work):
    return work.ticket_id, work.day, work.service_id, work.mode, work.grade_id


def rest_of_visit(facts, together, row):
    """What is billed of the visit less what is paid, on its open entries."""
    whole = sum(work.minutes for work in together)
    if row:
        steps = ceil(Fraction(whole, row.increment or 1))
        whole = max(steps * (row.increment or 1), row.minimum)
    paid = sum(c.minutes for work in together for c in standing_of(facts, work))
    rest = max(whole - paid, 0)
    minutes = {work.id: open_minutes(facts, work) for work in together}
    if all(is_paid(facts, work, minutes[work.id]) for work in together):
        return minutes
    too_many = sum(map(len, minutes.values())) - rest
    for work in together:
        off = min(max(too_many, 0), len(minutes[work.id]))
        minutes[work.id] = minutes[work.id][off:]
        too_many -= off
    if too_many < 0:
        last = last_open(together, minutes)
        minutes[last.id] += [bands(facts, last)[-1]] * -too_many
    return minutes


def is_paid(facts, work, minutes):
    """Whether all of it is frozen: a charge says how many parts its entry had."""
    charges = standing_of(facts, work)
    parts = max((charge.args.get("parts", 1) for charge in charges), default=1)
    return not minutes and len(charges) >= parts


def open_minutes(facts, work):
    """Bands of the minutes worked that no frozen charge is for."""
    taken_out = set()
    for charge in standing_of(facts, work):
        begin = charge.args.get("begin", 0)
        taken_out |= set(range(begin, begin + charge.worked))
    return [
        band
        for number, band in enumerate(bands(facts, work))
        if number not in taken_out
    ]


def last_open(together, minutes):
    still_open = [work for work in together if minutes[work.id]]
    return (still_open or together)[-1]
