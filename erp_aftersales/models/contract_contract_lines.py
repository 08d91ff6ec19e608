# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError


class ContractContract(models.Model):
    """What a plan makes of a contract: its term, its currency, its lines (R2, R14)."""

    _inherit = "contract.contract"

    @api.model
    def _aftersales_vals(self, vals):
        """Complete the values of a contract under a plan: lines, term, currency."""
        plan = self.env["aftersales.plan"].browse(vals.get("aftersales_plan_id"))
        if not plan:
            return vals
        self._check_plan_sellable(plan)
        currency = vals.get("currency_id") or plan.currency_id.id
        if currency != plan.currency_id.id:
            self._raise_currency(plan, currency)
        start = fields.Date.to_date(vals.get("date_start")) or self._default_start(vals)
        end = fields.Date.to_date(vals.get("date_end")) or False
        return {
            **vals,
            "line_recurrence": True,
            "currency_id": currency,
            "date_start": start,
            "contract_line_ids": [
                *self._without_plan_lines(vals.get("contract_line_ids") or []),
                *self._aftersales_line_commands(plan, start, end),
            ],
        }

    def _aftersales_begin(self):
        """The first term: the plan is in force from the contract's start (R2)."""
        begun = self.filtered(
            lambda contract: (
                contract.aftersales_plan_id and not contract.aftersales_term_ids
            )
        )
        # sudo: terms are written by code alone, with the contract that asks for them
        self.env["aftersales.contract.term"].sudo().create(
            [
                {
                    "contract_id": contract.id,
                    "plan_id": contract.aftersales_plan_id.id,
                    "date_start": contract.date_start,
                }
                for contract in begun
            ]
        )

    @api.model
    def _default_start(self, vals):
        company = self.env["res.company"].browse(vals.get("company_id"))
        return (company or self.env.company)._aftersales_today()

    @api.model
    def _check_plan_sellable(self, plan):
        if plan.state != "published":
            raise ValidationError(
                self.env._(
                    "The plan %(plan)s is not published (it is: %(state)s), so no"
                    " contract can be made with it. Publish it, or choose its"
                    " published revision.",
                    plan=plan.display_name,
                    state=dict(plan._fields["state"]._description_selection(self.env))[
                        plan.state
                    ],
                )
            )

    @api.model
    def _without_plan_lines(self, commands):
        """A copied contract brings its lines; those of the plan are made anew."""
        return [
            command
            for command in commands
            if not (command[0] == Command.CREATE and command[2].get("aftersales_kind"))
        ]

    @api.model
    def _aftersales_line_commands(self, plan, start, end):
        """Fee lines and the usage line: monthly, in arrears, without a price (R14)."""
        commands = [
            Command.create(self._aftersales_fee_line(fee, start, end, 10 + index))
            for index, fee in enumerate(plan.fee_ids)
        ]
        product = self.env.ref("erp_aftersales.product_usage")
        usage = {
            "date_start": start,
            "date_end": end,
            "quantity": 1,
            "sequence": 10 + len(commands),
            "aftersales_kind": "usage",
            "product_id": product.id,
            "name": product.name,
            "specific_price": 0,
            "recurring_rule_type": "monthly",
            "recurring_interval": 1,
            "recurring_invoicing_type": "post-paid",
        }
        return [*commands, Command.create(usage)]

    @api.model
    def _aftersales_fee_line(self, fee, start, end, sequence):
        return {
            "date_start": start,
            "date_end": end,
            "quantity": 1,
            "sequence": sequence,
            "aftersales_kind": "fee",
            "aftersales_fee_id": fee.id,
            "product_id": fee.product_id.id,
            "name": fee.name,
            "recurring_rule_type": fee.recurring_rule_type,
            "recurring_interval": fee.recurring_interval,
            "recurring_invoicing_type": fee.recurring_invoicing_type,
        }

    # What becomes of them

    def _aftersales_move_dates(self, dates):
        """The plan's lines and first term follow the contract's dates."""
        contracts = self.filtered("aftersales_plan_id")
        before = contracts._aftersales_effect()
        for contract in contracts:
            usage = contract.contract_line_ids.filtered(
                lambda line: line.aftersales_kind == "usage"
            )
            if "date_start" in dates:
                contract._aftersales_move_start(dates["date_start"])
                usage.date_start = dates["date_start"]
            if "date_end" in dates:
                contract._aftersales_end_line(usage, dates["date_end"])
                contract._aftersales_forget_terms()
        contracts._aftersales_sync_lines()
        self.env["aftersales.rating"]._rate(contracts, with_fees=True)
        if "date_end" in dates:
            contracts._aftersales_log_end(before)

    def _aftersales_move_start(self, start):
        lines = self.contract_line_ids.filtered("aftersales_kind")
        if any(lines.mapped("last_date_invoiced")):
            raise ValidationError(
                self.env._(
                    "Contract %(contract)s has been invoiced: its start cannot"
                    " change. Make a new contract from the other date.",
                    contract=self.display_name,
                )
            )
        # sudo: whoever may move the contract moves what was agreed on its first day
        self.sudo().aftersales_term_ids.sorted("date_start")[:1].date_start = start

    def _aftersales_forget_terms(self):
        """What was agreed for days behind the end is not agreed any more."""
        end = self.date_end
        # sudo: whoever may end the contract ends what was agreed on with it
        terms = self.sudo().aftersales_term_ids
        terms.filtered(lambda term: end and term.date_start > end).unlink()

    def _aftersales_end_line(self, line, end):
        """Another last day, in one write: OCA lets no line end before its invoices.

        What was billed of days behind it is credited by charges, not by dates (R22).
        """
        end = fields.Date.to_date(end) or False
        vals = {"date_end": end}
        last = line.last_date_invoiced
        if end and last and last > end:
            vals["last_date_invoiced"] = end
        line.write(vals)

    def _aftersales_sync_lines(self):
        """Bring the lines of fees to what the terms and own fees ask for (R2, R22).

        A line that is not asked for any more goes, or is canceled if it was billed.
        """
        life = self.env["aftersales.life"]
        # sudo: lines follow from what is agreed, whoever agreed on it
        for contract in self.sudo().filtered("aftersales_plan_id"):
            lines = contract.contract_line_ids.filtered("aftersales_fee_id")
            by_fee = lines.sorted("date_start").grouped("aftersales_fee_id")
            wanted = {}
            for days in life._fee_days(contract):
                fee = self.env["aftersales.plan.fee"].browse(days.row_id)
                wanted.setdefault(fee, []).append(days)
            for fee, days in wanted.items():
                contract._aftersales_sync_fee(
                    by_fee.pop(fee, lines.browse()), fee, days
                )
            for left in by_fee.values():
                left._aftersales_drop()

    def _aftersales_analytic(self):
        """What the lines so far are booked on: new ones follow them."""
        lines = self.contract_line_ids.filtered("aftersales_kind")
        return lines.filtered("analytic_distribution")[:1].analytic_distribution

    def _aftersales_sync_fee(self, lines, fee, wanted):
        """The lines of one fee: each day asked for has one of them."""
        starts = {days.first for days in wanted}
        spare = lines.filtered(lambda line: line.date_start not in starts)
        for days in wanted:
            line = lines.filtered(lambda each, days=days: each.date_start == days.first)
            if not line and spare and not spare[0].last_date_invoiced:
                line, spare = spare[0], spare[1:]
            if line:
                line[0]._aftersales_follow(days.first, days.last)
                spare |= line[1:]
            else:
                sequence = max(lines.mapped("sequence"), default=10)
                vals = self._aftersales_fee_line(fee, days.first, days.last, sequence)
                vals["analytic_distribution"] = self._aftersales_analytic()
                # sudo: lines follow from what is agreed, whoever agreed on it
                lines.sudo().create({**vals, "contract_id": self.id})
        spare._aftersales_drop()
