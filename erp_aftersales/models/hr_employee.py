# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class HrEmployee(models.Model):
    """Which customers somebody can talk to, and what they can serve (D1, F4)."""

    _inherit = "hr.employee"

    aftersales_lang_ids = fields.Many2many(
        "res.lang",
        "hr_employee_aftersales_lang_rel",
        string="Speaks",
        groups="hr.group_hr_user",
        help="Tickets go first to somebody who speaks the customer's language. Empty: "
        "the language of their user.",
    )

    def write(self, vals):
        """Who leaves leaves their tickets behind: somebody else takes them (D1)."""
        result = super().write(vals)
        if vals.get("active") is False:
            self.env["helpdesk.ticket"]._aftersales_take_over(self.user_id)
        return result

    def action_aftersales_services(self):
        """Which services these people can serve, and which not and why."""
        xmlid = "erp_aftersales.aftersales_competence_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("employee_id", "in", self.ids)]
        return action
