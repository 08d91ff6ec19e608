# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Runs over many contracts: chunks, locks, and one failure that stops no other."""

from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

CHUNK = 100
TRIES = 3
COLLISIONS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


class ContractContract(models.Model):
    """Scheduled runs: what a chunk has done is committed, the rest follows (R15)."""

    _inherit = "contract.contract"

    aftersales_rated_at = fields.Datetime(
        string="Rated at",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the daily run last brought the charges up to date.",
    )

    # What runs

    @api.model
    def cron_recurring_create_invoice(self, date_ref=None):
        """Run each company on its own day, not on the day in Greenwich."""
        if date_ref:
            return super().cron_recurring_create_invoice(date_ref)
        companies = [company for (company,) in self._read_group([], ["company_id"])]
        days = {company: company._aftersales_today() for company in companies}
        if self._aftersales_run(days):
            for company, day in days.items():
                ordinary = self.with_context(
                    aftersales_ordinary=True, aftersales_company_id=company.id
                )
                super(ContractContract, ordinary).cron_recurring_create_invoice(day)
        return True

    @api.model
    def _cron_recurring_create(self, date_ref=False, create_type="invoice"):
        """Bill contracts under a plan in chunks, then the others as OCA does."""
        if create_type != "invoice" or self.env.context.get("aftersales_ordinary"):
            return super()._cron_recurring_create(date_ref, create_type)
        day = date_ref or fields.Date.context_today(self)
        companies = [company for (company,) in self._read_group([], ["company_id"])]
        if self._aftersales_run(dict.fromkeys(companies, day)):
            ordinary = self.with_context(aftersales_ordinary=True)
            super(ContractContract, ordinary)._cron_recurring_create(day, create_type)
        return True

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        domain = Domain(super()._get_contracts_to_invoice_domain(date_ref))
        if self.env.context.get("aftersales_ordinary"):
            domain &= Domain("aftersales_plan_id", "=", False)
        return domain

    @api.model
    def _aftersales_run(self, days):
        """Bill what is due, and say on each contract what could not be billed.

        :param dict days: last due day billed, by company
        :return: whether everything was tried; False: the time was up before
        """
        jobs, due = [], self.browse()
        for company, day in days.items():
            of_company = self.with_context(aftersales_company_id=company.id)
            found = of_company.search(of_company._aftersales_late_domain(day))
            contracts = self.browse(found.ids).with_company(company)
            work = partial(type(self)._aftersales_bill_chunk, day=day)
            jobs.append((contracts, work))
            due |= self.browse(found.ids)
        watched = self.search(self._aftersales_problem_domain()) - due
        jobs.append((watched, type(self)._aftersales_record_problems))
        return self._aftersales_in_chunks(jobs)

    def _aftersales_bill_chunk(self, day):
        """Bill these contracts; return the invoices."""
        moves = self._recurring_create_invoice(day)
        self._aftersales_run_went_well()
        return moves

    def _aftersales_bill_by_hand(self, day):
        """Bill these contracts as the scheduled run does; return the invoices (R15)."""
        made = [self.env["account.move"]]

        def work(chunk):
            made.append(chunk._aftersales_bill_chunk(day))

        jobs = [
            (contracts.with_company(company), work)
            for company, contracts in self.grouped("company_id").items()
        ]
        self._aftersales_in_chunks(jobs)
        # What fails is taken back, with the invoices of its chunk.
        return self.env["account.move"].union(*made).exists()

    def _aftersales_name_failed(self, action):
        """The action, after a warning that names those on which the run failed."""
        failed = self.filtered(lambda contract: contract._failed_in_this_run())
        if not failed:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Not billed, and each says why: %s",
                    ", ".join(failed.mapped("display_name")),
                ),
                "next": action,
            },
        }

    def _aftersales_run_went_well(self):
        """What an earlier run said of these contracts is over."""
        failed = self.filtered(lambda contract: contract._failed_in_this_run())
        failed._clear_invoice_generation_error()
        self._aftersales_record_problems()

    @api.model
    def _cron_aftersales_rate(self):
        """Rate all running contracts: opens periods, finds prices added since.

        A scheduled run that was interrupted goes on with what it has not rated; one
        started by hand has no beginning to go on from and rates everything.
        """
        domain = Domain("aftersales_plan_id", "!=", False)
        cron = self.env["ir.cron"].browse(self.env.context.get("cron_id"))
        if cron and cron.nextcall <= fields.Datetime.now():
            domain &= Domain("aftersales_rated_at", "=", False) | Domain(
                "aftersales_rated_at", "<", cron.nextcall
            )
        work = type(self)._aftersales_rate_chunk
        return self._aftersales_in_chunks([(self.search(domain), work)])

    def _aftersales_rate_chunk(self):
        """Rate these contracts; a failure that no run would repeat is over."""
        self._aftersales_follow_plan()
        self.env["aftersales.rating"]._rate(self, with_fees=True)
        self.aftersales_rated_at = fields.Datetime.now()
        failed = self.filtered(lambda contract: contract._failed_in_this_run())
        if failed:
            today = fields.Date.context_today(self)
            due = failed.filtered_domain(self._aftersales_late_domain(today))
            (failed - due)._clear_invoice_generation_error()

    # How it runs

    @api.model
    def _aftersales_in_chunks(self, jobs):
        """Do each job chunk by chunk; in a scheduled run commit each, with progress.

        What is held by somebody else is left, and counted as remaining: the scheduler
        comes back for it. Contracts that failed before come last and are all tried
        however long it takes, so that they neither delay the others nor repeat.

        :param list jobs: pairs of contracts and what to do with a chunk of them
        :return: whether everything was tried; False: the time was up before
        """
        fresh, again = self._aftersales_queues(jobs)
        untried, held = self._aftersales_count(fresh + again), 0
        self._aftersales_progress(0, untried)
        for position, (chunk, work) in enumerate(fresh + again, start=1):
            tried = chunk._aftersales_try_chunk(work)
            held += len(chunk) - tried
            untried -= len(chunk)
            has_time = self._aftersales_progress(tried, untried + held)
            if not has_time and position < len(fresh):
                return False
        return True

    @api.model
    def _aftersales_queues(self, jobs):
        """The chunks of all jobs: those that are new, and those that failed before."""
        fresh, again = [], []
        for contracts, work in jobs:
            failed = contracts.filtered(lambda c: c._failed_in_this_run())
            for queue, records in ((fresh, contracts - failed), (again, failed)):
                for ids in split_every(CHUNK, records.ids):
                    queue.append((contracts.browse(ids), work))
        return fresh, again

    @api.model
    def _aftersales_count(self, queue):
        return sum(len(chunk) for chunk, _work in queue)

    @api.model
    def _aftersales_is_scheduled(self):
        """Whether the scheduler runs this: the transaction is the run's own."""
        return bool(self.env.context.get("ir_cron_progress_id"))

    @api.model
    def _aftersales_progress(self, processed, remaining):
        """Commit and report, if scheduled; return whether there is time for more."""
        if not self._aftersales_is_scheduled():
            return True
        cron = self.env["ir.cron"]
        return bool(cron._commit_progress(processed, remaining=remaining))

    def _aftersales_try_chunk(self, work):
        """Do the work with the contracts that nobody holds; return their number.

        A collision with somebody's save is no failure of a contract: a scheduled run
        repeats the chunk, any other leaves that to whoever called it.
        """
        for _attempt in range(TRIES):
            try:
                free = self.env["aftersales.billing"]._locked(self)
                free._aftersales_isolated(work)
                self.env.flush_all()
                return len(free)
            except COLLISIONS:
                if not self._aftersales_is_scheduled():
                    raise
                self.env.cr.rollback()
        return 0

    def _aftersales_isolated(self, work):
        """Work on all together; where that fails on halves, down to who says why."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                work(self)
        except COLLISIONS:
            raise
        except Exception as error:
            if len(self) == 1:
                self._record_invoice_generation_error(error, "invoice")
                return
            half = len(self) // 2
            self[:half]._aftersales_isolated(work)
            self[half:]._aftersales_isolated(work)

    def _aftersales_lock(self):
        """Hold these contracts until the end, or say who has to wait (R15)."""
        held = self - self.env["aftersales.billing"]._locked(self)
        if held:
            raise UserError(
                self.env._(
                    "Contract %(contract)s is being billed, or its work is being saved,"
                    " by somebody else at this moment. Nothing was invoiced here: try"
                    " again when that is done.",
                    contract=held[0].display_name,
                )
            )
