# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..trial import taken_back


class AftersalesChange(models.TransientModel):
    """Change what is agreed with one contract or many, after showing what it does."""

    _name = "aftersales.change"
    _description = "Change Contracts"

    kind = fields.Selection(
        [
            ("plan", "Change the plan"),
            ("renewal", "Renew"),
            ("pause", "Pause"),
            ("end", "End"),
        ],
        required=True,
        default="plan",
    )
    contract_ids = fields.Many2many(
        "contract.contract", string="Contracts", required=True
    )
    contract_count = fields.Integer(compute="_compute_contract_count")
    plan_id = fields.Many2one(
        "aftersales.plan",
        domain="[('state', '=', 'published')]",
        help="The plan from the day on. For a renewal: empty keeps the plan in force.",
    )
    date = fields.Date(
        string="From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        help="The first day of the new plan or of the pause; the last day served of an "
        "end.",
    )
    date_to = fields.Date(
        string="To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        help="The last day of the pause, or of the new term.",
    )
    increase = fields.Float(
        string="Increase (%)", digits=0, help="By how much fees become dearer."
    )
    refund = fields.Boolean(
        default=True, help="What was paid for days after the end is credited."
    )
    line_ids = fields.One2many(
        "aftersales.change.line", "change_id", string="What it does", readonly=True
    )
    is_shown = fields.Boolean()

    @api.depends("contract_ids")
    def _compute_contract_count(self):
        for wizard in self:
            wizard.contract_count = len(wizard.contract_ids)

    @api.depends("kind", "contract_ids")
    def _compute_dates(self):
        """Proposed: today, or for a renewal a term as long as agreed."""
        for wizard in self:
            contract = wizard.contract_ids[:1]
            wizard.date = contract.company_id._aftersales_today()
            wizard.date_to = False
            if wizard.kind == "renewal" and contract.date_end:
                months = contract.aftersales_renew_interval
                if contract.aftersales_renew_rule == "yearly":
                    months *= 12
                first = contract.date_end + relativedelta(days=1)
                wizard.date_to = first + relativedelta(months=months, days=-1)

    @api.onchange("kind", "plan_id", "date", "date_to", "increase", "refund")
    def _onchange_terms(self):
        self.is_shown = False

    # What it does

    def action_show(self):
        """Try the change, write down what it does, and take it back."""
        self.ensure_one()
        values = taken_back(self.env, self._tried)
        self.line_ids = [Command.clear(), *map(Command.create, values)]
        self.is_shown = True
        return self._reopened()

    def _tried(self):
        """What each contract is after the change: plain values, no records."""
        contracts = self.contract_ids
        before = {contract.id: contract._aftersales_yearly() for contract in contracts}
        effect = contracts._aftersales_effect()
        self._change()
        after = contracts._aftersales_effect()
        return [
            {
                "contract_id": contract.id,
                "yearly_before": before[contract.id],
                "yearly_after": contract._aftersales_yearly(self._day_after()),
                "amount": after.get(contract.id, 0) - effect.get(contract.id, 0),
                "next_amount": self._next_amount(contract),
            }
            for contract in contracts
        ]

    def _day_after(self):
        """A day on which the change is in force."""
        if self.kind == "renewal":
            return max(self.contract_ids.mapped("date_end"))
        if self.kind == "end":
            return self.date + relativedelta(days=1)
        return self.date

    def _next_amount(self, contract):
        """What the next invoices come to, on the day on which the change counts."""
        today = contract.company_id._aftersales_today()
        document = contract._aftersales_preview(max(self._day_after(), today))
        return sum(float(invoice["untaxed"]) for invoice in document["invoices"])

    def action_confirm(self):
        """Carry the change out."""
        self.ensure_one()
        self._change()
        return {"type": "ir.actions.act_window_close"}

    def _change(self):
        contracts = self.contract_ids
        if self.kind == "plan":
            self._check_filled("plan_id", "date")
            contracts.action_aftersales_change_plan(self.plan_id, self.date)
        elif self.kind == "renewal":
            self._check_filled("date_to")
            contracts.action_aftersales_renew(
                self.date_to, self.increase, self.plan_id or None
            )
        elif self.kind == "pause":
            self._check_filled("date", "date_to")
            contracts.action_aftersales_pause(self.date, self.date_to)
        else:
            self._check_filled("date")
            contracts.action_aftersales_terminate(self.date, self.refund)

    def _check_filled(self, *names):
        for name in names:
            if not self[name]:
                raise UserError(
                    self.env._(
                        "Type '%s' first.",
                        self._fields[name]._description_string(self.env),
                    )
                )

    def _reopened(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change contracts"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class AftersalesChangeLine(models.TransientModel):
    """What a change does to one contract."""

    _name = "aftersales.change.line"
    _description = "Effect of a Change on a Contract"

    change_id = fields.Many2one("aftersales.change", required=True, ondelete="cascade")
    contract_id = fields.Many2one("contract.contract", required=True, readonly=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    yearly_before = fields.Monetary(string="Fees a year now", readonly=True)
    yearly_after = fields.Monetary(string="Fees a year then", readonly=True)
    amount = fields.Monetary(
        string="At once",
        readonly=True,
        help="What of fees is charged, or given back, by the change itself.",
    )
    next_amount = fields.Monetary(
        string="To invoice then",
        readonly=True,
        help="What invoices come to on the day on which the change counts, with all "
        "that is open by then.",
    )
