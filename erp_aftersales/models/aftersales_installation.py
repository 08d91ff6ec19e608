# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesInstallation(models.Model):
    """The software of one customer in one place: what tickets are about."""

    _name = "aftersales.installation"
    _description = "Customer's Installation"
    _order = "partner_id, name, id"
    _inherit = ["mail.thread"]
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        default=lambda self: self.env._("Main system"),
        tracking=True,
    )
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Customer's company",
        store=True,
        index=True,
    )
    deployment = fields.Selection(
        [("on_premises", "On premises"), ("cloud", "Cloud")],
        required=True,
        default="on_premises",
    )
    region_id = fields.Many2one(
        "res.country.state",
        ondelete="restrict",
        help="Where it stands: prices of work may depend on the region.",
    )
    release_id = fields.Many2one(
        "aftersales.release",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    metric_ids = fields.One2many(
        "aftersales.installation.metric",
        "installation_id",
        copy=True,
        help="What fees are counted on: users, modules, licence value ..., by date.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: served by all companies.",
    )
    contract_count = fields.Integer(compute="_compute_contract_count")

    def _compute_contract_count(self):
        counts = dict(
            self.env["contract.contract"]._read_group(
                [("installation_ids", "in", self.ids)],
                ["installation_ids"],
                ["__count"],
            )
        )
        for installation in self:
            installation.contract_count = counts.get(installation, 0)

    @api.depends("name", "commercial_partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for installation in self:
            customer = installation.commercial_partner_id.name
            names = [name for name in (customer, installation.name) if name]
            installation.display_name = ", ".join(names)

    def _aftersales_contracts(self):
        """The contracts whose fees count these installations."""
        # sudo: fees follow the numbers, whoever types them
        contracts = self.env["contract.contract"].sudo()
        return contracts.search(
            [
                ("installation_ids", "in", self.ids),
                ("aftersales_plan_id", "!=", False),
            ]
        )

    def action_open_contracts(self):
        """Open the contracts that serve this installation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contracts of %s", self.display_name),
            "res_model": "contract.contract",
            "view_mode": "list,form",
            "domain": [("installation_ids", "in", self.ids)],
        }
