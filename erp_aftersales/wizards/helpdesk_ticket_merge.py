# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import UserError

# What a ticket made by merging takes from the others, where they agree.
SHARED = ("contract_id", "installation_id", "service_id", "service_mode")


class HelpdeskTicketMerge(models.TransientModel):
    """Merged tickets are one: their work, consents and quotations too (R11)."""

    _inherit = "helpdesk.ticket.merge"

    def merge_tickets(self):
        """Move what is not invoiced to the ticket that stays, and mark the others."""
        self._check_aftersales_one_contract()
        # Contracts, and the work of colleagues, move along whoever merges.
        tickets = self.ticket_ids.sudo()
        shared = self._aftersales_shared(tickets)
        result = super().merge_tickets()
        target = self.dst_ticket_id.sudo()
        merged = tickets - target
        if self.create_new_ticket:
            target.write(shared)
        elif not target.contract_id and merged.contract_id:
            target.contract_id = merged.contract_id
        self._aftersales_move_consents(merged, target)
        merged.aftersales_merged_into_id = target
        self._aftersales_move_work(merged, target)
        return result

    def _aftersales_shared(self, tickets):
        """The values that tickets share, for the new one; it came in as the first."""
        values = {"received_at": min(tickets.mapped("received_at"))}
        for name in SHARED:
            found = {
                tickets._fields[name].convert_to_write(t[name], t) for t in tickets
            }
            given = found - {False} if name == "contract_id" else found
            if len(given) == 1:
                values[name] = given.pop()
        return values

    def _check_aftersales_one_contract(self):
        """Refuse to mix the charged work of two contracts."""
        # Contracts are only named; they may be hidden from whoever merges.
        tickets = self.sudo().ticket_ids
        if not self.create_new_ticket:
            tickets |= self.sudo().dst_ticket_id
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
