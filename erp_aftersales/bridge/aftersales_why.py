# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Behind "Why?": what the engine tried, read from records and put into words."""

from dataclasses import replace
from datetime import date

from odoo import api, models

from ..engine import why
from ..engine.calculation import calculation
from ..engine.corrections import BACK, revision_of

ROW_MODELS = {
    why.COVERAGE: "aftersales.plan.coverage",
    why.GRANT: "aftersales.grant",
    why.RATE: "aftersales.plan.rate",
}


class AftersalesWhyLoader(models.AbstractModel):
    """Explains charges with a constant number of queries; writes nothing (R24)."""

    _name = "aftersales.why.loader"
    _description = "After-sales: why charges cost what they cost"

    @api.model
    def _why(self, charges):
        """Return what was tried and calculated for charges, by charge id.

        :param charges: charges that the user may read
        :return dict: lists of dicts with the keys step, layer, row, verdict, text: the
            last is for people, in the language of the context, as is ``row``; layer
            and verdict are codes or None
        """
        charges.check_access("read")
        # Safe: whoever may read a charge may know what made it: names of rows, grants,
        # installations and invoices that he may lack the right to open.
        charges = charges.sudo().with_prefetch()
        befores = self._befores(charges)
        explained = charges.concat(*befores.values())
        facts = self._facts(explained)
        tried = {charge: self._tried(facts, charge) for charge in explained}
        rows = self._rows(tried.values())
        lines = {
            charge: [
                *self._tried_lines(charge, tried[charge], rows),
                *self._calculated_lines(facts, charge),
            ]
            for charge in explained
        }
        return {
            charge.id: self._with_before(charge, befores[charge.id], lines)
            for charge in charges
        }

    @api.model
    def _with_before(self, charge, before, lines):
        """What a correction says of the charge before it, then the rest (R17)."""
        wording = self.env["aftersales.wording"]
        said = [wording._why_before(charge, one) for one in before]
        if charge.key.endswith(BACK) and before:
            return [*said, *lines[before[0]]]  # what is taken back was priced by these
        return [*said, *lines[charge]]

    # What is asked of the engine

    @api.model
    def _facts(self, charges):
        """Facts by contract: what is agreed, and grants with all that is taken."""
        contracts = charges.contract_id
        since = {
            contract.id: min(charge.date for charge in of_contract).replace(day=1)
            for contract, of_contract in charges.grouped("contract_id").items()
        }
        loader = self.env["aftersales.loader"].sudo()
        facts = loader._terms_facts(contracts)
        facts = self._with_grants(facts, loader._grants(contracts, since, facts))
        return self._with_fees(facts, charges)

    @api.model
    def _with_grants(self, facts, grants):
        loader = self.env["aftersales.loader"].sudo()
        ids = [grant.id for of_contract in grants.values() for grant in of_contract]
        records = self.env["aftersales.grant"].sudo().browse(ids)
        taken = loader._taken_before(records, dict.fromkeys(facts, date.max))
        return {
            contract_id: replace(
                of_contract,
                grants=tuple(
                    replace(grant, taken=taken[grant.id])
                    for grant in grants[contract_id]
                ),
            )
            for contract_id, of_contract in facts.items()
        }

    @api.model
    def _with_fees(self, facts, charges):
        """Facts with metrics and fees, for the contracts whose charges count them."""
        counted = charges.filtered(lambda charge: charge.fee_id or charge.date_start)
        contracts = counted.contract_id
        if not contracts:
            return facts
        loader = self.env["aftersales.loader"].sudo()
        metrics = loader._metrics(contracts.installation_ids)
        fees = loader._existing(contracts, dict.fromkeys(contracts.ids, date.max))
        return facts | {
            contract.id: replace(
                facts[contract.id],
                fee_lines=loader._fee_lines(contract),
                metrics=tuple(
                    metric
                    for installation in contract.installation_ids
                    for metric in metrics[installation.id]
                ),
                existing=tuple(fees[contract.id]),
            )
            for contract in contracts
        }

    @api.model
    def _tried(self, facts, charge):
        return why.tried(
            facts[charge.contract_id.id],
            self.env["aftersales.loader"]._charge(charge),
            charge.service_id.category or None,
            charge.ticket_id.installation_id.region_id.id or None,
        )

    # Records and words

    @api.model
    def _rows(self, tried):
        """The records of all rows that were tried, by step and id."""
        found = {}
        for step, model in ROW_MODELS.items():
            ids = {one.row_id for many in tried for one in many if one.step == step}
            records = self.env[model].sudo().browse(ids - {0})
            found |= {(step, record.id): record for record in records}
        return found

    @api.model
    def _tried_lines(self, charge, tried, rows):
        wording = self.env["aftersales.wording"]
        return [
            {
                "step": one.step,
                "layer": one.layer,
                "row": wording._why_row(rows.get((one.step, one.row_id))),
                "verdict": one.verdict,
                "text": wording._why_verdict(
                    charge,
                    one,
                    rows.get((one.step, one.row_id)),
                    rows.get((one.step, one.by)),
                ),
            }
            for one in tried
        ]

    @api.model
    def _calculated_lines(self, facts, charge):
        """The steps to the amount; whom or what it waits for; what is missing."""
        wording = self.env["aftersales.wording"]
        value = self.env["aftersales.loader"]._charge(charge)
        steps = calculation(facts[charge.contract_id.id], value)
        return [
            *wording._why_agreed(charge),
            *(wording._why_step(charge, step) for step in steps),
            *wording._why_amount(charge, steps),
        ]

    # Corrections

    @api.model
    def _befores(self, charges):
        """The charges that an adjustment takes back or replaces, by charge id (R17)."""
        adjusted = charges.filtered(
            lambda charge: charge.key.endswith(BACK) or revision_of(charge.key)
        )
        before = dict.fromkeys(charges.ids, self.env["aftersales.charge"].sudo())
        if not adjusted:
            return before
        relatives = (
            self.env["aftersales.charge"]
            .sudo()
            .search(
                [
                    ("contract_id", "in", adjusted.contract_id.ids),
                    "|",
                    ("key", "in", [c.key.removesuffix(BACK) for c in adjusted]),
                    ("timesheet_id", "in", adjusted.timesheet_id.ids),
                ],
                order="id",
            )
        )
        for charge in adjusted:
            before[charge.id] = relatives.filtered(
                lambda one, charge=charge: self._is_before(one, charge)
            )
        return before

    @api.model
    def _is_before(self, one, charge):
        """Whether a charge is what another takes back, or what it was before."""
        if one.contract_id != charge.contract_id or one.key.endswith(BACK):
            return False
        if charge.key.endswith(BACK):
            return one.key + BACK == charge.key
        return (
            one.timesheet_id == charge.timesheet_id
            and revision_of(one.key) == revision_of(charge.key) - 1
        )
