# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesContractTerm(models.Model):
    _name = "aftersales.contract.term"
    _description = "Plan in Force on a Contract"
    _inherit = ["aftersales.promise.mixin"]
    _order = "contract_id, date_start, id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    plan_id = fields.Many2one(
        "aftersales.plan", required=True, index=True, ondelete="restrict"
    )
    date_start = fields.Date(
        required=True, help="First day on which this plan rates the contract's work."
    )

    is_renewal = fields.Boolean(
        string="Renewal", help="A term of the contract begins with this day."
    )
    increase = fields.Float(
        string="Increase (%)",
        digits=0,
        aggregator=None,
        help="By how much this renewal made the fees dearer.",
    )

    _contract_date_uniq = models.Constraint(
        "UNIQUE (contract_id, date_start)",
        "A contract has one plan a day: change the plan that begins on this day.",
    )

    @api.constrains("plan_id")
    def _check_plan(self):
        """A draft still changes, and with it what is agreed."""
        for term in self:
            if term.plan_id.state == "draft":
                self.env["contract.contract"]._check_plan_sellable(term.plan_id)
