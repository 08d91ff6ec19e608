# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr


class AccountMove(models.Model):
    """Every way an invoice goes away frees its work, once (R16)."""

    _inherit = "account.move"

    aftersales_bill_again = fields.Boolean(
        string="Bill This Work Again",
        readonly=True,
        copy=False,
        help="Posting this credit note frees the work of the invoice it credits in "
        "full, so that it is billed again.",
    )
    aftersales_charge_count = fields.Integer(
        string="Number of Charges", compute="_compute_aftersales_counts"
    )
    aftersales_timesheet_count = fields.Integer(
        string="Number of Timesheets", compute="_compute_aftersales_counts"
    )
    aftersales_ticket_count = fields.Integer(
        string="Number of Tickets", compute="_compute_aftersales_counts"
    )
    aftersales_contract_count = fields.Integer(
        string="Number of Contracts", compute="_compute_aftersales_counts"
    )

    @api.depends("line_ids.aftersales_charge_ids")
    def _compute_aftersales_counts(self):
        facts = {move_id: [] for move_id in self.ids}
        for line, *fact in self._aftersales_facts():
            facts[line.move_id.id].append(fact)
        for move in self:
            rows = facts.get(move._origin.id, [])
            move.aftersales_charge_count = sum(row[0] for row in rows)
            move.aftersales_timesheet_count = len({i for row in rows for i in row[1]})
            move.aftersales_ticket_count = len({i for row in rows for i in row[2]})
            move.aftersales_contract_count = len({i for row in rows for i in row[3]})

    def _aftersales_facts(self):
        """Return (line, charges, timesheet ids, ticket ids, contract ids) a line."""
        # Safe: numbers and ids only; what they point to is opened as the user.
        rows = (
            self.env["aftersales.charge"]
            .sudo()
            ._read_group(
                [("invoice_line_id.move_id", "in", self.ids)],
                ["invoice_line_id"],
                [
                    "__count",
                    "timesheet_id:array_agg_distinct",
                    "ticket_id:array_agg_distinct",
                    "contract_id:array_agg_distinct",
                ],
            )
        )
        return [
            (line, count, *({i for i in ids if i} for ids in lists))
            for line, count, *lists in rows
        ]

    def write(self, vals):
        """Free and freeze charges when the state moves, whatever the button (R16)."""
        if "state" not in vals:
            return super().write(vals)
        before = {move: move.state for move in self}
        result = super().write(vals)
        self._aftersales_state_moved(before)
        return result

    def _post(self, soft=True):
        """Check the lines that bill work; a full credit may free its invoice."""
        self.invoice_line_ids._aftersales_check_subtotal()
        posted = super()._post(soft=soft)
        posted._aftersales_free_credited()
        return posted

    def unlink(self):
        """A deleted credit note gives the work back to the invoice it credited."""
        contracts = self._aftersales_withdraw()
        result = super().unlink()
        self.env["account.move.line"]._aftersales_rate(contracts)
        return result

    def message_post(self, **kwargs):
        """Keep a plain message that a billing run logs for all its invoices at once."""
        run = self.env.context.get("aftersales_run")
        if run is None or run.messages is None or set(kwargs) != {"body"}:
            return super().message_post(**kwargs)
        run.messages[self.id] = kwargs["body"]
        return self.env["mail.message"]

    def action_aftersales_charges(self):
        """Open the charges that these invoices bill."""
        return self.env["aftersales.charge"]._action_list(
            [("invoice_line_id.move_id", "in", self.ids)]
        )

    def action_aftersales_timesheets(self):
        """Open the timesheets behind these invoices."""
        return self._aftersales_open("account.analytic.line", 0)

    def action_aftersales_tickets(self):
        """Open the tickets behind these invoices."""
        return self._aftersales_open("helpdesk.ticket", 1)

    def action_aftersales_contracts(self):
        """Open the contracts behind these invoices."""
        return self._aftersales_open("contract.contract", 2)

    def _aftersales_open(self, model, position):
        self.check_access("read")
        ids = set().union(*(row[2 + position] for row in self._aftersales_facts()))
        action = {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(model).name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", sorted(ids))],
        }
        if model == "account.analytic.line":
            action["name"] = self.env._("Timesheets")
            view = self.env.ref("hr_timesheet.hr_timesheet_line_tree")
            action["views"] = [(view.id, "list"), (False, "form")]
        elif len(ids) == 1:
            action |= {"view_mode": "form", "res_id": ids.pop()}
        return action

    def _aftersales_state_moved(self, before):
        """Free on cancel, freeze on back to draft, undo what a credit note freed.

        :param before: the state of each move before it was written
        """
        moved = self.filtered(lambda move: move.state != before[move])
        stopped = moved.filtered(lambda move: move.state in ("draft", "cancel"))
        opened = moved.filtered(lambda move: before[move] == "cancel")
        cancelled = moved.filtered(lambda move: move.state == "cancel")
        contracts = stopped._aftersales_withdraw()
        contracts |= opened.line_ids._aftersales_refreeze(opened)
        contracts |= cancelled.line_ids._aftersales_free({m: m for m in cancelled})
        self.env["account.move.line"]._aftersales_rate(contracts)

    def _aftersales_withdraw(self):
        """Freeze again what these credit notes freed or moved away.

        While its invoice is cancelled the work stays free, and goes back to it
        with the invoice.

        :return: the contracts to rate
        """
        origins = self.reversed_entry_id
        cancelled = origins.filtered(lambda move: move.state == "cancel")
        cancelled._aftersales_take_over(self)
        return (origins - cancelled).line_ids._aftersales_refreeze(self)

    def _aftersales_take_over(self, credit_notes):
        """Note that work is free because of the cancelled invoice itself."""
        # Safe: rewrites our own note, for a user who may withdraw the credit note.
        for line in self.sudo().line_ids:
            if (line.aftersales_freed or {}).get("by") in credit_notes.ids:
                line.aftersales_freed |= {"by": line.move_id.id}

    def _aftersales_free_credited(self):
        """Free the invoices that these posted credit notes credit in full."""
        credit_notes = self.filtered(
            lambda move: (
                move.aftersales_bill_again
                and move.state == "posted"
                and move.reversed_entry_id
            )
        )
        full = credit_notes.filtered(
            lambda credit: credit._aftersales_credits_in_full()
        )
        for credit in credit_notes - full:
            credit._aftersales_say_not_freed()
        by = {credit.reversed_entry_id: credit for credit in full}
        contracts = full.reversed_entry_id.line_ids._aftersales_free(by)
        self.env["account.move.line"]._aftersales_rate(contracts)

    def _aftersales_credits_in_full(self):
        """Tell whether this is the only, complete credit of a standing invoice."""
        self.ensure_one()
        origin = self.reversed_entry_id
        others = (origin.reversal_move_ids - self).filtered(
            lambda move: move.state == "posted"
        )
        return (
            origin.state == "posted"
            and not others
            and origin.currency_id == self.currency_id
            and not self.currency_id.compare_amounts(
                origin.amount_total, self.amount_total
            )
        )

    def _aftersales_say_not_freed(self):
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "This document does not credit %s in full, so none of its work is "
                "billed again.",
                self.reversed_entry_id.display_name,
            )
        )

    def _aftersales_check_replaceable(self):
        """Refuse to replace an invoice whose work is free or billed elsewhere."""
        # Safe: reads our own note on invoices the user is about to reverse.
        for move in self.sudo():
            if any(line.aftersales_freed for line in move.line_ids):
                raise UserError(
                    self.env._(
                        "The work of %s is no longer on it: it is free or on another "
                        "invoice, and a new invoice would bill it twice. Bill it with "
                        "'Invoice open charges'.",
                        move.display_name,
                    )
                )

    def _aftersales_move_to_replacements(self, credit_notes, replacements):
        """Move the charges of reversed invoices to the lines that replace them.

        :param credit_notes: the credit notes that reverse these invoices
        :param replacements: the invoices that bill the same lines again
        :raises UserError: when a line with charges has not exactly one replacement
        """
        # Safe: who may reverse the invoice moves what it carried.
        lines = self.sudo().line_ids.filtered("aftersales_charge_ids")
        copies = replacements.sudo().line_ids.grouped("aftersales_origin_line_id")
        by_origin = {credit.reversed_entry_id: credit for credit in credit_notes}
        for line in lines:
            line._aftersales_move_to(
                copies.get(line, line.browse()), by_origin[line.move_id]
            )

    def _aftersales_document(self):
        """Return these invoices as plain data, amounts as decimal strings.

        Constant queries; the shape is that of ``setup/run --bill --json``.
        """
        lines = self._aftersales_product_lines()
        # Read all at once what each invoice then takes from the cache.
        lines.aftersales_charge_ids.mapped("reason")
        lines.contract_line_id.contract_id.mapped("name")
        lines.product_uom_id.mapped("name")
        return {
            "invoices": [move._aftersales_document_one() for move in self],
            "problems": [],
        }

    def _aftersales_product_lines(self):
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )

    def _aftersales_document_one(self):
        lines = self._aftersales_product_lines()
        contracts = lines.contract_line_id.contract_id
        contracts |= lines.aftersales_charge_ids.contract_id
        sign = -1 if self.move_type == "out_refund" else 1
        return {
            "contract": ", ".join(contracts.mapped("name")),
            "customer": self.commercial_partner_id.name or "",
            "invoice_date": self._aftersales_day(self.invoice_date),
            "currency": self.currency_id.name,
            "lines": [self._aftersales_document_line(line, sign) for line in lines],
            **{
                name: self._aftersales_amount(sign * amount)
                for name, amount in self._aftersales_totals().items()
            },
        }

    def _aftersales_totals(self):
        """The totals of an invoice; one in memory has no tax lines to add up."""
        if self.id:
            names = ("amount_untaxed", "amount_tax", "amount_total")
            untaxed, tax, total = (self[name] for name in names)
        else:
            names = ("base_amount", "tax_amount", "total_amount")
            untaxed, tax, total = (self.tax_totals[f"{n}_currency"] for n in names)
        return {"untaxed": untaxed, "tax": tax, "total": total}

    def _aftersales_document_line(self, line, sign):
        charges = line.aftersales_charge_ids.sorted(lambda c: (c.date, c.id))
        return {
            "name": line.name or "",
            "period_start": self._aftersales_day(line.aftersales_period_start),
            "period_end": self._aftersales_day(line.aftersales_period_end),
            "quantity": self._aftersales_number(line.quantity),
            "unit": line.product_uom_id.name or "",
            "price_unit": self._aftersales_number(
                sign * line.price_unit, self.currency_id.decimal_places
            ),
            "subtotal": self._aftersales_amount(sign * line.price_subtotal),
            "rules": list(dict.fromkeys(filter(None, charges.mapped("reason")))),
        }

    def _aftersales_amount(self, amount):
        """Write an amount with the digits of the currency, never as -0.00."""
        currency = self.currency_id
        return float_repr(currency.round(amount) + 0.0, currency.decimal_places)

    @api.model
    def _aftersales_number(self, value, digits=0):
        """Write a number without float noise, with at least ``digits`` decimals."""
        number = Decimal(format(value, ".12g")).normalize() + 0
        if -number.as_tuple().exponent < digits:
            number = number.quantize(Decimal(1).scaleb(-digits))
        return format(number, "f")

    @api.model
    def _aftersales_day(self, day):
        return fields.Date.to_string(day) or None
