# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError

from .account_analytic_line import RATED_FIELDS


class AccountAnalyticLine(models.Model):
    """Work that would pass the end of an allowance is refused, if it says so (R25)."""

    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_aftersales_stop({})
        return lines

    def write(self, vals):
        before = (
            self._aftersales_beyond_stop() if self._aftersales_stops(vals) else None
        )
        result = super().write(vals)
        if before is not None:
            self._check_aftersales_stop(before)
        return result

    @api.model
    def _aftersales_stops(self, vals):
        return not vals.keys().isdisjoint(RATED_FIELDS)

    def _aftersales_beyond_stop(self):
        """Minutes of this work beyond the end of an allowance, by line id."""
        # Most contracts stop no work, and are not asked for their charges.
        loader = self.env["aftersales.loader"].sudo()
        contracts = self.sudo().ticket_id.contract_id.filtered(loader._stops_work)
        if not contracts:
            return {}
        charges = self._aftersales_all_charges().search(
            [
                ("contract_id", "in", contracts.ids),
                ("timesheet_id", "in", self.ids),
                ("is_beyond_stop", "=", True),
            ]
        )
        return charges._minutes_beyond_stop()

    def _check_aftersales_stop(self, before):
        """Refuse to save what passes the end more than it did before.

        :param dict before: minutes beyond it before the save, by line id
        """
        if self._aftersales_overrules_stop():
            return
        for line_id, beyond in self._aftersales_beyond_stop().items():
            if beyond > before.get(line_id, 0):
                self.browse(line_id)._raise_aftersales_stop(beyond)

    @api.model
    def _aftersales_overrules_stop(self):
        """Whether a manager saves: a person who decides, not the system's own user."""
        is_person = self.env.uid != SUPERUSER_ID
        return is_person and self.env.user.has_group("erp_aftersales.group_manager")

    def _raise_aftersales_stop(self, beyond):
        # Names and minutes only; the contract may be one that the writer cannot read.
        line = self.sudo()
        charges = line.charge_ids.filtered(lambda charge: charge.minutes > 0)
        contract = line.ticket_id.contract_id
        raise ValidationError(
            self.env._(
                "The work of %(date)s on ticket %(ticket)s passes the end of "
                "%(allowance)s of contract %(contract)s: %(left)s min of it are left "
                "for this work, %(beyond)s min are not. No work may go beyond it: log "
                "what is left, sell more hours, or ask an after-sales manager.",
                date=line.date,
                ticket=line.ticket_id.number,
                allowance=line._aftersales_stopping() or self.env._("the allowance"),
                contract=contract.display_name,
                left=sum(charges.mapped("minutes")) - beyond,
                beyond=beyond,
            )
        )

    def _aftersales_stopping(self):
        """Names of the allowances that end here."""
        self.ensure_one()
        grants = self.ticket_id.contract_id.grant_ids.filtered(
            lambda grant: (
                grant.allowance_id.at_end == "stop"
                and grant.date_start <= self.date
                and (not grant.date_end or self.date <= grant.date_end)
                and (not grant.service_ids or self.service_id in grant.service_ids)
            )
        )
        names = grants.allowance_id.mapped("name")
        return self.env["aftersales.wording"]._quoted(names)
