# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What work would cost, before it is done: the run of the bill, without writing."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from odoo import api, models

from ..engine.allowance import minutes_left
from ..engine.facts import Existing, Work
from ..engine.rating import rate

QUOTED = -1  # stands for the work that is not done yet


class AftersalesPreview(models.AbstractModel):
    """Asks the engine that bills; nothing is written."""

    _name = "aftersales.preview"
    _description = "After-sales: preview"

    @api.model
    def _quote(self, contract, service, mode, grade, minutes, start=None):
        """Price work as if it were done now, after all work that is known (E1).

        :param contract: one contract under a plan
        :param datetime start: in UTC; None: today, within working hours
        :return dict: amount, currency, parts, minutes_left, problem
        """
        # Whoever may see the contract may know its prices; nothing is written.
        contract = contract.sudo()
        facts, work = self._quote_facts(contract, service, mode, grade, minutes, start)
        known = [
            *(item for item in facts.existing if item.frozen),
            *(Existing(0, charge, frozen=True) for charge in rate(facts).charges),
        ]
        outcome = rate(replace(facts, work=(work,), existing=tuple(known)))
        charges = [item.charge for item in known] + list(outcome.charges)
        records = self._records(contract, outcome.charges)
        problems = [record.reason for record in records if record.kind == "unrated"]
        return {
            "amount": sum((charge.amount for charge in outcome.charges), Decimal(0)),
            "currency": contract.currency_id.name,
            "parts": [
                {
                    "kind": charge.kind,
                    "minutes": charge.minutes,
                    "amount": charge.amount,
                    "reason": record.reason,
                }
                for charge, record in zip(outcome.charges, records, strict=True)
            ],
            "minutes_left": minutes_left(facts, charges, work.day, work.service_id),
            "problem": "\n".join(problems) or None,
        }

    @api.model
    def _quote_facts(self, contract, service, mode, grade, minutes, start):
        company = contract.company_id
        day = company._aftersales_day(start) if start else company._aftersales_today()
        first = self.env["aftersales.rating"].sudo()._first_days(contract, None)
        first = {contract.id: min(first[contract.id], day.replace(day=1))}
        loader = self.env["aftersales.loader"].sudo()
        work = Work(
            id=QUOTED,
            ticket_id=0,
            day=day,
            minutes=minutes,
            service_id=service.id or None,
            category=service.sudo().category or None,
            mode=mode or "remote",
            grade_id=grade.id or None if grade else None,
            region_id=contract.installation_ids.region_id[:1].id or None,
            start=start.replace(tzinfo=UTC) if start else None,
            is_vendor_fault=service.sudo().is_vendor_fault,
        )
        return loader._facts(contract, first)[contract.id], work

    @api.model
    def _records(self, contract, charges):
        """The charges as records in memory, for the sentences of their reasons."""
        writer = self.env["aftersales.writer"]
        grants = defaultdict(
            bool,
            {
                (contract.id, writer._grant_key(grant)): grant.id
                for grant in contract.grant_ids
            },
        )
        model = self.env["aftersales.charge"].sudo()
        return [
            model.new(
                writer._vals(contract, charge, grants)
                | {"ticket_id": False, "timesheet_id": False}
            )
            for charge in charges
        ]
