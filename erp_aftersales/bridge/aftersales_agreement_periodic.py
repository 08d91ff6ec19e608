# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Periodic services in what a contract says (C6, D3)."""

from odoo import api, models


class AftersalesAgreement(models.AbstractModel):
    _inherit = "aftersales.agreement"

    @api.model
    def _further(self, contract, day):
        """The periodic services in force, then what else is agreed."""
        for row in self._periodic(contract, day):
            yield row._with_days(row._describe())
        yield from super()._further(contract, day)

    @api.model
    def _periodic(self, contract, day):
        """The contract's own rows that have not ended, and the plan's that stand."""
        own = contract.aftersales_periodic_ids.filtered(
            lambda row: (row.date_end or day) >= day
        )
        instead = own.filtered(lambda row: (row.date_start or day) <= day).replaces_id
        return own | (self._plan(contract, day).periodic_ids - instead)
