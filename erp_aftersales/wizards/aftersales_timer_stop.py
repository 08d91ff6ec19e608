# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.account_analytic_line_price import LEVELS
from ..models.aftersales_charge import MODES


class AftersalesTimerStop(models.TransientModel):
    """Says what was done while a timer ran, and what that costs, before it is saved."""

    _name = "aftersales.timer.stop"
    _description = "Stop a Timer"

    timesheet_id = fields.Many2one(
        "account.analytic.line", required=True, readonly=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(related="timesheet_id.ticket_id")
    employee_id = fields.Many2one(related="timesheet_id.employee_id")
    start_datetime = fields.Datetime(
        string="Started",
        required=True,
        compute="_compute_values",
        store=True,
        precompute=True,
        readonly=False,
        help="Correct it if the timer was started too late.",
    )
    minutes = fields.Integer(
        required=True,
        compute="_compute_values",
        store=True,
        precompute=True,
        readonly=False,
        help="Minutes worked; breaks are taken off by hand.",
    )
    name = fields.Text(string="What was done")
    service_id = fields.Many2one(
        "aftersales.service", compute="_compute_values", store=True, readonly=False
    )
    service_mode = fields.Selection(
        MODES,
        string="Mode",
        required=True,
        compute="_compute_values",
        store=True,
        precompute=True,
        readonly=False,
    )
    next_ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    price_text = fields.Text(string="Costs the customer", compute="_compute_price")
    price_level = fields.Selection(LEVELS, compute="_compute_price")

    @api.model_create_multi
    def create(self, vals_list):
        """Only one's own timer, or for a manager another's."""
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard.timesheet_id._check_aftersales_timer()
        return wizards

    @api.depends("timesheet_id")
    def _compute_values(self):
        for wizard in self:
            timer = wizard.timesheet_id
            wizard.start_datetime = timer.start_datetime or timer.timer_started_at
            wizard.minutes = timer and timer._aftersales_timer_minutes()
            wizard.service_id = timer.service_id
            wizard.service_mode = timer.service_mode or "remote"

    @api.depends("minutes", "service_id", "service_mode", "start_datetime")
    def _compute_price(self):
        preview = self.env["aftersales.preview.work"]
        for wizard in self:
            timer = wizard.timesheet_id
            if not (timer and timer.has_access("read")):
                wizard.price_text, wizard.price_level = False, False
                continue
            draft = timer.new(wizard._values(), origin=timer)
            cost = preview._line_costs(draft)[draft]
            # What was accepted is told to whoever works on the ticket.
            accepted = timer.sudo().ticket_id.aftersales_accepted_amount
            wizard.price_text = preview._in_words(cost, accepted)
            wizard.price_level = preview._level(cost)

    def _values(self):
        return {
            "unit_amount": self.minutes / 60,
            "service_id": self.service_id.id,
            "service_mode": self.service_mode,
            "start_datetime": self.start_datetime,
        }

    def action_save(self):
        """Write the minutes; start on the next ticket if that was wanted."""
        self.ensure_one()
        self.timesheet_id._check_aftersales_timer()
        if self.minutes < 1:
            raise UserError(
                self.env._("Type the minutes worked, at least 1, or discard the timer.")
            )
        if not (self.name or "").strip():
            raise UserError(self.env._("Say in a few words what was done."))
        self.timesheet_id.write(
            {**self._values(), "name": self.name, "timer_started_at": False}
        )
        return self._next()

    def action_discard(self):
        """Drop the timer: no work is logged."""
        self.ensure_one()
        self.timesheet_id._check_aftersales_timer()
        next_ticket = self.next_ticket_id
        self.timesheet_id.unlink()
        return self._next(next_ticket)

    def _next(self, ticket=None):
        ticket = ticket or (self.exists() and self.next_ticket_id)
        if ticket:
            ticket.action_aftersales_timer_start()
        return {"type": "ir.actions.act_window_close"}
