# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What becomes of each service under a contract, and at which price."""

from odoo import api, models

from ..engine import price_list

POLICIES = ("included", "allowance", "incident", "billable", "quote", "excluded")


class AftersalesAgreementServices(models.AbstractModel):
    """Services and prices in words, as the engine's terms have them (E2)."""

    _inherit = "aftersales.agreement"

    @api.model
    def _services(self, contract, facts, offer, day):
        """Services by policy, in the order of what is given away least.

        :return list: of (policy's label, rows); a row has services, mode and prices
        """
        items = price_list.price_list(facts, offer, day)
        labels = self._labels("aftersales.plan.coverage", "policy")
        by_policy = {
            policy: [item for item in items if item.terms.policy == policy]
            for policy in POLICIES
        }
        return [
            (
                labels[policy],
                [self._service(contract, offer, item) for item in found],
            )
            for policy, found in by_policy.items()
            if found
        ]

    @api.model
    def _labels(self, model, field):
        return dict(self.env[model]._fields[field]._description_selection(self.env))

    @api.model
    def _service(self, contract, offer, item):
        wording = self.env["aftersales.wording"]
        services = self.env["aftersales.service"].browse(item.service_ids)
        modes = self._labels("aftersales.plan.coverage", "mode")
        is_all = len(item.service_ids) == len(offer.services)
        return {
            "services": self.env._("All services")
            if is_all
            else wording._list(services.mapped("name")),
            "mode": wording._list(modes[mode] for mode in item.modes),
            "policy": item.terms.policy,
            "prices": [
                {
                    "for": self._applies(priced),
                    **self._price(contract, priced.price, item.terms),
                }
                for priced in item.terms.prices
            ],
        }

    @api.model
    def _applies(self, priced):
        """For whose work, where and when a price applies; nothing: always."""
        bands = self._labels("aftersales.plan.rate", "band")
        grades = self.env["aftersales.grade"].browse(filter(None, priced.grade_ids))
        regions = self.env["res.country.state"].browse(filter(None, priced.region_ids))
        return self.env["aftersales.wording"]._list(
            [
                *grades.mapped("name"),
                *regions.mapped("name"),
                *(bands[band] for band in priced.bands),
            ]
        )

    @api.model
    def _price(self, contract, price, terms):
        """The price in the words of a rate row, and what there is to say of it."""
        if price is None:
            return {"text": "", "notes": []}
        # In memory alone: a row that says what the customer pays, whatever layer it
        # comes from.
        row = self.env["aftersales.plan.rate"].new(
            {
                "currency_id": contract.currency_id.id,
                "price": float(price.net),
                "unit": price.unit,
                "increment": price.increment,
                "minimum": price.minimum,
                "rounding_scope": "visit" if price.per_visit else "entry",
            }
        )
        return {
            "text": row._describe_price(),
            "notes": list(self._price_notes(row, price, terms)),
        }

    @api.model
    def _price_notes(self, row, price, terms):
        if price.net != price.price:
            yield self.env._(
                "%(price)s less %(discount)s %%",
                price=row._format_price(float(price.price)),
                discount=row._format_number(float(terms.discount)),
            )
        if terms.policy == "allowance" and price.burn_factor != 1:
            yield self.env._(
                "Each minute takes %s from what is included.",
                row._format_number(float(price.burn_factor)),
            )
