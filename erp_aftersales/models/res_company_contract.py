# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """What becomes of work for customers who have no contract (C2)."""

    _inherit = "res.company"

    aftersales_default_plan_id = fields.Many2one(
        "aftersales.plan",
        string="Pay-as-you-go Plan",
        domain="[('state', '=', 'published'), ('company_id', 'in', (id, False))]",
        ondelete="restrict",
        help="Contracts for work that stands under none are made with this plan.",
    )
    aftersales_auto_contract = fields.Boolean(
        string="Contracts by Themselves",
        help="Saving work on a ticket without contract makes a contract under the "
        "pay-as-you-go plan at once, or uses the one that the customer has.",
    )

    @api.constrains("aftersales_default_plan_id")
    def _check_aftersales_default_plan(self):
        for company in self:
            plan = company.aftersales_default_plan_id
            if not plan:
                continue
            if plan.company_id and plan.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The plan '%(plan)s' is sold by %(owner)s, so %(company)s "
                        "cannot make contracts with it: choose one of its own, or one "
                        "that all companies sell.",
                        plan=plan.display_name,
                        owner=plan.company_id.display_name,
                        company=company.display_name,
                    )
                )
            if plan.state != "published":
                raise ValidationError(
                    self.env._(
                        "The plan '%(plan)s' is not published, so %(company)s cannot "
                        "make contracts with it: publish it, or choose another one.",
                        plan=plan.display_name,
                        company=company.display_name,
                    )
                )

    def _aftersales_pay_plan(self):
        """The plan for work without contract; none if it is not sold any more."""
        self.ensure_one()
        # Saving work makes the contract, whoever saves; the plan is not shown.
        plan = self.sudo().aftersales_default_plan_id
        return plan.filtered(lambda plan: plan.active and plan.state == "published")
