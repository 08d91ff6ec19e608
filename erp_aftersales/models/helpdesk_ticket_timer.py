# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

RUNNING = ("timer_started_at", "!=", False)


class HelpdeskTicket(models.Model):
    """A timer is started and stopped on the ticket that is worked on."""

    _inherit = "helpdesk.ticket"

    aftersales_timer_since = fields.Datetime(
        string="My timer runs since",
        compute="_compute_aftersales_timer",
        groups="hr_timesheet.group_hr_timesheet_user",
    )
    aftersales_timer_others = fields.Char(
        string="Timers of others",
        compute="_compute_aftersales_timer",
        groups="hr_timesheet.group_hr_timesheet_user",
        help="Who else works on this ticket right now, and since when.",
    )
    aftersales_timer_forgotten = fields.Boolean(
        string="Forgotten timer",
        compute="_compute_aftersales_timer",
        search="_search_aftersales_timer_forgotten",
        groups="hr_timesheet.group_hr_timesheet_user",
        help="A timer runs longer than the settings take for one piece of work.",
    )

    @api.depends_context("uid")
    @api.depends("timesheet_ids.timer_started_at")
    def _compute_aftersales_timer(self):
        timers = self._aftersales_timers().grouped("ticket_id")
        for ticket in self:
            running = timers.get(
                ticket.sudo()._origin, self.env["account.analytic.line"]
            )
            mine = running.filtered(lambda t: t.employee_id.user_id == self.env.user)
            ticket.aftersales_timer_since = mine[:1].timer_started_at
            ticket.aftersales_timer_others = ticket._aftersales_who(running - mine)
            ticket.aftersales_timer_forgotten = any(
                timer.timer_started_at
                < ticket._aftersales_timer_limit(timer.company_id)
                for timer in running
            )

    def _aftersales_timers(self):
        """The timers that run on these tickets, whoever's they are."""
        # Who works on a ticket is shown to whoever sees it: a name and a time.
        lines = self.env["account.analytic.line"].sudo()
        return lines.search([("ticket_id", "in", self._origin.ids), RUNNING])

    def _aftersales_who(self, timers):
        return self.env["aftersales.wording"]._list(
            [
                self.env._(
                    "%(name)s since %(time)s",
                    name=timer.employee_id.name,
                    time=format_datetime(
                        self.env, timer.timer_started_at, dt_format="short"
                    ),
                )
                for timer in timers
            ]
        )

    @api.model
    def _aftersales_timer_limit(self, company):
        """A timer of this company that was started before then is forgotten."""
        hours = company.aftersales_timer_hours
        return fields.Datetime.now() - timedelta(hours=hours or 24 * 365)

    @api.model
    def _search_aftersales_timer_forgotten(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Only ids are found; which tickets are seen is decided by their own rules.
        lines = self.env["account.analytic.line"].sudo()
        forgotten = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("timer_started_at", "<", self._aftersales_timer_limit(company))
            for company in self.env["res.company"].sudo().search([])
        )
        tickets = lines.search(forgotten & Domain("ticket_id", "!=", False)).ticket_id
        return Domain("id", "in" if True in value else "not in", tickets.ids)

    def action_aftersales_timer_start(self):
        """Start a timer on this ticket; one that runs elsewhere is stopped first.

        :return: the dialogue that stops the other timer, and then starts this one
        """
        self.ensure_one()
        self.check_access("read")
        employee = self._aftersales_timer_employee()
        # Whoever starts has one timer, on a ticket that may be hidden by now.
        lines = self.env["account.analytic.line"].sudo()
        running = lines.search([("employee_id", "=", employee.id), RUNNING]).sudo(False)
        if running.sudo().ticket_id == self.sudo():
            return False
        if running:
            return running._aftersales_timer_dialogue(self)
        now = fields.Datetime.now()
        lines.sudo(False).create(
            {
                "name": "/",
                "ticket_id": self.id,
                "employee_id": employee.id,
                "start_datetime": now,
                "timer_started_at": now,
                "unit_amount": 0,
            }
        )
        return False

    def _aftersales_timer_employee(self):
        """The employee that the user is in the ticket's company."""
        company = self.sudo().company_id or self.env.company
        # Their own record; support does not see the others.
        employee = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [("user_id", "=", self.env.uid), ("company_id", "=", company.id)],
                limit=1,
            )
        )
        if not employee:
            raise UserError(
                self.env._(
                    "%(user)s is no employee of %(company)s, so no work can be logged: "
                    "ask an administrator to link the user to an employee.",
                    user=self.env.user.name,
                    company=company.name,
                )
            )
        return employee.sudo(False)

    def action_aftersales_timer_stop(self):
        """Ask what was done, and stop: one's own timer, else one a manager may."""
        self.ensure_one()
        timers = self._aftersales_timers()
        mine = timers.filtered(lambda t: t.employee_id.user_id == self.env.user)
        timer = (mine or timers)[:1].sudo(False)
        if not timer:
            raise UserError(
                self.env._("No timer runs on ticket %s: reload it.", self.number)
            )
        return timer._aftersales_timer_dialogue()
