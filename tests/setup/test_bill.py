"""What `setup/run --bill` prints, from a document as the add-on gives it."""

import datetime
import json

import pytest
from kit import bill

DATE = datetime.date(2026, 11, 1)
LINE = {
    "name": "Telephone support\nOctober",
    "period_start": "2026-10-01",
    "period_end": "2026-10-31",
    "quantity": "2.50",
    "unit": "Hours",
    "price_unit": "400.00",
    "subtotal": "1000.00",
    "rules": ["2 h 30 min at the rate of a consultant", "10 h were included"],
}
INVOICE = {
    "contract": "C-0001",
    "customer": "华东机械有限公司",
    "invoice_date": "2026-11-01",
    "currency": "CNY",
    "lines": [LINE],
    "untaxed": "1000.00",
    "tax": "130.00",
    "total": "1130.00",
}


class FakeMoves:
    """account.move as far as bill.run uses it: what is billed is there afterwards."""

    def __init__(self):
        self.ids = [1]

    def with_context(self, **_context):
        return self

    def search(self, _domain, order=None):
        found = FakeMoves()
        found.ids = list(self.ids)
        return found

    def filtered(self, keeps):
        self.ids = [number for number in self.ids if keeps(Move(number))]
        return self

    def _aftersales_document(self):
        return {"invoices": [INVOICE for _number in self.ids]}


class Move:
    def __init__(self, number):
        self.id = number


class FakeContracts:
    def __init__(self, moves):
        self.moves = moves
        self.dates = []

    def cron_recurring_create_invoice(self, date):
        if not self.dates:
            self.moves.ids.append(2)
        self.dates.append(date)

    def search(self, _domain):
        return self

    def _aftersales_problem_list(self):
        return []


class FakeEnv(dict):
    """An environment whose cursor counts commits."""

    commits = 0

    @property
    def cr(self):
        return self

    def commit(self):
        self.commits += 1


@pytest.fixture
def env():
    moves = FakeMoves()
    return FakeEnv({"account.move": moves, "contract.contract": FakeContracts(moves)})


def test_only_what_this_run_made_is_in_the_document(env):
    assert len(bill.run(env, DATE)["invoices"]) == 1
    assert env["contract.contract"].dates == [DATE]
    assert bill.run(env, DATE)["invoices"] == []


def test_json_is_the_only_thing_on_standard_output(env, monkeypatch, capsys):
    monkeypatch.setenv(bill.DATE_VARIABLE, "2026-11-01")
    monkeypatch.setenv(bill.JSON_VARIABLE, "1")
    bill.main(env)
    assert json.loads(capsys.readouterr().out)["invoices"] == [INVOICE]
    assert env.commits == 1


def test_table_has_a_row_a_line_with_its_rules_below_each_other():
    text = bill.report({"invoices": [INVOICE], "problems": []}, DATE)
    row = next(line for line in text.splitlines() if "Telephone support" in line)
    for cell in ("C-0001", "2026-10-01 – 2026-10-31", "2.50", "Hours", "1000.00"):
        assert cell in row
    after = text.splitlines()[text.splitlines().index(row) + 1]
    assert after.split() == ["October", "10", "h", "were", "included"]
    assert after.index("10 h") == row.index("2 h 30")
    assert after.index("October") == row.index("Telephone")
    assert "1000.00 + tax 130.00 = 1130.00 CNY" in text


def test_long_texts_are_wrapped_and_no_word_is_lost():
    rule = " ".join(f"word{number}" for number in range(60))
    line = {**LINE, "name": "售后服务" * 40, "rules": [rule, "another rule"]}
    text = bill.report(
        {"invoices": [{**INVOICE, "lines": [line]}], "problems": []}, DATE
    )
    assert max(map(bill._width, text.splitlines())) <= bill.WIDTH
    words = text.split()
    assert [word for word in words if word.startswith("word")] == rule.split()
    assert text.count("售") == text.count("务") == 40


def test_invoices_are_set_apart():
    text = bill.report({"invoices": [INVOICE, INVOICE], "problems": []}, DATE)
    assert text.split("Not billed")[0].count("\n\nC-0001") == 3, "two, and the totals"


def test_a_second_run_says_that_nothing_was_due():
    text = bill.report({"invoices": [], "problems": []}, DATE)
    assert text.startswith("Nothing to bill up to 2026-11-01")


def test_problems_are_told_beside_the_invoices():
    problems = [{"contract": "C-0002", "text": "no rate for a travel on Sunday"}]
    text = bill.report({"invoices": [], "problems": problems}, DATE)
    assert "C-0002: no rate for a travel on Sunday" in text


def test_a_day_alone_is_not_written_as_a_range():
    line = {**LINE, "period_start": "2026-10-31", "rules": []}
    text = bill.report(
        {"invoices": [{**INVOICE, "lines": [line]}], "problems": []}, DATE
    )
    assert "–" not in text


def test_columns_stand_in_line_under_chinese_text():
    lines = bill.table([("unit", "rule"), ("小时", "a"), ("Hours", "b")]).splitlines()
    assert lines[2] == "小时   a"
    assert lines[3] == "Hours  b"


def test_numbers_are_set_to_the_right():
    lines = bill.table([("price", "rule"), ("9.00", "a"), ("1000.00", "b")])
    assert lines.splitlines()[2] == "   9.00  a"
