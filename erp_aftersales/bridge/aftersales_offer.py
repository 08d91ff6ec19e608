# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a quotation asks: a plan for who buys it now (R20), work, training (A4, A5)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date

from ..engine.facts import ONE, ZERO
from ..engine.money import plain
from ..engine.offer import fee_offer, hour_price, offered_until, term_end
from ..engine.training import TrainingRow, training_price
from .aftersales_loader import decimal


@dataclass(frozen=True)
class Offer:
    """``amount`` is for the days up to ``until``; ``fees`` say how it came about."""

    amount: float
    until: date
    date_end: date | None
    fees: tuple[str, ...]


@dataclass(frozen=True)
class OfferedFee:
    """What the wording asks of a charge, before there is one."""

    fee_id: models.BaseModel
    currency_id: models.BaseModel
    price_unit: float
    discount: float


class AftersalesOffer(models.AbstractModel):
    """Prices what is typed by the engine that bills; writes nothing."""

    _name = "aftersales.offer"
    _description = "Prices on a Quotation"

    @api.model
    def _offer(self, plan, values, start, months, pricelist=None):
        """The price of a plan's first year, or of a shorter term, before tax.

        :param plan: an ``aftersales.plan``
        :param dict values: numbers by fee basis; a basis without one counts as 0
        :param start: the first day
        :param months: of the term; 0: no end
        :param pricelist: the customer's, for member prices
        """
        # Whoever sells a plan may not see its rows; the price is what is offered.
        fees = plan.sudo().fee_ids
        members = self._offer_members(fees, pricelist)
        priced = [
            (fee, self._fee_offer(fee, values, start, months, members)) for fee in fees
        ]
        return Offer(
            amount=float(sum((each.amount for _fee, each in priced), ZERO)),
            until=offered_until(start, months),
            date_end=term_end(start, months),
            fees=tuple(self._offer_text(fee, each) for fee, each in priced),
        )

    @api.model
    def _term_end(self, start, months):
        """Last day of a term; None without end (0 months)."""
        return term_end(start, months)

    @api.model
    def _offer_members(self, fees, pricelist):
        loader = self.env["aftersales.loader"].sudo()
        day = self.env.company._aftersales_today()
        members = loader._member_prices(pricelist, fees.product_id, day)
        return {product_id: off for (_pricelist, product_id), off in members.items()}

    @api.model
    def _fee_offer(self, fee, values, start, months, members):
        value = ONE if fee.basis == "fixed" else decimal(values.get(fee.basis) or 0)
        return fee_offer(
            self.env["aftersales.loader"]._fee_row(fee),
            (fee.recurring_rule_type, fee.recurring_interval),
            value,
            start,
            months,
            Decimal(str(fee.currency_id.rounding)),
            members.get(fee.product_id.id, ZERO),
        )

    @api.model
    def _offer_text(self, fee, offered):
        """The calculation of a whole period, as its invoice will say it (R24)."""
        shown = OfferedFee(
            fee, fee.currency_id, float(offered.price.price), fee.discount
        )
        args = dict(offered.price.args)
        if fee.discount:
            args["discount"] = plain(decimal(fee.discount))
        wording = self.env["aftersales.wording"]
        return self.env._(
            "%(fee)s: %(calculation)s = %(price)s %(period)s",
            fee=fee.name,
            calculation=wording._fee_calculation(shown, args),
            price=wording._money(float(offered.period), fee.currency_id),
            period=fee._describe_period(),
        )

    @api.model
    def _offer_term(self, offer, start):
        """The days of the term in a sentence."""
        first = format_date(self.env, start)
        if not offer.date_end:
            return self.env._("From %s on, without end", first)
        last = format_date(self.env, offer.date_end)
        return self.env._("%(first)s to %(last)s", first=first, last=last)

    @api.model
    def _offer_price_name(self, offer):
        """What the price is for: the first year, or all of a term up to a year."""
        if offer.date_end == offer.until:
            return self.env._("Price of the whole term")
        return self.env._("Price of the first year")

    # Work and training beside the contract

    @api.model
    def _hour_prices(self, contract, service, mode, grades):
        """An hour of work by the contract's rates, by grade id; None without a rate.

        :param grades: ``aftersales.grade``
        """
        # Whoever may see the contract may know its prices; nothing is written.
        contract = contract.sudo()
        facts, _ticket, work = self.env["aftersales.preview"]._quote_facts(
            contract, service, mode, grades.browse(), 60, None
        )
        rounding = Decimal(str(contract.currency_id.rounding))
        return {
            grade.id: hour_price(facts, replace(work, grade_id=grade.id), rounding)
            for grade in grades
        }

    @api.model
    def _training(self, rows, duration, attendees):
        """What a training costs by rows of the price list (A5).

        :param rows: ``aftersales.training.price`` of one training, level and unit
        :return: the row that decides and the amount; None when none is for so many
        """
        found = rows and training_price(
            [
                TrainingRow(row.id, decimal(row.price), row.attendees or None)
                for row in rows
            ],
            decimal(duration),
            attendees,
            Decimal(str(rows.currency_id.rounding)),
        )
        return (rows.browse(found.row_id), float(found.amount)) if found else None
