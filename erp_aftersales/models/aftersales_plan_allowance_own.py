# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import ValidationError

# What a grant takes from its row when it opens.
GIVES = {
    "date_start",
    "period",
    "priority",
    "prorate",
    "quantity",
    "service_ids",
    "unit",
}


class AftersalesPlanAllowance(models.Model):
    """What a contract's own allowance has granted follows the row (R2)."""

    _inherit = "aftersales.plan.allowance"

    def write(self, vals):
        """Let rating open the grants of own rows anew when what they give changes."""
        self._changing(vals, GIVES)._check_not_invoiced(
            self.env._(
                "Type its last day, and add a row that begins the day after; or add a "
                "row with what is given in addition."
            )
        )
        self._changing(vals, GIVES | {"date_end"})._close_grants()
        return super().write(vals)

    def _changing(self, vals, names):
        """Return the own rows of which a write changes one of these fields."""
        names = names & set(vals)
        return self.filtered(
            lambda row: (
                row.contract_id
                and any(row._is_other(name, vals[name]) for name in names)
            )
        )

    def _is_other(self, name, value):
        field = self._fields[name]
        if field.type == "many2many":
            return True
        return field.convert_to_cache(value, self) != field.convert_to_cache(
            self[name], self
        )

    def _let_go(self):
        self._check_not_invoiced(self.env._("Type its last day instead."))
        self._withdraw(self._all_grants())
        return super()._let_go()

    def _close_grants(self):
        """Withdraw what no invoice used, from the first day on that is rated anew."""
        contracts = self.contract_id.sudo()
        firsts = self.env["aftersales.rating"].sudo()._first_days(contracts, None)
        self._withdraw(
            self._all_grants().filtered(
                lambda grant: (
                    not grant.charge_ids.invoice_line_id
                    and not (
                        grant.date_end and grant.date_end < firsts[grant.contract_id.id]
                    )
                )
            )
        )

    def _withdraw(self, grants):
        grants._let_go()
        grants.unlink()

    def _all_grants(self):
        # sudo: what a row granted is taken back by code; nobody edits such grants
        grants = self.env["aftersales.grant"].sudo()
        if not self.ids:
            return grants
        return grants.search([("allowance_id", "in", self.ids)])

    def _check_not_invoiced(self, remedy):
        for charge in self._all_grants().charge_ids.filtered("invoice_line_id"):
            raise ValidationError(
                self.env._(
                    "The allowance '%(row)s' pays for work on %(invoice)s, which stays "
                    "as it is. %(remedy)s",
                    row=charge.grant_id.allowance_id.with_env(self.env).display_name,
                    invoice=charge.invoice_id.display_name,
                    remedy=remedy,
                )
            )
