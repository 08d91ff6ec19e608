# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class HelpdeskTicketCategory(models.Model):
    """A product area asks for skills beside those of the service (F4)."""

    _inherit = "helpdesk.ticket.category"

    aftersales_skill_need_ids = fields.One2many(
        "aftersales.skill.need",
        "category_id",
        string="Skills needed",
        copy=True,
        groups="base.group_user",
        help="Tickets of this product area go to people who have all these skills, "
        "beside those that the service asks for.",
    )
