# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tickets as facts: incidents, quotations, acceptances and missed promises."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from odoo import api, models
from odoo.fields import Domain

from ..engine import facts as fact
from .aftersales_loader import decimal
from .aftersales_loader_terms import Level

MISSED = ("breached", "met_late")
TARGETS = {"response": "response_deadline", "resolution": "resolution_deadline"}


class AftersalesLoaderTickets(models.AbstractModel):
    """What rating needs to know of requests themselves (R11, R12, R23, R25)."""

    _inherit = "aftersales.loader"

    @api.model
    def _tickets(self, contracts, since, lines):
        """Tickets with work, and those that may be incidents, by contract id (R11)."""
        tickets = lines.ticket_id
        if by_incident := contracts.filtered(
            lambda contract: self._has_policy(contract, "incident")
        ):
            tickets |= self._tickets_since(by_incident, since)
        quoting = contracts.filtered(lambda c: self._has_policy(c, "quote"))
        by_contract = defaultdict(list)
        for ticket in tickets:
            contract = ticket.contract_id
            by_contract[contract.id].append(
                self._ticket(ticket, contract in by_incident, contract in quoting)
            )
        return by_contract

    @api.model
    def _has_policy(self, contract, policy):
        """Whether a row of the contract or of its plans has the policy."""
        if any(policy in plan.policies for plan in self._plans_of(contract)):
            return True
        return contract.aftersales_has_own_terms and policy in (
            contract.aftersales_coverage_ids.mapped("policy")
        )

    @api.model
    def _tickets_since(self, contracts, since):
        """All tickets that came in on or after the first day rated."""
        # A day more for the zones: which day it was is decided by the company's.
        first = datetime.combine(min(since.values()), time()) - timedelta(days=1)
        domain = Domain("contract_id", "in", contracts.ids)
        domain &= Domain("received_at", ">=", first)
        return (
            self.env["helpdesk.ticket"].with_context(active_test=False).search(domain)
        )

    @api.model
    def _uncharged_incidents(self, contracts):
        """Tickets without any charge, of contracts that charge incidents (R11)."""
        by_incident = contracts.filtered(lambda c: self._has_policy(c, "incident"))
        if not by_incident:
            return self.env["helpdesk.ticket"]
        return self.env["helpdesk.ticket"].search(
            [
                ("contract_id", "in", by_incident.ids),
                ("charge_ids", "=", False),
                ("duplicate_id", "=", False),
                ("stage_id.aftersales_not_charged", "=", False),
            ]
        )

    @api.model
    def _ticket(self, ticket, is_incident=True, is_quoted=True):
        """:param is_incident: whether its contract charges incidents (R11)
        :param is_quoted: whether its contract charges by quotation (R12)
        """
        service = ticket.service_id
        received_at = ticket.received_at or ticket.create_date
        orders = ticket.sale_order_ids if is_quoted else self.env["sale.order"]
        orders = orders.filtered(lambda order: order.state == "sale")
        return fact.Ticket(
            id=ticket.id,
            day=ticket.company_id._aftersales_day(received_at),
            received_at=received_at.replace(tzinfo=UTC),
            service_id=service.id or None,
            category=service.category or None,
            mode=ticket.service_mode or "remote",
            region_id=ticket.installation_id.region_id.id or None,
            is_vendor_fault=service.is_vendor_fault,
            capped=ticket.aftersales_is_capped,
            is_emergency=ticket.aftersales_is_emergency and self._lets_begin(ticket),
            no_incident=self._no_incident(ticket) if is_incident else None,
            quote=orders.sorted("id")[-1:].name or None,
            accepted=decimal(ticket.aftersales_accepted_amount),
        )

    @api.model
    def _lets_begin(self, ticket):
        """Whether the contract lets an emergency begin without acceptance (A9)."""
        return ticket.contract_id.aftersales_emergency_allowed

    @api.model
    def _no_incident(self, ticket):
        """Why a ticket is no incident, though its service has that policy (R11)."""
        if ticket.aftersales_merged_into_id:
            return "merged"
        if ticket.duplicate_id:
            return "duplicate"
        return "not_charged" if ticket.stage_id.aftersales_not_charged else None

    @api.model
    def _earlier(self, tickets, since):
        """Charges before the first day rated on tickets with an acceptance (R25)."""
        accepted = [
            ticket.id
            for of_contract in tickets.values()
            for ticket in of_contract
            if ticket.accepted
        ]
        earlier = defaultdict(list)
        if not accepted:
            return earlier
        charges = self.env["aftersales.charge"].search(
            [
                ("ticket_id", "in", accepted),
                ("kind", "in", ("overage", "billable", "incident", "adjustment")),
                ("is_waiting", "=", False),
                ("date", "<", max(since.values())),
            ]
        )
        for charge in charges:
            contract_id = charge.contract_id.id
            if contract_id in since and charge.date < since[contract_id]:
                earlier[contract_id].append(self._charge(charge))
        return earlier

    # Missed promises

    @api.model
    def _misses(self, contracts, since):
        """Missed targets that pay a credit, by contract id (R23)."""
        return self._misses_among(self._missed(contracts), since)

    @api.model
    def _missed(self, contracts):
        """Missed targets that may pay a credit: ticket, target and day of each."""
        paying = contracts.filtered(self._pays_credits)
        return [
            (
                ticket,
                target,
                ticket.contract_id.company_id._aftersales_day(ticket[name]),
            )
            for ticket in (self._missed_tickets(paying) if paying else ())
            for target, name in TARGETS.items()
            if ticket[f"{target}_state"] in MISSED and ticket[name]
        ]

    @api.model
    def _misses_among(self, missed, since, left_out=()):
        """Those that pay, by contract id.

        :param left_out: ids of contracts' own service levels that do not count
        """
        misses = defaultdict(list)
        for ticket, target, day in missed:
            contract = ticket.contract_id
            level = self._level_of(contract, ticket.priority, day, left_out)
            percent = level.credit
            if percent and day >= since[contract.id]:
                misses[contract.id].append(fact.Miss(ticket.id, target, day, percent))
        return misses

    @api.model
    def _missed_tickets(self, contracts):
        missed = Domain.OR(
            Domain(f"{target}_state", "in", MISSED) for target in TARGETS
        )
        domain = Domain("contract_id", "in", contracts.ids) & missed
        return (
            self.env["helpdesk.ticket"].with_context(active_test=False).search(domain)
        )

    @api.model
    def _pays_credits(self, contract):
        """Whether a missed target may pay something back under a contract."""
        plans = self._plans_of(contract)
        if any(level.credit for plan in plans for level in plan.levels.values()):
            return True
        return contract.aftersales_has_own_terms and any(
            contract.aftersales_sla_ids.mapped("credit_percent")
        )

    @api.model
    def _level_of(self, contract, priority, day, left_out=()):
        """What is promised on a day: by the contract's own row, else its plan's.

        :param left_out: ids of contracts' own service levels that do not count
        """
        own = contract.aftersales_sla_ids.filtered(
            lambda row: (
                row.priority == priority
                and row.id not in left_out
                and (not row.date_start or row.date_start <= day)
                and (not row.date_end or day <= row.date_end)
            )
        )
        if own:
            return self._level(own[0])
        plan = self._plan_on(contract, day)
        return plan.levels.get(priority, Level()) if plan else Level()

    @api.model
    def _plan_on(self, contract, day):
        """The published plan in force on a day; None before the contract starts."""
        terms = contract.aftersales_term_ids.filtered(
            lambda term: term.date_start <= day
        )
        plan = terms.sorted("date_start")[-1:].plan_id
        return self._published(plan.id) if plan else None
