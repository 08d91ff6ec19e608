# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What work on a ticket will cost once it is saved: the run of the bill, unwritten."""

from dataclasses import dataclass, replace
from datetime import UTC, date
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models

from ..engine.facts import ZERO, Facts, Work
from ..engine.money import round_half_up
from ..engine.offer import hour_price
from ..engine.rating import rate

NEW = 2**40  # ids of work that is not saved: after all that is (R1)
NO_TICKET = -1  # stands for a ticket that is not saved


@dataclass(frozen=True)
class WorkCost:
    """What one piece of work costs; ``charges`` are records in memory.

    ``waiting`` is what of it is not billed before the customer accepts (R25);
    ``quoted`` tells that it waits for a quotation, ``unrated`` for a price.
    """

    charges: models.BaseModel
    currency: models.BaseModel
    amount: Decimal | float = ZERO
    waiting: Decimal | float = ZERO
    quoted: bool = False
    unrated: bool = False


class AftersalesPreviewWork(models.AbstractModel):
    """Asks the engine that bills, on the facts it would have; nothing is written."""

    _name = "aftersales.preview.work"
    _description = "After-sales: preview of work on a ticket"

    @api.model
    def _draft(self, ticket, minutes, grade=None, **vals):
        """Describe work that is thought of, for :meth:`_costs`.

        :param grade: of who will do it
        :param vals: ``service``, ``mode``; ``day`` or ``start`` (UTC), none: today
        """
        start = fields.Datetime.to_datetime(vals.get("start") or False)
        # Whoever sees a ticket may know its zone and its service.
        ticket = ticket.sudo()
        company = ticket.company_id or self.env.company
        service = vals.get("service", ticket.service_id).sudo()
        if start:
            day = company._aftersales_day(start)
        else:
            day = vals.get("day") or company._aftersales_today()
        return Work(
            id=0,
            ticket_id=ticket._origin.id or NO_TICKET,
            day=day,
            minutes=minutes,
            service_id=service._origin.id or None,
            category=service.category or None,
            mode=vals.get("mode") or ticket.service_mode or "remote",
            grade_id=grade._origin.id or None if grade else None,
            region_id=ticket.installation_id.region_id.id or None,
            start=start.replace(tzinfo=UTC) if start else None,
            is_vendor_fault=service.is_vendor_fault,
        )

    @api.model
    def _line_costs(self, lines):
        """What timesheets will cost as they are typed, by themselves as key.

        :param lines: of one ticket, new or changed in a form
        """
        # Whoever types work may know its price, not its engineer's contract of work.
        known = lines
        lines, ticket = lines.sudo(), lines[:1].sudo().ticket_id
        grade_of = self.env["aftersales.loader"].sudo()._grades(lines.employee_id)
        minutes = lines._aftersales_minutes()
        drafts = []
        for line in lines:
            day = line.date or ticket.company_id._aftersales_today()
            grade_id = grade_of(line.employee_id._origin.id, day)
            draft = self._draft(
                ticket,
                max(minutes[line.id], 0),
                self.env["aftersales.grade"].browse(grade_id or []),
                service=line.service_id,
                mode=line.service_mode,
                day=day,
                start=line.start_datetime,
            )
            saved = line._origin
            drafts.append(
                replace(draft, id=saved.id or 0, revision=saved.aftersales_revision)
            )
        return dict(zip(known, self._costs(ticket, drafts), strict=True))

    @api.model
    def _costs(self, ticket, drafts):
        """What drafts of work on one ticket will cost, one after the other.

        All other work that is known is counted as it stands; the price is the one that
        rating will give once they are saved.

        :param list drafts: by :meth:`_draft`; with the id of a timesheet: instead of it
        :return list: a :class:`WorkCost` for each
        """
        if not drafts:
            return []
        return self._outcome(ticket, drafts)[1]

    @api.model
    def _outcome(self, ticket, drafts):
        """The facts, and a :class:`WorkCost` of each draft."""
        # Whoever may log work on a ticket may know what it costs.
        ticket = ticket.sudo()
        works = [
            work if work.id else replace(work, id=NEW + number)
            for number, work in enumerate(drafts)
        ]
        if ticket.contract_id._origin.aftersales_plan_id:
            facts = self._contract_facts(ticket, works)
        else:
            facts = self._card_facts(ticket)
        ours = {work.id for work in works}
        others = tuple(work for work in facts.work if work.id not in ours)
        outcome = rate(replace(facts, work=(*others, *works)))
        return facts, [self._cost(ticket, work, outcome) for work in works]

    @api.model
    def _estimate(self, ticket, drafts):
        """What drafts of work would cost the customer, for a quotation (E3).

        As :meth:`_costs`; hours that a quotation bills (R12) are priced by the
        contract's rates.

        :return list: amount and sentence of each; no amount where no rate matches
        """
        if not drafts:
            return []
        facts, costs = self._outcome(ticket, drafts)
        return [
            self._estimated(facts, work, cost)
            for work, cost in zip(drafts, costs, strict=True)
        ]

    @api.model
    def _estimated(self, facts, work, cost):
        if cost.unrated:
            return None, cost.charges.mapped("reason")[0]
        if set(cost.charges.mapped("kind")) != {"quoted"}:
            # What the estimate asks for needs no word.
            for charge in cost.charges:
                charge.reason_args = {
                    name: value
                    for name, value in (charge.reason_args or {}).items()
                    if name not in ("waits", "by")
                }
            return cost.amount, "\n".join(cost.charges.mapped("reason"))
        price = hour_price(facts, work, facts.rounding)
        if price is None:
            return None, self.env._("No rate of the contract matches this work.")
        wording = self.env["aftersales.wording"]
        amount = round_half_up(Fraction(price) * work.minutes / 60, facts.rounding)
        return amount, self.env._(
            "%(time)s x %(price)s an hour",
            time=wording._duration(work.minutes),
            price=wording._money(float(price), cost.currency),
        )

    @api.model
    def _contract_facts(self, ticket, works):
        """The facts of the ticket's contract, with the ticket as it is typed."""
        contract = ticket.contract_id._origin
        loader = self.env["aftersales.loader"].sudo()
        first = self.env["aftersales.rating"].sudo()._first_days(contract, None)
        first_day = min(first[contract.id], *(work.day for work in works))
        since = {contract.id: first_day.replace(day=1)}
        facts = loader._facts(contract, since)[contract.id]
        typed = replace(
            loader._ticket(
                ticket,
                loader._has_policy(contract, "incident"),
                loader._has_policy(contract, "quote"),
            ),
            id=ticket._origin.id or NO_TICKET,
        )
        others = tuple(known for known in facts.tickets if known.id != typed.id)
        if len(others) == len(facts.tickets):
            earlier = loader._earlier({contract.id: [typed]}, since)[contract.id]
            facts = replace(facts, earlier=(*facts.earlier, *earlier))
        return replace(facts, tickets=(*others, typed))

    @api.model
    def _card_facts(self, ticket):
        """No contract covers it: the standard card alone has a price (C2)."""
        company = ticket.company_id or self.env.company
        currency = company.currency_id
        cards = self.env["aftersales.loader"].sudo()._cards(company)
        return Facts(
            contract_id=0,
            start=date.max,
            end=None,
            until=date.min,
            rounding=Decimal(str(currency.rounding)),
            card=cards.get((company.id, currency.id), ()),
        )

    @api.model
    def _cost(self, ticket, work, outcome):
        contract = ticket.contract_id._origin
        charges = sorted(
            (charge for charge in outcome.charges if charge.work_id == work.id),
            key=lambda charge: charge.key,
        )
        waiting = [charge for charge in charges if charge.waiting]
        kinds = {charge.kind for charge in waiting}
        return WorkCost(
            charges=self._records(contract, charges, outcome.grants),
            currency=ticket.aftersales_currency_id,
            amount=sum((charge.amount for charge in charges), ZERO),
            waiting=sum((charge.amount for charge in waiting), ZERO),
            quoted="quoted" in kinds,
            unrated="unrated" in kinds,
        )

    @api.model
    def _records(self, contract, charges, grants):
        found = self.env["aftersales.preview"]._records(contract, charges, grants)
        return self.env["aftersales.charge"].sudo().concat(*found)

    @api.model
    def _charged(self, charges):
        """The cost of work that is saved, by its charges."""
        charges = charges.sorted("key")
        waiting = charges.filtered("is_waiting")
        kinds = set(waiting.mapped("kind"))
        return WorkCost(
            charges=charges,
            currency=charges.currency_id[:1],
            amount=sum(charges.mapped("amount")),
            waiting=sum(waiting.mapped("amount")),
            quoted="quoted" in kinds,
            unrated="unrated" in kinds,
        )

    # In words

    @api.model
    def _in_words(self, cost, accepted=0.0):
        """One sentence a person reads before saving: the price, then why (R24).

        :param float accepted: what the customer accepted for the ticket so far
        """
        if not cost.charges:
            return ""
        return self.env._(
            "%(price)s: %(why)s",
            price=self._price_in_words(cost, accepted),
            why="\n".join(cost.charges.mapped("reason")),
        )

    @api.model
    def _price_in_words(self, cost, accepted=0.0):
        wording = self.env["aftersales.wording"]
        if cost.quoted:
            return self.env._("Waits for a quotation")
        if cost.unrated:
            return self.env._("Waits for a price")
        parts = []
        billed = cost.amount - cost.waiting
        if billed and cost.waiting:
            parts.append(self.env._("%s is billed", self._money(billed, cost.currency)))
        elif not cost.waiting:
            parts.append(self._money(billed, cost.currency))
        if cost.waiting:
            amount = self._money(cost.waiting, cost.currency)
            text = self.env._("%s waits for acceptance", amount)
            if accepted:
                text = self.env._(
                    "%(amount)s waits for acceptance, beyond the %(accepted)s accepted",
                    amount=amount,
                    accepted=self._money(accepted, cost.currency),
                )
            parts.append(text)
        return wording._list(parts)

    @api.model
    def _money(self, amount, currency):
        return (
            currency.format(float(amount)) if amount else self.env._("Free of charge")
        )

    @api.model
    def _level(self, cost):
        """How much attention it asks for: free, billed or waits; False: no work."""
        if not cost.charges:
            return False
        if cost.quoted or cost.unrated or cost.waiting:
            return "waits"
        return "billed" if cost.amount else "free"
