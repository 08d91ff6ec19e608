# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# What decides on which days a contract's services are due.
DECIDES = {
    "active",
    "aftersales_plan_id",
    "date_start",
    "date_end",
    "installation_ids",
}


class ContractContract(models.Model):
    """A contract's periodic services are planned anew with each change (D3)."""

    _inherit = "contract.contract"

    aftersales_periodic_ids = fields.One2many(
        "aftersales.plan.periodic",
        "contract_id",
        string="Own periodic services",
        copy=True,
        groups="base.group_user",
        help="What is done regularly for this contract, in addition to its plan or "
        "instead of it.",
    )
    aftersales_visit_ids = fields.One2many(
        "aftersales.visit",
        "contract_id",
        string="Planned services",
        readonly=True,
        copy=False,
        groups="erp_aftersales.group_user",
    )
    aftersales_visit_count = fields.Integer(
        string="Services to come",
        compute="_compute_aftersales_visit_count",
        groups="erp_aftersales.group_user",
    )

    def _compute_aftersales_visit_count(self):
        counts = dict(
            self.env["aftersales.visit"]._read_group(
                [
                    ("contract_id", "in", self.ids),
                    ("state", "in", ("planned", "opened")),
                ],
                ["contract_id"],
                ["__count"],
            )
        )
        for contract in self:
            contract.aftersales_visit_count = counts.get(contract._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Plan the periodic services of new contracts."""
        contracts = super().create(vals_list)
        contracts._aftersales_plan_visits()
        return contracts

    def write(self, vals):
        """Plan anew when days, plan or installations change."""
        result = super().write(vals)
        if DECIDES & vals.keys():
            self._aftersales_plan_visits()
        return result

    def _aftersales_lived(self, kind, date, /, **args):
        """Plan anew after a change of plan, a pause, a renewal."""
        result = super()._aftersales_lived(kind, date, **args)
        self._aftersales_plan_visits()
        return result

    def _aftersales_own_changed(self, before, after):
        """Plan anew when the contract's own services change."""
        result = super()._aftersales_own_changed(before, after)
        if self._aftersales_is_about("aftersales.plan.periodic", before, after):
            self._aftersales_plan_visits()
        return result

    def _aftersales_plan_visits(self):
        """Bring the planned services of these contracts to what is agreed (D3)."""
        self.env["aftersales.planning"]._plan(self.filtered("aftersales_plan_id"))

    def _aftersales_has_periodic(self):
        """Whether anything is, or was, due regularly under these contracts."""
        return bool(
            self.aftersales_visit_ids
            or self.aftersales_periodic_ids
            or self.aftersales_term_ids.plan_id.periodic_ids
        )

    def action_open_aftersales_visits(self):
        """Open the planned services of this contract."""
        self.ensure_one()
        return self.env["aftersales.visit"]._open_list(contract_id=self.id)
