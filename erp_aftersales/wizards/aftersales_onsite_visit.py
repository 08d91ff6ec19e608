# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesOnsiteVisit(models.TransientModel):
    """Logs an on-site visit, with the way there and back as a service of its own."""

    _name = "aftersales.onsite.visit"
    _description = "On-site Visit"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    company_id = fields.Many2one(related="ticket_id.company_id")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Engineer",
        required=True,
        domain="[('company_id', '=', company_id)]",
        compute="_compute_employee_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    arrival = fields.Datetime(
        string="At the customer from",
        required=True,
        default=fields.Datetime.now,
        help="When the work at the customer began; the way there lies before it.",
    )
    hours = fields.Float(string="Hours at the customer", required=True)
    hours_there = fields.Float(string="Way there (hours)")
    hours_back = fields.Float(string="Way back (hours)")
    name = fields.Text(string="What was done")
    service_id = fields.Many2one(
        "aftersales.service",
        compute="_compute_service_id",
        store=True,
        readonly=False,
    )
    travel_service_id = fields.Many2one(
        "aftersales.service",
        string="Travel is",
        compute="_compute_travel_service_id",
        help="The service of the settings under which travel is logged; without one, "
        "the service of the visit.",
    )
    price_text = fields.Text(string="Costs the customer", compute="_compute_price_text")

    @api.model_create_multi
    def create(self, vals_list):
        """Its prices are shown to those who may see the ticket."""
        wizards = super().create(vals_list)
        wizards.ticket_id.check_access("read")
        return wizards

    @api.depends("ticket_id")
    def _compute_employee_id(self):
        for wizard in self:
            employees = self.env["hr.employee"].search(
                [
                    ("user_id", "=", self.env.uid),
                    ("company_id", "=", wizard.ticket_id.company_id.id),
                ],
                limit=1,
            )
            wizard.employee_id = employees

    @api.depends("ticket_id")
    def _compute_service_id(self):
        for wizard in self:
            wizard.service_id = wizard.ticket_id.service_id

    @api.depends("ticket_id", "service_id")
    def _compute_travel_service_id(self):
        for wizard in self:
            # A setting of the company, no secret.
            company = wizard.ticket_id.company_id.sudo()
            travel = company.aftersales_travel_service_id.sudo(False)
            wizard.travel_service_id = travel or wizard.service_id

    @api.depends(
        "employee_id", "arrival", "hours", "hours_there", "hours_back", "service_id"
    )
    def _compute_price_text(self):
        preview = self.env["aftersales.preview.work"]
        lines = self.env["account.analytic.line"]
        for wizard in self:
            drafts = [lines.new(vals) for vals in wizard._values()]
            if not drafts:
                wizard.price_text = False
                continue
            # What was accepted is told to whoever works on the ticket.
            accepted = wizard.ticket_id.sudo().aftersales_accepted_amount
            costs = preview._line_costs(lines.concat(*drafts))
            wizard.price_text = "\n".join(
                self.env._(
                    "%(what)s, %(price)s",
                    what=draft.name,
                    price=preview._in_words(costs[draft], accepted),
                )
                for draft in drafts
            )

    def _values(self):
        """Values of the timesheets: the way there, the visit, the way back."""
        self.ensure_one()
        if not (self.ticket_id and self.arrival):
            return []
        there = timedelta(hours=self.hours_there)
        leaves = self.arrival + timedelta(hours=self.hours)
        travel = self.travel_service_id
        name = self.name or self.env._("On-site visit")
        parts = [
            (self.env._("Way there"), travel, self.arrival - there, self.hours_there),
            (name, self.service_id, self.arrival, self.hours),
            (self.env._("Way back"), travel, leaves, self.hours_back),
        ]
        return [
            {
                "name": what,
                "ticket_id": self.ticket_id._origin.id,
                "employee_id": self.employee_id._origin.id,
                "service_id": service._origin.id,
                "service_mode": "onsite",
                "start_datetime": start,
                "date": self.company_id.sudo()._aftersales_day(start),
                "unit_amount": hours,
            }
            for what, service, start, hours in parts
            if hours > 0
        ]

    def action_log(self):
        """Log the visit and the travel as timesheets of their own."""
        self.ensure_one()
        if self.hours <= 0 or self.hours_there < 0 or self.hours_back < 0:
            raise UserError(
                self.env._(
                    "Type the hours at the customer, above 0; travel is 0 or more."
                )
            )
        if not (self.name or "").strip():
            raise UserError(self.env._("Say in a few words what was done."))
        self.env["account.analytic.line"].create(self._values())
        return {"type": "ir.actions.act_window_close"}
