# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesStatementWizard(models.TransientModel):
    """Ask for the days of a contract's statement, and print it."""

    _name = "aftersales.statement.wizard"
    _description = "Statement of a Contract"

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        domain=[("aftersales_plan_id", "!=", False)],
    )
    date_from = fields.Date(
        string="From",
        compute="_compute_days",
        store=True,
        readonly=False,
        required=True,
        help="First day of the statement: its balances open on it.",
    )
    date_to = fields.Date(
        string="To",
        compute="_compute_days",
        store=True,
        readonly=False,
        required=True,
        help="Last day of the statement, included.",
    )

    @api.depends("contract_id")
    def _compute_days(self):
        """What is not invoiced yet, up to today; else the month before."""
        for wizard in self:
            wizard.date_from, wizard.date_to = wizard._usual_days()

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(
                    self.env._(
                        "The statement of %s ends before it begins: enter a last day "
                        "on or after the first one.",
                        wizard.contract_id.display_name,
                    )
                )

    def action_print(self):
        """Bring the contract's work up to date, then print its statement."""
        self.ensure_one()
        self.contract_id.check_access("read")
        self.contract_id.action_aftersales_rate()
        report = self.env.ref("erp_aftersales.action_report_statement")
        return report.report_action(self, config=False)

    def _usual_days(self):
        self.ensure_one()
        today = (self.contract_id.company_id or self.env.company)._aftersales_today()
        usage = self.contract_id.contract_line_ids.filtered(
            lambda line: line.aftersales_kind == "usage"
        )
        first = usage[:1].next_period_date_start
        if first and first <= today:
            return first, today
        month = today.replace(day=1)
        return month - relativedelta(months=1), month - relativedelta(days=1)

    def _report_name(self):
        """Contract and days, for the name of the file."""
        self.ensure_one()
        name = f"{self.contract_id.display_name} {self.date_from} {self.date_to}"
        return name.replace("/", "-")
