# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
import unicodedata

from odoo import api, models
from odoo.tools.sql import escape_psql

SHORTEST = 6  # digits of a number that can be looked for
COMPARED = 7  # digits at the end that are searched, before all are compared
# Everybody's mail: an address there says nothing about a company.
PUBLIC_DOMAINS = {
    "126.com",
    "139.com",
    "163.com",
    "188.com",
    "189.cn",
    "21cn.com",
    "aliyun.com",
    "aol.com",
    "foxmail.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.cn",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "sina.cn",
    "sina.com",
    "sina.com.cn",
    "sohu.com",
    "t-online.de",
    "tom.com",
    "vip.163.com",
    "vip.qq.com",
    "vip.sina.com",
    "web.de",
    "wo.cn",
    "yahoo.cn",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.cn",
    "yahoo.com.hk",
    "yandex.com",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
    "zoho.com",
}


def significant_digits(number):
    """The digits of a phone number, without what stands before or after it.

    No zeros of a prefix, no "(0)", no extension: what is left of one number in two
    writings ends alike.
    """
    text = unicodedata.normalize("NFKC", number or "").replace("(0)", "")
    text = re.sub(r"^[^\d+(]*", "", text)
    text = re.split(r"[^\d\s()+./\u2010-\u2015-]", text)[0]
    return re.sub(r"\D", "", text).lstrip("0")


def is_same_number(one, other):
    """Whether two writings may be one number: one may lack country or area."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= SHORTEST and longer.endswith(shorter)


def domain_of(partner):
    """The domain of a partner's own address."""
    return (partner.email_normalized or "").rpartition("@")[2]


class ResPartner(models.Model):
    """Who calls or writes is found by number or address."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """A new contact may be who wrote the tickets that have no customer yet."""
        partners = super().create(vals_list)
        partners._aftersales_claim_tickets()
        return partners

    def write(self, vals):
        """As in create: the address may come later."""
        result = super().write(vals)
        if "email" in vals:
            self._aftersales_claim_tickets()
        return result

    def _aftersales_claim_tickets(self):
        """Give tickets by e-mail their customer, once one contact has the address."""
        addresses = set(self.mapped("email_normalized")) - {False}
        # Who types his own address in the portal would read whatever it wrote.
        if not addresses or not self.env.user._is_internal():
            return
        # Whoever makes a contact need not see the tickets that it has written.
        tickets = self.env["helpdesk.ticket"].sudo()
        tickets = tickets.search(
            [
                ("partner_id", "=", False),
                ("partner_email", "in", sorted(addresses)),
                ("stage_id.closed", "=", False),
            ]
        )
        groups = tickets.grouped(
            lambda ticket: (ticket.partner_email, ticket.company_id)
        )
        for (address, company), of_sender in groups.items():
            partners = self._aftersales_known_by(address, company)
            if len(partners.commercial_partner_id) == 1:
                of_sender.write({"partner_id": partners[0].id})

    @api.model
    def _aftersales_known_by(self, address, company):
        """Contacts with an address, persons first."""
        # Who writes to us may be a contact that the reader does not see.
        return self.sudo().search(
            [
                ("email_normalized", "=", address),
                ("company_id", "in", (company.id, False)),
            ],
            order="is_company, id",
        )

    @api.model
    def _aftersales_sender(self, name, address, company):
        """Who sent an e-mail: a contact, else the customers that it could be.

        A new address at the domain of one customer's own address, which nobody else
        uses, makes a contact of it.

        :return: contacts (of one customer), customers to choose from
        """
        partners = self._aftersales_known_by(address, company)
        if len(partners.commercial_partner_id) == 1:
            return partners, self.browse()
        if partners:
            return self.browse(), partners.commercial_partner_id
        domain = address.rpartition("@")[2]
        customers = self._aftersales_of_domain(domain, company)
        if len(customers) != 1 or domain_of(customers) != domain:
            return self.browse(), customers
        contact = self.sudo().create(
            {
                "name": name or address,
                "email": address,
                "parent_id": customers.id,
                "lang": customers.lang,
            }
        )
        return contact, self.browse()

    @api.model
    def _aftersales_of_domain(self, domain, company):
        """The companies whose contacts have addresses at a domain of their own."""
        if domain in PUBLIC_DOMAINS or domain == domain_of(company.partner_id):
            return self.browse()
        # As above: compared, and shown to whoever sees the ticket.
        found = self.sudo().search(
            [
                ("email_normalized", "=like", "%@" + escape_psql(domain)),
                ("company_id", "in", (company.id, False)),
            ]
        )
        staff = found.filtered(lambda partner: not partner.partner_share)
        if staff:
            return self.browse()
        return found.commercial_partner_id.filtered("is_company")

    @api.model
    def _aftersales_callers(self, number):
        """Contacts with a phone number, in whatever writing; persons first."""
        digits = significant_digits(number)
        # Zeros at the start would be taken for the prefix of a country.
        ending = digits[-COMPARED:].lstrip("0")
        if len(digits) < SHORTEST or len(ending) < 3:
            return self.browse()
        found = self.search(
            [("phone_mobile_search", "ilike", ending)], order="is_company, name, id"
        )
        return found.filtered(
            lambda partner: is_same_number(significant_digits(partner.phone), digits)
        )
