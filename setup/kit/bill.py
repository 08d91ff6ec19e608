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
    return made._aftersales_document()


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
    """Rows under headings, columns as wide as their content; numbers to the right."""
    headings = tuple(rows[0])
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            " " * (width - _width(cell)) + cell
            if heading in _RIGHT
            else cell + " " * (width - _width(cell))
            for heading, cell, width in zip(headings, row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _rows(invoice: dict) -> Iterable[tuple[str, ...]]:
    """A row a line, and a further one for each further rule."""
    for line in invoice["lines"]:
        rules = line["rules"] or [""]
        name = " ".join(line["name"].split())
        figures = (line["quantity"], line["unit"], line["price_unit"], line["subtotal"])
        yield (invoice["contract"], _period(line), name, *figures, rules[0])
        for rule in rules[1:]:
            yield ("",) * 7 + (rule,)


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
