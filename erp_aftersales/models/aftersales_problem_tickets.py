# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import html_to_inner_content

PROPOSED = 10


class AftersalesProblem(models.Model):
    """What the tickets of a problem come to, and which others are like them (D6)."""

    _inherit = "aftersales.problem"

    ticket_count = fields.Integer(
        string="Number of tickets", compute="_compute_counts", store=True
    )
    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_counts",
        store=True,
        help="How many customers have it.",
    )
    open_ticket_count = fields.Integer(string="Open tickets", compute="_compute_work")
    hours_worked = fields.Float(
        string="Hours worked",
        compute="_compute_work",
        help="Hours logged on its tickets, as worked.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        string="Charged",
        compute="_compute_cost",
        groups="erp_aftersales.group_billing",
        help="What customers are charged for its tickets so far, before tax, in the "
        "company's currency.",
    )
    similar_ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        string="Similar tickets",
        compute="_compute_similar_ticket_ids",
        help="Open tickets of the same service or product area that use the same "
        "words, and have no problem yet.",
    )

    def _aftersales_tickets(self):
        """All tickets by problem id, also archived ones and those of colleagues.

        They are counted and summed up, not shown: who reads the problem may know.
        """
        found = defaultdict(self.env["helpdesk.ticket"].sudo().browse)
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        groups = tickets._read_group(
            [("problem_id", "in", self.ids)], ["problem_id"], ["id:recordset"]
        )
        found.update({problem.id: tickets for problem, tickets in groups})
        return found

    @api.depends("ticket_ids.commercial_partner_id")
    def _compute_counts(self):
        found = self._aftersales_tickets()
        for problem in self:
            tickets = found[problem._origin.id]
            problem.ticket_count = len(tickets)
            problem.customer_count = len(tickets.commercial_partner_id)

    @api.depends(
        "ticket_ids.active",
        "ticket_ids.stage_id",
        "ticket_ids.timesheet_ids.unit_amount",
    )
    def _compute_work(self):
        found = self._aftersales_tickets()
        for problem in self:
            tickets = found[problem._origin.id]
            problem.open_ticket_count = len(tickets._aftersales_open())
            problem.hours_worked = sum(tickets.mapped("hours_worked"))

    @api.depends("ticket_ids")
    def _compute_cost(self):
        found = self._aftersales_tickets()
        ticket_ids = [ticket.id for tickets in found.values() for ticket in tickets]
        for company, problems in self.grouped("company_id").items():
            charges = self.env["aftersales.charge"].sudo().with_company(company)
            groups = charges._read_group(
                [("ticket_id", "in", ticket_ids)],
                ["ticket_id"],
                ["amount:sum_currency"],
            )
            amounts = {ticket.id: amount for ticket, amount in groups}
            for problem in problems:
                problem.cost = sum(
                    amounts.get(ticket.id, 0.0) for ticket in found[problem._origin.id]
                )

    @api.depends(
        "name", "root_cause", "service_id", "category_id", "state", "ticket_ids"
    )
    def _compute_similar_ticket_ids(self):
        none = self.env["helpdesk.ticket"]
        for problem in self:
            problem.similar_ticket_ids = (
                none if problem.state in ("closed", "cancelled") else problem._similar()
            )

    def _similar(self):
        """The open tickets that most likely have this problem behind them."""
        self.ensure_one()
        named = " ".join(self.ticket_ids.mapped("name"))
        cause = html_to_inner_content(self.root_cause or "")
        return self.env["helpdesk.ticket"]._aftersales_alike(
            f"{self.name or ''} {named} {cause}",
            Domain("company_id", "=", self.company_id.id)
            & Domain("problem_id", "=", False)
            & Domain("id", "not in", self.ticket_ids._origin.ids),
            service=self.service_id._origin,
            category=self.category_id._origin,
            limit=PROPOSED,
        )

    def action_view_tickets(self):
        """Open the tickets of this problem."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        action["domain"] = [("problem_id", "=", self.id)]
        action["context"] = {"default_problem_id": self.id, "active_test": False}
        return action

    def action_add_similar(self):
        """Add the tickets that are proposed."""
        self.ensure_one()
        self.similar_ticket_ids.problem_id = self

    def action_answer(self):
        """Open the dialogue that closes the problem and answers its tickets."""
        self.ensure_one()
        self._check_understood()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close and answer the tickets"),
            "res_model": "aftersales.problem.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_problem_id": self.id},
        }
