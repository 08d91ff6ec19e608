# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AftersalesMakeContract(models.TransientModel):
    """Asks for the plan of contracts for work that stands under none (C2)."""

    _name = "aftersales.make.contract"
    _description = "Make Contracts for Work without one"

    ticket_ids = fields.Many2many("helpdesk.ticket", string="Tickets", required=True)
    company_ids = fields.Many2many(
        "res.company", compute="_compute_company_ids", string="Companies"
    )
    customer_names = fields.Char(compute="_compute_company_ids", string="Customers")
    plan_id = fields.Many2one(
        "aftersales.plan",
        required=True,
        domain="[('state', '=', 'published'),"
        " '|', ('company_id', '=', False), ('company_id', 'in', company_ids)]",
        help="What the work is charged by. Settings can name one for all such work.",
    )

    @api.depends("ticket_ids")
    def _compute_company_ids(self):
        for wizard in self:
            wizard.company_ids = wizard.ticket_ids.company_id
            customers = wizard.ticket_ids.commercial_partner_id
            wizard.customer_names = ", ".join(customers.mapped("display_name"))

    def action_make(self):
        """Make the contracts, or use those of this plan, and open them."""
        self.ensure_one()
        lines = self.ticket_ids.timesheet_ids
        tickets = lines._aftersales_tickets_to_contract()
        # Managers make contracts; all work of a ticket goes with it.
        contracts = (
            self.env["contract.contract"]
            .sudo()
            ._aftersales_put_under(tickets, self.plan_id.sudo())
        )
        return contracts.sudo(False)._aftersales_open()
