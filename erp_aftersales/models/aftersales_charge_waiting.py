# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Of JSON there is no domain: the two questions below are asked in SQL.
BEYOND_STOP = """
    SELECT id FROM aftersales_charge
    WHERE reason_args->>'at_end' = 'stop'
    AND (kind = 'overage' OR reason_args->>'as' = 'overage')
"""


class AftersalesCharge(models.Model):
    """Work beyond an allowance: what was agreed, what was not (R25)."""

    _inherit = "aftersales.charge"

    is_beyond_stop = fields.Boolean(
        string="Beyond the Stop",
        compute="_compute_is_beyond_stop",
        search="_search_is_beyond_stop",
        help="The allowance says that no work goes beyond it. This work was moved there "
        "by other work that is rated before it, or a manager let it pass.",
    )

    @api.depends("kind", "reason_args")
    def _compute_is_beyond_stop(self):
        for charge in self:
            charge.is_beyond_stop = (
                charge._priced_as() == "overage"
                and (charge.reason_args or {}).get("at_end") == "stop"
            )

    @api.model
    def _search_is_beyond_stop(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["kind", "reason_args"])
        return Domain(
            "id", "in" if True in value else "not in", SQL(f"({BEYOND_STOP})")
        )

    def action_aftersales_correction(self):
        """Open the dialogue that corrects the work of this charge (R17)."""
        self.ensure_one()
        return self.timesheet_id.action_aftersales_correction()

    def _priced_as(self):
        """The kind that the work has, or an adjustment stands for (R17)."""
        self.ensure_one()
        return (self.reason_args or {}).get("as") or self.kind

    def _is_beyond_allowance(self):
        """Whether this is what a customer's acceptance covers (R25)."""
        self.ensure_one()
        beyond = (self.reason_args or {}).get("beyond")
        return bool(beyond) or self._priced_as() == "overage"

    def _minutes_beyond_stop(self):
        """Minutes of these charges beyond a stop, by timesheet id."""
        minutes = {}
        for charge in self.filtered("is_beyond_stop"):
            id_ = charge.timesheet_id.id
            minutes[id_] = minutes.get(id_, 0) + charge.minutes
        return minutes
