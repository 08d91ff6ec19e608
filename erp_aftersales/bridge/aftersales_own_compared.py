# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A contract's own rows beside its plan's, and what they cost or give (C7)."""

from collections import defaultdict
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..engine import facts as fact
from ..engine import own_compared

# the engine's layers, by the contract's field
LAYERS = {
    "aftersales_coverage_ids": "coverage",
    "aftersales_rate_ids": "rates",
    "aftersales_allowance_ids": "allowances",
}
SLA = "aftersales_sla_ids"
FEES = "aftersales_fee_ids"
FIELDS = (*LAYERS, FEES, SLA)
SLA_MODEL = "aftersales.plan.sla"
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
            ``cost``, of the engine: what its work, incidents, missed promises and own
            fees cost with all own rows and without; ``rows``: each with its words,
            those of the rows it stands above, and its own ``difference``
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
        whole = self._whole(contract, facts, missed, first, last)
        differences = {
            row: whole.own - own_compared.cost(variant, first, last)
            for row, variant in self._variants(contract, facts, missed).items()
        }
        fees = {row: self._fee(facts, row, first, last) for row in contract[FEES]}
        differences |= {row: cost.difference for row, cost in fees.items()}
        return {
            "contract": contract,
            "first": first,
            "last": last,
            "cost": sum(fees.values(), whole),
            "rows": [
                {**words, "difference": differences[row]}
                for row, words in self._rows(contract, facts, last)
            ],
        }

    @api.model
    def _whole(self, contract, facts, missed, first, last):
        """What happened costs so much with all own rows, and so much without."""
        alone = replace(
            own_compared.without_own(facts),
            misses=self._misses(contract, missed, contract[SLA].ids),
        )
        return own_compared.Cost(
            own_compared.cost(facts, first, last),
            own_compared.cost(alone, first, last),
        )

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

    @api.model
    def _fee(self, facts, row, first, last):
        """An own fee for its days of the past year, and the one that it replaces."""
        cost = own_compared.Cost(fact.ZERO, fact.ZERO)
        for line in facts.fee_lines:
            if line.row.id == row.id:
                start, end = line.schedule.date_start, line.schedule.date_end or last
                days = max(first, start), min(last, end)
                cost += own_compared.Cost(
                    own_compared.fee_cost(facts, line, *days),
                    self._replaced_cost(facts, row.replaces_id, line, days),
                )
        return cost

    @api.model
    def _replaced_cost(self, facts, row, line, days):
        """What the plan's fee would cost for the days of a line of the own one.

        With its member price and what renewals made dearer.
        """
        if not row:
            return fact.ZERO
        schedule = replace(
            line.schedule, rule=row.recurring_rule_type, interval=row.recurring_interval
        )
        fee = self.env["aftersales.loader"]._fee_row(row)
        return own_compared.fee_cost(
            facts, replace(line, row=fee, schedule=schedule), *days
        )

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
        outside = self.env._("Not covered: charged by the standard card.")
        unpriced = self.env._("No price: the work waits for one.")
        words = {("coverage", None): outside, ("rates", None): unpriced}
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
        if row._name == SLA_MODEL:
            return self._target(contract, row, day)
        return self._replaced(row)

    @api.model
    def _replaced(self, row):
        if row.replaces_id:
            return [row.replaces_id._describe()]
        return [self.env._("Nothing: it adds to the plan.")]

    @api.model
    def _target(self, contract, row, day):
        plan = self.env["aftersales.agreement"]._plan(contract, day)
        same = plan.sla_ids.filtered(lambda each: each.priority == row.priority)
        return [same[0]._describe() if same else self.env._("No target.")]
