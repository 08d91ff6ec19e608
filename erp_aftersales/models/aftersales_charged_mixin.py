# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

# Only code holds this object: no context that a client sends can be it.
LATER = object()


class AftersalesChargedMixin(models.AbstractModel):
    """What tickets and timesheets share: charges point to them.

    Charges are written by rating, and read here as superuser: a refusal names the
    invoice, and open charges go with their record, whoever saves or deletes it.
    """

    _name = "aftersales.charged.mixin"
    _description = "Record with After-sales Charges"
    _aftersales_charge_field = None

    def _aftersales_rated_later(self):
        """The same records, whose changes somebody else will have rated."""
        return self.with_context(aftersales_no_rating=LATER)

    @api.model
    def _aftersales_is_rated_later(self):
        return self.env.context.get("aftersales_no_rating") is LATER

    @api.model
    def _aftersales_all_charges(self):
        return self.env["aftersales.charge"].sudo()

    def _aftersales_invoiced_charges(self, limit=None):
        """The frozen charges of these records (R16)."""
        if not self.ids:
            return self._aftersales_all_charges()
        return self._aftersales_all_charges().search(
            [
                (self._aftersales_charge_field, "in", self.ids),
                ("state", "=", "invoiced"),
            ],
            limit=limit,
        )

    def _aftersales_unlink_open_charges(self):
        """Delete what is not invoiced yet; the next rating run makes what is left."""
        self._aftersales_all_charges().search(
            [
                (self._aftersales_charge_field, "in", self.ids),
                ("state", "!=", "invoiced"),
            ]
        ).unlink()

    def action_aftersales_why(self):
        """Open the dialogue that says why these records cost what they cost (R24)."""
        return self.charge_ids.sorted("key").action_aftersales_why()

    def action_view_aftersales_charges(self):
        """Open the charges of these records."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Charges"),
            "res_model": "aftersales.charge",
            "view_mode": "list,form",
            "domain": [(self._aftersales_charge_field, "in", self.ids)],
            "context": {"create": False},
        }
