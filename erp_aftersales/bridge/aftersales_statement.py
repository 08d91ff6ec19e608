# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A contract's statement, like a bank's: grants, work, fees, and where they stand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ..engine import statement
from ..engine.periods import period_of
from .aftersales_loader import decimal


@dataclass(frozen=True)
class Asked:
    """The statement of a contract over some days; ``invoice``: sent with that one."""

    contract: models.BaseModel
    first: date
    last: date
    invoice: models.BaseModel


class AftersalesStatement(models.AbstractModel):
    """Loads what statements tell, with a constant number of queries; writes nothing.

    Texts are in the language of the context. Statements are plain data: texts, dates,
    whole minutes and decimals.
    """

    _name = "aftersales.statement"
    _description = "After-sales: statements"

    @api.model
    def _statement(self, contract, date_from, date_to):
        """State one contract from a day to a day, both included.

        :raises AccessError: for whoever may not read the contract, or charges at all
        :return dict: see ``_state``
        """
        self._check_reader(contract)
        invoice = self.env["account.move"].browse()
        (found,) = self._statements([Asked(contract, date_from, date_to, invoice)])
        return found

    @api.model
    def _invoice_statements(self, moves):
        """State what the charges of invoices belong to, by the invoice's id.

        An invoice without charges has none; one of several contracts has several.
        """
        asked = self._asked(moves)
        found = defaultdict(list)
        for each, stated in zip(asked, self._statements(asked), strict=True):
            found[each.invoice.id].append(stated)
        return dict(found)

    @api.model
    def _check_reader(self, records):
        """Who reads the records and has a right to charges may read their statement.

        Customers have none: of the portal's own statement its add-on decides.
        """
        records.check_access("read")
        self.env["aftersales.charge"].check_access("read")

    # What is asked for

    @api.model
    def _asked(self, moves):
        """A statement for each invoice and contract, over the days that it bills."""
        # Safe: the caller answers for whoever reads; the invoice says all of it anyway.
        charges = self.env["aftersales.charge"].sudo()
        charges = charges.search([("invoice_line_id.move_id", "in", moves.ids)])
        return [
            Asked(
                contract,
                *self._days(contract, of_contract),
                move.with_env(self.env),
            )
            for move, of_move in charges.grouped("invoice_id").items()
            for contract, of_contract in of_move.grouped("contract_id").items()
        ]

    @api.model
    def _days(self, contract, charges):
        """First and last day of what an invoice bills: whole periods, up to today.

        Those of usage: of a fee that is paid ahead nothing has happened yet. The fees'
        own days where there is nothing else.
        """
        usage = charges.filtered(lambda charge: not charge.fee_id)
        lines = usage.invoice_line_id
        days = {
            *(usage or charges).mapped("date"),
            *lines.mapped("aftersales_period_start"),
            *lines.mapped("aftersales_period_end"),
        } - {False}
        today = contract.company_id._aftersales_today()
        first, last = self._whole(contract, min(days)), self._whole(contract, max(days))
        return first[0], max(max(days), min(last[1], today))

    @api.model
    def _whole(self, contract, day):
        """The days of the contract's period of usage that a day is in (R8)."""
        usage = contract.contract_line_ids.filtered(
            lambda line: line.aftersales_kind == "usage"
        )[:1]
        rule, interval = usage.recurring_rule_type, usage.recurring_interval
        period = rule and period_of(
            contract.date_start, contract.date_end or None, rule, interval, day
        )
        return (period.start, period.end or day) if period else (day, day)

    # What is told

    @api.model
    def _statements(self, asked):
        """State all that is asked for, in its order.

        The caller has made sure that they are for the reader's eyes.
        """
        if not asked:
            return []
        # Safe: whoever may read a contract or its invoice may know what it bills:
        # names of tickets and numbers of invoices among it, and no costs of ours.
        self = self.sudo()
        contracts = self.env["contract.contract"].union(
            *(each.contract.with_env(self.env) for each in asked)
        )
        charges = self._charges(asked).grouped("contract_id")
        grants = self._grants(contracts).grouped("contract_id")
        uses = self._uses(contracts)
        return [
            self._state(
                each,
                contract,
                charges.get(contract, self.env["aftersales.charge"]),
                grants.get(contract, self.env["aftersales.grant"]),
                uses,
            )
            for each in asked
            for contract in each.contract.with_env(self.env)
        ]

    @api.model
    def _charges(self, asked):
        """The charges of all days, and those on the invoices asked for."""
        domain = Domain.OR(
            Domain("contract_id", "=", each.contract.id)
            & Domain("date", ">=", each.first)
            & Domain("date", "<=", each.last)
            for each in asked
        )
        moves = [each.invoice.id for each in asked if each.invoice]
        if moves:
            domain |= Domain("invoice_line_id.move_id", "in", moves)
        return self.env["aftersales.charge"].search(domain, order="date, id")

    @api.model
    def _grants(self, contracts):
        return self.env["aftersales.grant"].search(
            [("contract_id", "in", contracts.ids)], order="date_start, priority, id"
        )

    @api.model
    def _uses(self, contracts):
        """What was ever taken of the contracts' grants, by grant and day."""
        uses = defaultdict(list)
        groups = self.env["aftersales.charge"]._read_group(
            [("contract_id", "in", contracts.ids), ("grant_id", "!=", False)],
            ["grant_id", "date:day"],
            ["minutes_taken:sum", "quantity:sum"],
        )
        key = self.env["aftersales.loader"]._grant_key
        for grant, day, minutes, count in groups:
            taken = decimal(count if grant.unit == "incident" else minutes)
            uses[grant.id].append(statement.Use(key(grant), day, taken))
        return uses

    @api.model
    def _state(self, asked, contract, charges, grants, uses):
        """One statement.

        :return dict: what it is about (``contract`` ... ``invoice``); ``units``, the
            accounts of each unit with their ``total``; ``work``, also by ``tickets``,
            ``fees`` and ``corrections``, with their charges; ``kinds`` and ``total``,
            sums of amounts by where the charges stand
        """
        stated = charges.filtered(
            lambda charge: (
                asked.first <= charge.date <= asked.last
                or (asked.invoice and charge.invoice_id.id == asked.invoice.id)
            )
        )
        charges = stated.with_prefetch(charges._prefetch_ids)
        rows = [self._row(charge, asked.invoice) for charge in charges]
        return {
            **self._head(asked, contract),
            "units": self._units(asked, contract, grants, uses),
            "tickets": self._tickets(charges.ticket_id, rows),
            "work": self._section(rows, "work"),
            "fees": self._section(rows, "fees"),
            "corrections": self._section(rows, "corrections"),
            "kinds": self._kinds(rows),
            "total": statement.summed(row["entry"] for row in rows),
        }

    @api.model
    def _head(self, asked, contract):
        terms = contract.aftersales_term_ids.sorted("date_start")
        behind = [*terms[1:].mapped("date_start"), date.max]
        plans = [
            term.plan_id.display_name
            for term, end in zip(terms, behind, strict=False)
            if term.date_start <= asked.last and asked.first < end
        ]
        return {
            "contract": contract.display_name,
            "plan": ", ".join(dict.fromkeys(plans)),
            "customer": contract.commercial_partner_id.name,
            "company": contract.company_id.name,
            "currency": contract.currency_id.name,
            "digits": contract.currency_id.decimal_places,
            "date_from": asked.first,
            "date_to": asked.last,
            "today": contract.company_id._aftersales_today(),
            "invoice": self._invoice_name(asked.invoice.with_env(self.env)),
        }

    @api.model
    def _units(self, asked, contract, grants, uses):
        """The accounts of hours and of incidents, each grant with its movements."""
        loader = self.env["aftersales.loader"]
        records = {loader._grant_key(grant): grant for grant in grants}
        accounts = statement.accounts(
            [loader._grant(grant) for grant in grants],
            [use for grant in grants for use in uses.get(grant.id, ())],
            asked.first,
            asked.last,
            contract.company_id._aftersales_today(),
        )
        by_unit = defaultdict(list)
        for account in accounts:
            by_unit[account.grant.unit].append(
                {
                    "name": records[account.grant.key]._name_text(),
                    "date_start": account.grant.start,
                    "date_end": account.grant.end,
                    "balance": account.balance,
                }
            )
        return [
            {
                "unit": unit,
                "accounts": by_unit[unit],
                "total": statement.total(row["balance"] for row in by_unit[unit]),
            }
            for unit in ("hour", "incident")
            if by_unit[unit]
        ]
