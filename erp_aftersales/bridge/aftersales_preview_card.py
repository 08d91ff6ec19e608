# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What work would cost whoever has no contract, before it is done (E1)."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ..engine.facts import Facts, Work
from ..engine.rating import rate


class CardQuote(NamedTuple):
    """An amount before tax, the card's row that gave it, and whether there was none."""

    amount: Decimal
    rate: models.BaseModel
    is_unpriced: bool


class AftersalesPreviewCard(models.AbstractModel):
    _inherit = "aftersales.preview"

    @api.model
    def _card_quote(self, company, service, mode, grade, minutes, region=None):
        """Price work that stands under no contract by the standard card (R10, C2).

        :return CardQuote: in the company's currency
        """
        # Prices by the card are shown to whoever may see the request.
        loader, currency = self.env["aftersales.loader"].sudo(), company.currency_id
        work = Work(
            id=0,
            ticket_id=0,
            day=company._aftersales_today(),
            minutes=minutes,
            service_id=service.id or None,
            category=service.sudo().category or None,
            mode=mode or "remote",
            grade_id=grade.id or None if grade else None,
            region_id=region.id or None if region else None,
            is_vendor_fault=service.sudo().is_vendor_fault,
        )
        charges = rate(
            Facts(
                contract_id=0,
                start=date.max,
                end=None,
                until=date.min,
                rounding=Decimal(str(currency.rounding)),
                card=loader._cards(company).get((company.id, currency.id), ()),
                work=(work,),
            )
        ).charges
        rates = self.env["aftersales.plan.rate"].sudo()
        return CardQuote(
            sum((charge.amount for charge in charges), Decimal(0)),
            rates.browse(next((c.rate_id for c in charges if c.rate_id), ())),
            any(charge.waiting for charge in charges),
        )
