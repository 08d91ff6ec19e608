# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

ANSWERED_ACTIVITY = "erp_aftersales.mail_activity_type_estimate_answered"


class SaleOrder(models.Model):
    """An estimate of a ticket's work: sent, signed or declined, by phone too (E3)."""

    _inherit = "sale.order"

    aftersales_is_estimate = fields.Boolean(
        string="Estimate",
        readonly=True,
        copy=False,
        help="Made on a ticket: says what its work will cost, by the rates that bill.",
    )
    aftersales_is_supplement = fields.Boolean(
        string="Supplement",
        readonly=True,
        copy=False,
        help="Its amount comes on top of what the customer accepted before.",
    )
    aftersales_accepted_by_id = fields.Many2one(
        "res.partner",
        string="Accepted by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Who accepted by phone or e-mail, as it was noted.",
    )
    aftersales_declined_reason = fields.Text(
        string="Declined because", readonly=True, copy=False
    )
    aftersales_stage_before_id = fields.Many2one(
        "helpdesk.ticket.stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Where its ticket stood before it waited for the customer's answer.",
    )

    def write(self, vals):
        """Tell the ticket when the customer has answered, wherever it was."""
        if "state" not in vals:
            return super().write(vals)
        before = {order.id: order.state for order in self}
        why = self.env.context.get("aftersales_declined_reason")
        if vals["state"] == "cancel" and why:
            vals = {**vals, "aftersales_declined_reason": why}
        result = super().write(vals)
        for order in self.filtered("aftersales_is_estimate"):
            if order.state != before[order.id] and order.state in ("sale", "cancel"):
                order._aftersales_tell_answer()
        return result

    def _aftersales_estimate_state(self):
        """Where an estimate stands, as the ticket shows it."""
        self.ensure_one()
        if self.state == "sale":
            return "accepted"
        if self.state == "cancel":
            return "declined"
        if self.is_expired:
            return "expired"
        return "sent" if self.state == "sent" else "draft"

    def _aftersales_adds_to(self, ticket):
        """The acceptance that a supplement adds to; none for a first estimate."""
        self.ensure_one()
        acceptances = ticket.aftersales_acceptance_ids
        return (
            acceptances._in_force()
            if self.aftersales_is_supplement
            else (acceptances.browse())
        )

    # Sending

    def _aftersales_send(self, waits=False):
        """Send it by e-mail, with the page on which the customer answers.

        :param waits: the ticket waits for the customer, and its clock rests
        """
        self.ensure_one()
        template = self._find_mail_template()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%(partner)s has no e-mail address: enter one, or read the "
                    "estimate to the customer on the phone.",
                    partner=self.partner_id.display_name,
                )
            )
        if self.state == "draft":
            self.action_quotation_sent()
        self._send_order_notification_mail(template)
        if waits:
            self._aftersales_wait()

    def _aftersales_wait(self):
        """Move the ticket to the stage that waits for the customer, if there is one."""
        for ticket in self.ticket_ids.filtered(
            lambda ticket: not ticket.stage_id.aftersales_pauses
        ):
            stage = ticket._aftersales_waiting_stage()
            if stage:
                self.aftersales_stage_before_id = ticket.stage_id
                ticket.stage_id = stage

    # The answer

    def _aftersales_tell_answer(self):
        """Note the answer on the ticket, go on with it, and tell who serves it."""
        # The customer answers on a page of the order; the ticket is its reason.
        order = self.sudo()
        for ticket in order.ticket_ids:
            if self.env.context.get("aftersales_replaced"):
                continue
            text = order._aftersales_answer_text()
            # Who answers with the link of the e-mail has no user of their own.
            is_public = self.env.user._is_public()
            author = order.partner_id if is_public else self.env.user.partner_id
            ticket.message_post(body=text, author_id=author.id)
            if order.aftersales_stage_before_id and ticket.stage_id.aftersales_pauses:
                ticket.stage_id = order.aftersales_stage_before_id
            if ticket.user_id and ticket.user_id != self.env.user:
                ticket.activity_schedule(
                    ANSWERED_ACTIVITY, summary=text, user_id=ticket.user_id.id
                )

    def _aftersales_answer_text(self):
        names = {
            "order": self.name,
            "amount": self.currency_id.format(self.amount_untaxed),
            "by": self.aftersales_accepted_by_id.name
            or self.signed_by
            or self.partner_id.name,
        }
        if self.state == "sale":
            return self.env._(
                "Estimate %(order)s over %(amount)s is accepted by %(by)s.", **names
            )
        if self.aftersales_declined_reason:
            return self.env._(
                "Estimate %(order)s over %(amount)s is declined: %(reason)s",
                reason=self.aftersales_declined_reason,
                **names,
            )
        return self.env._("Estimate %(order)s over %(amount)s is declined.", **names)

    def _aftersales_answer(self, accepts, partner, note):
        """Write down what the customer answered by phone or e-mail.

        :param partner: the contact who answered
        :param note: how it was said; of a refusal: why
        """
        self.ensure_one()
        # Support has no rights on orders, but answers for the tickets it serves.
        order = self.sudo()
        order._check_aftersales_open()
        order.ticket_ids.sudo(False).check_access("write")
        partner = order.ticket_ids[:1]._aftersales_acceptor(partner)
        said = self.env._(
            "%(partner)s answered by phone or e-mail, noted by %(user)s: %(note)s",
            partner=partner.display_name,
            user=self.env.user.name,
            note=note or "-",
        )
        order.message_post(body=said)
        if not accepts:
            order.aftersales_declined_reason = note
            order._action_cancel()
            return
        order.write(
            {
                "aftersales_accepted_by_id": partner.id,
                "signed_by": partner.name,
                "signed_on": fields.Datetime.now(),
            }
        )
        order.action_confirm()
        order.ticket_ids.message_post(body=said)

    def _check_aftersales_open(self):
        """Refuse to answer for what is no estimate, or is answered or expired."""
        if not self.aftersales_is_estimate:
            raise AccessError(
                self.env._("Order %s is no estimate of a ticket.", self.name)
            )
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("Estimate %s is answered already.", self.name))
        if self.is_expired:
            raise UserError(
                self.env._(
                    "Estimate %(order)s expired on %(date)s: make a new one with "
                    "today's prices.",
                    order=self.name,
                    date=self.validity_date,
                )
            )
