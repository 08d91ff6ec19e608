"""Tickets charged once (R11), quotations (R12) and prepaid incidents."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from cases import (
    DEVELOPMENT,
    at,
    coverage,
    facts,
    in_the_books,
    month_hours,
    plan,
    rate_row,
    work,
)
from engine.facts import Grant, Ticket
from engine.rating import rate

ROWS = (coverage(1, "incident", discount=Decimal(10)),)
PRICES = (
    rate_row(1, 500, unit="incident"),
    rate_row(2, 800, unit="incident", band="after_hours"),
    rate_row(3, 300),
)


def ticket(id_=1, day="2026-09-10", time="10:00", **values):
    values = {"service_id": 1, **values}
    return Ticket(id_, date.fromisoformat(day), at(f"{day} {time}"), **values)


def contract(tickets, works=(), rates=PRICES, rows=ROWS, **values):
    return facts(plan(rates=rates, rows=rows), works, tickets=tuple(tickets), **values)


def one(charges, kind):
    (charge,) = [charge for charge in charges if charge.kind == kind]
    return charge


def test_r11_a_ticket_is_one_charge_and_its_work_is_part_of_it():
    charges = rate(contract([ticket()], [work(1, "2026-09-11", 95)])).charges
    incident, included = one(charges, "incident"), one(charges, "included")
    assert (incident.key, incident.day) == ("t1.1", date(2026, 9, 10))
    assert (incident.count, incident.unit, incident.amount) == (1, "incident", 450)
    assert (included.minutes, included.reason) == (95, "part_of_incident")


def test_r11_the_band_is_that_of_its_arrival():
    assert rate(contract([ticket(time="20:00")])).charges[0].amount == 720


def test_r11_a_prepaid_incident_costs_nothing_and_counts():
    pack = Grant(7, None, "purchase", 1, date(2026, 9, 1), unit="incident")
    first, second = rate(contract([ticket(1), ticket(2)], grants=(pack,))).charges
    assert (first.amount, first.grant, first.used) == (0, pack.key, 1)
    assert (second.amount, second.grant) == (450, None)


def test_r01_the_earlier_ticket_of_a_day_takes_the_grant():
    pack = Grant(7, None, "purchase", 1, date(2026, 9, 1), unit="incident")
    late, early = ticket(1, time="15:00"), ticket(2, time="09:00")
    charges = rate(contract([late, early], grants=(pack,))).charges
    assert [charge.ticket_id for charge in charges if charge.grant] == [2]


def test_r01_a_ticket_without_time_comes_after_those_with_one():
    pack = Grant(7, None, "purchase", 1, date(2026, 9, 1), unit="incident")
    timeless = replace(ticket(1), received_at=None)
    charges = rate(contract([timeless, ticket(2)], grants=(pack,))).charges
    assert [charge.ticket_id for charge in charges if charge.grant] == [2]


def test_r01_the_incidents_of_a_day_come_before_its_work():
    """Both are beyond their allowance; the month's limit pays the one that is first."""
    rows = (*ROWS, coverage(2, "allowance", service_id=DEVELOPMENT))
    nothing = replace(month_hours(0, unit="incident"), size=0)
    early = work(1, "2026-09-10", 60, "09:00", service_id=DEVELOPMENT)
    limited = facts(
        plan(rates=PRICES, allowances=(nothing,), rows=rows),
        [early],
        tickets=(ticket(time="15:00"),),
        overage_limit=Decimal(450),
    )
    charges = rate(limited).charges
    assert not one(charges, "incident").waiting
    assert one(charges, "overage").waiting


def test_r10_an_incident_without_price_waits():
    (charge,) = rate(contract([ticket()], rates=PRICES[2:])).charges
    assert (charge.kind, charge.waiting, charge.amount) == ("unrated", True, 0)


def test_r10_prices_of_incidents_price_no_work_and_the_other_way_round():
    rows = (coverage(1, "billable"),)
    (charge,) = rate(
        contract([], [work(1, "2026-09-10", 60)], rates=PRICES[:1], rows=rows)
    ).charges
    assert charge.kind == "unrated"


@pytest.mark.parametrize("why", ["not_charged", "duplicate", "merged"])
def test_r11_what_is_no_incident_costs_nothing(why):
    none = ticket(no_incident=why)
    (charge,) = rate(contract([none], [work(1, "2026-09-11", 30)])).charges
    assert (charge.kind, charge.amount, charge.args["because"]) == ("included", 0, why)


def test_r11_the_vendors_fault_is_no_incident():
    (charge,) = rate(
        contract([ticket(is_vendor_fault=True)], [work(1, "2026-09-11", 30)])
    ).charges
    assert (charge.kind, charge.reason) == ("included", "vendor_fault")


def test_r11_incident_work_on_a_ticket_of_another_policy_is_billable():
    rows = (coverage(1, "incident"), coverage(2, "included", service_id=2))
    (charge,) = rate(
        contract([ticket(service_id=2)], [work(1, "2026-09-11", 60)], rows=rows)
    ).charges
    assert (charge.kind, charge.amount) == ("billable", 300)


def test_r11_becoming_none_after_the_invoice_is_taken_back():
    before = contract([ticket()])
    books = in_the_books(before, rate(before), lambda charge: True)
    none = replace(books, tickets=(ticket(no_incident="duplicate"),))
    (back,) = rate(none).charges
    assert (back.kind, back.key, back.count) == ("adjustment", "t1.1/back", -1)
    assert back.amount == -450
    settled = in_the_books(none, rate(none), lambda charge: True)
    assert not rate(settled).charges
    (again,) = rate(replace(settled, tickets=(ticket(),))).charges
    assert (again.kind, again.key, again.amount) == ("incident", "t1.2", 450)


def test_r11_what_is_taken_back_returns_to_its_grant():
    pack = Grant(7, None, "purchase", 1, date(2026, 9, 1), unit="incident")
    before = contract([ticket()], grants=(pack,))
    books = in_the_books(before, rate(before), lambda charge: True)
    tickets = (ticket(no_incident="duplicate"), ticket(2, "2026-09-20"))
    charges = rate(replace(books, tickets=tickets)).charges
    assert one(charges, "incident").grant == pack.key


def test_r12_quoted_work_waits_for_its_quotation_and_costs_nothing_by_the_meter():
    rows = (coverage(1, "quote"),)
    works = [work(1, "2026-09-11", 95)]
    (waiting,) = rate(contract([ticket()], works, rows=rows)).charges
    assert (waiting.kind, waiting.waiting, waiting.amount) == ("quoted", True, 0)
    accepted = contract([ticket(quote="S00042")], works, rows=rows)
    (quoted,) = rate(accepted).charges
    assert (quoted.waiting, quoted.amount) == (False, 0)
    assert quoted.args["order"] == "S00042"


def test_r25_an_incident_after_the_prepaid_ones_waits_if_the_plan_says_so():
    row = replace(month_hours(0, unit="incident", at_end="approval"), size=1)
    asking = facts(
        plan(rates=PRICES, allowances=(row,), rows=ROWS),
        tickets=(
            ticket(1),
            ticket(2, "2026-09-11"),
            ticket(3, "2026-09-14", accepted=450),
        ),
    )
    paid, waits, agreed = rate(asking).charges
    assert (paid.amount, waits.waiting, waits.amount) == (0, True, 450)
    assert (agreed.waiting, agreed.args["by"]) == (False, "accepted")
