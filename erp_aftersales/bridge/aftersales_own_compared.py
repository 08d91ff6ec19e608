# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A contract's own rows beside its plan's, and what they cost or give (C7)."""

from collections import defaultdict
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..engine import own_compared

# the engine's layers, by the contract's field
LAYERS = {
    "aftersales_coverage_ids": "coverage",
    "aftersales_rate_ids": "rates",
    "aftersales_allowance_ids": "allowances",
}
SLA = "aftersales_sla_ids"
FIELDS = (*LAYERS, SLA)
ROW_MODELS = {
    "coverage": "aftersales.plan.coverage",
    "rates": "aftersales.plan.rate",
}


class AftersalesOwnCompared(models.AbstractModel):
    """Rates the past year with the own rows and without; writes nothing.

    Texts are in the language of the context. As many queries for many own rows as for
    few.
    """

    _name = "aftersales.own.comparison"
    _description = "After-sales: own terms beside the plan's"

    @api.model
    def _compare(self, contract):
        """Set the own rows of one contract beside what would apply without them.

        :raises AccessError: for whoever may not read the contract, or charges at all
        :return dict: ``first`` and ``last`` day of the past year under contract;
            ``own`` and ``plan``: what its work, incidents and missed promises cost with
            all own rows and without, and their ``difference``; ``rows``: each with its
            words, those of the rows it stands above, and its own ``difference``
        """
        self.env["aftersales.statement"]._check_reader(contract)
        # Safe: whoever may read a contract and charges may know what it costs; nothing
        # is written.
        self = self.sudo()
        contract = contract.with_env(self.env)
        last = contract.company_id._aftersales_today()
        first = max(
            contract.date_start, last - relativedelta(years=1) + relativedelta(days=1)
        )
        facts = self._facts(contract, last)
        missed = self.env["aftersales.loader"]._missed(contract)
        variants = self._variants(contract, facts, missed)
        alone = replace(
            own_compared.without_own(facts),
            misses=self._misses(contract, missed, contract[SLA].ids),
        )
        whole = own_compared.Cost(
            own_compared.cost(facts, first, last),
            own_compared.cost(alone, first, last),
        )
        return {
            "contract": contract,
            "first": first,
            "last": last,
            "cost": whole,
            "rows": [
                {
                    **words,
                    "difference": whole.own
                    - own_compared.cost(variants[row], first, last),
                }
                for row, words in self._rows(contract, facts, last)
            ],
        }

    @api.model
    def _facts(self, contract, day):
        """All facts of the contract's life, with the fees that promises pay back."""
        loader = self.env["aftersales.loader"]
        since = {contract.id: contract.date_start}
        return loader._facts(contract, since, fees_until=day)[contract.id]

    # Without one row

    @api.model
    def _variants(self, contract, facts, missed):
        """The facts without one own row, by the row."""
        variants = {
            row: own_compared.without_row(facts, layer, row.id)
            for name, layer in LAYERS.items()
            for row in contract[name]
        }
        return variants | {
            row: replace(facts, misses=self._misses(contract, missed, row.ids))
            for row in contract[SLA]
        }

    @api.model
    def _misses(self, contract, missed, left_out):
        """What missed promises pay, some own service levels left out (R23)."""
        since = {contract.id: contract.date_start}
        among = self.env["aftersales.loader"]._misses_among(missed, since, left_out)
        return tuple(among[contract.id])

    # Rows in words

    @api.model
    def _rows(self, contract, facts, today):
        """Each own row with its words and those of what it stands above."""
        rows = [row for name in FIELDS for row in contract[name]]
        days = {row: self._day(row, today) for row in rows}
        offer = self.env["aftersales.agreement"]._offers(contract)[contract.id]
        under = {
            day: own_compared.under(facts, offer, day) for day in set(days.values())
        }
        words = self._words(under.values())
        for row, day in days.items():
            yield (
                row,
                {
                    "list": self._list_name(row),
                    "own": row._describe_own(),
                    "plan": self._beneath(contract, row, day, under[day], words),
                    "is_today": day == today,
                },
            )

    @api.model
    def _field(self, row):
        """The field of contracts that lists rows of this kind."""
        fields = row.contract_id._fields
        return next(n for n in FIELDS if fields[n].comodel_name == row._name)

    @api.model
    def _list_name(self, row):
        field = row.contract_id._fields[self._field(row)]
        return field._description_string(self.env)

    @api.model
    def _day(self, row, today):
        """Today, within the row's days."""
        day = min(today, row.date_end or today)
        return max(day, row.date_start or day)

    @api.model
    def _words(self, under):
        """Sentences of the rows below, by layer and id; of no row at all: id None."""
        ids = defaultdict(set)
        for found in under:
            for (layer, _row_id), below in found.items():
                ids[layer] |= {*below} - {None}
        words = {
            ("coverage", None): self.env._(
                "Not covered: charged by the standard card."
            ),
            ("rates", None): self.env._("No price: the work waits for one."),
        }
        for layer, model in ROW_MODELS.items():
            for row in self.env[model].browse(sorted(ids[layer])):
                words[layer, row.id] = row._describe()
        return words

    @api.model
    def _beneath(self, contract, row, day, under, words):
        """What would apply without an own row, a sentence each."""
        layer = LAYERS.get(self._field(row))
        if layer in ROW_MODELS:
            found = under.get((layer, row.id))
            if found is None:
                return [self.env._("Decides about nothing: other own rows do.")]
            return [words[layer, id_] for id_ in found]
        if layer == "allowances":
            return self._replaced(row)
        return self._target(contract, row, day)

    @api.model
    def _replaced(self, row):
        if row.replaces_id:
            return [row.replaces_id._describe()]
        return [self.env._("Nothing: it adds to what the plan includes.")]

    @api.model
    def _target(self, contract, row, day):
        plan = self.env["aftersales.agreement"]._plan(contract, day)
        same = plan.sla_ids.filtered(lambda each: each.priority == row.priority)
        return [same[0]._describe() if same else self.env._("No target.")]
