# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ContractContract(models.Model):
    _inherit = "contract.contract"

    aftersales_plan_id = fields.Many2one(
        "aftersales.plan",
        string="Plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'published')]",
        help="What the customer bought: coverage, allowances, prices and fees.",
    )
    aftersales_term_ids = fields.One2many(
        "aftersales.contract.term",
        "contract_id",
        string="Plans in force",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    # sudo: support opens contracts without access to invoices; it is only their number
    invoice_count = fields.Integer(compute_sudo=True)
    # sudo: it asks the journal, which support may not read; a currency is no secret
    currency_id = fields.Many2one(compute_sudo=True)
    installation_ids = fields.Many2many(
        "aftersales.installation",
        string="Installations",
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
        help="The systems under contract; fees by users or licence value count them.",
        groups="base.group_user",
    )
    service_manager_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Answers for the contract; is told what cannot be billed.",
        groups="base.group_user",
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team", string="Support team", groups="base.group_user"
    )
    invoice_grouping = fields.Selection(
        [("service", "Service"), ("ticket", "Ticket"), ("entry", "Entry")],
        help="How work is grouped on invoices. Empty: as the plan says.",
        groups="base.group_user",
    )
    overage_limit = fields.Monetary(
        help="Overage a calendar month up to this amount needs no acceptance."
        " 0: no limit.",
        groups="base.group_user",
    )
    aftersales_calendar_id = fields.Many2one(
        "resource.calendar",
        string="SLA calendar",
        help="Clock of the promises of this contract. Empty: the plan's.",
        groups="base.group_user",
    )
    grant_ids = fields.One2many(
        "aftersales.grant",
        "contract_id",
        string="Grants",
        readonly=True,
        groups="base.group_user",
    )
    charge_ids = fields.One2many(
        "aftersales.charge",
        "contract_id",
        string="Charges",
        readonly=True,
        groups="base.group_user",
    )
    aftersales_rating_count = fields.Integer(
        readonly=True, copy=False, groups="base.group_user"
    )
    aftersales_has_problem = fields.Boolean(
        readonly=True, copy=False, groups="base.group_user"
    )

    # Dates

    @api.depends("contract_line_ids.date_end", "contract_line_ids.aftersales_kind")
    def _compute_date_end(self):
        """A line added by hand, without an end, must not make the contract endless."""
        result = super()._compute_date_end()
        for contract in self.filtered("aftersales_plan_id"):
            usage = contract.contract_line_ids.filtered(
                lambda line: line.aftersales_kind == "usage"
            )
            if usage:
                contract.date_end = usage[:1].date_end
        return result

    @api.constrains("overage_limit")
    def _check_overage_limit(self):
        """Below 0 it would be no limit at all (R25)."""
        for contract in self.filtered(lambda contract: contract.overage_limit < 0):
            raise ValidationError(
                self.env._(
                    "The overage limit of contract %(contract)s is below 0. Type the "
                    "amount a month that needs no acceptance, or 0 for no limit.",
                    contract=contract.display_name,
                )
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._aftersales_vals(vals) for vals in vals_list]
        contracts = super().create(vals_list)
        ours = contracts.filtered("aftersales_plan_id")
        ours._aftersales_begin()
        ours.filtered("aftersales_fee_ids")._aftersales_sync_lines()
        self.env["aftersales.rating"]._rate(ours)
        ours._aftersales_log_start()
        return contracts

    def write(self, vals):
        if "aftersales_plan_id" in vals:
            self._check_aftersales_plan_change(vals["aftersales_plan_id"])
        self._check_aftersales_currency_change(vals)
        if "company_id" in vals:
            self._check_aftersales_company_change(vals["company_id"])
        if "date_end" in vals:
            # An end that is typed refunds; only a termination may say otherwise (R22).
            vals = {"aftersales_keeps_paid": False, **vals}
        result = True
        for contracts, contract_vals in self._aftersales_new_plans(vals):
            result &= super(ContractContract, contracts).write(contract_vals)
        if vals.get("aftersales_plan_id"):
            self._aftersales_begin()
        dates = {key: vals[key] for key in ("date_start", "date_end") if key in vals}
        if dates:
            self._aftersales_move_dates(dates)
        if "installation_ids" in vals:
            self.env["aftersales.rating"]._rate(self, with_fees=True)
        return result

    def _aftersales_new_plans(self, vals):
        """The values for each contract: one that gets its plan now gets its lines."""
        plan_id = vals.get("aftersales_plan_id")
        first = self.filtered(lambda contract: not contract.aftersales_plan_id)
        if not plan_id or not first:
            return [(self, vals)]
        dates = ("date_start", "date_end")
        return [(self - first, vals)] + [
            (
                contract,
                self._aftersales_vals({key: contract[key] for key in dates} | vals),
            )
            for contract in first
        ]

    def _check_aftersales_plan_change(self, plan_id):
        for contract in self:
            in_force = contract._aftersales_plan_on()
            if contract.aftersales_plan_id.id in (False, plan_id) or (
                in_force.id == plan_id
            ):
                continue
            raise ValidationError(
                self.env._(
                    "The plan %(plan)s is in force on contract %(contract)s and has"
                    " rated its work: it cannot just be replaced. Use 'Change plan',"
                    " which asks from which day on (action_aftersales_change_plan).",
                    plan=contract.aftersales_plan_id.display_name,
                    contract=contract.display_name,
                )
            )

    def _check_aftersales_currency_change(self, vals):
        currency = vals.get("currency_id") or vals.get("manual_currency_id")
        for contract in self.filtered("aftersales_plan_id"):
            plan = contract.aftersales_plan_id
            if currency and currency != plan.currency_id.id:
                self._raise_currency(plan, currency)

    def _check_aftersales_company_change(self, company_id):
        """Tickets and invoices stay in the books of the company that made them."""
        moved = self.filtered(lambda contract: contract.company_id.id != company_id)
        # Also those count that the writer may not see.
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        used = tickets.search([("contract_id", "in", moved.ids)]).contract_id
        used |= moved.sudo().charge_ids.filtered("invoice_line_id").contract_id
        if used:
            raise ValidationError(
                self.env._(
                    "Contract %(contract)s has tickets or invoices in %(company)s: its"
                    " company cannot change. Make a new contract in the other company.",
                    contract=used[0].display_name,
                    company=used[0].company_id.display_name,
                )
            )

    def _raise_currency(self, plan, currency_id):
        raise ValidationError(
            self.env._(
                "The plan %(plan)s is priced in %(currency)s; a contract with it cannot"
                " be in %(other)s. Choose a plan in %(other)s, or leave the currency to"
                " the plan.",
                plan=plan.display_name,
                currency=plan.currency_id.name,
                other=self.env["res.currency"].browse(currency_id).name,
            )
        )

    # Rating and billing

    def action_aftersales_rate(self):
        """Bring the open charges of these contracts up to date; idempotent (R19)."""
        self.check_access("read")
        self.env["aftersales.charge"].check_access("read")
        self.env["aftersales.rating"]._rate(self)
        return True

    def action_aftersales_invoice(self):
        """Invoice what is open now: usage up to today, fees due by today (R14).

        The schedule does not move. Called again, it has nothing to do.
        """
        self.filtered("aftersales_plan_id")._aftersales_lock()
        moves = self.env["aftersales.billing"]._bill_open(self)
        return self._aftersales_name_failed(self._aftersales_invoices_action(moves))

    def _aftersales_quote(self, service, mode, grade, minutes, start=None):
        """What such work would cost if done now, after all known work (E1).

        Writes nothing.

        :param service: an ``aftersales.service``
        :param mode: remote or onsite
        :param grade: an ``aftersales.grade``, may be empty
        :param minutes: minutes of work
        :param start: when it begins, in UTC; None: today, within working hours
        :return dict: amount (Decimal), currency, parts (kind, minutes, amount, reason),
            minutes_left after it, problem (text or None)
        """
        self.ensure_one()
        return self.env["aftersales.preview"]._quote(
            self, service, mode, grade, minutes, start
        )

    def action_aftersales_preview(self):
        """Show what would be invoiced on a day, and why (R14)."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "erp_aftersales.aftersales_preview_wizard_action"
        )
        context = {"default_contract_ids": self.ids, "default_due_only": False}
        return action | {"context": context | {"dialog_size": "extra-large"}}

    def _aftersales_preview(self, date, due_only=False):
        """What would be invoiced on a date, and why (R14). Writes nothing.

        The recurring run of that day, and then "Invoice open charges".

        :param date: the day of the run, also one to come
        :param due_only: the recurring run alone
        :return dict: the document of ``setup/run --bill --json``: invoices, problems
        """
        date = fields.Date.to_date(date)
        return self.env["aftersales.invoice.preview"]._document(self, date, due_only)

    @api.model
    def _aftersales_invoices_action(self, moves):
        """Open the invoices just made, or say that there was nothing to bill."""
        if not moves:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "message": self.env._("Nothing is open here: nothing to invoice."),
                    "type": "info",
                },
            }
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", moves.ids)]
        if len(moves) == 1:
            action.update(res_id=moves.id, view_mode="form", views=[(False, "form")])
        return action

    def recurring_create_invoice(self):
        """The button bills what is due by today, never a period ahead.

        A second click finds nothing due and says so (R15).
        """
        if not self.aftersales_plan_id:
            return super().recurring_create_invoice()
        self._aftersales_lock()
        day = self.company_id._aftersales_today()
        # OCA takes a finished contract's own first date for its next one.
        next_date = self.env["aftersales.billing"]._due_day(self)
        moves = super().recurring_create_invoice()
        self._aftersales_run_went_well()
        if not moves and (not next_date or next_date > day):
            raise UserError(
                self.env._(
                    "Nothing is due on contract %(contract)s by %(day)s"
                    " (next: %(next)s). To bill open work before it is due, use"
                    " 'Invoice open charges'.",
                    contract=self.display_name,
                    day=day,
                    next=next_date or "-",
                )
            )
        return moves
