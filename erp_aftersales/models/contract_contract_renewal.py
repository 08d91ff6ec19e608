# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

DAY = timedelta(days=1)


class ContractContract(models.Model):
    """What ends, and how it goes on (C8)."""

    _inherit = "contract.contract"

    aftersales_increase_cap = fields.Float(
        string="Highest increase (%)",
        digits=0,
        groups="base.group_user",
        help="A renewal may make fees dearer by this at most. 0: no cap was agreed.",
    )
    aftersales_auto_renew = fields.Boolean(
        string="Renews by itself",
        compute="_compute_aftersales_auto_renew",
        inverse="_inverse_aftersales_auto_renew",
        groups="base.group_user",
        help="At its end the contract goes on for another term, as agreed.",
    )
    aftersales_renew_interval = fields.Integer(
        string="Renewed for",
        compute="_compute_aftersales_auto_renew",
        inverse="_inverse_aftersales_auto_renew",
        groups="base.group_user",
    )
    aftersales_renew_rule = fields.Selection(
        [("monthly", "Month(s)"), ("yearly", "Year(s)")],
        string="Unit of the renewal",
        compute="_compute_aftersales_auto_renew",
        inverse="_inverse_aftersales_auto_renew",
        groups="base.group_user",
    )
    aftersales_days_left = fields.Integer(
        string="Days left",
        compute="_compute_aftersales_days_left",
        groups="base.group_user",
        help="Until the contract ends.",
    )

    @api.depends(
        "contract_line_ids.aftersales_kind",
        "contract_line_ids.is_auto_renew",
        "contract_line_ids.auto_renew_interval",
        "contract_line_ids.auto_renew_rule_type",
    )
    def _compute_aftersales_auto_renew(self):
        """The usage line knows, as any line of OCA's."""
        for contract in self:
            usage = contract._aftersales_usage_line()
            contract.aftersales_auto_renew = usage.is_auto_renew
            contract.aftersales_renew_interval = usage.auto_renew_interval or 1
            rule = usage.auto_renew_rule_type
            contract.aftersales_renew_rule = (
                "monthly" if rule == "monthly" else "yearly"
            )

    def _inverse_aftersales_auto_renew(self):
        for contract in self.filtered("aftersales_plan_id"):
            if contract.aftersales_auto_renew and not contract.date_end:
                raise ValidationError(
                    self.env._(
                        "Contract %s has no end, so there is nothing to renew. Type its"
                        " last day first.",
                        contract.display_name,
                    )
                )
            contract._aftersales_usage_line().write(
                {
                    "is_auto_renew": contract.aftersales_auto_renew,
                    "auto_renew_interval": contract.aftersales_renew_interval or 1,
                    "auto_renew_rule_type": contract.aftersales_renew_rule or "yearly",
                }
            )

    @api.depends("date_end")
    def _compute_aftersales_days_left(self):
        for contract in self:
            today = contract.company_id._aftersales_today()
            end = contract.date_end
            contract.aftersales_days_left = (end - today).days if end else 0

    def _aftersales_usage_line(self):
        return self.contract_line_ids.filtered(
            lambda line: line.aftersales_kind == "usage" and not line.is_canceled
        )[:1]

    @api.constrains("aftersales_increase_cap")
    def _check_aftersales_increase_cap(self):
        for contract in self.filtered(lambda c: c.aftersales_increase_cap < 0):
            raise ValidationError(
                self.env._(
                    "The highest increase of contract %s is below 0. Type a percentage,"
                    " or 0 for none.",
                    contract.display_name,
                )
            )

    def _check_aftersales_renewal(self, date_end, increase):
        """A renewal needs an end to go on from, and obeys the cap."""
        names = {"contract": self.display_name}
        if not self.date_end:
            raise ValidationError(
                self.env._(
                    "Contract %(contract)s has no end, so there is nothing to renew.",
                    **names,
                )
            )
        if date_end <= self.date_end:
            raise ValidationError(
                self.env._(
                    "Contract %(contract)s ends on %(end)s: a renewal ends later.",
                    end=format_date(self.env, self.date_end),
                    **names,
                )
            )
        if self.aftersales_keeps_paid:
            raise ValidationError(
                self.env._(
                    "Contract %(contract)s was ended without refund. Make a new"
                    " contract instead of renewing it.",
                    **names,
                )
            )
        cap = self.aftersales_increase_cap
        if cap and increase > cap:
            raise ValidationError(
                self.env._(
                    "An increase of %(increase)g %% is above the %(cap)g %% agreed with"
                    " contract %(contract)s. Type %(cap)g or less.",
                    increase=increase,
                    cap=cap,
                    **names,
                )
            )

    def _aftersales_begin_term(self, start, end, increase, plan):
        """Write the new term, and let the usage line run to its end."""
        plan = plan or self._aftersales_plan_on(start - DAY)
        # sudo: terms are written by these doors alone, which ask who may
        terms = self.sudo().aftersales_term_ids
        values = {"plan_id": plan.id, "is_renewal": True, "increase": increase}
        there = terms.filtered(lambda term: term.date_start == start)
        if there:
            there.write(values)
        else:
            terms.create({"contract_id": self.id, "date_start": start, **values})
        self._aftersales_end_line(self.sudo()._aftersales_usage_line(), end)

    # By itself

    def _aftersales_renew_by_itself(self, date_end):
        """The renewal that was agreed: the same plan, the same prices."""
        # sudo: agreed on when the contract was made, carried out by OCA's cron
        self.sudo().action_aftersales_renew(date_end)
