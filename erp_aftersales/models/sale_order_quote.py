# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """A ticket's quotation: it bills itself, or is only an acceptance (R12)."""

    _inherit = "sale.order"

    aftersales_is_acceptance = fields.Boolean(
        string="Only an Acceptance",
        readonly=True,
        copy=False,
        help="The work of its ticket is billed by the contract as it is done. What is "
        "confirmed here is how much it may cost; these lines are never invoiced.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """An order that comes in confirmed is accepted at once."""
        orders = super().create(vals_list)
        orders._aftersales_follow(dict.fromkeys(orders.ids, frozenset()))
        return orders

    def write(self, vals):
        """Bring the tickets up to date whose accepted quotations change."""
        if not vals.keys() & {"state", "ticket_ids"}:
            return super().write(vals)
        before = self._aftersales_accepted()
        result = super().write(vals)
        self._aftersales_follow(before)
        return result

    def _create_invoices(self, grouped=False, final=False, date=None):
        self._check_aftersales_billable()
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _force_lines_to_invoice_policy_order(self):
        # What is only an acceptance is not invoiced because it was paid ahead.
        billable = self.filtered(lambda order: not order.aftersales_is_acceptance)
        return super(SaleOrder, billable)._force_lines_to_invoice_policy_order()

    def _aftersales_accepted(self):
        """Ids of the tickets for which each order is accepted, by order id."""
        # Whoever sells may not see the tickets of all teams; only ids are compared.
        return {
            order.id: frozenset(order.ticket_ids.ids if order.state == "sale" else ())
            for order in self.sudo()
        }

    def _aftersales_follow(self, before):
        """Settle the orders that were accepted or given up, rate their tickets."""
        after = self._aftersales_accepted()
        changed = self.filtered(lambda order: before[order.id] != after[order.id])
        if not changed:
            return
        changed._aftersales_settle()
        ids = set().union(*(before[o.id] ^ after[o.id] for o in changed))
        # The price of the work follows from the order, whoever sees the ticket.
        tickets = self.env["helpdesk.ticket"].sudo()
        tickets.browse(sorted(ids))._aftersales_rate()

    def _aftersales_settle(self):
        """Decide which of these orders bill themselves, and which only accept.

        Where the meter bills the ticket's work, a confirmed order is the customer's
        acceptance up to its amount. What is on an invoice already stays as it was.

        :return: the orders that are something else now
        """
        # Who may confirm an order thereby accepts for the ticket it is linked to.
        orders = self.sudo().filtered(
            lambda order: not set(order.invoice_ids.mapped("state")) - {"cancel"}
        )
        accepted = orders.filtered(lambda order: order.state == "sale")
        tickets = accepted.ticket_ids.filtered("contract_id")
        metered_tickets = tickets._aftersales_metered()
        settled = self.browse()
        for order in orders:
            metered = (order & accepted).ticket_ids & metered_tickets
            estimates = order.order_line.filtered(
                lambda line: line._aftersales_is_estimate()
            )
            only = bool(metered and estimates)
            if order.aftersales_is_acceptance != only:
                order.aftersales_is_acceptance = only
                settled |= order
            if only:
                order._aftersales_accept_by(metered, estimates)
        return settled

    def _aftersales_accept_by(self, ticket, lines):
        """Record the acceptance that this order is, once."""
        self._check_aftersales_one_ticket(ticket)
        acceptances = self.env["aftersales.acceptance"]
        known = [("order_id", "=", self.id), ("ticket_id", "=", ticket.id)]
        if acceptances.search_count(known, limit=1):
            return
        amount = sum(lines.mapped("price_subtotal"))
        acceptances.create(
            {
                "ticket_id": ticket.id,
                "amount": max(amount, 0.0),
                "currency_id": self.currency_id.id,
                "partner_id": ticket._aftersales_acceptor(
                    self.aftersales_accepted_by_id or self.partner_id
                ).id,
                "order_id": self.id,
                "adds_to_id": self._aftersales_adds_to(ticket).id,
            }
        )
        self._message_log(
            body=self.env._(
                "The work of ticket %(ticket)s is billed by contract %(contract)s: "
                "this order is the customer's acceptance up to its amount, and its "
                "lines are not invoiced.",
                ticket=ticket.number,
                contract=ticket.contract_id.display_name,
            )
        )

    def _check_aftersales_one_ticket(self, metered):
        if len(self.ticket_ids) > 1:
            raise UserError(
                self.env._(
                    "Order %(order)s is for the tickets %(tickets)s, and the work of "
                    "%(metered)s is billed by contract: what it accepts cannot be "
                    "shared. Make one quotation for each ticket.",
                    order=self.name,
                    tickets=", ".join(self.ticket_ids.mapped("number")),
                    metered=", ".join(metered.mapped("number")),
                )
            )

    def _check_aftersales_billable(self):
        """Refuse to invoice what is only an acceptance, down payments too."""
        for order in self.filtered("aftersales_is_acceptance"):
            if any(line.qty_to_invoice for line in order.order_line):
                continue
            ticket = order.sudo().ticket_ids[:1]  # its number is named, no more
            raise UserError(
                self.env._(
                    "Order %(order)s is only the customer's acceptance of work on "
                    "ticket %(ticket)s, which contract %(contract)s bills as it is "
                    "done: it cannot be invoiced as well. Bill the contract.",
                    order=order.name,
                    ticket=ticket.number,
                    contract=ticket.contract_id.display_name,
                )
            )
