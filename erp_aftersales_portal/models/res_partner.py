# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

# What a contact may do in the portal, by the name that controllers ask for.
ROLES = {
    "money": "aftersales_sees_money",
    "tickets": "aftersales_opens_tickets",
    "accept": "aftersales_accepts",
    "admin": "aftersales_administers",
}


class ResPartner(models.Model):
    """What each contact of a customer may do in the portal (E5)."""

    _inherit = "res.partner"

    aftersales_sees_money = fields.Boolean(
        string="Sees prices and invoices",
        default=True,
        groups="base.group_user",
        help="In the portal: fees, charges, statements, estimates and invoices.",
    )
    aftersales_opens_tickets = fields.Boolean(
        string="Opens tickets",
        default=True,
        groups="base.group_user",
        help="In the portal: opens tickets, answers and closes them.",
    )
    aftersales_accepts = fields.Boolean(
        string="Accepts costs",
        default=True,
        groups="base.group_user",
        help="In the portal: accepts estimates, allows work beyond the allowance, "
        "buys packs, signs contracts.",
    )
    aftersales_administers = fields.Boolean(
        string="Administers contacts",
        groups="base.group_user",
        help="In the portal: decides what the other contacts of the company may do.",
    )

    def _aftersales_may(self, role):
        """Whether a contact may do something in the portal.

        :param role: a key of ``ROLES``
        """
        self.ensure_one()
        # Roles are for the portal to obey, and not for customers to read or write.
        return self.sudo()[ROLES[role]]
