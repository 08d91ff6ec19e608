# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a correction would cost, before it is made: the run of the bill itself."""

from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from odoo import api, models

from ..engine.rating import rate

ZERO = Decimal(0)


class AftersalesPreviewCorrection(models.AbstractModel):
    """Asks the engine that bills; nothing is written (R17)."""

    _name = "aftersales.preview.correction"
    _description = "After-sales: preview of a correction"

    @api.model
    def _costs(self, line, changes):
        """What work costs now, what it will cost, and what the contract owes more.

        :param line: one timesheet
        :param dict changes: new values, as ``action_aftersales_correct`` takes them
        :return tuple: three decimals; other work that moves counts in the last
        """
        # Whoever may correct work may know its price; nothing is written.
        line = line.sudo()
        contract = line.ticket_id.contract_id
        if not contract.aftersales_plan_id or not line.date:
            return ZERO, ZERO, ZERO
        draft = line.new(changes, origin=line)
        day = self._day(draft)
        first = (
            self.env["aftersales.rating"]
            .sudo()
            ._first_days(contract, min(line.date, day))
        )
        facts = self.env["aftersales.loader"].sudo()._facts(contract, first)
        facts = facts[contract.id]
        before = rate(facts).charges
        work = tuple(
            self._corrected(work, line, draft, day, changes)
            if work.id == line.id
            else work
            for work in facts.work
        )
        after = rate(replace(facts, work=work)).charges
        frozen = [item.charge for item in facts.existing if item.frozen]
        return (
            self._cost((*frozen, *before), line),
            self._cost((*frozen, *after), line),
            self._total(after) - self._total(before),
        )

    @api.model
    def _day(self, draft):
        """The work date; a start decides it (R1)."""
        if draft.start_datetime:
            return draft._aftersales_company()._aftersales_day(draft.start_datetime)
        return draft.date

    @api.model
    def _corrected(self, work, line, draft, day, changes):
        """The work as it would be, with the next revision where it is invoiced."""
        service, start = draft.service_id, draft.start_datetime
        grade_of = self.env["aftersales.loader"].sudo()._grades(draft.employee_id)
        is_new = bool(line._aftersales_frozen_now() and changes.keys() - {"name"})
        return replace(
            work,
            day=day,
            minutes=draft._aftersales_minutes()[draft.id],
            service_id=service.id or None,
            category=service.category or None,
            mode=draft.service_mode or "remote",
            grade_id=grade_of(draft.employee_id.id, day),
            start=start.replace(tzinfo=UTC) if start else None,
            is_vendor_fault=service.is_vendor_fault,
            revision=work.revision + is_new,
        )

    @api.model
    def _cost(self, charges, line):
        return self._total(charge for charge in charges if charge.work_id == line.id)

    @api.model
    def _total(self, charges):
        return sum((charge.amount for charge in charges), ZERO)
