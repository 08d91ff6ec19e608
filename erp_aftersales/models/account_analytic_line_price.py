# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .account_analytic_line import RATED_FIELDS

LEVELS = [("free", "Free of charge"), ("billed", "Billed"), ("waits", "Waits")]
# What of the ticket decides a price, and may be typed in the same form.
OF_TICKET = ("contract_id", "service_id", "installation_id")


class AccountAnalyticLine(models.Model):
    """What work costs the customer is read before it is saved (E1)."""

    _inherit = "account.analytic.line"

    aftersales_price_text = fields.Char(
        string="Costs the customer",
        compute="_compute_aftersales_price",
        groups="erp_aftersales.group_user",
        help="What this work costs once it is saved, and why: by the run that bills.",
    )
    aftersales_price_level = fields.Selection(
        LEVELS,
        string="Price",
        compute="_compute_aftersales_price",
        groups="erp_aftersales.group_user",
    )

    @api.depends(*RATED_FIELDS, *(f"ticket_id.{name}" for name in OF_TICKET))
    @api.depends_context("lang", "uid")
    def _compute_aftersales_price(self):
        typed = self.filtered(lambda line: line._aftersales_is_typed())
        preview = self.env["aftersales.preview.work"]
        costs = {line: preview._charged(line.charge_ids) for line in self - typed}
        for lines in typed.grouped("ticket_id").values():
            costs |= preview._line_costs(lines)
        for line, cost in costs.items():
            # What was accepted is told to whoever works on the ticket.
            accepted = line.sudo().ticket_id.aftersales_accepted_amount
            line.aftersales_price_text = preview._in_words(cost, accepted)
            line.aftersales_price_level = preview._level(cost)

    def _aftersales_is_typed(self):
        """Whether it is being typed in a form, and is not what is saved."""
        self.ensure_one()
        if self.id or not self.ticket_id or self.unit_amount <= 0:
            return False
        saved = self._origin
        if not saved:
            return True
        # An invoice may carry it: then it is as it was billed, whoever looks.
        return not saved.sudo().readonly_timesheet and any(
            self._aftersales_plain(name) != saved._aftersales_plain(name)
            for name in RATED_FIELDS
        )

    def _aftersales_plain(self, name):
        """The value of a field, of a record the id that is saved."""
        value = self[name]
        return value._origin.id if self._fields[name].relational else value
