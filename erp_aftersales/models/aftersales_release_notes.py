# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize, is_html_empty


class Recipient(NamedTuple):
    """A contact, the older installations of its company, and whether it is told.

    ``state``: new, sent, refused, blocked (Odoo's list of blocked addresses), no_email.
    """

    partner: models.BaseModel
    installations: models.BaseModel
    state: str


class AftersalesRelease(models.Model):
    """Whom a release concerns: customers that run an older one (D4)."""

    _inherit = "aftersales.release"

    notice_ids = fields.One2many(
        "aftersales.release.notice", "release_id", string="Notes sent", readonly=True
    )
    notice_count = fields.Integer(compute="_compute_notice_count")

    def _compute_notice_count(self):
        groups = self.env["aftersales.release.notice"]._read_group(
            [("release_id", "in", self.ids)], ["release_id"], ["__count"]
        )
        counts = {release.id: count for release, count in groups}
        for release in self:
            release.notice_count = counts.get(release._origin.id, 0)

    def action_open_notices(self):
        """Open the list of whom the notes were sent to."""
        self.ensure_one()
        return self.env["aftersales.release.notice"]._open_list(release_id=self.id)

    def action_send_notes(self):
        """Show who would be told, in which words, before anything is sent."""
        self.ensure_one()
        self._check_can_be_told()
        wizard = self.env["aftersales.release.send"].create({"release_id": self.id})
        action = wizard._get_records_action(
            name=self.env._("Send the notes of %s", self.name), target="new"
        )
        return action | {"context": {"dialog_size": "extra-large"}}

    def _check_can_be_told(self):
        if not self.date:
            raise ValidationError(
                self.env._(
                    "The release '%s' has no day. Type when it was released: who runs "
                    "an older one is told.",
                    self.name,
                )
            )
        if is_html_empty(self.notes):
            raise ValidationError(
                self.env._(
                    "The release '%s' has no notes. Type what is new first.", self.name
                )
            )

    # Recipients

    def _older_installations(self):
        """The installations that run an earlier release."""
        self.ensure_one()
        return self.env["aftersales.installation"].search(
            [
                ("release_id.date", "<", self.date),
                ("company_id", "in", [*self._companies().ids, False]),
                ("partner_id.active", "=", True),
            ]
        )

    def _companies(self):
        return self.company_id or self.env.companies

    def _recipients(self):
        """Who would be told, and who would not and why, one contact an address."""
        self.ensure_one()
        older = self._older_installations().grouped("commercial_partner_id")
        pairs = [
            (contact, installations)
            for customer, contacts in self._contacts(older).items()
            for contact in contacts
            for installations in [older[customer]]
        ]
        partners = self.env["res.partner"].union(*(contact for contact, _i in pairs))
        blocked, refused, sent = self._addresses(partners)
        known, found = set(), []
        for contact, installations in pairs:
            email = email_normalize(contact.email)
            if email and email in known:
                continue
            known.add(email)
            state = self._state_of(contact, email, blocked, refused, sent)
            found.append(Recipient(contact, installations, state))
        return found

    def _contacts(self, customers):
        """Contacts by customer: who has chosen, else the customer's main address."""
        chosen = self.env["res.partner"].search(
            [
                ("commercial_partner_id", "in", [c.id for c in customers]),
                ("aftersales_release_notes", "!=", False),
            ]
        )
        by_customer = chosen.grouped("commercial_partner_id")
        return {
            customer: by_customer.get(customer, customer.filtered("active"))
            for customer in customers
        }

    def _state_of(self, contact, email, blocked, refused, sent):
        if contact.aftersales_release_notes == "refused" or email in refused:
            return "refused"
        if contact.id in sent or email in sent:
            return "sent"
        if not email:
            return "no_email"
        return "blocked" if email in blocked else "new"

    def _addresses(self, partners):
        """Addresses that are blocked, were refused by anybody, and were written to."""
        emails = [*filter(None, map(email_normalize, partners.mapped("email")))]
        # sudo: whether an address is blocked, was refused or written to is asked for,
        # also by another company; nothing else is shown of it
        blacklist = self.env["mail.blacklist"].sudo()
        blocked = blacklist.search([("email", "in", emails)]).mapped("email")
        everybody = self.env["res.partner"].sudo().with_context(active_test=False)
        refused = everybody.search(
            [
                ("email_normalized", "in", emails),
                ("aftersales_release_notes", "=", "refused"),
            ]
        ).mapped("email_normalized")
        notices = self.sudo().notice_ids
        sent = {*notices.partner_id.ids, *map(email_normalize, notices.mapped("email"))}
        return set(blocked), set(refused), sent

    # Mails

    def _notes_rendered(self, lang, partner, installations, unsubscribe_url):
        """Subject and body of the mail to a contact.

        :param lang: code of a language
        """
        template = self.env.ref("erp_aftersales.mail_template_release_notes")
        # sudo: the template's words are the vendor's; only the release is read
        template = template.sudo()
        context = {
            "partner": partner,
            "installations": installations.with_context(lang=lang),
            "unsubscribe_url": unsubscribe_url,
        }
        return [
            template._render_field(
                name,
                self.ids,
                engine=engine,
                set_lang=lang,
                add_context=context,
                options={"post_process": True},
            )[self.id]
            for name, engine in (
                ("subject", "inline_template"),
                ("body_html", "qweb"),
            )
        ]

    def _send_notes(self, recipients):
        """Queue one mail for each contact, and write down that it was told.

        :param recipients: of ``_recipients``, those that are new
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        mails, notices = [], []
        for partner, installations, _state in recipients:
            lang = self._lang_of(partner)
            url = partner._aftersales_unsubscribe_url()
            subject, body = self._notes_rendered(lang, partner, installations, url)
            mails.append(self._mail_vals(company, partner, subject, body, url))
            notices.append(
                {
                    "release_id": self.id,
                    "partner_id": partner.id,
                    "email": partner.email,
                    "lang": lang,
                    "installation_ids": installations.ids,
                    "company_id": company.id,
                }
            )
        # sudo: the log is written by sending alone, which managers may; the mails wait
        # in Odoo's queue, which sends them
        self.env["aftersales.release.notice"].sudo().create(notices)
        return self.env["mail.mail"].sudo().create(mails)

    def _lang_of(self, partner):
        return partner.lang or self.env.lang or "en_US"

    def _mail_vals(self, company, partner, subject, body, unsubscribe_url):
        return {
            "subject": subject,
            "body_html": body,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "reply_to": company.email_formatted or self.env.user.email_formatted,
            "recipient_ids": [fields.Command.link(partner.id)],
            "headers": repr(
                {
                    "List-Unsubscribe": f"<{unsubscribe_url}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                    "Precedence": "bulk",
                }
            ),
            "auto_delete": True,
        }
