# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import ValidationError


class AccountAnalyticLine(models.Model):
    """Work is in the books of the company whose ticket it is, like its charges."""

    _inherit = "account.analytic.line"

    @api.constrains("ticket_id", "company_id")
    def _check_aftersales_company(self):
        # The ticket may be one that the writer cannot read; its number is shown.
        for line in self.sudo():
            company = line.ticket_id.company_id
            if company and line.company_id != company:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s is of company %(company)s, but its work of "
                        "%(date)s is in the books of %(other)s: log it in a project "
                        "of %(company)s.",
                        ticket=line.ticket_id.number,
                        company=company.display_name,
                        date=line.date,
                        other=line.company_id.display_name,
                    )
                )
