# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is agreed with a customer and in force today, for price list and contract."""

from dataclasses import replace
from datetime import date

from odoo import api, models
from odoo.tools import format_date, formatLang

from ..engine import price_list


class AftersalesAgreement(models.AbstractModel):
    """Loads what papers tell of contracts, with a constant number of queries.

    Which row applies is the engine's word. Texts are in the language of the context;
    nothing is written.
    """

    _name = "aftersales.agreement"
    _description = "After-sales: what is agreed, in words"

    @api.model
    def _agreements(self, contracts):
        """What applies to contracts today, or on the first or last of their days.

        :raises AccessError: for whoever may not read the contracts
        :return dict: by contract id; ``services`` by policy with their prices,
            ``allowances``, ``grants`` with what is left, ``fees`` with their
            calculation, ``levels`` of service, and what the head of a paper says
        """
        contracts.check_access("read")
        # Safe: whoever may read a contract may know what it gives and costs: names of
        # rows, services and installations among it, and no costs of ours.
        self = self.sudo()
        contracts = contracts.with_env(self.env)
        facts = self._facts(contracts)
        offers = self._offers(contracts)
        return {
            contract.id: self._agreement(
                contract, facts[contract.id], offers[contract.id]
            )
            for contract in contracts
        }

    @api.model
    def _facts(self, contracts):
        """What is agreed, with fees and the values they count.

        What rests for a while is agreed all the same: pauses are told apart.
        """
        loader = self.env["aftersales.loader"]
        metrics = loader._metrics(contracts.installation_ids)
        today = contracts.company_id[:1]._aftersales_today()
        members = loader._members(contracts, today)
        agreed = loader._terms_facts(contracts)
        return {
            contract.id: replace(
                agreed[contract.id],
                pauses=(),
                fee_lines=loader._fee_lines(contract, members),
                metrics=tuple(
                    metric
                    for installation in contract.installation_ids
                    for metric in metrics[installation.id]
                ),
            )
            for contract in contracts
        }

    @api.model
    def _offers(self, contracts):
        """The services and grades of each contract's company, at the customer's place.

        :return dict: engine offers by contract id
        """
        # pylint: disable=no-search-all  # a vendor's few services and grades
        services = self.env["aftersales.service"].search([])
        grades = self.env["aftersales.grade"].search([])
        return {
            contract.id: price_list.Offer(
                services=tuple(
                    price_list.Service(each.id, each.category, each.is_vendor_fault)
                    for each in self._of_company(services, contract)
                ),
                grade_ids=tuple(self._of_company(grades, contract).ids) or (None,),
                region_ids=tuple(contract.installation_ids.region_id.ids) or (None,),
            )
            for contract in contracts
        }

    @api.model
    def _of_company(self, records, contract):
        return records.filtered(
            lambda record: record.company_id.id in (False, contract.company_id.id)
        )

    @api.model
    def _day(self, contract):
        """Today, within the contract's days."""
        today = contract.company_id._aftersales_today()
        return max(contract.date_start, min(today, contract.date_end or date.max))

    @api.model
    def _agreement(self, contract, facts, offer):
        day = self._day(contract)
        return {
            **self._head(contract, day),
            "services": self._services(contract, facts, offer, day),
            "allowances": self._allowances(contract, facts, day),
            "grants": self._grants(contract, day),
            "fees": self._fees(contract, facts, day),
            "levels": self._levels(contract, day),
            "further": list(self._further(contract, day)),
        }

    @api.model
    def _head(self, contract, day):
        """Whom and what it is about; records in superuser mode, for their names."""
        plan = self._plan(contract, day)
        calendar = contract.aftersales_calendar_id or plan.calendar_id
        return {
            "contract": contract,
            "plan": plan.display_name or "",
            "day": day,
            "currency": self.env._("%s, before tax", contract.currency_id.name),
            "digits": contract.currency_id.decimal_places,
            "clock": self.env._("hours are those of '%s'", calendar.name)
            if calendar
            else self.env._("round the clock, every day"),
        }

    @api.model
    def _plan(self, contract, day):
        """The plan in force on a day (R2)."""
        for plan, first, last in contract._aftersales_plan_spans():
            if first <= day <= last:
                return plan
        return self.env["aftersales.plan"]

    # Allowances and what is left

    @api.model
    def _allowances(self, contract, facts, day):
        """What every period includes, a sentence each."""
        ids = {row.id for row in price_list.allowances_on(facts, day)}
        layers = (
            self._plan(contract, day).allowance_ids,
            contract.aftersales_allowance_ids,
        )
        return [
            row._with_days(row._describe())
            for rows in layers
            for row in rows
            if row.id in ids
        ]

    @api.model
    def _grants(self, contract, day):
        """Grants open on the day, with what is left of them."""
        return [
            {
                "name": grant._name_text(),
                "services": self.env["aftersales.wording"]._list(
                    grant.service_ids.mapped("name")
                ),
                "date_start": grant.date_start,
                "date_end": grant.date_end,
                "quantity": grant.quantity_text,
                "left": grant.remaining_text,
            }
            for grant in contract.grant_ids.sorted(
                lambda grant: (grant.priority, grant.date_start, grant.id)
            )
            if grant.date_start <= day <= (grant.date_end or date.max)
        ]

    # Fees

    @api.model
    def _fees(self, contract, facts, day):
        """Fees in force, with what a whole period costs by today's values (R20)."""
        rows = {
            line.aftersales_fee_id.id: line.aftersales_fee_id
            for line in contract.contract_line_ids
        }
        charges = price_list.fees_on(facts, facts.fee_lines, day)
        return [self._fee(contract, charge, rows[charge.fee_id]) for charge in charges]

    @api.model
    def _fee(self, contract, charge, row):
        writer = self.env["aftersales.writer"]
        record = self.env["aftersales.charge"].new(writer._vals(contract, charge, {}))
        return {
            "text": row._describe(),
            "calculation": "" if row.basis == "fixed" else record.reason,
            "amount": None if charge.kind == "unrated" else charge.amount,
            "period": row._describe_period(),
        }

    # Service levels

    @api.model
    def _levels(self, contract, day):
        """Targets by priority: the contract's own rows in force, else the plan's."""
        own = contract.aftersales_sla_ids.filtered(
            lambda row: (row.date_start or day) <= day <= (row.date_end or day)
        )
        rows = {}
        for row in (*own, *self._plan(contract, day).sla_ids):
            rows.setdefault(row.priority, row)
        return [
            {
                "priority": row.display_name,
                "response": self._hours(row, "response_hours"),
                "resolution": self._hours(row, "resolution_hours"),
                "credit": self.env._(
                    "%s %% of the month's fees", row._format_number(row.credit_percent)
                )
                if row.credit_percent
                else "",
            }
            for _priority, row in sorted(rows.items(), reverse=True)
        ]

    @api.model
    def _hours(self, row, name):
        return self.env._("%s h", row._format_number(row[name])) if row[name] else ""

    # What else is agreed

    @api.model
    def _further(self, contract, day):
        """Sentences on what else is agreed with this customer."""
        if contract.aftersales_auto_renew:
            in_years = contract.aftersales_renew_rule == "yearly"
            yield self.env._(
                "At its end the contract is renewed, each time for %s months.",
                contract.aftersales_renew_interval * (12 if in_years else 1),
            )
        if contract.aftersales_increase_cap:
            number = self.env["aftersales.plan.row"]._format_number
            yield self.env._(
                "When the contract is renewed, prices rise by at most %s %%.",
                number(contract.aftersales_increase_cap),
            )
        if contract.overage_limit:
            currency = contract.currency_id
            yield self.env._(
                "Work beyond what is included needs no further consent up to %s a "
                "month.",
                formatLang(self.env, contract.overage_limit, currency_obj=currency),
            )
        for pause in contract.aftersales_pause_ids:
            if pause.date_end >= day:
                yield self.env._(
                    "The contract rests from %(first)s to %(last)s: fees stand still, "
                    "and work in these days is not covered.",
                    first=format_date(self.env, pause.date_start),
                    last=format_date(self.env, pause.date_end),
                )
