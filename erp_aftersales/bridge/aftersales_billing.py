# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Open charges become invoices: what is due, in which lines, linked once (R14, R15)."""

from datetime import date
from decimal import Decimal

from odoo import Command, api, models

from ..engine.fees import whole_fee
from ..engine.invoicing import compose


class AftersalesBilling(models.AbstractModel):
    """Bills contracts: OCA's schedule says when, the engine says what."""

    _name = "aftersales.billing"
    _description = "After-sales: billing run"

    # When

    @api.model
    def _run_date(self, contracts):
        """The day of the run: given by the caller, else today where the vendor is."""
        given = self.env.context.get("aftersales_run_date")
        return given or contracts.company_id[:1]._aftersales_today()

    @api.model
    def _bill_due(self, contracts, date_ref=False):
        """Bill every period due by the date, oldest first, a due day an invoice (R14).

        Contracts that another run holds are left to it (R15).

        :param date_ref: last due day billed; empty: the day of the run
        :return: the draft invoices
        """
        day = date_ref or self._run_date(contracts)
        contracts = self._locked(contracts)
        self.env["aftersales.rating"]._rate(contracts, fees_until=day)
        moves = self.env["account.move"]
        while batch := self._oldest_due(contracts, day):
            due_day, due = batch
            moves |= due._aftersales_invoice_day(due_day, day)
        return moves | self._bill_charges(self._over(contracts), day, date.max)

    @api.model
    def _locked(self, contracts):
        # Locking needs no right of the user's: it writes nothing.
        ids = contracts.sudo().try_lock_for_update(allow_referencing=True).ids
        contracts = contracts.browse(ids)
        contracts.invalidate_recordset()
        return contracts

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

        :param only: charges to bill; None: all that are open
        :return: the draft invoices
        """
        moves = self.env["account.move"]
        contracts = contracts.filtered("aftersales_plan_id")
        for company in contracts.company_id:
            ours = contracts.filtered(lambda c, comp=company: c.company_id == comp)
            ours = self._locked(ours.with_company(company))
            day = company._aftersales_today()
            self.env["aftersales.rating"]._rate(ours, fees_until=day)
            moves |= self._bill_charges(ours, day, day, only)
            ours._aftersales_record_problems()
        return moves

    @api.model
    def _bill_charges(self, contracts, day, upto, only=None):
        """Invoice open charges dated up to a day, outside OCA's schedule."""
        charges = self._open_charges(contracts, {c.id: upto for c in contracts}, upto)
        values, drafts = [], []
        for contract in contracts:
            vals = contract.with_context(aftersales_run_date=day)._prepare_invoice(day)
            of_contract = charges.get(contract.id)
            if of_contract and only is not None:
                of_contract &= only.sudo()
            lines = self._compose(contract, of_contract, vals)
            if lines:
                values.append(vals)
                drafts.append(lines)
        moves = self.env["account.move"].create(values)
        self._link(moves, drafts)
        if moves:
            contracts._add_contract_origin(moves)
            contracts._invoice_followers(moves)
        return moves

    # What

    @api.model
    def _open_charges(self, contracts, usage_upto, fees_upto):
        """Open charges to bill, by contract id, in the order of the invoice.

        :param dict usage_upto: last work date, by contract id; missing: no usage
        :param date fees_upto: last due day of fees
        """
        # Billing reads prices that a billing user may not edit; it only links them.
        charges = (
            self.env["aftersales.charge"]
            .sudo()
            .search(
                [("contract_id", "in", contracts.ids), ("state", "=", "open")],
                order="date, id",
            )
        )
        by_contract = {}
        for charge in charges.sorted(lambda charge: not charge.fee_id):
            contract_id = charge.contract_id.id
            upto = fees_upto if charge.fee_id else usage_upto.get(contract_id)
            if upto and charge.date <= upto:
                by_contract.setdefault(contract_id, charge.browse())
                by_contract[contract_id] += charge
        return by_contract

    @api.model
    def _fill_places(self, values, drafts):
        """Replace what fee and usage lines have marked by lines of charges.

        :param list values: invoice values from OCA, changed in place
        :param list drafts: receives, for each invoice returned, its charges by line
        :return: the values of the invoices that have something on them
        """
        places = [self._take_places(vals) for vals in values]
        lines = [place[0] for found in places for place in found]
        contracts = self.env["contract.line"].browse(lines).contract_id
        due_day = self.env.context["aftersales_due_day"]
        periods = self._usage_periods(places)
        upto = {contract_id: last for contract_id, (_first, last) in periods.items()}
        charges = self._open_charges(contracts, upto, due_day)
        kept = []
        for vals, found in zip(values, places, strict=True):
            composed = []
            if found:
                contract = self.env["contract.line"].browse(found[0][0]).contract_id
                period = periods.get(contract.id)
                composed = self._compose(
                    contract, charges.get(contract.id), vals, period
                )
            if any(c[2].get("display_type") == "product" for c in self._lines(vals)):
                kept.append(vals)
                drafts.append(composed)
        return kept

    @api.model
    def _lines(self, vals):
        return vals["invoice_line_ids"]

    @api.model
    def _take_places(self, vals):
        """Take the marked lines out of the values; return their places."""
        found = [
            c[2]["aftersales_place"]
            for c in self._lines(vals)
            if c[2].get("aftersales_place")
        ]
        vals["invoice_line_ids"] = [
            c for c in self._lines(vals) if not c[2].get("aftersales_place")
        ]
        return found

    @api.model
    def _usage_periods(self, places):
        """First and last day of the usage that is due, by contract id."""
        usage = {}
        for found in places:
            for line_id, first, last in found:
                line = self.env["contract.line"].browse(line_id)
                if line.aftersales_kind == "usage":
                    usage[line.contract_id.id] = first, last
        return usage

    @api.model
    def _compose(self, contract, charges, vals, period=None):
        """Add lines for the charges to an invoice's values (R13, R14).

        :param tuple period: first and last day of the usage billed

        :return: the charges of each added line with the line's sequence and amount
        """
        if not charges:
            return []
        loader = self.env["aftersales.loader"]
        records = {charge.key: charge for charge in charges}
        grouping = contract.invoice_grouping or (
            contract.sudo().aftersales_plan_id.invoice_grouping
        )
        draft = compose(map(loader._charge, charges), grouping, self._quantity_step())
        if draft is None:
            return []
        if draft.is_refund:
            vals["move_type"] = "out_refund"
        composed = []
        for line in draft.lines:
            sequence = 1000 + len(composed)
            of_line = charges.browse(records[c.key].id for c in line.charges)
            sign = -1 if draft.is_refund else 1
            vals["invoice_line_ids"].append(
                Command.create(
                    self._line_vals(contract, line, of_line, grouping, period)
                    | {"sequence": sequence, "price_unit": float(sign * line.price)}
                )
            )
            composed.append((sequence, of_line, float(sign * line.amount)))
        return composed

    @api.model
    def _quantity_step(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return Decimal(1).scaleb(-digits)

    @api.model
    def _line_vals(self, contract, line, charges, grouping, period):
        contract_line = self._contract_line(contract, charges)
        product = charges.service_id[:1].product_id or contract_line.product_id
        first, last = self._period(charges, period)
        return {
            "display_type": "product",
            "product_id": product.id,
            "product_uom_id": self._uom(line.unit).id,
            "quantity": float(line.quantity),
            "discount": 0,
            "contract_line_id": contract_line.id,
            "analytic_distribution": contract_line.analytic_distribution,
            "aftersales_period_start": first,
            "aftersales_period_end": last,
            "name": self.env["aftersales.wording"]._line_name(
                contract, line, charges, grouping, (first, last)
            ),
        }

    @api.model
    def _period(self, charges, period):
        """The days a line speaks of: its fee's, or usage and older work."""
        starts = [charge.date_start or charge.date for charge in charges]
        ends = [charge.date_end or charge.date for charge in charges]
        if period and not charges.fee_id:
            starts.append(period[0])
            ends.append(period[1])
        return min(starts), max(ends)

    @api.model
    def _contract_line(self, contract, charges):
        """The line of OCA's that leads from the invoice back to the contract."""
        fee = charges.fee_id[:1]
        lines = contract.contract_line_ids
        if fee:
            return lines.filtered(lambda line: line.aftersales_fee_id == fee)[:1]
        return lines.filtered(lambda line: line.aftersales_kind == "usage")[:1]

    @api.model
    def _uom(self, unit):
        xmlids = {"hour": "uom.product_uom_hour", "day": "uom.product_uom_day"}
        xmlid = xmlids.get(unit, "uom.product_uom_unit")
        # env.ref would ask the database each time whether the unit is still there.
        uom_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid, True)
        return self.env["uom.uom"].browse(uom_id)

    @api.model
    def _fee_prices(self, lines):
        """What a whole period of each fee line costs today, by line id (R20).

        A line whose basis has no value yet is left out.
        """
        # Shown on the contract's lines to whoever may read them.
        loader = self.env["aftersales.loader"].sudo()
        contracts = lines.contract_id.sudo()
        metrics = loader._metrics(contracts.installation_ids)
        prices = {}
        for line in lines.sudo():
            contract = line.contract_id
            installations = contract.installation_ids.ids
            price = whole_fee(
                loader._fee_row(line.aftersales_fee_id),
                [metric for id_ in installations for metric in metrics[id_]],
                contract.company_id._aftersales_today(),
                Decimal(str(contract.currency_id.rounding)),
            )
            if price is not None:
                prices[line.id] = float(price)
        return prices

    # Once

    @api.model
    def _link(self, moves, drafts):
        """Freeze the charges on their invoice lines; the sums must be exact (R13)."""
        for move, composed in zip(moves, drafts, strict=True):
            lines = {line.sequence: line for line in move.invoice_line_ids}
            amounts = {lines[sequence]: amount for sequence, _, amount in composed}
            self._put_in_included_taxes(move, amounts)
            for sequence, charges, _amount in composed:
                charges._aftersales_link(lines[sequence])
                lines[sequence]._aftersales_check_subtotal()

    @api.model
    def _put_in_included_taxes(self, move, amounts):
        """Charges exclude tax: a price that includes it is made from their amount.

        :param dict amounts: without tax, by line
        """
        none = self.env["account.tax"]
        commands = [
            Command.update(
                line.id,
                {
                    "quantity": 1,
                    "price_unit": none._adapt_price_unit_to_another_taxes(
                        amount, line.product_id, none, line.tax_ids
                    ),
                },
            )
            for line, amount in amounts.items()
            if any(line.tax_ids.mapped("price_include"))
        ]
        if commands:
            # In one write: Odoo computes all of an invoice anew after each.
            move.write({"invoice_line_ids": commands})
