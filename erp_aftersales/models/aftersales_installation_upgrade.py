# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AftersalesInstallation(models.Model):
    """The upgrades of an installation (A3, D4)."""

    _inherit = "aftersales.installation"

    upgrade_count = fields.Integer(
        string="Upgrades",
        compute="_compute_upgrade_count",
        groups="erp_aftersales.group_user",
    )

    def _compute_upgrade_count(self):
        counts = dict(
            self.env["aftersales.upgrade"]._read_group(
                [("installation_id", "in", self.ids)], ["installation_id"], ["__count"]
            )
        )
        for installation in self:
            installation.upgrade_count = counts.get(installation._origin, 0)

    def action_open_upgrades(self):
        """Open the upgrades of this installation; a new one takes its contract."""
        self.ensure_one()
        action = self.env["aftersales.upgrade"]._open_with(installation_id=self.id)
        contracts = self.env["contract.contract"].search(
            [
                ("installation_ids", "in", self.ids),
                ("aftersales_plan_id", "!=", False),
            ],
            limit=2,
        )
        if len(contracts) == 1:
            action["context"]["default_contract_id"] = contracts.id
        return action
