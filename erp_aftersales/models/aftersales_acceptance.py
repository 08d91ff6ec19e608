# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesAcceptance(models.Model):
    """The customer's word that work beyond the allowance may cost up to an amount.

    It stays with the ticket as it was given: nobody edits or deletes it (R25, E3).
    """

    _name = "aftersales.acceptance"
    _description = "After-sales Acceptance"
    _order = "id desc"
    _rec_name = "amount"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    amount = fields.Monetary(
        readonly=True,
        help="Up to this amount, before tax, for all work of the ticket beyond the "
        "allowance.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Accepted by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Date(required=True, readonly=True, index=True)
    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The quotation that the customer accepted; while it is not confirmed, "
        "this acceptance does not count.",
    )
    adds_to_id = fields.Many2one(
        "aftersales.acceptance",
        string="Adds to",
        readonly=True,
        ondelete="restrict",
        help="A supplement: its amount comes on top of what was accepted before.",
    )

    @api.depends("amount", "currency_id", "partner_id")
    def _compute_display_name(self):
        # Names only; the partner may be one that the reader of the ticket cannot see.
        for acceptance in self.sudo():
            acceptance.display_name = self.env._(
                "%(amount)s by %(partner)s",
                amount=acceptance.currency_id.format(acceptance.amount),
                partner=acceptance.partner_id.display_name,
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Say it on the ticket; whoever creates it then rates the ticket."""
        tickets = self.env["helpdesk.ticket"].browse(
            [v["ticket_id"] for v in vals_list]
        )
        for ticket, vals in zip(tickets, vals_list, strict=True):
            vals.setdefault("date", ticket.company_id._aftersales_today())
        acceptances = super().create(vals_list)
        for acceptance in acceptances:
            acceptance._say()
        acceptances.ticket_id._aftersales_watch_caps(tells=False)
        return acceptances

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse to change what the customer said."""
        raise UserError(
            self.env._(
                "The acceptance %(acceptance)s on ticket %(ticket)s is what the "
                "customer said and cannot be changed: record a new one, the latest "
                "stands.",
                acceptance=self[:1].display_name,
                ticket=self[:1].ticket_id.number,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The acceptance %(acceptance)s on ticket %(ticket)s is what the "
                "customer said and cannot be deleted: record a new one, the latest "
                "stands.",
                acceptance=self[:1].display_name,
                ticket=self[:1].ticket_id.number,
            )
        )

    def _say(self):
        """Post on the ticket who accepted what."""
        values = {
            "partner": self.partner_id.display_name,
            "amount": self.currency_id.format(self.amount),
            "order": self.order_id.name,
            "total": self.currency_id.format(self._amount_in(self.currency_id)),
        }
        if self.adds_to_id:
            body = self.env._(
                "%(partner)s accepts %(amount)s more for work beyond the allowance, up "
                "to %(total)s in all, by quotation %(order)s.",
                **values,
            )
        elif self.order_id:
            body = self.env._(
                "%(partner)s accepts work beyond the allowance up to %(amount)s, by "
                "quotation %(order)s.",
                **values,
            )
        else:
            body = self.env._(
                "%(partner)s accepts work beyond the allowance up to %(amount)s.",
                **values,
            )
        self.ticket_id.message_post(body=body)

    def _in_force(self):
        """The latest of these that counts; none where no one was given."""
        counting = self.filtered(lambda acceptance: acceptance._counts())
        return counting.sorted(lambda acceptance: acceptance._origin.id or 0)[-1:]

    def _counts(self):
        """An order's acceptance counts while the order is confirmed as one (R12)."""
        order = self.order_id
        return not order or (order.state == "sale" and order.aftersales_is_acceptance)

    def _amount_in(self, currency):
        """The amount in another currency, of the day it was accepted; 0 for none.

        A supplement comes on top of what it adds to, each as far as it counts.
        """
        if not self:
            return 0.0
        before = self.adds_to_id._amount_in(currency)
        if not self._counts():
            return before
        return before + self.currency_id._convert(
            self.amount, currency, self.company_id, self.date
        )
