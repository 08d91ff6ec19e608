# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import ROUND_HALF_UP, Decimal

from odoo import models

from .account_analytic_line import RATED_FIELDS


class AccountAnalyticLine(models.Model):
    """What rating reads from work, and when it is asked to (R19)."""

    _inherit = "account.analytic.line"

    def _aftersales_minutes(self):
        """Whole minutes of work by line id, half up; a day is eight hours."""
        hour_id = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_hour")
        per_unit = {hour_id: Decimal(60)}
        # Units are plain data, needed by whoever looks at work.
        others = self.product_uom_id.sudo().filtered(lambda uom: uom.id != hour_id)
        if others:
            hour = Decimal(str(others.browse(hour_id).factor))
            per_unit |= {u.id: Decimal(str(u.factor)) / hour * 60 for u in others}
        return {
            line.id: int(
                (
                    Decimal(str(line.unit_amount))
                    * per_unit.get(line.product_uom_id.id, Decimal(60))
                ).quantize(Decimal(1), ROUND_HALF_UP)
            )
            for line in self
        }

    def _aftersales_facts(self):
        """What rating reads from a line, by line id; contract id and date first."""
        # All facts count, also those of tickets that the writer may not see.
        return {
            line.id: (
                line.ticket_id.contract_id.id,
                line.date,
                *(
                    line._fields[f].convert_to_cache(line[f], line)
                    for f in (*RATED_FIELDS, "aftersales_revision")
                ),
            )
            for line in self.sudo()
        }

    def _aftersales_rate(self, *facts_list):
        """Rate the contracts in these facts from the first day in them, once."""
        if self._aftersales_is_rated_later():
            return
        facts = [facts[line_id] for facts in facts_list for line_id in self.ids]
        found = [
            (contract_id, day) for contract_id, day, *_rest in facts if contract_id
        ]
        if found:
            # Charges are written by rating only, for whoever changed the facts.
            contracts = self.env["contract.contract"].sudo()
            contracts = contracts.browse(sorted({pair[0] for pair in found}))
            since = min(pair[1] for pair in found)
            self.env["aftersales.rating"]._rate(contracts, since=since)
