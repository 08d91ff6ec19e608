# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import email_normalize, parse_contact_from_email

ASKED = "erp_aftersales.mail_activity_type_intake"


class HelpdeskTicket(models.Model):
    """A request by e-mail finds its customer and contract, or asks which (D1)."""

    _inherit = "helpdesk.ticket"

    _aftersales_unknown_sender = models.Index(
        "(partner_email) WHERE partner_id IS NULL AND partner_email IS NOT NULL"
    )

    def write(self, vals):
        """What somebody was asked for is answered when it is chosen."""
        result = super().write(vals)
        if vals.keys() & {"partner_id", "contract_id"}:
            self._aftersales_answered()
        return result

    @api.model
    def message_new(self, msg, custom_values=None):
        """An e-mail's own date is when the request came in, if it is not ahead (L2)."""
        values = dict(custom_values or {})
        sent_at = fields.Datetime.to_datetime(msg.get("date") or False)
        if sent_at:
            values.setdefault("received_at", min(sent_at, fields.Datetime.now()))
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False
        )
        if channel:
            values.setdefault("channel_id", channel.id)
        # Nobody took it yet: whoever fetches mail is not who answers it.
        values.setdefault("user_id", False)
        customers = self._aftersales_take_sender(msg, values)
        ticket = super().message_new(msg, custom_values=values)
        ticket._aftersales_ask(customers)
        return ticket

    @api.model
    def _aftersales_take_sender(self, msg, values):
        """Say in a mail and a ticket's values who sent it, where there is one answer.

        :return: the customers between whom somebody has to choose
        """
        name, address = parse_contact_from_email(msg.get("from") or "")
        address = email_normalize(address)
        customers = self.env["res.partner"]
        if not address or "partner_id" in values:
            return customers
        values.setdefault("partner_email", address)
        values.setdefault("partner_name", name or address)
        team = self.env["helpdesk.ticket.team"].browse(values.get("team_id") or ())
        company = team.company_id or self.env.company
        partner, customers = customers._aftersales_sender(name, address, company)
        if not partner and customers:
            # As its author, one of them would follow the other's ticket.
            msg["author_id"] = False
        elif partner and msg.get("author_id") not in partner.ids:
            msg["author_id"] = partner[:1].id
        return customers

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Odoo stops whoever sends too many; a ticket has its own name for them."""
        return [("partner_email", "=", email_from_normalized)]

    # What cannot be found is asked

    def _aftersales_ask(self, customers=None):
        """Ask for the customer or the contract where there are several.

        :param customers: between whom somebody has to choose
        """
        found = self.env["aftersales.finder"]._candidates_of(self)
        for ticket, contracts in zip(self, found, strict=True):
            if not ticket.partner_id and customers:
                question = self.env._("Choose the customer")
                ticket._aftersales_ask_which(question, customers)
            elif not ticket.contract_id and len(contracts) > 1:
                question = self.env._("Choose the contract")
                ticket._aftersales_ask_which(question, contracts)

    def _aftersales_ask_which(self, question, candidates):
        """A note for all, and an activity for who takes it or leads the team."""
        # Their names are what is asked for.
        names = ", ".join(candidates.sudo().mapped("display_name"))
        text = self.env._(
            "%(question)s: it came by e-mail, and it could be of %(names)s.",
            question=question,
            names=names,
        )
        self._message_log(body=text)
        user = self.user_id or self.team_id.user_id or self.team_id.user_ids[:1]
        self.activity_schedule(ASKED, summary=question, note=text, user_id=user.id)

    def _aftersales_answered(self):
        """Close the question on tickets that have their contract; or ask the next."""
        # The question was asked by the gateway, and may be for somebody else.
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ASKED)
        asked = self.sudo().filtered(
            lambda ticket: (
                ticket.partner_id
                and type_id in ticket.activity_ids.activity_type_id.ids
            )
        )
        if asked:
            asked.activity_unlink([ASKED])
            asked.filtered(lambda ticket: not ticket.contract_id)._aftersales_ask()
