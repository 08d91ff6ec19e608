# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# Only code holds this object: no context that a client sends can be it.
MACHINE = object()
PHONE = "helpdesk_mgmt.helpdesk_ticket_channel_phone"


class HelpdeskTicket(models.Model):
    """The first answer, and who waits for whom since (L3)."""

    _inherit = "helpdesk.ticket"

    aftersales_waiting_since = fields.Datetime(
        string="Waiting for us since",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Since when the customer has had no answer to his last message.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Who takes a call answers it at once."""
        phone = self.env.ref(PHONE, raise_if_not_found=False)
        is_staff = not self.env.user.share
        default = self.default_get(["channel_id"]).get("channel_id")
        calls = [
            bool(phone and is_staff and vals.get("channel_id", default) == phone.id)
            for vals in vals_list
        ]
        tickets = super().create(vals_list)
        # Moments of the clock are written by code alone.
        tickets.sudo()._aftersales_note(
            {
                ticket: ticket._aftersales_first_moments(is_call)
                for ticket, is_call in zip(tickets.sudo(), calls, strict=True)
            }
        )
        return tickets

    def _aftersales_first_moments(self, is_call):
        """What a new ticket knows of answers."""
        answered = self.responded_at or (is_call and self.received_at)
        return {
            "responded_at": answered,
            "aftersales_waiting_since": not answered and self.received_at,
        }

    def _aftersales_note(self, values):
        """Write fields of the clock, many tickets in one statement.

        Nothing else follows from them by itself, so that they pass by ``write``.

        :param dict values: the same fields of each of these tickets, by ticket
        """
        names = [*next(iter(values.values()), ())]
        with self.env.protecting([self._fields[name] for name in names], self):
            for ticket, noted in values.items():
                for name, value in noted.items():
                    ticket[name] = value
        self.modified(names)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        for ticket in self:
            ticket._aftersales_hear(message, msg_values)
        return result

    def _aftersales_hear(self, message, msg_values):
        """Note what a message means to who waits for whom.

        What is written by itself in somebody's name is no answer: the base tells both
        tickets of a merge so.
        """
        if self.env.context.get("aftersales_speaks") is MACHINE:
            return
        # Moments of the clock are written by code alone, whoever speaks.
        ticket = self.sudo()
        if self._aftersales_is_answer(message, msg_values):
            vals = {"aftersales_waiting_since": False}
            if not ticket.responded_at or message.date < ticket.responded_at:
                vals["responded_at"] = message.date
            ticket.write(vals)
        elif self._aftersales_is_request(message):
            if not ticket.aftersales_waiting_since:
                ticket.aftersales_waiting_since = message.date
            self._aftersales_customer_answered()

    def _aftersales_is_answer(self, message, msg_values):
        """Whether a member of staff tells the customer something (L3)."""
        author = message.author_id
        if author == self.env.ref("base.partner_root") or msg_values.get("rating_id"):
            return False
        if not author or author.partner_share or author == self.partner_id:
            return False
        if message.mail_activity_type_id.category == "phonecall":
            return True
        return self._aftersales_is_said(message)

    def _aftersales_is_request(self, message):
        """Whether the customer, or somebody for him, says something."""
        return self._aftersales_is_said(message) and (
            message.author_id.partner_share
            or message.author_id == self.partner_id
            or (not message.author_id and message.message_type == "email")
        )

    def _aftersales_is_said(self, message):
        """Whether a person wrote it for the other side to read."""
        return (
            message.message_type in ("comment", "email")
            and message.subtype_id
            and not message.subtype_id.internal
            and not message.is_internal
        )

    def _aftersales_customer_answered(self):
        """A ticket that waits for the customer goes on when he answers (L4)."""
        stage = self.sudo().stage_id.aftersales_answered_stage_id
        if stage and self.sudo().stage_id.aftersales_pauses:
            self.sudo().stage_id = stage
