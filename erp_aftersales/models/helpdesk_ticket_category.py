# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class HelpdeskTicketCategory(models.Model):
    _inherit = "helpdesk.ticket.category"

    aftersales_service_id = fields.Many2one(
        "aftersales.service",
        string="Service",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Tickets of this category ask for this service. Empty: the default "
        "service of the contract's plan.",
    )
