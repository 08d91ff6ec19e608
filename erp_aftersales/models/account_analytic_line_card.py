# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

SUMS = ("aftersales_card_price:sum", "aftersales_card_price:sum_currency")
CURRENCIES = "aftersales_card_currency_id:array_agg_distinct"


class AccountAnalyticLine(models.Model):
    """Work without contract: what it would cost, and the way to a contract (C2, A8)."""

    _inherit = "account.analytic.line"

    aftersales_customer_id = fields.Many2one(
        related="ticket_id.commercial_partner_id",
        string="Ticket's customer",
    )
    aftersales_grade_id = fields.Many2one(
        "aftersales.grade",
        string="Grade",
        compute="_compute_aftersales_grade_id",
        groups="erp_aftersales.group_user",
        help="Of whoever worked, on the day of the work.",
    )
    aftersales_card_price = fields.Monetary(
        string="By the standard card",
        compute="_compute_aftersales_card_price",
        currency_field="aftersales_card_currency_id",
        aggregator="sum",
        groups="erp_aftersales.group_user",
        help="What this work would cost by the standard rate card, before tax.",
    )
    aftersales_card_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_aftersales_card_price",
        groups="erp_aftersales.group_user",
    )
    aftersales_card_problem = fields.Char(
        string="No price because",
        compute="_compute_aftersales_card_price",
        groups="erp_aftersales.group_user",
    )

    @api.depends("employee_id", "date")
    def _compute_aftersales_grade_id(self):
        # Grades are no secret, and versions of employees are closed to most users.
        loader = self.env["aftersales.loader"].sudo()
        grade_of = loader._grades(self.sudo().employee_id)
        for line in self:
            employee = line.sudo().employee_id
            grade_id = employee and line.date and grade_of(employee.id, line.date)
            line.aftersales_grade_id = grade_id or False

    @api.depends("unit_amount", "date", "employee_id", "service_id", "service_mode")
    def _compute_aftersales_card_price(self):
        priced = self.filtered(lambda line: line.id and line.ticket_id)
        prices = priced and self.env["aftersales.preview"]._card_prices(priced)
        for line in self:
            nothing = (0, line.company_id.currency_id, None)
            amount, currency, problem = (prices or {}).get(line.id, nothing)
            line.aftersales_card_currency_id = currency
            line.aftersales_card_price = float(amount or 0)
            line.aftersales_card_problem = problem or False

    # Sums of groups: the price is asked for, not stored, as the card may change

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec in (*SUMS, CURRENCIES):
            return super()._read_group_select("id:recordset", query)
        return super()._read_group_select(aggregate_spec, query)

    def _read_group_postprocess_aggregate(self, aggregate_spec, raw_values):
        if aggregate_spec not in (*SUMS, CURRENCIES):
            return super()._read_group_postprocess_aggregate(aggregate_spec, raw_values)
        groups = list(
            super()._read_group_postprocess_aggregate("id:recordset", raw_values)
        )
        # Read together: the groups share one pricing.
        self.browse().union(*groups).mapped("aftersales_card_price")
        if aggregate_spec == CURRENCIES:
            return (lines.aftersales_card_currency_id.ids for lines in groups)
        if aggregate_spec == SUMS[0]:
            return (sum(lines.mapped("aftersales_card_price")) for lines in groups)
        return (lines._aftersales_card_sum() for lines in groups)

    def _aftersales_card_sum(self):
        """The sum in the company's currency, by today's rates."""
        company = self.env.company
        by_currency = self.grouped("aftersales_card_currency_id")
        return sum(
            currency._convert(
                sum(lines.mapped("aftersales_card_price")), company.currency_id, company
            )
            for currency, lines in by_currency.items()
            if currency
        )

    # The contract

    @api.model_create_multi
    def create(self, vals_list):
        """Where the company wants so, work makes the contract it lacks at once."""
        lines = super().create(vals_list)
        lines._aftersales_auto_contract()
        return lines

    def write(self, vals):
        """As in create: hours may be typed later, or the ticket be changed."""
        result = super().write(vals)
        if vals.keys() & {"unit_amount", "ticket_id", "project_id", "so_line"}:
            self._aftersales_auto_contract()
        return result

    def _aftersales_auto_contract(self):
        """Put the tickets of new work under a contract, if their company says so."""
        # Whoever logs work need not have the right to make contracts.
        lines = self.sudo()._aftersales_uncontracted()
        tickets = lines.ticket_id.filtered(
            lambda ticket: (
                ticket.company_id.aftersales_auto_contract
                and ticket.company_id._aftersales_pay_plan()
                and ticket.partner_id
            )
        )
        if tickets:
            self.env["contract.contract"].sudo()._aftersales_put_under(tickets)

    def _aftersales_uncontracted(self):
        """The lines that are work on tickets without contract, billed by no order."""
        return self.filtered(
            lambda line: (
                line.ticket_id
                and not line.ticket_id.contract_id
                and line.project_id
                and line.unit_amount > 0
                and not line.so_line
            )
        )

    def action_aftersales_make_contract(self):
        """Make pay-as-you-go contracts for the customers of this work, or ask how."""
        tickets = self._aftersales_tickets_to_contract()
        if not all(company._aftersales_pay_plan() for company in tickets.company_id):
            return self._aftersales_ask_plan(tickets)
        contracts = self.env["contract.contract"].sudo()._aftersales_put_under(tickets)
        return contracts.sudo(False)._aftersales_open()

    def _aftersales_tickets_to_contract(self):
        """The tickets without contract behind these lines, in sudo; refuse others."""
        if not (self.env.su or self.env.user.has_group("erp_aftersales.group_manager")):
            raise AccessError(
                self.env._(
                    "Contracts are made by after-sales managers: ask one to make the "
                    "contract for this work."
                )
            )
        self.check_access("read")
        # All work of a ticket goes with it, also what colleagues did.
        tickets = self.sudo().ticket_id.filtered(lambda ticket: not ticket.contract_id)
        if not tickets:
            raise UserError(
                self.env._("This work stands under a contract: nothing is to be made.")
            )
        strangers = tickets.filtered(lambda ticket: not ticket.partner_id)
        if strangers:
            raise UserError(
                self.env._(
                    "Nobody is known as the customer of ticket %s: enter the customer "
                    "on it, then make the contract.",
                    ", ".join(strangers.mapped("number")),
                )
            )
        return tickets

    def _aftersales_ask_plan(self, tickets):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make contract"),
            "res_model": "aftersales.make.contract",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_ids": tickets.ids},
        }
