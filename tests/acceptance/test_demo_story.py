# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the demo tells beyond its first bill: each way that work can be paid.

It reads the database that ``test_demo_bill`` makes and bills, and changes nothing.
Who has an older one, made before this part of the demo: ``./setup/run --fresh``.
"""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BEGIN = "2026-11-02"
# Runs inside Odoo, in the demo's database, and prints one JSON document.
TELL = """
import json
from ast import literal_eval

def listed(action):
    action = env.ref(f"erp_aftersales.{action}")
    return env[action.res_model].search(literal_eval(action.domain.strip()))

begin = "%(begin)s"
charges = env["aftersales.charge"].search([("date", ">=", begin)], order="date, id")
grants = env["aftersales.grant"].search([("date_start", ">=", begin)])
merged = env.ref("erp_aftersales.helpdesk_ticket_logistics_positions_demo")
order = env.ref("erp_aftersales.sale_order_museum_pack_demo")
medical = env.ref("erp_aftersales.contract_contract_medical_demo")
print(json.dumps({
    "charges": [
        {
            "contract": charge.contract_id.name,
            "kind": charge.kind,
            "state": charge.state,
            "minutes": charge.minutes,
            "amount": "%%.2f" %% charge.amount,
            "beyond_stop": charge.is_beyond_stop,
            "grant": charge.grant_id.origin,
            "reason": charge.reason,
        }
        for charge in charges
    ],
    "grants": [
        {
            "contract": grant.contract_id.name,
            "origin": grant.origin,
            "unit": grant.unit,
            "quantity": grant.quantity,
            "used": grant.used,
            "days": [str(grant.date_start), str(grant.date_end)],
            "told": grant.aftersales_alerted,
            "reason": grant.reason,
        }
        for grant in grants
    ],
    "uncontracted": [
        [line.aftersales_card_price, bool(line.aftersales_card_problem)]
        for line in listed("account_analytic_line_action_uncontracted").sorted("id")
    ],
    "unbilled": [
        [contract.name, contract.aftersales_unbilled_cause]
        for contract in listed("contract_contract_action_unbilled").sorted("code")
    ],
    "merged": [merged.active, merged.aftersales_merged_into_id.name],
    "pack": [order.state, order.aftersales_grant_ids.mapped("origin")],
    "quotations": sorted(
        env["sale.order"]
        .search([("ticket_ids.contract_id", "=", medical.id)])
        .mapped(lambda order: [order.state, order.amount_untaxed])
    ),
}))
"""


@pytest.fixture(scope="module")
def story():
    """The demo's contracts from November on, as their charges and grants tell them."""
    caller = json.loads(os.environ.get("AFTERSALES_CALLER", "null")) or os.environ
    done = subprocess.run(
        [ROOT / "setup" / "shell"],
        input=TELL % {"begin": BEGIN},
        env={**caller, "AFTERSALES_DEMO_DATABASE": "aftersales_demo_test"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _charged(story, contract):
    """What a contract is charged: kind, state, minutes, amount."""
    return [
        (charge["kind"], charge["state"], charge["minutes"], charge["amount"])
        for charge in story["charges"]
        if charge["contract"] == contract
    ]


def _grant(story, contract, origin, start=BEGIN):
    (grant,) = (
        grant
        for grant in story["grants"]
        if (grant["contract"], grant["origin"]) == (contract, origin)
        and grant["days"][0] == start
    )
    return grant


def test_r02_own_terms_stand_above_the_plan_s(story):
    assert _charged(story, "Electronics") == [
        ("allowance", "open", 150, "0.00"),
        # 1 h 40 min of development at its own 900.00 an hour
        ("billable", "open", 100, "1500.00"),
        # 1 h 40 min on site, in half hours as the plan says, at 90 % of its 300.00
        ("billable", "open", 120, "540.00"),
    ]
    grant = _grant(story, "Electronics", "plan")
    assert (grant["quantity"], grant["used"]) == (16, 2.5), "not the plan's ten"


def test_r11_two_incidents_are_prepaid_and_the_third_has_its_price(story):
    incidents = [
        charge[3] for charge in _charged(story, "Logistics") if charge[0] == "incident"
    ]
    assert incidents == ["0.00", "0.00", "2200.00"]
    kinds = Counter(charge[0] for charge in _charged(story, "Logistics"))
    assert kinds == {"incident": 3, "included": 4}, "the merged ticket is none"
    grant = _grant(story, "Logistics", "plan")
    assert (grant["unit"], grant["used"], grant["told"]) == ("incident", 2, 100)


def test_r11_a_merged_ticket_is_part_of_the_other(story):
    active, into = story["merged"]
    assert not active
    assert into.endswith("Vehicles cannot be tracked")


def test_r12_quoted_work_is_billed_by_its_order_or_waits_for_one(story):
    assert _charged(story, "Medical devices") == [
        ("quoted", "open", 240, "0.00"),
        ("quoted", "open", 150, "0.00"),
        ("included", "open", 60, "0.00"),
        ("quoted", "waiting", 90, "0.00"),
    ]
    assert story["quotations"] == [["sale", 9600], ["sent", 3200]]


def test_r25_beyond_the_hours_the_customer_is_asked(story):
    assert _charged(story, "Construction") == [
        ("allowance", "open", 240, "0.00"),
        ("overage", "waiting", 60, "400.00"),
        # on the other ticket 800.00 are accepted
        ("overage", "open", 90, "600.00"),
    ]


def test_r25_a_stop_is_passed_by_a_manager_and_listed(story):
    assert _charged(story, "Hotels") == [
        ("allowance", "open", 240, "0.00"),
        ("allowance", "open", 105, "0.00"),
        ("allowance", "open", 15, "0.00"),
        # 35 of 50 minutes are left over, rounded to quarters of an hour, at 500.00
        ("overage", "open", 45, "375.00"),
    ]
    beyond = [charge["minutes"] for charge in story["charges"] if charge["beyond_stop"]]
    assert beyond == [45]
    assert _grant(story, "Hotels", "plan")["told"] == 80


def test_r25_overage_is_charged_up_to_the_month_s_limit(story):
    assert _charged(story, "Education")[1:] == [
        ("allowance", "open", 120, "0.00"),
        # the limit is 600.00, an hour costs 300.00
        ("overage", "open", 120, "600.00"),
        ("overage", "waiting", 60, "300.00"),
    ]
    assert _grant(story, "Education", "plan")["told"] == 100


def test_r08_three_of_eight_hours_are_passed_on_and_used_first(story):
    rollover = _grant(story, "Agriculture", "rollover", "2026-12-02")
    assert (rollover["quantity"], rollover["used"]) == (3, 3)
    assert rollover["days"][1] == "2027-01-01", "it lives one period"
    december = [
        (charge["minutes"], charge["grant"])
        for charge in story["charges"]
        if charge["contract"] == "Agriculture"
    ][1:]
    assert december == [(180, "rollover"), (60, "plan")]


def test_r09_a_pack_comes_last_and_a_gift_first(story):
    assert story["pack"] == ["sale", ["purchase"]]
    pack = _grant(story, "Museum", "purchase", "2026-11-05")
    gift = _grant(story, "Museum", "manual", "2026-11-09")
    assert (pack["quantity"], pack["used"]) == (10, 1)
    assert (gift["quantity"], gift["used"]) == (2, 2)
    assert gift["reason"]


def test_r23_a_missed_answer_gives_a_tenth_of_the_month_s_fees_back(story):
    # 6 000.00 for the 30 days from 2 November on, 29 of them in November: 5 800.00;
    # 10 % of that
    assert _charged(story, "Finance") == [
        ("credit", "open", 0, "-580.00"),
        ("included", "open", 180, "0.00"),
    ]


def test_r17_invoiced_work_is_corrected_by_the_difference(story):
    assert _charged(story, "Automotive") == [
        ("billable", "invoiced", 120, "2000.00"),
        ("adjustment", "open", -120, "-2000.00"),
        ("adjustment", "open", 90, "1500.00"),
    ]


def test_c2_work_without_contract_is_listed_with_its_price(story):
    # 50 min of a senior, at least half hours of 1 200.00; 2 h 30 min of a junior at
    # 700.00; nothing fits somebody without grade
    assert story["uncontracted"] == [[1200, False], [1750, False], [0, True]]


def test_what_waits_is_in_the_list_of_what_could_not_be_billed(story):
    assert story["unbilled"] == [
        ["Medical devices", "quotation"],
        ["Construction", "acceptance"],
        ["Education", "acceptance"],
    ]


def test_every_charge_says_why(story):
    assert all(charge["reason"] for charge in story["charges"])
