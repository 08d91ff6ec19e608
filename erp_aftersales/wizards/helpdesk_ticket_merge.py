# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import UserError

from ..models.helpdesk_ticket_response import MACHINE

# What a ticket made by merging takes from the others, where they agree.
SHARED = ("contract_id", "installation_id", "service_id", "service_mode")


class HelpdeskTicketMerge(models.TransientModel):
    """Merged tickets are one: their work, consents and quotations too (R11)."""

    _inherit = "helpdesk.ticket.merge"

    def merge_tickets(self):
        """Move what is not invoiced to the ticket that stays, and mark the others."""
        self._check_aftersales_access()
        self._check_aftersales_one_contract()
        self._check_aftersales_one_customer()
        # Who may write the tickets merges all that is on them: contracts, the work of
        # colleagues, and messages, which Odoo lets administrators move only.
        wizard = self.sudo().with_context(aftersales_speaks=MACHINE)
        tickets = wizard.ticket_ids
        everything = wizard._aftersales_all()
        shared = self._aftersales_shared(tickets)
        came_in = self._aftersales_came_in(everything)
        asked = everything.filtered(lambda ticket: not ticket.aftersales_visit_id)
        result = super(HelpdeskTicketMerge, wizard).merge_tickets()
        target = wizard.dst_ticket_id
        merged = tickets - target
        if self.create_new_ticket:
            target.write(shared)
        elif not target.contract_id and len(merged.contract_id) == 1:
            target.contract_id = merged.contract_id
        self._aftersales_move_arrival(target, came_in)
        self._aftersales_move_consents(merged, target)
        merged.aftersales_merged_into_id = target
        self._aftersales_move_work(merged, target)
        self._aftersales_move_visits(merged, target, asked)
        return result

    def _aftersales_all(self):
        """The tickets that become one, also the one that stays."""
        return self.ticket_ids | (
            self.dst_ticket_id.browse()
            if self.create_new_ticket
            else self.dst_ticket_id
        )

    def _check_aftersales_access(self):
        """Whoever merges may write all these tickets himself."""
        (self.ticket_ids | self.dst_ticket_id).check_access("write")
        if self.create_new_ticket:
            self.env["helpdesk.ticket"].check_access("create")

    def _aftersales_shared(self, tickets):
        """The values that tickets share, for the new one; it came in as the first."""
        values = {"received_at": self._aftersales_came_in(tickets)}
        for name in SHARED:
            found = {
                tickets._fields[name].convert_to_write(t[name], t) for t in tickets
            }
            given = found - {False} if name == "contract_id" else found
            if len(given) == 1:
                values[name] = given.pop()
        return values

    def _aftersales_came_in(self, tickets):
        """When the customer first asked; a planned service's day is no request."""
        asked = tickets.filtered(lambda ticket: not ticket.aftersales_visit_id)
        return min((asked or tickets).mapped("received_at"))

    def _check_aftersales_one_customer(self):
        """Refuse that the followers of one customer read the messages of another."""
        # Customers are only named; they may be hidden from whoever merges.
        tickets = self.sudo()._aftersales_all()
        customers = tickets.commercial_partner_id
        if len(customers) > 1:
            raise UserError(
                self.env._(
                    "The tickets %(tickets)s are of several customers "
                    "(%(customers)s), who would read each other's messages: merge "
                    "those of one customer.",
                    tickets=", ".join(tickets.mapped("number")),
                    customers=", ".join(customers.mapped("display_name")),
                )
            )

    def _check_aftersales_one_contract(self):
        """Refuse to mix the charged work of two contracts."""
        # Contracts are only named; they may be hidden from whoever merges.
        tickets = self.sudo()._aftersales_all()
        contracts = tickets.contract_id
        if len(contracts) > 1 and (tickets.timesheet_ids or tickets.charge_ids):
            raise UserError(
                self.env._(
                    "The tickets %(tickets)s have work or charges under several "
                    "contracts (%(contracts)s) and cannot be one: merge those of one "
                    "contract.",
                    tickets=", ".join(tickets.mapped("number")),
                    contracts=", ".join(contracts.mapped("display_name")),
                )
            )

    def _aftersales_move_work(self, merged, target):
        """What is invoiced, here or by a sales order, stays where it is."""
        lines = merged.timesheet_ids.filtered(lambda line: line._is_not_billed())
        lines -= lines._aftersales_invoiced_charges().timesheet_id
        lines.write({"ticket_id": target.id})

    def _aftersales_move_consents(self, merged, target):
        """What the customer agreed to pay, he agreed to for the ticket that stays."""
        amounts = {ticket: ticket.aftersales_accepted_amount for ticket in merged}
        given = merged.aftersales_acceptance_ids._in_force()
        orders = merged.sale_order_ids
        if orders:
            orders.write(
                {
                    "ticket_ids": [
                        *(Command.unlink(ticket.id) for ticket in merged),
                        Command.link(target.id),
                    ]
                }
            )
        by_hand = sum(
            amount
            for ticket, amount in amounts.items()
            if not ticket.aftersales_acceptance_ids._in_force().order_id
        )
        if by_hand:
            total = by_hand + target.aftersales_accepted_amount
            target.action_aftersales_accept(total, given.partner_id)

    def _aftersales_move_arrival(self, target, came_in):
        """The ticket that stays came in as the first of them, if it may be dated so.

        It is not where its charges are invoiced, nor before its contract began.
        """
        start = target.contract_id.date_start
        is_early = start and target.company_id._aftersales_day(came_in) < start
        if not (is_early or target._aftersales_invoiced_charges(limit=1)):
            target.received_at = came_in

    def _aftersales_move_visits(self, merged, target, asked):
        """Planned services and checklists go along; what was asked has its targets.

        :param asked: those of all these tickets that customers asked for
        """
        merged.aftersales_checklist_ids.ticket_id = target
        visits = merged._aftersales_visits()
        visits.ticket_id = target
        if asked:
            target.aftersales_visit_id = False
        elif not target.aftersales_visit_id:
            target.aftersales_visit_id = visits[:1]
        (visits | target._aftersales_visits())._follow_tickets()
