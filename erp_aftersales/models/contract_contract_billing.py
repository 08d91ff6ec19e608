# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

PROBLEM_ACTIVITY = "erp_aftersales.mail_activity_type_problem"


class ContractContract(models.Model):
    """OCA's recurring run, for contracts under a plan (R14, R15)."""

    _inherit = "contract.contract"

    # What is due

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        """Only what has a line due; one company, if the run is for one.

        OCA takes a finished contract's own first date for its next one, so it would be
        loaded by every run for ever.
        """
        domain = Domain(super()._get_contracts_to_invoice_domain(date_ref))
        date_ref = date_ref or fields.Date.context_today(self)
        domain &= Domain("aftersales_plan_id", "=", False) | Domain(
            "contract_line_ids", "any", self._due_line_domain(date_ref)
        )
        company_id = self.env.context.get("aftersales_company_id")
        if company_id:
            domain &= Domain("company_id", "=", company_id)
        return domain

    @api.model
    def _due_line_domain(self, date_ref):
        return Domain("recurring_next_date", "<=", date_ref) & Domain(
            "is_canceled", "=", False
        )

    @api.model
    def _aftersales_late_domain(self, date_ref):
        """What OCA's run leaves out: last post-paid periods, work after the last.

        A post-paid line is due on the day after the contract's end, which OCA takes for
        the end of billing. After the last period every run takes what is open (R14).
        """
        due = Domain(self._get_contracts_to_invoice_domain(date_ref))
        left = Domain("charge_ids", "any", [("state", "=", "open")])
        over = ~Domain(
            "contract_line_ids",
            "any",
            [("aftersales_kind", "=", "usage"), ("recurring_next_date", "!=", False)],
        )
        company_id = self.env.context.get("aftersales_company_id")
        if company_id:
            left &= Domain("company_id", "=", company_id)
        return (
            Domain("aftersales_plan_id", "!=", False)
            & Domain("generation_type", "=", "invoice")
            & (due | (left & over))
        )

    # The run

    def _failed_in_this_run(self):
        return self.invoice_generation_error and not self.aftersales_has_problem

    def _recurring_create_invoice(self, date_ref=False):
        """Bill contracts under a plan by every period that is due, oldest first."""
        if self.env.context.get("aftersales_run"):
            return super()._recurring_create_invoice(date_ref)
        ours = self.filtered("aftersales_plan_id")
        others = self - ours
        moves = self.env["account.move"]
        if others:
            moves = super(ContractContract, others)._recurring_create_invoice(date_ref)
        if ours:
            moves |= self.env["aftersales.billing"]._bill_due(ours, date_ref)
        return moves

    def _aftersales_invoice_day(self, run):
        """One pass of OCA's own chain over lines due on a day; link the charges."""
        contracts = self.with_context(aftersales_run=run)
        moves = contracts._recurring_create_invoice(run.due_day)
        self.env["aftersales.billing"]._link(moves, run.drafts)
        return moves.with_env(self.env)

    def _prepare_recurring_invoices_values(self, date_ref=False):
        """Put the charges in the places that fee and usage lines have marked."""
        run = self.env.context.get("aftersales_run")
        if run is None:
            return super()._prepare_recurring_invoices_values(date_ref)
        # In one go: OCA asks for the price of each line by itself.
        self.contract_line_ids.mapped("price_unit")
        values = super()._prepare_recurring_invoices_values(date_ref)
        self.env["contract.line"]._aftersales_advance(run)
        if not any(self.mapped("aftersales_plan_id")):
            return values
        return self.env["aftersales.billing"]._fill_places(values, run)

    def _prepare_invoice(self, date_invoice, journal=None):
        vals = super()._prepare_invoice(date_invoice, journal)
        run = self.env.context.get("aftersales_run")
        if run is not None:
            vals["invoice_date"] = run.day
        return vals

    # What invoices and contracts are told, for all contracts of a run at once

    @api.model
    def _add_contract_origin(self, invoices):
        """Log on all invoices at once what OCA posts on each."""
        run = self.env.context.get("aftersales_run")
        if run is None:
            return super()._add_contract_origin(invoices)
        run.related = self._aftersales_related(invoices)
        run.messages = {}
        result = super()._add_contract_origin(invoices)
        messages, run.messages = run.messages, None
        invoices.browse(messages)._message_log_batch(messages)
        return result

    @api.model
    def _aftersales_related(self, invoices):
        """The invoices of each contract, by id, read from their lines at once."""
        related = {}
        for invoice in invoices:
            for contract in invoice.invoice_line_ids.contract_line_id.contract_id:
                related[contract.id] = related.get(contract.id, invoice) | invoice
        return related

    def _get_related_invoices(self):
        run = self.env.context.get("aftersales_run")
        if run is None or run.related is None:
            return super()._get_related_invoices()
        return run.related.get(self.id, self.env["account.move"])

    # What could not be billed (R10)

    def _record_invoice_generation_error(self, exc, create_type):
        """A failed run says more than work without a price: its text stays."""
        result = super()._record_invoice_generation_error(exc, create_type)
        self.aftersales_has_problem = False
        return result

    @api.model
    def _aftersales_problem_domain(self):
        """What waits for a price, or is said to and may not any more."""
        return Domain("aftersales_has_problem", "=", True) | Domain(
            "charge_ids", "any", [("kind", "=", "unrated")]
        )

    def _aftersales_record_problems(self):
        """Write work without a price into OCA's error field, with one activity."""
        # A billing user may not write on contracts; the text is the run's own.
        contracts = self.sudo().filtered(lambda c: not c._failed_in_this_run())
        texts = self.env["aftersales.wording"]._problems(contracts)
        over = contracts.filtered(lambda contract: not texts.get(contract.id))
        for contract in contracts - over:
            contract._aftersales_set_problem(texts[contract.id])
        over._aftersales_forget_problem()

    def _aftersales_forget_problem(self):
        """Nothing waits for a price any more; a run that failed since has no say."""
        told = self.filtered("aftersales_has_problem")
        told.aftersales_has_problem = False
        told._clear_invoice_generation_error()
        if self:
            self.activity_unlink([PROBLEM_ACTIVITY])

    def _aftersales_set_problem(self, text):
        if text != self.invoice_generation_error:
            self.write(
                {
                    "invoice_generation_error": text,
                    "invoice_generation_error_date": fields.Datetime.now(),
                }
            )
        self.aftersales_has_problem = True
        activity_type = self.env.ref(PROBLEM_ACTIVITY)
        if activity_type not in self.activity_ids.activity_type_id:
            responsible = self.service_manager_id or self.user_id or self.env.user
            self.activity_schedule(PROBLEM_ACTIVITY, note=text, user_id=responsible.id)

    def _aftersales_problem_list(self):
        """What the runs have recorded on these contracts, for the document of a run."""
        return [
            {"contract": contract.name, "text": contract.invoice_generation_error}
            for contract in self
            if contract.invoice_generation_error
        ]
