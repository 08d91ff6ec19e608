# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a renewal is offered for: the fees of the new term (R20, C8)."""

from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..engine.facts import ONE, ZERO
from ..engine.fee_days import metric_value
from ..engine.offer import offered_until, renewal_offer
from .aftersales_offer import Offer


class AftersalesOffer(models.AbstractModel):
    """Prices the fees of contracts that are renewed already, as in a trial."""

    _inherit = "aftersales.offer"

    @api.model
    def _renewals(self, contracts, firsts):
        """Values of the order lines that offer the new terms, by today's numbers.

        :param contracts: renewed contracts under a plan
        :param dict firsts: the first day of each new term, by contract id
        :return dict: a list of values by contract id
        """
        # Safe: whoever may renew contracts may know their prices; nothing is written.
        contracts = contracts.sudo()
        loader = self.env["aftersales.loader"].sudo()
        metrics = loader._metrics(contracts.installation_ids)
        members = loader._members(contracts, self.env.company._aftersales_today())
        return {
            contract.id: self._in_language_of(contract.partner_id)._renewal(
                contract,
                firsts[contract.id],
                [
                    metric
                    for place in contract.installation_ids
                    for metric in metrics[place.id]
                ],
                members,
            )
            for contract in contracts
        }

    @api.model
    def _in_language_of(self, partner):
        """The customer signs what is said."""
        return self.with_context(lang=partner.lang or self.env.lang)

    @api.model
    def _renewal(self, contract, first, metrics, members):
        """Values of the order lines for one contract: each fee in force is one."""
        fees = contract.contract_line_ids.filtered("aftersales_fee_id")
        increases = self.env["aftersales.loader"].sudo()._increases(contract, fees)
        until = offered_until(first, 0)
        values = []
        for line in fees.filtered(lambda line: not line.is_canceled):
            start = max(line.date_start, first)
            if start > min(until, line.date_end or date.max):
                continue
            offered = self._line_offer(
                line,
                self._line_value(line, metrics),
                start,
                members.get((contract.pricelist_id.id, line.product_id.id), ZERO),
                increases[line.id],
            )
            values.append(self._renewal_values(line, start, offered))
        if not values:
            raise UserError(
                self.env._(
                    "Contract %s has no fees in its new term, so there is nothing to"
                    " quote. Confirm the renewal without a quotation.",
                    contract.display_name,
                )
            )
        return values

    @api.model
    def _line_value(self, line, metrics):
        """What its fee is counted on today; a number that lacks is asked for."""
        basis, contract = line.aftersales_fee_id.basis, line.contract_id
        if basis == "fixed":
            return ONE
        today = contract.company_id._aftersales_today()
        value = metric_value(metrics, basis, today)
        if value is None:
            raise UserError(
                self.env._(
                    "The fee '%(fee)s' of contract %(contract)s has nothing to count"
                    " yet. Type the number on an installation of the contract first.",
                    fee=line.name,
                    contract=contract.display_name,
                )
            )
        return value

    @api.model
    def _line_offer(self, line, value, start, member, increases):
        return renewal_offer(
            self.env["aftersales.loader"].sudo()._fee_row(line.aftersales_fee_id),
            (line.recurring_rule_type, line.recurring_interval),
            value,
            (start, line.date_end or None),
            Decimal(str(line.contract_id.currency_id.rounding)),
            member,
            increases,
        )

    @api.model
    def _renewal_values(self, line, start, offered):
        """An order line that says how its price comes about, and for which days."""
        end = line.date_end or None
        year = offered_until(start, 0)
        fee = line.aftersales_fee_id.with_env(self.env(su=True))
        offer = Offer(
            amount=float(offered.amount),
            until=min(year, end or year),
            date_end=end,
            fees=(self._offer_text(fee, offered),),
        )
        return {
            "product_id": line.product_id.id,
            "product_uom_qty": 1,
            "price_unit": offer.amount,
            "discount": 0,
            "aftersales_is_renewal": True,
            "aftersales_price": offer.amount,
            "name": "\n".join(
                [
                    *offer.fees,
                    self._offer_term(offer, start),
                    self._offer_price_name(offer),
                ]
            ),
        }
