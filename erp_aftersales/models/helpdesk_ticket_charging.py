# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

SLA_STATES = [
    ("none", "No Target"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("at_risk", "At Risk"),
    ("breached", "Breached"),
    ("met", "Met"),
    ("met_late", "Met Late"),
]
# A missed promise pays a credit (R23), so nobody types that one was missed.
CLOCK = {
    "response_state",
    "response_deadline",
    "responded_at",
    "resolution_state",
    "resolution_deadline",
    "resolved_at",
    # what it was promised once it is closed, and what the clock knows of itself
    "aftersales_response_minutes",
    "aftersales_resolution_minutes",
    "aftersales_clock_calendar_id",
    "aftersales_turns_at",
    "aftersales_waiting_since",
    "aftersales_raised",
}
# What follows from acceptances, and is written by them only (R25).
ACCEPTED = {"aftersales_accepted_amount", "aftersales_is_capped"}
# What waits for the customer has an amount; what waits for a price has none.
ACCEPTABLE = [("is_waiting", "=", True), ("amount", "!=", 0)]


class HelpdeskTicket(models.Model):
    """What a ticket promises, and what the customer accepted to pay for it."""

    _inherit = "helpdesk.ticket"

    response_state = fields.Selection(
        SLA_STATES, default="none", readonly=True, copy=False, index=True
    )
    response_deadline = fields.Datetime(readonly=True, copy=False)
    responded_at = fields.Datetime(string="Responded", readonly=True, copy=False)
    resolution_state = fields.Selection(
        SLA_STATES, default="none", readonly=True, copy=False, index=True
    )
    resolution_deadline = fields.Datetime(readonly=True, copy=False)
    resolved_at = fields.Datetime(string="Resolved", readonly=True, copy=False)
    aftersales_merged_into_id = fields.Many2one(
        "helpdesk.ticket",
        string="Merged Into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="This ticket is part of that one, and is no incident of its own.",
    )
    aftersales_acceptance_ids = fields.One2many(
        "aftersales.acceptance",
        "ticket_id",
        string="Acceptances",
        readonly=True,
        groups="erp_aftersales.group_user",
    )
    aftersales_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_aftersales_currency_id",
        groups="base.group_user",
    )
    aftersales_accepted_amount = fields.Monetary(
        string="Accepted",
        compute="_compute_aftersales_accepted_amount",
        store=True,
        currency_field="aftersales_currency_id",
        groups="base.group_user",
        help="What the customer accepted to pay for this ticket beyond the allowance.",
    )
    aftersales_waiting_amount = fields.Monetary(
        string="Waits for Acceptance",
        compute="_compute_aftersales_waiting_amount",
        currency_field="aftersales_currency_id",
        groups="erp_aftersales.group_user",
        help="Work beyond the allowance that is billed once the customer accepts it.",
    )

    @api.depends("contract_id", "company_id")
    def _compute_aftersales_currency_id(self):
        # A currency is no secret; the contract may be one that the reader cannot see.
        for ticket in self.sudo():
            currency = ticket.contract_id.currency_id
            ticket.aftersales_currency_id = currency or ticket.company_id.currency_id

    @api.depends(
        "contract_id",
        "aftersales_acceptance_ids.amount",
        "aftersales_acceptance_ids.order_id.state",
        "aftersales_acceptance_ids.order_id.aftersales_is_acceptance",
        "aftersales_acceptance_ids.order_id.aftersales_is_estimate",
    )
    def _compute_aftersales_accepted_amount(self):
        # The amount in force is for rating; not all who save may see acceptances.
        for ticket in self.sudo():
            latest = ticket.aftersales_acceptance_ids._in_force()
            ticket.aftersales_is_capped = ticket._aftersales_has_estimate()
            ticket.aftersales_accepted_amount = latest._amount_in(
                ticket.aftersales_currency_id
            )

    @api.depends("charge_ids.amount", "charge_ids.is_waiting")
    def _compute_aftersales_waiting_amount(self):
        groups = self.env["aftersales.charge"]._read_group(
            [("ticket_id", "in", self.ids), *ACCEPTABLE], ["ticket_id"], ["amount:sum"]
        )
        found = {ticket.id: amount for ticket, amount in groups}
        for ticket in self:
            ticket.aftersales_waiting_amount = found.get(ticket._origin.id, 0.0)

    @api.model_create_multi
    def create(self, vals_list):
        """What became of the promises is written by code or a manager (R23)."""
        for vals in vals_list:
            self._check_aftersales_clock(vals)
        return super().create(vals_list)

    def write(self, vals):
        """What the customer accepted is written by an acceptance only (R25)."""
        self._check_aftersales_clock(vals)
        if vals.keys() & ACCEPTED:
            vals = {key: vals[key] for key in vals if key not in ACCEPTED}
        return super().write(vals)

    @api.model
    def _check_aftersales_clock(self, vals):
        """Refuse that somebody without the right types what became of a promise."""
        defaults = {key.removeprefix("default_") for key in self.env.context}
        typed = CLOCK & (vals.keys() | defaults)
        may = self.env.su or self.env.user.has_group("erp_aftersales.group_manager")
        if typed and not may:
            names = self.fields_get(typed, ["string"])
            raise AccessError(
                self.env._(
                    "%(fields)s of a ticket follow from its clock and are not typed: "
                    "ask an after-sales manager if one of them is wrong.",
                    fields=", ".join(sorted(n["string"] for n in names.values())),
                )
            )

    def action_aftersales_accept(self, amount, by):
        """Record that the customer accepts work beyond the allowance (R25, E3).

        :param amount: up to which amount, before tax, in the contract's currency;
            the latest amount stands and covers all such work of the ticket
        :param by: the partner who accepted, a record or its id
        :return: the acceptance
        """
        self.ensure_one()
        self.check_access("write")
        partner = self._aftersales_acceptor(by)
        # The record is the customer's word: written here only, changed by nobody.
        acceptance = (
            self.env["aftersales.acceptance"]
            .sudo()
            .create(
                {
                    "ticket_id": self.id,
                    "amount": self._aftersales_acceptable(amount),
                    "currency_id": self.aftersales_currency_id.id,
                    "partner_id": partner.id,
                }
            )
        )
        self._aftersales_rate()
        return acceptance.sudo(False)

    def _aftersales_acceptable(self, amount):
        """The amount as a number, refused where it can be no acceptance."""
        try:
            number = Decimal(str(amount))
            is_amount = number.is_finite() and number >= 0
        except InvalidOperation:
            is_amount = False
        if not is_amount:
            raise ValidationError(
                self.env._(
                    "The customer of ticket %(ticket)s can accept an amount of 0 or "
                    "more, but not '%(amount)s'.",
                    ticket=self.number,
                    amount=amount,
                )
            )
        return self.aftersales_currency_id.round(float(number))

    def _aftersales_acceptor(self, by):
        """The partner who accepted, refused where it is not one of the customer's."""
        id_ = by if isinstance(by, int) else by.id
        # Compared and named; the partner may be one that the writer cannot read.
        partner = self.env["res.partner"].sudo().browse(id_).exists()
        ticket = self.sudo()
        customer = ticket.commercial_partner_id or ticket.contract_id.partner_id
        customer = customer.commercial_partner_id
        if not partner or partner.commercial_partner_id != customer:
            raise UserError(
                self.env._(
                    "'%(partner)s' cannot accept work on ticket %(ticket)s: choose a "
                    "contact of its customer %(customer)s.",
                    partner=partner.display_name or by,
                    ticket=self.number,
                    customer=customer.display_name or "-",
                )
            )
        return partner

    def _aftersales_beyond(self):
        """What these tickets cost beyond their allowance in all, by ticket id."""
        charges = self.env["aftersales.charge"].search(
            [("ticket_id", "in", self.ids), ("amount", "!=", 0)]
        )
        beyond = dict.fromkeys(self.ids, 0.0)
        for charge in charges:
            if charge._is_beyond_allowance():
                beyond[charge.ticket_id.id] += charge.amount
        return beyond

    def action_aftersales_acceptance(self):
        """Open the dialogue that records an acceptance."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Acceptance"),
            "res_model": "aftersales.accept",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }
