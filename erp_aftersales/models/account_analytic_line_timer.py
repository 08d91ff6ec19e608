# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields, models
from odoo.exceptions import UserError


class AccountAnalyticLine(models.Model):
    """A timer is work of zero hours that has begun, and is not stopped yet."""

    _inherit = "account.analytic.line"

    timer_started_at = fields.Datetime(
        string="Timer Runs Since",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The engineer works on the ticket since then; empty: no timer runs.",
    )

    _timer_uniq = models.UniqueIndex(
        "(employee_id) WHERE timer_started_at IS NOT NULL",
        "A timer of this employee runs already: stop it first.",
    )

    def _aftersales_timer_minutes(self):
        """Whole minutes since the timer was started, half up; at least one."""
        self.ensure_one()
        begin = self.start_datetime or self.timer_started_at
        seconds = (fields.Datetime.now() - begin).total_seconds()
        minutes = (Decimal(seconds) / 60).quantize(Decimal(1), ROUND_HALF_UP)
        return max(int(minutes), 1)

    def _check_aftersales_timer(self):
        """Refuse to touch what is no running timer, or is somebody else's."""
        self.ensure_one()
        # Whose it is may be said to whoever sees the ticket.
        timer = self.sudo()
        if not timer.exists() or not timer.timer_started_at:
            raise UserError(
                self.env._("This timer was stopped in the meantime: reload the ticket.")
            )
        is_mine = timer.employee_id.user_id == self.env.user
        if not (is_mine or self.env.user.has_group("erp_aftersales.group_manager")):
            raise UserError(
                self.env._(
                    "The timer on ticket %(ticket)s is of %(employee)s: only "
                    "%(employee)s or an after-sales manager can stop it.",
                    ticket=timer.ticket_id.number,
                    employee=timer.employee_id.name,
                )
            )

    def _aftersales_timer_dialogue(self, next_ticket=None):
        """Ask what was done before the timer is stopped.

        :param next_ticket: where a timer starts once this one is saved
        """
        self._check_aftersales_timer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stop timer"),
            "res_model": "aftersales.timer.stop",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_timesheet_id": self.id,
                "default_next_ticket_id": next_ticket.id if next_ticket else False,
            },
        }
