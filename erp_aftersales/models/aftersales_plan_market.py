# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter

from odoo import fields, models


class AftersalesPlan(models.Model):
    """A plan beside the prices of the market (B5)."""

    _inherit = "aftersales.plan"

    benchmark_count = fields.Integer(
        string="Market prices",
        compute="_compute_benchmark_count",
        groups="erp_aftersales.group_user",
        help="Competitors' prices that this plan is compared with.",
    )

    def _compute_benchmark_count(self):
        counts = Counter()
        for plan, basis, count in self.env["aftersales.benchmark"]._read_group(
            [], ["plan_id", "basis"], ["__count"]
        ):
            # sudo: only whether it is a revision of the same plan
            family = plan.sudo().origin_id or plan
            counts[family.id or basis] += count
        for plan in self:
            keys = {(plan.origin_id or plan).id, *plan.fee_ids.mapped("basis")}
            plan.benchmark_count = sum(counts[key] for key in keys)

    def action_open_benchmarks(self):
        """Open this plan's prices beside those of the market."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_benchmark_report_action"
        )
        origin = self.origin_id or self
        bases = sorted(set(self.fee_ids.mapped("basis")))
        action["name"] = self.env._("Market prices beside %s", self.display_name)
        action["context"] = {}
        if len(bases) > 1:  # prices of a user and of a site go into no common graph
            action["views"] = sorted(
                action["views"], key=lambda view: view[1] != "pivot"
            )
        action["domain"] = [
            "|",
            "&",
            ("side", "=", "ours"),
            ("plan_id", "=", self.id),
            "&",
            ("side", "=", "theirs"),
            "|",
            "|",
            ("plan_id", "=", origin.id),
            ("plan_id.origin_id", "=", origin.id),
            "&",
            ("plan_id", "=", False),
            ("basis", "in", bases),
        ]
        return action
