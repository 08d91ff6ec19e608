# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What upgrades cost, and the sentence that says why (A3, D4)."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ..engine.fee_days import metric_value
from ..engine.periods import ALLOWANCE_RULES, terms_periods
from ..engine.upgrades import Rule, largest_kind, upgrade_cost
from .aftersales_loader import decimal


class AftersalesUpgradeCost(models.AbstractModel):
    """Loads plans, metrics and earlier upgrades; a constant number of queries."""

    _name = "aftersales.upgrade.cost"
    _description = "After-sales: costs of upgrades"

    @api.model
    def _kind(self, releases):
        """The kind of an upgrade that goes through these releases."""
        return largest_kind(releases.mapped("kind")) or False

    @api.model
    def _costs(self, upgrades):
        """Cost of each upgrade on the day it was asked for, as known now.

        :return dict: ``engine.upgrades.Cost`` by upgrade
        """
        metrics = self.env["aftersales.loader"]._metrics(
            upgrades.installation_id._origin
        )
        used = self._used(upgrades.contract_id._origin)
        return {
            upgrade: self._cost(upgrade, metrics, used[upgrade.contract_id._origin.id])
            for upgrade in upgrades
        }

    @api.model
    def _used(self, contracts):
        """Kind and day of the upgrades that contracts got as included ones."""
        used = defaultdict(list)
        # Safe: only how many there are counts, also those of others' installations.
        for upgrade in (
            self.env["aftersales.upgrade"]
            .sudo()
            .search_fetch(
                [("contract_id", "in", contracts.ids), ("takes_included", "=", True)],
                ["contract_id", "kind", "requested_on"],
            )
        ):
            used[upgrade.contract_id.id].append((upgrade.kind, upgrade.requested_on))
        return used

    @api.model
    def _cost(self, upgrade, metrics, used):
        contract, day = upgrade.contract_id._origin, upgrade.requested_on
        row = self._row(contract, upgrade.kind, day)
        rule, count = None, 0
        if row:
            period = self._period(contract, row, day)
            days = [when for kind, when in used if kind == row.kind]
            rule, count = self._rule(row), sum(map(period.contains, days))
        values = metrics.get(upgrade.installation_id._origin.id, [])
        functions = metric_value(values, "custom_functions", day) if day else None
        rounding = decimal(upgrade.currency_id.rounding or 0.01)
        return upgrade_cost(rule, count, functions, rounding)

    @api.model
    def _rule(self, row):
        return Rule(
            row.policy,
            times=row.quantity,
            price=decimal(row.price),
            function_price=decimal(row.function_price),
        )

    @api.model
    def _period(self, contract, row, day):
        """In which the included ones are counted: a day of it lies in the contract."""
        rule, interval = ALLOWANCE_RULES[row.period]
        start, until = contract.date_start, contract.date_end or None
        renewals = contract.aftersales_term_ids.filtered("is_renewal")
        begins = sorted(renewals.mapped("date_start"))
        return terms_periods(start, begins, until, rule, interval, day)[-1]

    @api.model
    def _row(self, contract, kind, day):
        """The rule of the plan in force on the day (R2)."""
        rows = self.env["aftersales.plan.upgrade"]
        if not (contract.date_start and day):
            return rows
        for plan, start, end in contract._aftersales_plan_spans():
            if start <= day <= end:
                rows = plan.upgrade_ids
        return rows.filtered(lambda row: row.kind == kind)[:1]

    # In words

    @api.model
    def _sentence(self, upgrade, code, amount, args):
        """What it costs and why, in the reader's language (R24).

        :param amount: None where nobody can tell
        """
        kind = self.env["aftersales.wording"]._label(upgrade, "kind")
        say = getattr(self, f"_say_{code}")
        text = self.env._(
            "%(kind)s upgrade: %(why)s.", kind=kind, why=say(upgrade, args)
        )
        if "surcharge" in args:
            text = self.env._(
                "%(text)s Custom functions: %(count)s x %(price)s = %(amount)s.",
                text=text,
                count=self._number(args["functions"]),
                price=self._money(upgrade, args["function_price"]),
                amount=self._money(upgrade, args["surcharge"]),
            )
        if amount is None:
            return text
        if not amount:
            return self.env._("%s It costs nothing.", text)
        return self.env._(
            "%(text)s It costs %(amount)s.",
            text=text,
            amount=upgrade.currency_id.format(float(amount)),
        )

    @api.model
    def _say_included(self, upgrade, args):
        return self.env._("included in the plan")

    @api.model
    def _say_limited(self, upgrade, args):
        return self.env._(
            "%(used)s of %(times)s included ones are used", **self._times(args)
        )

    @api.model
    def _say_beyond(self, upgrade, args):
        return self.env._(
            "all %(times)s included ones are used, so it is charged with %(price)s",
            times=args["times"],
            price=self._money(upgrade, args["price"]),
        )

    @api.model
    def _say_charged(self, upgrade, args):
        return self.env._(
            "charged by the plan with %s", self._money(upgrade, args["price"])
        )

    @api.model
    def _say_no_rule(self, upgrade, args):
        return self.env._(
            "no plan in force on that day has a rule for it, so its price has to be "
            "quoted"
        )

    @api.model
    def _say_no_functions(self, upgrade, args):
        return self.env._(
            "each custom function costs %(price)s, and nobody has counted those of "
            "'%(installation)s': type the number there",
            price=self._money(upgrade, args["function_price"]),
            installation=upgrade.installation_id.display_name,
        )

    @api.model
    def _times(self, args):
        return {"used": args["used"], "times": args["times"]}

    @api.model
    def _number(self, number):
        return self.env["aftersales.wording"]._number(Decimal(number))

    @api.model
    def _money(self, upgrade, price):
        money = self.env["aftersales.wording"]._money
        return money(float(price), upgrade.currency_id)
