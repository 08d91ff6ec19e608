# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Command


class AftersalesCharge(models.Model):
    """Behind the button "Why?" (R24)."""

    _inherit = "aftersales.charge"

    def action_aftersales_why(self):
        """Open the dialogue with the rows that were tried for these charges."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": "aftersales.why",
            "view_mode": "form",
            "target": "new",
            "context": {"default_charge_ids": [Command.set(self.ids)]},
        }

    def _aftersales_why(self):
        """Return what was tried for one charge and how its amount came about (R24).

        :return list: dicts with the keys step (before, coverage, grant, rate, agreed,
            amount), layer (own, plan, card or None), row (what it says), verdict (a
            code), text (why it did not apply, or what it decided)
        """
        self.ensure_one()
        return self.env["aftersales.why.loader"]._why(self)[self.id]
