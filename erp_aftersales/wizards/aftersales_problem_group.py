# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.aftersales_problem import ENDED


class AftersalesProblemGroup(models.TransientModel):
    """Say that tickets have one problem behind them: a new one, or one at hand (D6)."""

    _name = "aftersales.problem.group"
    _description = "Group Tickets as a Problem"

    ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        "aftersales_problem_group_ticket_rel",
        string="Tickets",
        required=True,
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    problem_id = fields.Many2one(
        "aftersales.problem",
        string="Existing problem",
        compute="_compute_problem_id",
        store=True,
        readonly=False,
        domain=f"[('state', 'not in', {ENDED}), ('company_id', '=', company_id)]",
        help="Empty: a new problem is made.",
    )
    name = fields.Char(
        string="New problem",
        compute="_compute_name",
        store=True,
        readonly=False,
        help="What goes wrong again and again.",
    )

    @api.depends("ticket_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.ticket_ids.company_id[:1]

    @api.depends("ticket_ids")
    def _compute_problem_id(self):
        for wizard in self:
            problems = wizard.ticket_ids.problem_id
            wizard.problem_id = problems.filtered(
                lambda problem: problem.state not in ENDED
            )[:1]

    @api.depends("ticket_ids")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.ticket_ids.sorted("received_at")[:1].name

    def action_confirm(self):
        """Give the tickets their problem, and open it."""
        self.ensure_one()
        self._check_one_company()
        problem = self.problem_id or self.env["aftersales.problem"].create(
            self._prepare_problem()
        )
        self.ticket_ids.write({"problem_id": problem.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.problem",
            "view_mode": "form",
            "res_id": problem.id,
        }

    def _check_one_company(self):
        companies = self.ticket_ids.company_id
        if len(companies) > 1:
            raise UserError(
                self.env._(
                    "The tickets %(tickets)s are of several companies (%(companies)s): "
                    "group those of one company.",
                    tickets=", ".join(self.ticket_ids.mapped("number")),
                    companies=", ".join(companies.mapped("name")),
                )
            )

    def _prepare_problem(self):
        """The values of the problem: what all tickets share."""
        if not self.name:
            raise UserError(
                self.env._("Choose an existing problem, or say what the new one is.")
            )
        values = {"name": self.name, "company_id": self.company_id.id}
        for field in ("service_id", "category_id"):
            if len(self.ticket_ids[field]) == 1:
                values[field] = self.ticket_ids[field].id
        return values
