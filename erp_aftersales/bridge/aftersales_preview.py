# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What work would cost, before it is done: the run of the bill, without writing."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models

from ..engine.allowance import minutes_left
from ..engine.facts import Existing, Facts, Ticket, Work
from ..engine.rating import rate

QUOTED = -1  # stands for the ticket and the work that are not there yet


class Quoted(NamedTuple):
    """What work that is not there yet would be charged.

    ``records``: the charges in memory, for their sentences; the minutes are those that
    the open grants have for its service, without it and after it.
    """

    charges: list
    records: list
    minutes_before: int
    minutes_after: int

    @property
    def amount(self):
        """All of it, before tax."""
        return sum((charge.amount for charge in self.charges), Decimal(0))

    @property
    def parts(self):
        """Each charge with its record."""
        return list(zip(self.charges, self.records, strict=True))


class AftersalesPreview(models.AbstractModel):
    """Asks the engine that bills; nothing is written."""

    _name = "aftersales.preview"
    _description = "After-sales: preview"

    @api.model
    def _quote(self, contract, service, mode, grade, minutes, start=None):
        """Price work as if it were done now, after all work that is known (E1).

        It is work on a ticket of its own, which may be charged by itself (R11).

        :param contract: one contract under a plan
        :param datetime start: in UTC; None: today, within working hours
        :return dict: amount, currency, parts, minutes_left, problem
        """
        quoted = self._quoted(contract, service, mode, grade, minutes, start)
        problems = [
            record.reason for record in quoted.records if record.kind == "unrated"
        ]
        return {
            "amount": quoted.amount,
            "currency": contract.currency_id.name,
            "parts": [
                {
                    "kind": charge.kind,
                    "minutes": charge.minutes,
                    "amount": charge.amount,
                    "reason": record.reason,
                }
                for charge, record in quoted.parts
            ],
            "minutes_left": quoted.minutes_after,
            "problem": "\n".join(problems) or None,
        }

    @api.model
    def _quoted(self, contract, service, mode, grade, minutes, start=None, ticket=None):
        """What such work would be charged, as :class:`Quoted`.

        :param ticket: the one it is done on, with what its customer accepted; None:
            a ticket of its own
        """
        # Whoever may see the contract may know its prices; nothing is written.
        contract = contract.sudo()
        facts, asked, work = self._quote_facts(
            contract, service, mode, grade, minutes, start
        )
        if ticket:
            asked = self._quoted_ticket(ticket.sudo(), asked)
        known = [
            *(item for item in facts.existing if item.frozen),
            *(Existing(0, charge, frozen=True) for charge in rate(facts).charges),
        ]
        tickets = (*facts.tickets, asked)
        outcome = rate(
            replace(facts, tickets=tickets, work=(work,), existing=tuple(known))
        )
        charges = [charge for charge in outcome.charges if charge.ticket_id == QUOTED]
        before = [item.charge for item in known]
        at = work.day, work.service_id
        return Quoted(
            charges,
            self._records(contract, charges, outcome.grants),
            minutes_left(facts, before, *at),
            minutes_left(facts, [*before, *charges], *at),
        )

    @api.model
    def _quoted_ticket(self, ticket, asked):
        """The ticket that is asked about, with what is agreed on it (R12, R25)."""
        facts = self.env["aftersales.loader"].sudo()._ticket(ticket)
        beyond = Decimal(str(ticket._aftersales_beyond()[ticket.id]))
        return replace(
            asked,
            quote=facts.quote,
            no_incident=facts.no_incident,
            accepted=max(facts.accepted - beyond, Decimal(0)),
        )

    @api.model
    def _quote_facts(self, contract, service, mode, grade, minutes, start):
        company, start = contract.company_id, fields.Datetime.to_datetime(start)
        day = company._aftersales_day(start) if start else company._aftersales_today()
        first = self.env["aftersales.rating"].sudo()._first_days(contract, None)
        first = {contract.id: min(first[contract.id], day.replace(day=1))}
        loader = self.env["aftersales.loader"].sudo()
        moment = start.replace(tzinfo=UTC) if start else None
        asked = {
            "id": QUOTED,
            "day": day,
            "service_id": service.id or None,
            "category": service.sudo().category or None,
            "mode": mode or "remote",
            "region_id": contract.installation_ids.region_id[:1].id or None,
            "is_vendor_fault": service.sudo().is_vendor_fault,
        }
        ticket = Ticket(received_at=moment, **asked)
        work = Work(
            ticket_id=QUOTED,
            minutes=minutes,
            grade_id=grade.id or None if grade else None,
            start=moment,
            **asked,
        )
        return loader._facts(contract, first)[contract.id], ticket, work

    @api.model
    def _records(self, contract, charges, opened):
        """The charges as records in memory, for the sentences of their reasons.

        :param opened: grants as rating leaves them; new ones are records in memory too
        """
        writer = self.env["aftersales.writer"]
        key = self.env["aftersales.loader"]._grant_key
        found = {key(grant): grant for grant in contract.grant_ids}
        for grant in opened:
            if grant.key not in found:
                values = writer._grant_vals(contract, grant)
                found[grant.key] = contract.grant_ids.new(values)
        grants = defaultdict(
            bool, {(contract.id, key): grant.id for key, grant in found.items()}
        )
        model = self.env["aftersales.charge"].sudo()
        return [
            model.new(
                writer._vals(contract, charge, grants)
                | {"ticket_id": False, "timesheet_id": False}
            )
            for charge in charges
        ]

    # Work without a contract

    @api.model
    def _card_prices(self, lines):
        """What work that no contract covers costs by the standard card (C2).

        All work of one customer is priced together, as a contract would (R5, R13).

        :param lines: timesheets on tickets
        :return dict: (Decimal amount, currency, problem or None) by timesheet id
        """
        # Prices by the card are shown to whoever may see the work.
        lines = lines.sudo()
        loader = self.env["aftersales.loader"].sudo()
        cards = loader._cards(lines.ticket_id.company_id)
        works = loader._works(lines)
        prices = {}
        for (company, _partner), of_customer in lines.grouped(
            lambda line: (
                line.ticket_id.company_id,
                line.ticket_id.commercial_partner_id,
            )
        ).items():
            currency = company.currency_id
            facts = Facts(
                contract_id=0,
                start=date.max,
                end=None,
                until=date.min,
                rounding=Decimal(str(currency.rounding)),
                card=cards.get((company.id, currency.id), ()),
                work=tuple(works[line.id] for line in of_customer),
            )
            charges = rate(facts).charges
            for line in of_customer:
                ours = [charge for charge in charges if charge.work_id == line.id]
                prices[line.id] = self._card_price(ours, currency)
        return prices

    @api.model
    def _card_price(self, charges, currency):
        amount = sum((charge.amount for charge in charges), Decimal(0))
        waits = any(charge.waiting for charge in charges)
        problem = self.env._("No row of the standard card matches this work.")
        return amount, currency, problem if waits else None
