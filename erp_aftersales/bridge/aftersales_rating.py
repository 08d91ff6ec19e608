# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Load, rate, compare, write: the run behind every price."""

from odoo import api, models
from odoo.tools import clean_context, split_every

from ..engine.corrections import ADJUSTMENT
from ..engine.difference import difference
from ..engine.rating import rate
from ..engine.terms import EXCLUDED, Terms

CHUNK = 500
QUOTED = "quoted"


class AftersalesRating(models.AbstractModel):
    """Brings the open charges of contracts up to date."""

    _name = "aftersales.rating"
    _description = "After-sales: rating run"

    @api.model
    def _rate(self, contracts, since=None, fees_until=None, with_fees=False):
        """Rate the open work of contracts; write only what differs (R19).

        :param date since: earliest day touched; None: from the earliest open work on
        :param date fees_until: fees due by this day are made as charges (R20)
        :param with_fees: what changes in paid periods is charged or credited (R21)
        """
        # A default that a client sends with its context is no fact of the contract.
        self = self.with_context(clean_context(self.env.context))
        for ids in split_every(CHUNK, contracts.ids):
            self._rate_chunk(contracts.browse(ids), since, fees_until, with_fees)

    @api.model
    def _rate_chunk(self, contracts, since, fees_until, with_fees=False):
        # Whoever saves work may lack the right to read prices or grants; what is
        # written are the contract's own charges, guarded by their own rules.
        contracts = contracts.sudo().filtered("aftersales_plan_id")
        if not contracts:
            return None
        # All open work counts, also what whoever runs this may not see.
        firsts = self.sudo()._first_days(contracts, since)
        loader = self.env["aftersales.loader"].sudo()
        facts = loader._facts(contracts, firsts, fees_until, with_fees)
        changes = {
            contract: difference(facts[contract.id], rate(facts[contract.id]))
            for contract in contracts
        }
        changes = {contract: change for contract, change in changes.items() if change}
        if since and self._takes_back(changes, facts):
            earlier = min(self.sudo()._first_days(contracts, None).values())
            if earlier < since.replace(day=1):
                return self._rate_chunk(contracts, earlier, fees_until, with_fees)
        if changes:
            self._serialize(contracts.browse(c.id for c in changes))
            self.env["aftersales.writer"].sudo()._apply(changes)
            self._settle_quotations(changes, facts)
            self._watch_caps(changes, facts)
        return None

    @api.model
    def _takes_back(self, changes, facts):
        """Whether something that is invoiced is taken back (R17): what it held of a
        grant may now go to any open work, however early."""
        touched = self._touched(changes, facts)
        return any(charge.kind == ADJUSTMENT for charge in touched)

    @api.model
    def _touched(self, changes, facts):
        """The charges of changes as they are, and as they will be."""
        for contract, change in changes.items():
            gone = {*change.delete, *(id_ for id_, _charge in change.update)}
            for item in facts[contract.id].existing:
                if item.id in gone:
                    yield item.charge
            yield from change.create
            yield from (charge for _id, charge in change.update)

    @api.model
    def _settle_quotations(self, changes, facts):
        """Work that begins or ceases to be quoted decides what its order is (R12)."""
        touched = self._touched(changes, facts)
        ids = {charge.ticket_id for charge in touched if charge.kind == QUOTED}
        if ids:
            # Sorted, so that two runs settle in one order.
            self.env["helpdesk.ticket"].sudo().browse(
                sorted(ids)
            )._aftersales_resettle()

    @api.model
    def _watch_caps(self, changes, facts):
        """Work on a ticket nears what was accepted, or is an emergency (E3, A9)."""
        watched = {
            ticket.id
            for contract in changes
            for ticket in facts[contract.id].tickets
            if ticket.accepted or ticket.quote or ticket.is_emergency
        }
        if watched:
            touched = self._touched(changes, facts)
            ids = watched & {charge.ticket_id for charge in touched}
            tickets = self.env["helpdesk.ticket"].sudo()
            tickets.browse(sorted(ids))._aftersales_watch_caps()

    @api.model
    def _serialize(self, contracts):
        """Two runs over one contract cannot both win: the later one is repeated.

        Both would spend the same allowance minutes. Writing the contract's row makes
        the database refuse the second transaction, which Odoo then retries.
        """
        for contract in contracts:
            contract.aftersales_rating_count += 1

    @api.model
    def _first_days(self, contracts, since):
        """The first day to rate, by contract id: always the first of a month.

        Whole months keep the cents of R13 within what is loaded.
        """
        if since:
            return dict.fromkeys(contracts.ids, since.replace(day=1))
        days = {
            contract.id: contract.company_id._aftersales_today()
            for contract in contracts
        }
        for contract_id, day in self._open_days(contracts):
            days[contract_id] = min(days[contract_id], day)
        return {contract_id: day.replace(day=1) for contract_id, day in days.items()}

    @api.model
    def _open_days(self, contracts):
        """Days of open charges, and of what has none yet, with contract ids."""
        groups = self.env["aftersales.charge"]._read_group(
            [
                ("contract_id", "in", contracts.ids),
                ("state", "!=", "invoiced"),
                ("fee_id", "=", False),
            ],
            ["contract_id"],
            ["date:min"],
        )
        yield from ((contract.id, day) for contract, day in groups)
        lines = self.env["account.analytic.line"].search(
            [
                ("ticket_id.contract_id", "in", contracts.ids),
                ("project_id", "!=", False),
                ("unit_amount", "!=", 0),
                ("charge_ids", "=", False),
            ]
        )
        yield from ((line.ticket_id.contract_id.id, line.date) for line in lines)
        loader = self.env["aftersales.loader"]
        tickets = loader._uncharged_incidents(contracts)
        yield from (
            (
                ticket.contract_id.id,
                ticket.company_id._aftersales_day(ticket.received_at),
            )
            for ticket in tickets
        )

    @api.model
    def _policies(self, tickets):
        """What the contract does with each ticket's own service (R3).

        :return dict: the policy by ticket id; ``excluded`` without a contract
        """
        # Whoever sees a ticket may know whether it is charged; nothing is written.
        tickets = tickets.sudo()
        contracts = tickets.contract_id.filtered("aftersales_plan_id")
        loader = self.env["aftersales.loader"].sudo()
        terms = {
            contract_id: Terms(facts)
            for contract_id, facts in loader._terms_facts(contracts).items()
        }
        policies = dict.fromkeys(tickets.ids, EXCLUDED)
        for ticket in tickets:
            if ticket.contract_id.id in terms:
                asked = loader._ticket(ticket)
                policies[ticket.id] = terms[ticket.contract_id.id].policy(asked)[0]
        return policies
