# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a stranger sees first: the demo vendor's invoices of a fresh database.

The database with demo data is made once, by ``setup/run --bill`` itself; the tests
read what it printed. The demo's own dates never move, so neither do the amounts.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = ("quantity", "unit", "price_unit", "subtotal")
YEAR, CLOUD_YEAR = ("2026-01-01", "2026-12-31"), ("2026-03-01", "2027-02-28")
SEPTEMBER, OCTOBER = ("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31")
NOVEMBER = ("2026-11-01", "2026-11-30")

# By hand, from the prices of the plans and the work in the demo. An invoice is
# (contract, untaxed, 6 % tax, total, lines); a line is its period and KEYS.
EXPECTED = [
    (
        "Manufacturer",
        ("276000.00", "16560.00", "292560.00"),
        [
            # 20 % of licences of 1 200 000; 12 functions
            (YEAR, "1", "Units", "240000.00", "240000.00"),
            (YEAR, "12", "Units", "3000.00", "36000.00"),
        ],
    ),
    (
        "Trading company",
        ("35000.00", "2100.00", "37100.00"),
        [(CLOUD_YEAR, "35", "Units", "1000.00", "35000.00")],
    ),
    (
        "Hybrid",
        ("2000.00", "120.00", "2120.00"),
        [(SEPTEMBER, "1", "Units", "2000.00", "2000.00")],
    ),
    (
        "Retail group",
        ("9650.00", "579.00", "10229.00"),
        [
            # 50 min of a junior; half an hour before 18:00 and three times 20 min;
            # half an hour after 18:00 and a Saturday; a visit of 45 min, at least an
            # hour; 100 min of an architect; three times 20 min of development
            (SEPTEMBER, "1", "Hours", "600.00", "600.00"),
            (SEPTEMBER, "2", "Hours", "1000.00", "2000.00"),
            (SEPTEMBER, "1.5", "Hours", "1500.00", "2250.00"),
            (SEPTEMBER, "1", "Hours", "1200.00", "1200.00"),
            (SEPTEMBER, "1.75", "Hours", "1600.00", "2800.00"),
            (SEPTEMBER, "1", "Hours", "800.00", "800.00"),
        ],
    ),
    (
        "Hybrid",
        ("2750.00", "165.00", "2915.00"),
        [
            # 12 h 10 min worked: ten included, 2 h 10 min beyond in half hours
            (OCTOBER, "1", "Units", "2000.00", "2000.00"),
            (SEPTEMBER, "10", "Hours", "0.00", "0.00"),
            (SEPTEMBER, "2.5", "Hours", "300.00", "750.00"),
        ],
    ),
    (
        "Retail group",
        ("500.00", "30.00", "530.00"),
        [(OCTOBER, "0.5", "Hours", "1000.00", "500.00")],
    ),
    (
        "Hybrid",
        ("2000.00", "120.00", "2120.00"),
        [(NOVEMBER, "1", "Units", "2000.00", "2000.00")],
    ),
]
CUSTOMERS = {
    "Manufacturer": "海川精密机械制造有限公司",
    "Trading company": "远洋国际贸易有限公司",
    "Retail group": "百汇零售集团有限公司",
    "Hybrid": "青禾生物科技有限公司",
}
# What these sentences must say, whatever their other words.
RULES = {
    ("Manufacturer", "240000.00"): ["20 %", "1,200,000.00"],
    ("Trading company", "35000.00"): ["35", "1,000.00"],
    ("Retail group", "600.00"): ["50 min", "Junior", "600.00"],
    ("Retail group", "2250.00"): ["After hours", "1,500.00"],
    ("Retail group", "1200.00"): ["On-site", "25 min", "1,200.00"],
    ("Retail group", "2800.00"): ["Architect", "1 h 40 min", "1,600.00"],
    ("Retail group", "500.00"): ["Holiday", "1,000.00"],
    ("Hybrid", "750.00"): ["2 h 10 min", "300.00"],
}


def _bill(*arguments):
    """setup/run --bill as whoever runs the tests would type it, on another database."""
    caller = json.loads(os.environ.get("AFTERSALES_CALLER", "null")) or os.environ
    return subprocess.run(
        [ROOT / "setup" / "run", "--bill", *arguments],
        env={**caller, "AFTERSALES_DEMO_DATABASE": "aftersales_demo_test"},
        capture_output=True,
        text=True,
        timeout=900,
        check=True,
    )


@pytest.fixture(scope="module")
def first():
    """The first bill of a new demo database."""
    return _bill("--fresh", "--json")


@pytest.fixture(scope="module")
def invoices(first):
    document = json.loads(first.stdout)
    assert document["problems"] == []
    return document["invoices"]


def test_demo_bills_the_amounts_computed_by_hand(invoices):
    billed = [
        (
            invoice["contract"],
            (invoice["untaxed"], invoice["tax"], invoice["total"]),
            [
                (
                    (line["period_start"], line["period_end"]),
                    *(line[key] for key in KEYS),
                )
                for line in invoice["lines"]
            ],
        )
        for invoice in invoices
    ]
    assert billed == EXPECTED


def test_demo_invoices_are_of_the_run_s_day_in_the_vendor_s_currency(invoices):
    for invoice in invoices:
        assert invoice["invoice_date"] == "2026-11-01"
        assert invoice["currency"] == "CNY"
        assert invoice["customer"] == CUSTOMERS[invoice["contract"]]


def test_demo_lines_say_the_rule_that_made_them(invoices):
    said = {
        (invoice["contract"], line["subtotal"]): " ".join(line["rules"])
        for invoice in invoices
        for line in invoice["lines"]
    }
    assert all(said.values()), "a line without any rule"
    for key, words in RULES.items():
        for word in words:
            assert word in said[key], f"{key}: {said[key]}"


def test_progress_is_not_on_standard_output(first):
    assert first.stdout.startswith("{")
    assert first.stdout.endswith("}\n")
    assert "Making the demo database" in first.stderr


def test_second_run_bills_nothing_and_says_so(first):
    assert _bill().stdout.startswith("Nothing to bill up to 2026-11-01")
