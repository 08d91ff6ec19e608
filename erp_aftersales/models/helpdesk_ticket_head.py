# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models

NEAR = timedelta(days=60)
HEAD_KINDS = [
    ("covered", "Covered"),
    ("charged", "Charged"),
    ("waits", "Waits"),
    ("stopped", "Stopped"),
    ("ask", "To choose"),
    ("uncontracted", "No contract"),
]
COVERAGES = [
    ("included", "Included"),
    ("allowance", "From allowance"),
    ("used_up", "Allowance used up"),
    ("billable", "Charged"),
    ("incident", "Per incident"),
    ("quote", "By quotation"),
    ("excluded", "Not covered"),
    ("none", "No contract"),
]


class HelpdeskTicket(models.Model):
    """The head of a ticket: what it costs, and whatever decides how to serve it."""

    _inherit = "helpdesk.ticket"

    aftersales_head_kind = fields.Selection(
        HEAD_KINDS,
        string="Charging",
        compute="_compute_aftersales_head",
        groups="erp_aftersales.group_user",
    )
    aftersales_head_title = fields.Char(
        string="Covered or charged",
        compute="_compute_aftersales_head",
        groups="erp_aftersales.group_user",
        help="What the next hour of work on this ticket costs the customer, at the "
        "grade of whoever is assigned, else the one that usually serves the customer.",
    )
    aftersales_head_detail = fields.Text(
        string="Why",
        compute="_compute_aftersales_head",
        groups="erp_aftersales.group_user",
    )
    aftersales_coverage = fields.Selection(
        COVERAGES,
        string="Coverage",
        compute="_compute_aftersales_coverage",
        groups="erp_aftersales.group_user",
        help="What the contract does with the service that is asked for.",
    )
    aftersales_candidate_ids = fields.Many2many(
        "contract.contract",
        string="Contracts that could be meant",
        compute="_compute_aftersales_candidate_ids",
        groups="erp_aftersales.group_user",
    )
    aftersales_other_ticket_count = fields.Integer(
        string="Other open tickets",
        compute="_compute_aftersales_other_ticket_count",
        groups="erp_aftersales.group_user",
        help="Open tickets of the same customer that you may see, without this one.",
    )
    aftersales_contract_ends = fields.Date(
        string="Contract ends on",
        compute="_compute_aftersales_contract_ends",
        groups="erp_aftersales.group_user",
        help="Shown from two months before the end of the contract.",
    )
    aftersales_service_manager_id = fields.Many2one(
        related="contract_id.service_manager_id",
        string="Service manager",
        groups="erp_aftersales.group_user",
    )
    aftersales_installation_name = fields.Char(
        related="installation_id.name",
        string="Installation's name",
        groups="erp_aftersales.group_user",
    )
    aftersales_release_id = fields.Many2one(
        related="installation_id.release_id",
        string="Release",
        groups="erp_aftersales.group_user",
    )

    @api.depends(
        "partner_id",
        "partner_email",
        "company_id",
        "contract_id",
        "installation_id",
        "service_id",
        "service_mode",
        "user_id",
        "stage_id",
        "received_at",
        "charge_ids.amount",
        "charge_ids.is_waiting",
        "aftersales_accepted_amount",
        "sale_order_ids.state",
    )
    @api.depends_context("lang")
    def _compute_aftersales_head(self):
        heads = self.env["aftersales.head"]._heads(self)
        for ticket, head in zip(self, heads, strict=True):
            ticket.aftersales_head_kind = head.kind
            ticket.aftersales_head_title = head.title
            ticket.aftersales_head_detail = head.detail

    @api.depends("contract_id", "service_id", "service_mode")
    def _compute_aftersales_coverage(self):
        """By rows of plan and contract and by grants, for all cards at once."""
        saved = self._origin
        policies = saved and self.env["aftersales.rating"]._policies(saved)
        grants = saved._aftersales_open_grants()
        for ticket in self:
            policy = policies.get(ticket._origin.id) if ticket.contract_id else "none"
            if policy == "allowance" and ticket._aftersales_is_used_up(grants):
                policy = "used_up"
            ticket.aftersales_coverage = policy

    def _aftersales_open_grants(self):
        """Today's grants of hours of these tickets' contracts, by contract id."""
        today = self.env.company._aftersales_today()
        # What is left is told to whoever serves the customer.
        contracts = self.sudo().contract_id
        grants = contracts.grant_ids.search(
            [
                ("contract_id", "in", contracts.ids),
                ("unit", "=", "hour"),
                ("date_start", "<=", today),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ]
        )
        return grants.grouped(lambda grant: grant.contract_id.id)

    def _aftersales_is_used_up(self, grants):
        """Whether there are grants for the service, and all of them are empty."""
        service = self.service_id._origin
        serving = [
            grant
            for grant in grants.get(self.contract_id._origin.id, ())
            if not grant.service_ids or service in grant.service_ids
        ]
        return bool(serving) and all(grant.minutes_remaining < 1 for grant in serving)

    @api.depends("partner_id", "company_id", "contract_id", "received_at")
    def _compute_aftersales_candidate_ids(self):
        asking = self.filtered(lambda ticket: not ticket.contract_id)
        (self - asking).aftersales_candidate_ids = False
        found = self.env["aftersales.finder"]._candidates_of(asking)
        for ticket, contracts in zip(asking, found, strict=True):
            readable = contracts.sudo(False)._filtered_access("read")
            ticket.aftersales_candidate_ids = readable

    @api.depends("partner_id", "stage_id")
    def _compute_aftersales_other_ticket_count(self):
        groups = self._read_group(
            self._aftersales_open_domain(self.commercial_partner_id._origin),
            ["commercial_partner_id"],
            ["id:array_agg"],
        )
        found = {customer.id: set(ids) for customer, ids in groups}
        for ticket in self:
            ids = found.get(ticket.commercial_partner_id._origin.id, set())
            ticket.aftersales_other_ticket_count = len(ids - {ticket._origin.id})

    @api.depends("contract_id")
    def _compute_aftersales_contract_ends(self):
        # The end is told to whoever serves the customer.
        for ticket in self.sudo():
            contract = ticket.contract_id
            today = contract.company_id._aftersales_today() if contract else None
            end = contract.date_end
            ticket.aftersales_contract_ends = bool(end) and end - today <= NEAR and end

    @api.model
    def _aftersales_open_domain(self, customers):
        """Open tickets of customers."""
        return [
            ("commercial_partner_id", "in", customers.ids),
            ("stage_id.closed", "=", False),
        ]

    def action_aftersales_other_tickets(self):
        """Open the customer's other open tickets."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        others = self._aftersales_open_domain(self.commercial_partner_id)
        return action | {
            "name": self.env._("Other open tickets"),
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [*others, ("id", "!=", self.id)],
            "context": {"create": False},
        }
