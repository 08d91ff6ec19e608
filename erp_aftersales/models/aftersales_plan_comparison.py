# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AftersalesPlan(models.Model):
    """A plan beside another one (C8)."""

    _inherit = "aftersales.plan"

    def action_compare(self):
        """Open this plan beside its former revision, the next one, or itself."""
        self.ensure_one()
        origin = self.origin_id or self
        family = self.with_context(active_test=False).search(
            ["|", ("id", "=", origin.id), ("origin_id", "=", origin.id)],
            order="revision",
        )
        before = family.filtered(lambda plan: plan.revision < self.revision)[-1:]
        after = family.filtered(lambda plan: plan.revision > self.revision)[:1]
        pair = (before, self) if before else (self, after or self)
        comparison = self.env["aftersales.plan.comparison"].create(
            {"old_id": pair[0].id, "new_id": pair[1].id}
        )
        action = comparison._get_records_action(
            name=self.env._("Compare plans"), target="new"
        )
        return action | {"context": {"dialog_size": "extra-large"}}
