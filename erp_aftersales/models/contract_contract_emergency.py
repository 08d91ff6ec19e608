# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ContractContract(models.Model):
    """Whether an emergency may begin before the customer has accepted it (A9)."""

    _inherit = "contract.contract"

    aftersales_emergency_allowed = fields.Boolean(
        string="Emergencies begin at once",
        groups="base.group_user",
        help="Work on a ticket flagged as an emergency may begin, and pass an "
        "allowance that stops: it waits for the customer's acceptance afterwards.",
    )
    aftersales_emergency_limit = fields.Monetary(
        string="Up to",
        groups="base.group_user",
        help="How much an emergency may cost beyond an allowance that stops before the "
        "customer is asked; 0: no limit.",
    )

    @api.constrains("aftersales_emergency_limit")
    def _check_aftersales_emergency_limit(self):
        for contract in self.filtered(lambda c: c.aftersales_emergency_limit < 0):
            raise ValidationError(
                self.env._(
                    "The limit of emergencies of contract %s is below 0. Type an "
                    "amount, or 0 for no limit.",
                    contract.display_name,
                )
            )

    def write(self, vals):
        """Rate anew where emergencies are treated otherwise from now on."""
        turned = self.browse()
        if "aftersales_emergency_allowed" in vals:
            allowed = bool(vals["aftersales_emergency_allowed"])
            turned = self.filtered(lambda c: c.aftersales_emergency_allowed != allowed)
        result = super().write(vals)
        if turned:
            self.env["aftersales.rating"]._rate(turned)
        return result
