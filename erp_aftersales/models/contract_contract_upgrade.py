# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ContractContract(models.Model):
    """The upgrades of a contract (A3, D4)."""

    _inherit = "contract.contract"

    aftersales_upgrade_count = fields.Integer(
        string="Upgrades",
        compute="_compute_aftersales_upgrade_count",
        groups="erp_aftersales.group_user",
    )

    def _compute_aftersales_upgrade_count(self):
        counts = dict(
            self.env["aftersales.upgrade"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.aftersales_upgrade_count = counts.get(contract._origin, 0)

    def action_open_aftersales_upgrades(self):
        """Open the upgrades of this contract; a new one is asked for here."""
        self.ensure_one()
        return self.env["aftersales.upgrade"]._open_with(contract_id=self.id)
