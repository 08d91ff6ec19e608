# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The lines of fees that a contract's terms ask for (R2, R22)."""

from odoo import api, models

from ..engine.life import Recurring, fee_days


class AftersalesLife(models.AbstractModel):
    """What a contract's life makes of its fees."""

    _name = "aftersales.life"
    _description = "After-sales: life of a contract"

    @api.model
    def _fee_days(self, contract):
        """The lines that a contract's fees need, as the engine's values."""
        terms = contract.aftersales_term_ids.sorted("date_start")
        return fee_days(
            contract.date_start,
            contract.date_end or None,
            terms.filtered("is_renewal").mapped("date_start"),
            [
                (term.date_start, [*map(self._recurring, term.plan_id.fee_ids)])
                for term in terms
            ],
            [*map(self._recurring, contract.aftersales_fee_ids)],
        )

    @api.model
    def _recurring(self, fee):
        return Recurring(
            id=fee.id,
            rule=fee.recurring_rule_type,
            interval=fee.recurring_interval,
            start=fee.date_start or None,
            end=fee.date_end or None,
            replaces_id=fee.replaces_id.id or None,
        )
