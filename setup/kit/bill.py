"""What the main job makes: invoices, printed with the rules behind each line.

``main`` runs inside Odoo's shell; the rest works on the document that the add-on gives
(``account.move._aftersales_document``), where amounts are decimal strings.
"""

import datetime
import json
import os
import unicodedata
from collections.abc import Iterable

DEMO_DATE = datetime.date(2026, 11, 1)
DATE_VARIABLE = "AFTERSALES_BILL_DATE"
JSON_VARIABLE = "AFTERSALES_BILL_JSON"

_HEADINGS = (
    "contract",
    "period",
    "invoice line",
    "quantity",
    "unit",
    "price",
    "subtotal",
    "rule",
)
_RIGHT = {"quantity", "price", "subtotal"}
WIDTH = 140
# Columns that are wrapped where the table would be wider than that, and their widths;
# the invoice line and the rule share what the others leave.
_NARROW = {"contract": 16, "period": 12, "unit": 8}
_SHARES = {"invoice line": 0.4, "rule": 0.6}


def main(env) -> None:
    """Bill up to the date that the environment variable names, commit, print."""
    date = datetime.date.fromisoformat(os.environ[DATE_VARIABLE])
    document = run(env, date)
    env.cr.commit()
    if os.environ.get(JSON_VARIABLE):
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        print(report(document, date))


def run(env, date: datetime.date) -> dict:
    """The ordinary recurring run, and the document of the invoices that it made."""
    moves = env["account.move"].with_context(active_test=False)
    kinds = [("move_type", "in", ("out_invoice", "out_refund"))]
    before = set(moves.search(kinds).ids)
    env["contract.contract"].cron_recurring_create_invoice(date)
    made = moves.search(kinds, order="id").filtered(lambda move: move.id not in before)
    contracts = env["contract.contract"].search([])
    problems = contracts._aftersales_problem_list()
    return made._aftersales_document() | {"problems": problems}


def report(document: dict, date: datetime.date) -> str:
    """The document for a person: table of lines, totals of invoices, problems."""
    invoices, problems = document["invoices"], document["problems"]
    parts = []
    if invoices:
        parts.append(f"Billed what was due up to {date}:")
        parts.append(
            table([_HEADINGS, *(row for invoice in invoices for row in _rows(invoice))])
        )
        parts.append("\n".join(_total(invoice) for invoice in invoices))
    else:
        parts.append(
            f"Nothing to bill up to {date}: all that was due is on an invoice already."
        )
    if problems:
        lines = [f"  {problem['contract']}: {problem['text']}" for problem in problems]
        parts.append("\n".join(["Not billed:", *lines]))
    return "\n\n".join(parts)


def table(rows: list[Iterable[str]]) -> str:
    """Rows under headings, numbers to the right; long texts are wrapped in columns.

    A line break in a cell is kept; a row without any cell is an empty line.
    """
    headings = tuple(rows[0])
    widths = _widths(headings, [row for row in rows if row])
    lines = [line for row in rows for line in _lines(headings, row, widths)]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _widths(headings: tuple[str, ...], rows: list[Iterable[str]]) -> list[int]:
    """As wide as the content, or narrower where that would not fit."""
    natural = {
        heading: max(_width(part) for cell in column for part in cell.split("\n"))
        for heading, column in zip(headings, zip(*rows, strict=True), strict=True)
    }
    room = WIDTH - 2 * (len(headings) - 1)
    if sum(natural.values()) > room:
        for heading in natural.keys() & _NARROW.keys():
            natural[heading] = min(natural[heading], _NARROW[heading])
        room -= sum(natural[heading] for heading in natural.keys() - _SHARES.keys())
        for heading in natural.keys() & _SHARES.keys():
            natural[heading] = int(room * _SHARES[heading])
    return [natural[heading] for heading in headings]


def _lines(
    headings: tuple[str, ...], row: Iterable[str], widths: list[int]
) -> list[str]:
    """The lines of the terminal that a row takes."""
    wrapped = [_wrap(cell, width) for cell, width in zip(row, widths, strict=False)]
    height = max(map(len, wrapped), default=1)
    columns = [cell + [""] * (height - len(cell)) for cell in wrapped]
    lines = []
    for number in range(height):
        cells = [
            " " * (width - _width(column[number])) + column[number]
            if heading in _RIGHT
            else column[number] + " " * (width - _width(column[number]))
            for heading, column, width in zip(headings, columns, widths, strict=False)
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _wrap(text: str, width: int) -> list[str]:
    """Lines of at most that width; what continues a line is indented."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line.strip() else line + word
            if _width(longer) > width and line.strip():
                lines.append(line)
                longer = "  " + word
            while _width(longer) > width:
                cut = _cut(longer, width)
                lines.append(longer[:cut])
                longer = "  " + longer[cut:]
            line = longer
        lines.append(line)
    return lines


def _cut(text: str, width: int) -> int:
    """How many characters fit."""
    count = len(text)
    while _width(text[:count]) > width:
        count -= 1
    return count


def _rows(invoice: dict) -> Iterable[tuple[str, ...]]:
    """A row a line, its rules below each other; an empty row before each invoice."""
    yield ()
    for line in invoice["lines"]:
        figures = (line["quantity"], line["unit"], line["price_unit"], line["subtotal"])
        rules = "\n".join(line["rules"])
        yield (invoice["contract"], _period(line), line["name"], *figures, rules)


def _period(line: dict) -> str:
    days = [day for day in (line["period_start"], line["period_end"]) if day]
    return " – ".join(dict.fromkeys(days))


def _total(invoice: dict) -> str:
    return (
        f"{invoice['contract']}, {invoice['customer']}, {invoice['invoice_date']}: "
        f"{invoice['untaxed']} + tax {invoice['tax']} "
        f"= {invoice['total']} {invoice['currency']}"
    )


def _width(text: str) -> int:
    """Columns on a terminal; Chinese characters take two."""
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
