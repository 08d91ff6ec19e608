# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ContractContract(models.Model):
    """What a contract's form says at a glance, and where its buttons lead."""

    _inherit = "contract.contract"

    aftersales_ticket_count = fields.Integer(
        string="Tickets",
        compute="_compute_aftersales_ticket_count",
        groups="base.group_user",
    )
    aftersales_charge_count = fields.Integer(
        string="Number of charges",
        compute="_compute_aftersales_charges",
        groups="base.group_user",
    )
    aftersales_open_amount = fields.Monetary(
        string="Open",
        compute="_compute_aftersales_charges",
        groups="base.group_user",
        help="What is priced and not invoiced yet, before tax.",
    )
    aftersales_waiting_count = fields.Integer(
        string="Waiting",
        compute="_compute_aftersales_charges",
        groups="base.group_user",
        help="Charges that wait for a price or an acceptance and are not billed.",
    )
    aftersales_waiting_amount = fields.Monetary(
        string="Waits for acceptance",
        compute="_compute_aftersales_charges",
        groups="base.group_user",
        help="What is billed once the customer accepts it, before tax.",
    )
    aftersales_no_start_count = fields.Integer(
        string="Work without a start time",
        compute="_compute_aftersales_no_start_count",
        groups="base.group_user",
        help="Open work counted as within working hours because nobody said when it"
        " began, under a plan whose prices depend on the time of day.",
    )
    aftersales_hours_left = fields.Float(
        string="Hours left",
        compute="_compute_aftersales_hours_left",
        groups="base.group_user",
        help="What today's grants still cover.",
    )

    def _compute_aftersales_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.aftersales_ticket_count = counts.get(contract, 0)

    @api.depends("charge_ids.amount", "charge_ids.state")
    def _compute_aftersales_charges(self):
        figures = {contract.id: {} for contract in self}
        groups = self.env["aftersales.charge"]._read_group(
            [("contract_id", "in", self.ids)],
            ["contract_id", "state"],
            ["__count", "amount:sum"],
        )
        for contract, state, count, amount in groups:
            figures[contract.id][state] = count, amount
        for contract in self:
            states = figures[contract.id]
            contract.aftersales_charge_count = sum(n for n, _sum in states.values())
            contract.aftersales_open_amount = states.get("open", (0, 0))[1]
            waiting = states.get("waiting", (0, 0))
            contract.aftersales_waiting_count = waiting[0]
            contract.aftersales_waiting_amount = waiting[1]

    @api.depends(
        "charge_ids.state",
        "aftersales_plan_id.rate_ids.band",
        "aftersales_rate_ids.band",
    )
    def _compute_aftersales_no_start_count(self):
        counts = dict(
            self.env["aftersales.charge"]._read_group(
                [("contract_id", "in", self.ids), *self._aftersales_no_start_domain()],
                ["contract_id"],
                ["__count"],
            )
        )
        for contract in self:
            contract.aftersales_no_start_count = counts.get(contract, 0)

    @api.model
    def _aftersales_no_start_domain(self):
        """Open work whose price might be another, were its time known (R6)."""
        bands = ("normal", "after_hours", "holiday")
        return [
            ("state", "!=", "invoiced"),
            ("kind", "in", ("billable", "overage", "unrated")),
            ("timesheet_id", "!=", False),
            ("timesheet_id.start_datetime", "=", False),
            "|",
            ("contract_id.aftersales_rate_ids.band", "in", bands),
            ("contract_id.aftersales_term_ids.plan_id.rate_ids.band", "in", bands),
        ]

    @api.depends("grant_ids.minutes_remaining")
    def _compute_aftersales_hours_left(self):
        for contract in self:
            today = contract.company_id._aftersales_today()
            minutes = sum(
                grant.minutes_remaining
                for grant in contract.grant_ids
                if grant.unit == "hour"
                and grant.date_start <= today
                and (not grant.date_end or today <= grant.date_end)
            )
            contract.aftersales_hours_left = minutes / 60

    @api.onchange("aftersales_plan_id")
    def _onchange_aftersales_plan_id(self):
        if self.aftersales_plan_id:
            self.currency_id = self.aftersales_plan_id.currency_id
            self.line_recurrence = True

    def action_aftersales_charges(self):
        """Open the contracts' charges."""
        return self.env["aftersales.charge"]._action_list(
            [("contract_id", "in", self.ids)]
        )

    def action_aftersales_no_start(self):
        """Open the work that counts as within working hours for want of a time."""
        return self.env["aftersales.charge"]._action_list(
            [("contract_id", "in", self.ids), *self._aftersales_no_start_domain()]
        )

    def action_aftersales_tickets(self):
        """Open the contracts' tickets; a new one belongs to the contract."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        context = {"default_contract_id": self.id} if len(self) == 1 else {}
        if context:
            context["default_partner_id"] = self.partner_id.id
        return action | {
            "domain": [("contract_id", "in", self.ids)],
            "context": context,
        }

    def action_aftersales_grants(self):
        """Open what was made available under the contracts."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "erp_aftersales.aftersales_grant_action"
        )
        return action | {"domain": [("contract_id", "in", self.ids)]}
