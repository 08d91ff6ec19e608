# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

DAY = timedelta(days=1)


class ContractContract(models.Model):
    """Changes in a contract's life: plan, pause, renewal, end (R22, C8)."""

    _inherit = "contract.contract"

    aftersales_pause_ids = fields.One2many(
        "aftersales.contract.pause",
        "contract_id",
        string="Pauses",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    aftersales_event_ids = fields.One2many(
        "aftersales.contract.event",
        "contract_id",
        string="Timeline",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    aftersales_keeps_paid = fields.Boolean(
        string="Ended without refund",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What was paid for days after the end is kept.",
    )

    # Doors

    def action_aftersales_change_plan(self, plan, date):
        """Put contracts under another plan from a day on (R22).

        What was charged for the days from then on is credited, the new plan's fees
        begin that day. A change to the plan in force is none; of several on one day
        the last counts.

        :param plan: an ``aftersales.plan``, published, or its id as clients send it
        :param date: the new plan's first day
        :raises ValidationError: when the plan or the day does not fit a contract
        """
        date, plan = fields.Date.to_date(date), self._aftersales_plan_of(plan)
        self._aftersales_check_life()
        self._check_plan_sellable(plan)
        for contract in self:
            contract._check_aftersales_change(plan, date)
        plans = {contract: contract._aftersales_plan_on(date) for contract in self}
        changed = self.filtered(lambda contract: contract._aftersales_set(plan, date))
        for before, contracts in changed.grouped(plans.get).items():
            contracts._aftersales_lived("plan", date, plan=plan.id, before=before.id)
        return True

    def action_aftersales_terminate(self, date, refund):
        """End contracts with a day (R22).

        :param date: the last day served
        :param refund: what was paid for days after it is credited; else it is kept
        :raises ValidationError: when work lies behind the day, or it does not fit
        """
        date = fields.Date.to_date(date)
        self._aftersales_check_life()
        for contract in self:
            contract._check_aftersales_days(date, date)
        self._check_aftersales_end(date)
        # What ends does not renew itself: OCA would go on from the new end.
        self._aftersales_usage_line().is_auto_renew = False
        self.write({"date_end": date, "aftersales_keeps_paid": not refund})
        return True

    def action_aftersales_renew(self, date_end, increase=0.0, plan=None):
        """Let contracts go on for another term, the day after the last one ended (C8).

        :param date_end: the last day of the new term
        :param increase: percent by which fees become dearer
        :param plan: an ``aftersales.plan``, or its id; None: the one in force
        :raises ValidationError: when a contract has no end, or its cap is exceeded
        """
        date_end, plan = fields.Date.to_date(date_end), self._aftersales_plan_of(plan)
        self._aftersales_check_life()
        for contract in self:
            contract._check_aftersales_renewal(date_end, increase)
        if plan:
            self._check_plan_sellable(plan)
        for start, contracts in self.grouped(lambda c: c.date_end + DAY).items():
            for contract in contracts:
                contract._aftersales_begin_term(start, date_end, increase, plan)
            contracts._aftersales_lived(
                "renewal",
                start,
                until=fields.Date.to_string(date_end),
                increase=increase,
            )
        return True

    def action_aftersales_pause(self, date_from, date_to):
        """Let contracts rest: no fees on these days, work is outside of them (R22).

        :param date_from: the first day of the pause
        :param date_to: its last day
        :raises ValidationError: when the days are not the contract's, or rest already
        """
        first, last = map(fields.Date.to_date, (date_from, date_to))
        self._aftersales_check_life()
        for contract in self:
            contract._check_aftersales_days(first, last)
        # sudo: guarded by the check above; nobody writes pauses otherwise
        self.env["aftersales.contract.pause"].sudo().create(
            [
                {"contract_id": contract.id, "date_start": first, "date_end": last}
                for contract in self
            ]
        )
        self._aftersales_lived("pause", first, until=fields.Date.to_string(last))
        return True

    def _aftersales_lift(self, pauses):
        """Take pauses of a contract back: their days are charged again (R22)."""
        self._aftersales_check_life()
        for pause in pauses:
            first, last = pause.date_start, pause.date_end
            pause.sudo().unlink()  # guarded by the check above
            self._aftersales_lived("lift", first, until=fields.Date.to_string(last))

    def _aftersales_check_life(self):
        """Only managers change what is agreed; never what has no plan."""
        if not (self.env.su or self.env.user.has_group("erp_aftersales.group_manager")):
            raise AccessError(
                self.env._(
                    "Only after-sales managers change the plan, the pauses and the end"
                    " of contracts. Ask one of them."
                )
            )
        self.check_access("write")
        for contract in self.filtered(lambda contract: not contract.aftersales_plan_id):
            raise UserError(
                self.env._(
                    "Contract %s is under no plan. Choose its plan first.",
                    contract.display_name,
                )
            )

    # Plans

    @api.model
    def _aftersales_plan_of(self, plan):
        """The plan that a door is given, as a record or as its id."""
        plans = self.env["aftersales.plan"]
        return plans.browse(plan) if not plan or isinstance(plan, int) else plan

    def _check_aftersales_change(self, plan, date):
        self._check_aftersales_days(date, date)
        if plan.currency_id != self.aftersales_plan_id.currency_id:
            self._raise_currency(self.aftersales_plan_id, plan.currency_id.id)
        if plan.company_id and plan.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "The plan %(plan)s is of %(other)s, contract %(contract)s of"
                    " %(company)s. Choose a plan of its own company.",
                    plan=plan.display_name,
                    other=plan.company_id.display_name,
                    contract=self.display_name,
                    company=self.company_id.display_name,
                )
            )

    def _check_aftersales_days(self, first, last):
        """Both days must be days of the contract."""
        self.ensure_one()
        end = self.date_end
        if first < self.date_start or (end and last > end) or last < first:
            raise ValidationError(
                self.env._(
                    "Contract %(contract)s runs from %(start)s to %(end)s: choose days"
                    " within it, the first one first.",
                    contract=self.display_name,
                    start=format_date(self.env, self.date_start),
                    end=format_date(self.env, end) if end else "-",
                )
            )

    def _aftersales_plan_on(self, day=None):
        """The plan in force on a day; of what has not begun, the first one (R2)."""
        self.ensure_one()
        day = day or self.company_id._aftersales_today()
        terms = self.aftersales_term_ids.sorted("date_start")
        begun = terms.filtered(lambda term: term.date_start <= day)
        return (begun[-1:] or terms[:1]).plan_id

    def _aftersales_set(self, plan, date):
        """Let a plan be in force from a day on; whether that changes anything."""
        # sudo: terms are written by these doors alone, which ask who may
        terms = self.sudo().aftersales_term_ids.sorted("date_start")
        there = terms.filtered(lambda term: term.date_start == date)
        before = terms.filtered(lambda term: term.date_start < date)[-1:]
        after = terms.filtered(lambda term: term.date_start > date)[:1]
        if (there or before).plan_id == plan:
            return False
        if there and before.plan_id == plan and not there.is_renewal:
            there.unlink()
        elif there:
            there.plan_id = plan
        else:
            values = {"contract_id": self.id, "plan_id": plan.id, "date_start": date}
            terms.create(values)
        if after.plan_id == plan and not after.is_renewal:
            after.unlink()
        return True

    def _aftersales_follow_plan(self):
        """The contract names the plan in force today."""
        for contract in self.filtered("aftersales_plan_id"):
            plan = contract._aftersales_plan_on()
            if plan != contract.aftersales_plan_id:
                # sudo: what is in force was agreed on; this only shows it
                contract.sudo().aftersales_plan_id = plan

    # Ends

    def _check_aftersales_end(self, date):
        """No work lies behind the end."""
        # sudo: all work counts, also what the manager may not see
        work = self.env["account.analytic.line"].sudo()
        late = work.search(
            [
                ("ticket_id.contract_id", "in", self.ids),
                ("project_id", "!=", False),
                ("unit_amount", "!=", 0),
                ("date", ">", date),
            ],
            order="date desc",
            limit=1,
        )
        if late:
            raise ValidationError(
                self.env._(
                    "Contract %(contract)s has work on %(day)s (%(ticket)s), behind"
                    " %(end)s. Choose a later day, or move the work first.",
                    contract=late.ticket_id.contract_id.display_name,
                    day=format_date(self.env, late.date),
                    ticket=late.ticket_id.display_name,
                    end=format_date(self.env, date),
                )
            )

    # What follows from a change

    def _aftersales_lived(self, kind, date, /, **args):
        """Bring lines, plan, grants and charges to what is agreed now, and say so."""
        if not self:
            return
        before = self._aftersales_effect()
        self._aftersales_sync_lines()
        self._aftersales_follow_plan()
        # All that is open: where an allowance ends decides which one is used first
        # (R7). And the day before: what was used of the old plan counts for the new
        # one (R22).
        rating = self.env["aftersales.rating"]
        # sudo: all open work counts, also what whoever changes the plan may not see
        firsts = rating.sudo()._first_days(self.sudo(), None).values()
        rating._rate(self, since=min(date - DAY, *firsts), with_fees=True)
        self._aftersales_log_event(kind, date, before, **args)

    # Screens

    def action_aftersales_open_change(self):
        """Ask what is to be changed, and show what it does before it is done."""
        return self._aftersales_change_action({})

    def action_aftersales_open_renewal(self):
        """Ask for the new term of these contracts."""
        return self._aftersales_change_action({"default_kind": "renewal"})

    def _aftersales_change_action(self, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_change_action"
        )
        defaults = {"default_contract_ids": self.ids, "dialog_size": "extra-large"}
        return action | {"context": defaults | context}

    def _aftersales_yearly(self, day=None):
        """What the fees in force on a day cost a year, by today's numbers (R20)."""
        self.ensure_one()
        day = day or self.company_id._aftersales_today()
        market = self.env["aftersales.market"]
        return sum(
            market._yearly_line(line)
            for line in self.contract_line_ids
            if line.aftersales_fee_id
            and not line.is_canceled
            and line.date_start <= day
            and (not line.date_end or day <= line.date_end)
        )
