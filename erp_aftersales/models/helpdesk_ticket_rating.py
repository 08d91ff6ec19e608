# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

TRIGGERS = {
    "contract_id",
    "partner_id",
    "category_id",
    "service_id",
    "service_mode",
    "installation_id",
    "received_at",
    "stage_id",
    "team_id",
    "user_id",
    "priority",
    "active",
    "duplicate_id",
    "aftersales_merged_into_id",
    "sale_order_ids",
    "aftersales_is_emergency",
    "response_state",
    "response_deadline",
    "resolution_state",
    "resolution_deadline",
}
MISSED = ("breached", "met_late")
# Rows that charge or credit a ticket by itself, by their path from the contract.
COUNTED = (
    ("aftersales_term_ids.plan_id.coverage_ids.policy", "=", "incident"),
    ("aftersales_term_ids.plan_id.sla_ids.credit_percent", ">", 0),
    ("aftersales_coverage_ids.policy", "=", "incident"),
    ("aftersales_sla_ids.credit_percent", ">", 0),
)


class TicketFacts(NamedTuple):
    """What rating reads from a ticket.

    ``orders``: its confirmed quotations (R12); ``misses``: its missed targets (R23).
    """

    contract_id: int
    day: date
    work: tuple
    orders: tuple
    misses: tuple


class HelpdeskTicket(models.Model):
    """A ticket whose facts change has its contracts rated anew."""

    _inherit = "helpdesk.ticket"

    def _aftersales_facts(self):
        """What rating reads from each ticket, by ticket id."""
        # All facts count, also orders and contracts that the writer may not see.
        return {
            ticket.id: TicketFacts(
                ticket.contract_id.id,
                ticket.company_id._aftersales_day(
                    ticket.received_at or ticket.create_date
                ),
                ticket._aftersales_work_facts(),
                ticket._aftersales_confirmed_orders(),
                ticket._aftersales_misses(),
            )
            for ticket in self.sudo()
        }

    def _aftersales_work_facts(self):
        """What decides how the work is priced, and whether this is an incident."""
        return (
            self.received_at,
            self.service_id.id,
            self.service_mode,
            self.installation_id.id,
            self.stage_id.aftersales_not_charged,
            self.active,
            self.duplicate_id.id,
            self.aftersales_merged_into_id.id,
            self.aftersales_is_emergency,
        )

    def _aftersales_confirmed_orders(self):
        orders = self.sale_order_ids.filtered(lambda order: order.state == "sale")
        return tuple(sorted(orders.ids))

    def _aftersales_misses(self):
        """The targets that were missed, with what decides their credit (R23)."""
        return tuple(
            (target, self.priority, deadline)
            for target, state, deadline in (
                ("response", self.response_state, self.response_deadline),
                ("resolution", self.resolution_state, self.resolution_deadline),
            )
            if state in MISSED
        )

    def _aftersales_rate_changed(self, before):
        """Rate the contracts, old and new, of the tickets whose facts changed."""
        after = self._aftersales_facts()
        changed = self.filtered(lambda t: before[t.id] != after[t.id])
        if changed:
            changed._aftersales_settle_orders(before, after)
            changed._aftersales_rate_since(changed._aftersales_days(before, after))

    def _aftersales_metered(self):
        """Those of these tickets under contract whose work the meter bills (R12).

        One quoted entry is enough for a quotation to bill: else nothing would.
        """
        if not self:
            return self
        policies = self.env["aftersales.rating"]._policies(self)
        # How an order is billed follows from the work, whoever sees the charges.
        quoted = self.env["aftersales.charge"].sudo()
        quoted = quoted.search([("ticket_id", "in", self.ids), ("kind", "=", "quoted")])
        return self.filtered(
            lambda ticket: (
                policies.get(ticket.id) != "quote" and ticket not in quoted.ticket_id
            )
        )

    def _aftersales_resettle(self):
        """Settle the confirmed quotations of these tickets; rate what that changes.

        One for several tickets goes on billing itself: it cannot be an acceptance, and
        rating is no place to refuse that.
        """
        # What an order is follows from the ticket, whoever may see the order.
        orders = self.sudo().sale_order_ids.filtered(
            lambda order: order.state == "sale" and len(order.ticket_ids) == 1
        )
        settled = orders._aftersales_settle()
        if settled:
            settled.ticket_ids._aftersales_rate()
            settled.ticket_ids.timesheet_ids._aftersales_follow_order()

    def _aftersales_settle_orders(self, *facts_list):
        """The policy of a ticket decides what its confirmed quotations are (R12)."""
        ids = {id_ for facts in facts_list for t in self for id_ in facts[t.id].orders}
        # What an order is follows from the ticket, whoever may see the order.
        self.env["sale.order"].sudo().browse(sorted(ids))._aftersales_settle()

    def _aftersales_rate(self):
        """Rate the contracts of these tickets, once for all."""
        self._aftersales_rate_since(self._aftersales_days(self._aftersales_facts()))

    def _aftersales_rate_new(self):
        """Rate the contracts that charge a ticket before any work is done on it."""
        # Whoever opens a ticket may not read its contract.
        new = self.filtered(lambda ticket: ticket.sudo().contract_id)
        if new:
            days = new._aftersales_days(new._aftersales_facts(), worked={})
            self._aftersales_rate_since(days)

    @api.model
    def _aftersales_rate_since(self, days):
        """Rate contracts, given the first day touched of each."""
        if days and not self._aftersales_is_rated_later():
            # Prices are for rating to read, not for whoever changed the facts.
            contracts = self.env["contract.contract"].sudo().browse(sorted(days))
            since = min(days.values())
            self.env["aftersales.rating"]._rate(contracts, since=since)

    def _aftersales_days(self, *facts_list, worked=None):
        """The first day that these tickets touch, by contract id.

        It is the day of the first work or charge on them; where a ticket is charged or
        credited by itself, also the day it came in. No day: nothing to rate.

        :param dict worked: first day of work by ticket id, where it is known
        """
        facts = [(t, facts[t.id]) for facts in facts_list for t in self]
        facts = [(ticket, fact) for ticket, fact in facts if fact.contract_id]
        counted = self._aftersales_counted({fact.contract_id for _t, fact in facts})
        if facts and worked is None:
            worked = self._aftersales_touched_days()
        days = {}
        for ticket, fact in facts:
            id_ = fact.contract_id
            found = [worked.get(ticket.id), fact.day if id_ in counted else None]
            found = [day for day in (*found, days.get(id_)) if day]
            if found:
                days[id_] = min(found)
        return days

    @api.model
    def _aftersales_counted(self, contract_ids):
        """Ids of contracts under which a ticket costs or credits without work."""
        if not contract_ids:
            return set()
        # Whoever opens a ticket may not see the rows; only ids are compared.
        contracts = self.env["contract.contract"].sudo()
        rows = Domain.OR([[condition] for condition in COUNTED])
        return set(contracts.search(Domain("id", "in", contract_ids) & rows).ids)

    def _aftersales_touched_days(self):
        """Day of the first work or charge on each of these tickets, by ticket id."""
        days = {}
        for model in ("account.analytic.line", "aftersales.charge"):
            # All work counts, also what the writer may not see.
            groups = (
                self.env[model]
                .sudo()
                ._read_group(
                    [("ticket_id", "in", self.ids)], ["ticket_id"], ["date:min"]
                )
            )
            for ticket, day in groups:
                days[ticket.id] = min(day, days.get(ticket.id, day))
        return days
