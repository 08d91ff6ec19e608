# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Open charges become the values of invoice lines (R13, R14)."""

from decimal import Decimal

from odoo import Command, api, models

from ..engine.fees import whole_fee
from ..engine.invoicing import compose, sections


class AftersalesBilling(models.AbstractModel):
    """What stands on an invoice; the same for the run and for its preview."""

    _inherit = "aftersales.billing"

    @api.model
    def _fill_places(self, values, run):
        """Replace what fee and usage lines have marked by lines of charges.

        :param list values: invoice values from OCA, changed in place
        :param run: its drafts are set: for each invoice returned, its charges by line
        :return: the values of the invoices that have something on them
        """
        run.drafts, kept = [], []
        places = [self._take_places(vals) for vals in values]
        lines = self._lines_of(places)
        periods = self._usage_periods(places, lines)
        for vals, found in zip(values, places, strict=True):
            composed = []
            if found:
                contract = lines[found[0][0]].contract_id
                period = periods.get(contract.id)
                charges = run.due(contract.id, period and period[1], run.due_day)
                composed = self._compose(contract, charges, vals, run, period)
            if not composed and sum(self._amounts_beside(vals)) < 0:
                self._turn(vals)
            if any(self._products(vals)):
                kept.append(vals)
                run.drafts.append(composed)
        self._leave_to_models(kept)
        return kept

    @api.model
    def _leave_to_models(self, values):
        """Where contracts name no analytic account Odoo's models do, as on any invoice.

        They cost queries for each line, so they are left out where there are none.
        """
        # Whether there are any is no secret; nothing else is read.
        distributions = self.env["account.analytic.distribution.model"].sudo()
        if values and distributions.search_count([], limit=1):
            for vals in values:
                for line in self._products(vals):
                    if not line.get("analytic_distribution"):
                        line.pop("analytic_distribution", None)

    @api.model
    def _products(self, vals):
        """The values of the product lines that an invoice has so far."""
        for command in vals["invoice_line_ids"]:
            if command[2].get("display_type") == "product":
                yield command[2]

    @api.model
    def _take_places(self, vals):
        """Take the marked lines out of the values; return their places."""
        commands = vals["invoice_line_ids"]
        found = [c[2].get("aftersales_place") for c in commands]
        vals["invoice_line_ids"] = [
            command for command, place in zip(commands, found, strict=True) if not place
        ]
        return list(filter(None, found))

    @api.model
    def _lines_of(self, places):
        """The contract lines of all places by id, to be read together."""
        ids = [line_id for found in places for line_id, _first, _last in found]
        return {line.id: line for line in self.env["contract.line"].browse(ids)}

    @api.model
    def _usage_periods(self, places, lines):
        """First and last day of the usage that is due, by contract id."""
        usage = {}
        for found in places:
            for line_id, first, last in found:
                if lines[line_id].aftersales_kind == "usage":
                    usage[lines[line_id].contract_id.id] = first, last
        return usage

    @api.model
    def _charge_values(self, contracts, upto, run):
        """The values of invoices for what is open by a day, outside the schedule."""
        run.drafts, values = [], []
        for contract in contracts._origin:
            charges = run.due(contract.id, upto, upto)
            if not charges:
                continue
            vals = contract._prepare_invoice(run.day)
            composed = self._compose(contract, charges, vals, run)
            if composed:
                values.append(vals)
                run.drafts.append(composed)
        self._leave_to_models(values)
        return values

    @api.model
    def _compose(self, contract, charges, vals, run, period=None):
        """Add lines for the charges to an invoice's values (R13, R14).

        :param list charges: of the engine, in the order of the invoice
        :param tuple period: first and last day of the usage billed
        :return: for each added line its sequence, charges and amount
        """
        plan = contract.sudo().aftersales_plan_id
        grouping = contract.invoice_grouping or plan.invoice_grouping
        beside = self._amounts_beside(vals)
        draft = compose(charges, grouping, self._quantity_step(), beside)
        if draft is None:
            return []
        if draft.is_refund:
            self._turn(vals)
        with_sections = grouping == "ticket" and plan.invoice_sections
        grouped = sections(draft.lines) if with_sections else [(None, draft.lines)]
        composed = []
        for ticket_id, lines in grouped:
            self._add_section(vals, ticket_id)
            for line in lines:
                composed.append(
                    self._add_line(
                        contract, line, vals, run, grouping=grouping, period=period
                    )
                )
        run.billed(contract.id, charges)
        return composed

    @api.model
    def _amounts_beside(self, vals):
        """What the lines cost that OCA has made, before tax."""
        currency = self.env["res.currency"].browse(vals["currency_id"])
        nets = (
            line["quantity"] * line["price_unit"] * (1 - line["discount"] / 100)
            for line in self._products(vals)
        )
        return [Decimal(str(currency.round(net))) for net in nets]

    @api.model
    def _turn(self, vals):
        """Make a credit note of the invoice: what it says so far changes its sign."""
        vals["move_type"] = "out_refund"
        for line in self._products(vals):
            line["price_unit"] = -line["price_unit"]

    @api.model
    def _sequence(self, vals):
        """Behind all lines of OCA's, in the order of composing."""
        return 1000 + len(vals["invoice_line_ids"])

    @api.model
    def _add_section(self, vals, ticket_id):
        if ticket_id:
            # The name of a ticket stands on the invoice whoever runs the billing.
            ticket = self.env["helpdesk.ticket"].sudo().browse(ticket_id)
            section = {
                "display_type": "line_section",
                "name": ticket.display_name,
                "sequence": self._sequence(vals),
            }
            vals["invoice_line_ids"].append(Command.create(section))

    @api.model
    def _add_line(self, contract, line, vals, run, *, grouping, period):
        """Add an invoice line for a line of the engine's.

        :return: its sequence, charges and amount
        """
        charges = self.env["aftersales.charge"].sudo()
        charges = charges.browse(run.record(contract.id, c).id for c in line.charges)
        sign = -1 if vals["move_type"] == "out_refund" else 1
        sequence = self._sequence(vals)
        line_vals = self._line_vals(contract, line, charges, grouping, period)
        line_vals |= {"sequence": sequence, "price_unit": float(sign * line.price)}
        vals["invoice_line_ids"].append(Command.create(line_vals))
        return sequence, charges, float(sign * line.amount)

    @api.model
    def _quantity_step(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return Decimal(1).scaleb(-digits)

    @api.model
    def _line_vals(self, contract, line, charges, grouping, period):
        """The values of an invoice line, without its price."""
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
                contract, charges, grouping, (first, last)
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
        day = self.env.company._aftersales_today()
        members = loader._members(contracts, day)
        prices, increases = {}, {}
        for contract in contracts:
            ours = contract.contract_line_ids.filtered("aftersales_fee_id")
            increases |= loader._increases(contract, ours)
        for line in lines.sudo():
            contract = line.contract_id
            installations = contract.installation_ids.ids
            price = whole_fee(
                loader._fee_row(line.aftersales_fee_id),
                [metric for id_ in installations for metric in metrics[id_]],
                contract.company_id._aftersales_today(),
                Decimal(str(contract.currency_id.rounding)),
                members.get((contract.pricelist_id.id, line.product_id.id), 0),
                increases.get(line._origin.id, ()),
            )
            if price is not None:
                prices[line.id] = float(price)
        return prices
