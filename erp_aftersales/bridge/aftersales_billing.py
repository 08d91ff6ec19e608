# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Open charges become invoices: when something is due, linked once (R14, R15)."""

from datetime import date

from odoo import Command, api, models

from .billing_run import Run


class AftersalesBilling(models.AbstractModel):
    """Bills contracts: OCA's schedule says when, the engine says what."""

    _name = "aftersales.billing"
    _description = "After-sales: billing run"

    # When

    @api.model
    def _bill_due(self, contracts, date_ref=False):
        """Bill every period due by the date, oldest first, a due day an invoice (R14).

        Contracts that another run holds are left to it (R15).

        :param date_ref: last due day billed; empty: the day of the run
        :return: the draft invoices
        """
        day = date_ref or contracts.company_id[:1]._aftersales_today()
        contracts = self._locked(contracts)
        self.env["aftersales.rating"]._rate(contracts, fees_until=day)
        run = Run(day, self._books(contracts))
        moves = self.env["account.move"]
        while batch := self._oldest_due(contracts, day):
            run.due_day, due = batch
            moves |= due._aftersales_invoice_day(run)
        return moves | self._bill_charges(self._over(contracts), date.max, run)

    @api.model
    def _locked(self, contracts):
        # Locking needs no right of the user's: it writes nothing.
        ids = contracts.sudo().try_lock_for_update(allow_referencing=True).ids
        contracts = contracts.browse(ids)
        contracts.invalidate_recordset()
        return contracts

    @api.model
    def _books(self, contracts):
        """The open charges by contract id, as the engine's values with their records.

        In the order in which they were made, each by its key.
        """
        # Billing reads prices that a billing user may not edit; it only links them.
        charges = (
            self.env["aftersales.charge"]
            .sudo()
            .search(
                [("contract_id", "in", contracts.ids), ("state", "=", "open")],
                order="id",
            )
        )
        loader = self.env["aftersales.loader"].sudo()
        books = {}
        for charge in charges:
            book = books.setdefault(charge.contract_id.id, {})
            book[charge.key] = loader._charge(charge), charge
        return books

    @api.model
    def _oldest_due(self, contracts, day):
        """The oldest day on which something is due by the day, and who is due then."""
        days = {contract: self._due_day(contract) for contract in contracts}
        due = [due_day for due_day in days.values() if due_day and due_day <= day]
        if not due:
            return None
        first = min(due)
        return first, contracts.filtered(lambda contract: days[contract] == first)

    @api.model
    def _due_day(self, contract):
        lines = contract.contract_line_ids.filtered(
            lambda line: (
                line.recurring_next_date
                and line.next_period_date_start
                and not line.is_canceled
                and (not line.display_type or line.is_recurring_note)
            )
        )
        return min(lines.mapped("recurring_next_date"), default=None)

    @api.model
    def _over(self, contracts):
        """Contracts whose last period of usage is billed: they take what is open."""
        return contracts.filtered(
            lambda contract: (
                not any(
                    line.recurring_next_date
                    for line in contract.contract_line_ids
                    if line.aftersales_kind == "usage"
                )
            )
        )

    @api.model
    def _bill_open(self, contracts, only=None):
        """Invoice what is open by today without moving the schedule.

        Of several contracts one that fails stops no other (R15); one alone says so.

        :param only: charges to bill; None: all that are open
        :return: the draft invoices
        """
        made = [self.env["account.move"]]

        def work(chunk):
            made.append(self._bill_open_of(chunk, only))

        contracts = contracts.filtered("aftersales_plan_id")
        for company, ours in contracts.grouped("company_id").items():
            ours = self._locked(ours.with_company(company))
            if len(contracts) > 1:
                ours._aftersales_isolated(work)
            else:
                work(ours)
        # What fails is taken back, with the invoices made beside it.
        return self.env["account.move"].union(*made).exists()

    @api.model
    def _bill_open_of(self, contracts, only):
        """The same for contracts of one company, which are held."""
        day = contracts.company_id._aftersales_today()
        self.env["aftersales.rating"]._rate(contracts, fees_until=day)
        books = self._books(contracts)
        if only is not None:
            books = self._only(books, only)
        moves = self._bill_charges(contracts, day, Run(day, books))
        contracts._aftersales_run_went_well()
        return moves

    @api.model
    def _only(self, books, charges):
        return {
            contract_id: {k: item for k, item in book.items() if item[1] in charges}
            for contract_id, book in books.items()
        }

    @api.model
    def _bill_charges(self, contracts, upto, run):
        """Invoice open charges dated up to a day, outside OCA's schedule."""
        contracts = contracts.with_context(aftersales_run=run)
        values = self._charge_values(contracts, upto, run)
        moves = contracts.env["account.move"].create(values)
        self._link(moves, run.drafts)
        if moves:
            contracts._add_contract_origin(moves)
            contracts._invoice_followers(moves)
        return moves.with_env(self.env)

    # Once

    @api.model
    def _link(self, moves, drafts):
        """Freeze the charges on their invoice lines; the sums must be exact (R13)."""
        linked = self.env["account.move.line"]
        for move, composed in zip(moves, drafts, strict=True):
            lines = {line.sequence: line for line in move.invoice_line_ids}
            amounts = {lines[sequence]: amount for sequence, _, amount in composed}
            self._put_in_included_taxes(move, amounts)
            for sequence, charges, _amount in composed:
                charges._aftersales_link(lines[sequence])
                linked += lines[sequence]
        linked._aftersales_check_subtotal()

    @api.model
    def _put_in_included_taxes(self, move, amounts):
        """Write prices that include taxes, in one go.

        Odoo computes all of an invoice anew after each write.

        :param dict amounts: without tax, by line
        """
        prices = self._prices_with_taxes(amounts)
        if prices:
            commands = [Command.update(line.id, vals) for line, vals in prices.items()]
            move.write({"invoice_line_ids": commands})

    @api.model
    def _prices_with_taxes(self, amounts):
        """Charges exclude tax: a price that includes it is made from their amount.

        :param dict amounts: without tax, by invoice line
        :return: values by line, of the lines whose price includes tax
        """
        none = self.env["account.tax"]
        return {
            line: {
                "quantity": 1,
                "price_unit": none._adapt_price_unit_to_another_taxes(
                    amount, line.product_id, none, line.tax_ids
                ),
            }
            for line, amount in amounts.items()
            if any(line.tax_ids.mapped("price_include"))
        }
