# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import ValidationError

from .account_analytic_line import RATED_FIELDS


class AccountAnalyticLine(models.Model):
    """An emergency passes an allowance that stops, up to the contract's limit (A9)."""

    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_aftersales_emergency({})
        return lines

    def write(self, vals):
        if vals.keys().isdisjoint(RATED_FIELDS):
            return super().write(vals)
        before = self._aftersales_emergency_waiting()
        result = super().write(vals)
        self._check_aftersales_emergency(before)
        return result

    def _aftersales_emergency_waiting(self):
        """What waits on the limited emergencies of this work, by ticket."""
        # How far an emergency may go is checked for whoever saves the work.
        tickets = self.sudo().ticket_id.filtered(
            lambda ticket: (
                ticket.aftersales_is_emergency
                and ticket.contract_id.aftersales_emergency_allowed
                and ticket.contract_id.aftersales_emergency_limit
            )
        )
        return {ticket: ticket.aftersales_waiting_amount for ticket in tickets}

    def _check_aftersales_emergency(self, before):
        """Refuse work beyond a stop that costs more than the contract lets pass."""
        if self._aftersales_overrules_stop():
            return
        for ticket, waiting in self._aftersales_emergency_waiting().items():
            limit = ticket.contract_id.aftersales_emergency_limit
            stops = any(
                line._aftersales_stopping()
                for line in self.sudo().filtered(
                    lambda line, ticket=ticket: line.ticket_id == ticket
                )
            )
            if stops and waiting > max(limit, before.get(ticket, 0.0)):
                currency = ticket.aftersales_currency_id
                raise ValidationError(
                    self.env._(
                        "With this work %(waiting)s of emergency %(ticket)s wait for "
                        "the customer, and contract %(contract)s lets %(limit)s pass. "
                        "Have the customer accept it, or ask an after-sales manager.",
                        waiting=currency.format(waiting),
                        ticket=ticket.number,
                        contract=ticket.contract_id.display_name,
                        limit=currency.format(limit),
                    )
                )
