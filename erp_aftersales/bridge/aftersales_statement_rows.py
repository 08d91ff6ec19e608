# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a statement says of charges: a row each, by ticket and section, and sums."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import format_date

from ..engine import statement
from .aftersales_loader import decimal

PLACES = {"open": "unbilled", "invoiced": "invoiced", "waiting": "waiting"}
SECTIONS = {
    "adjustment": "corrections",
    "fee": "fees",
    "true_up": "fees",
    "credit": "fees",
}


class AftersalesStatementRows(models.AbstractModel):
    """Charges as rows of plain data, in the language of the context."""

    _inherit = "aftersales.statement"

    @api.model
    def _row(self, charge, invoice):
        here = invoice and charge.invoice_id.id == invoice.id
        return {
            "section": SECTIONS.get(charge.kind, "work"),
            "ticket_id": charge.ticket_id.id,
            "ticket": charge.ticket_id.number or "",
            "date": charge.date,
            "what": self._attributes(charge),
            "reason": charge.reason,
            "kind": self.env["aftersales.wording"]._label(charge, "kind"),
            "state": charge.state,
            "invoice": self._invoice_name(charge.invoice_id),
            "entry": statement.Entry(
                charge.kind,
                "asked" if here else PLACES[charge.state],
                decimal(charge.amount),
                charge.minutes_worked,
                charge.minutes,
            ),
        }

    @api.model
    def _attributes(self, charge):
        """Service, mode and grade of work; the days that a fee covers."""
        wording = self.env["aftersales.wording"]
        if charge.date_start:
            days = (charge.date_start, charge.date_end)
            return [" – ".join(format_date(self.env, day) for day in days if day)]
        names = [
            charge.service_id.name,
            wording._label(charge, "service_mode"),
            charge.grade_id.name,
            wording._label(charge, "band") if charge.band != "normal" else "",
        ]
        return [name for name in names if name]

    @api.model
    def _invoice_name(self, move):
        """The invoice's number, as the customer knows it; a draft has none yet."""
        if not move:
            return ""
        return move.name if move.state == "posted" else self.env._("draft invoice")

    @api.model
    def _tickets(self, tickets, rows):
        """The work by ticket, in the order of its first day."""
        names = {ticket.id: (ticket.number, ticket.name) for ticket in tickets}
        by_ticket = defaultdict(list)
        for row in rows:
            if row["section"] == "work":
                by_ticket[row["ticket_id"]].append(row)
        return [
            {
                "number": names.get(ticket_id, ("", ""))[0],
                "name": names.get(ticket_id, ("", ""))[1],
                "rows": of_ticket,
                "total": statement.summed(row["entry"] for row in of_ticket),
            }
            for ticket_id, of_ticket in by_ticket.items()
        ]

    @api.model
    def _section(self, rows, section):
        of_section = [row for row in rows if row["section"] == section]
        return {
            "rows": of_section,
            "total": statement.summed(row["entry"] for row in of_section),
        }

    @api.model
    def _kinds(self, rows):
        """Sums by kind, named; kinds in the order of their field's choices."""
        field = self.env["aftersales.charge"]._fields["kind"]
        sums = statement.by_kind(row["entry"] for row in rows)
        return [
            {"kind": kind, "name": name, "sum": sums[kind]}
            for kind, name in field._description_selection(self.env)
            if kind in sums
        ]
