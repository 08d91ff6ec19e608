# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What would be invoiced on a day, and why: the run of billing, without writing.

The charges are the engine's, the lines and their texts come from the code that bills,
schedules from OCA and taxes from Odoo, each on records that exist in memory only.
"""

from collections import defaultdict
from dataclasses import replace

from odoo import api, models
from odoo.tools import split_every

from ..engine.forecast import freeze, settle
from ..engine.rating import rate
from .billing_run import Run

CHUNK = 100


class Forecast:
    """What a preview knows so far: facts, and what has been invoiced and refused."""

    def __init__(self, day, facts):
        self.day = day
        self.facts = facts
        self.invoices = []
        self.failures = {}


class AftersalesInvoicePreview(models.AbstractModel):
    """Preview of invoices; nothing is written, not even to be rolled back."""

    _name = "aftersales.invoice.preview"
    _description = "After-sales: preview of invoices"

    @api.model
    def _document(self, contracts, day, due_only=False):
        """What the recurring run, and then "Invoice open charges", would make (R14).

        :param date day: today, as far as the preview is concerned
        :param due_only: the recurring run alone
        :return dict: the document of ``account.move._aftersales_document``
        """
        contracts.check_access("read")
        # Whoever may read the contracts may know their prices; nothing is written.
        contracts = contracts.sudo()
        ours = contracts.filtered("aftersales_plan_id")
        self._read_customers(contracts)
        forecast = Forecast(day, self._facts(ours, day))
        scheduled = contracts.search(
            [("id", "in", contracts.ids), ("generation_type", "=", "invoice")]
        )
        try:
            self._run_scheduled(scheduled & ours, forecast)
            self._run_ordinary(scheduled - ours, forecast)
            if not due_only:
                self._run_open(ours, forecast)
            return {
                "invoices": forecast.invoices,
                "problems": self._problems(contracts, forecast),
            }
        finally:
            self._forget(contracts)

    @api.model
    def _read_customers(self, contracts):
        """Read at once what Odoo asks of each customer's addresses for the taxes."""
        for company in contracts.company_id:
            of_company = contracts.filtered(
                lambda c, comp=company: c.company_id == comp
            )
            partners = of_company.invoice_partner_id.with_company(company)
            (partners | partners.child_ids).mapped("property_account_position_id")

    # What runs, in the order in which it would

    @api.model
    def _run_scheduled(self, contracts, forecast):
        """The recurring run: a company after the other, in chunks."""
        for (company,) in contracts._read_group([], ["company_id"]):
            of_company = contracts.filtered(
                lambda c, comp=company: c.company_id == comp
            )
            for ids in split_every(CHUNK, of_company.ids):
                chunk = contracts.browse(ids).with_company(company)
                self._isolated(chunk, forecast, self._due_invoices)

    @api.model
    def _run_ordinary(self, contracts, forecast):
        """Contracts without a plan: one period of what is due, as OCA bills them."""
        due = contracts.filtered(
            lambda contract: (
                contract.recurring_next_date
                and contract.recurring_next_date <= forecast.day
                and (
                    not contract.date_end
                    or contract.recurring_next_date <= contract.date_end
                )
            )
        )
        for company in due.company_id:
            of_company = due.filtered(lambda c, comp=company: c.company_id == comp)
            of_company = of_company.with_company(company)
            self._isolated(of_company, forecast, self._ordinary_invoices)

    @api.model
    def _run_open(self, contracts, forecast):
        """ "Invoice open charges": a company after the other."""
        failed = contracts.browse(forecast.failures)
        for company in contracts.company_id:
            of_company = contracts.filtered(
                lambda c, comp=company: c.company_id == comp
            )
            of_company = (of_company - failed).with_company(company)
            self._isolated(of_company, forecast, self._open_invoices)

    @api.model
    def _isolated(self, contracts, forecast, make):
        """Together; where that fails on halves, down to the contract that says why."""
        if not contracts:
            return
        facts = dict(forecast.facts)
        self._forget(contracts)
        try:
            forecast.invoices += make(contracts, forecast)
        except Exception as error:
            forecast.facts = facts
            if len(contracts) == 1:
                forecast.failures[contracts.id] = f"{type(error).__name__}: {error}"
                return
            half = len(contracts) // 2
            self._isolated(contracts[:half], forecast, make)
            self._isolated(contracts[half:], forecast, make)

    # How it runs

    @api.model
    def _due_invoices(self, contracts, forecast):
        """Every period that is due, oldest first; then what is left at the end."""
        billing = self.env["aftersales.billing"]
        self._rate(contracts, forecast)
        run = Run(forecast.day, self._books(contracts, forecast))
        copies = self._copies(contracts)
        invoices = []
        while batch := billing._oldest_due(copies, forecast.day):
            run.due_day, due = batch
            due = due.with_context(aftersales_run=run)
            values = due._prepare_recurring_invoices_values(run.due_day)
            invoices += self._invoices(values, run, forecast)
        values = billing.with_context(aftersales_run=run)._charge_values(
            billing._over(copies).with_context(aftersales_run=run),
            forecast.day.max,
            run,
        )
        return invoices + self._invoices(values, run, forecast)

    @api.model
    def _open_invoices(self, contracts, forecast):
        self._rate(contracts, forecast)
        run = Run(forecast.day, self._books(contracts, forecast))
        contracts = contracts.with_context(aftersales_run=run)
        billing = self.env["aftersales.billing"].with_context(aftersales_run=run)
        values = billing._charge_values(contracts, forecast.day, run)
        return self._invoices(values, run, forecast)

    @api.model
    def _ordinary_invoices(self, contracts, forecast):
        # Only a run of ours collects what is to move on: nothing is written.
        run = Run(forecast.day, {})
        copies = self._copies(contracts).with_context(aftersales_run=run)
        values = copies._prepare_recurring_invoices_values(forecast.day)
        return self._invoices(values, run, forecast)

    # Charges

    @api.model
    def _facts(self, contracts, day):
        """The facts as they would be loaded on the day."""
        if not contracts:
            return {}
        firsts = self.env["aftersales.rating"].sudo()._first_days(contracts, None)
        firsts = {id_: min(first, day.replace(day=1)) for id_, first in firsts.items()}
        facts = self.env["aftersales.loader"].sudo()._facts(contracts, firsts, day)
        return {id_: replace(fact, until=day) for id_, fact in facts.items()}

    @api.model
    def _rate(self, contracts, forecast):
        for contract_id in contracts.ids:
            facts = forecast.facts[contract_id]
            forecast.facts[contract_id] = settle(facts, rate(facts))

    @api.model
    def _books(self, contracts, forecast):
        """The open charges as billing finds them, with records in memory."""
        books = {}
        for contract in contracts:
            records = self._records(contract, forecast)
            books[contract.id] = {
                charge.key: (charge, record)
                for charge, record in records
                if not charge.waiting
            }
        return books

    @api.model
    def _records(self, contract, forecast):
        """The charges that are not frozen with records in memory, oldest made first."""
        facts = forecast.facts[contract.id]
        writer = self.env["aftersales.writer"].sudo()
        grants = self._grants(contract, facts)
        model = self.env["aftersales.charge"].sudo()
        standing = sorted(
            (item for item in facts.existing if not item.frozen),
            key=lambda item: item.id,
        )
        return [
            (item.charge, model.new(writer._vals(contract, item.charge, grants)))
            for item in standing
        ]

    @api.model
    def _grants(self, contract, facts):
        """Grants by contract and key, as the writer asks for them; new ones as well."""
        writer = self.env["aftersales.writer"].sudo()
        known = {(contract.id, writer._grant_key(g)): g.id for g in contract.grant_ids}
        model = self.env["aftersales.grant"].sudo()
        for grant in facts.grants:
            if (contract.id, grant.key) not in known:
                new = model.new(writer._grant_vals(contract, grant))
                known[contract.id, grant.key] = new.id
        return defaultdict(bool, known)

    # Invoices

    @api.model
    def _copies(self, contracts):
        """The contracts in memory: what moves their schedules moves no record."""
        return contracts.browse(
            contract.new(origin=contract).id for contract in contracts
        )

    @api.model
    def _forget(self, contracts):
        """Forget what was thought of copies: those of one contract are the same."""
        for records in (contracts, contracts.contract_line_ids):
            copies = records.browse(record.new(origin=record).id for record in records)
            copies.invalidate_recordset(flush=False)

    @api.model
    def _invoices(self, values, run, forecast):
        """The document of each invoice that these values would make."""
        model = self.env["account.move"].sudo()
        documents = []
        for vals, composed in zip(
            values, run.drafts or [[]] * len(values), strict=True
        ):
            move = model.with_company(vals["company_id"]).new(vals)
            self._put_charges(move, composed)
            documents += move._aftersales_document()["invoices"]
            for _sequence, charges, _amount in composed:
                contract_id = charges.contract_id.id
                forecast.facts[contract_id] = freeze(
                    forecast.facts[contract_id], set(charges.mapped("key"))
                )
        return documents

    @api.model
    def _put_charges(self, move, composed):
        """What linking does: charges on their lines, and taxes into prices."""
        lines = {line.sequence: line for line in move.invoice_line_ids}
        amounts = {lines[sequence]: amount for sequence, _, amount in composed}
        prices = self.env["aftersales.billing"]._prices_with_taxes(amounts)
        for line, vals in prices.items():
            line.update(vals)
        for sequence, charges, _amount in composed:
            lines[sequence].aftersales_charge_ids = charges

    @api.model
    def _problems(self, contracts, forecast):
        """What the run would record on each contract: failures, and what waits."""
        wording = self.env["aftersales.wording"].sudo()
        problems = []
        for contract in contracts:
            text = forecast.failures.get(contract.id)
            if not text and contract.id in forecast.facts:
                model = self.env["aftersales.charge"].sudo()
                records = [r for charge, r in self._records(contract, forecast)]
                charges = model.browse(record.id for record in records)
                text = wording._problem_text(charges)
            if text:
                problems.append({"contract": contract.name, "text": text})
        return problems
