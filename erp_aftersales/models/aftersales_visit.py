# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

from .aftersales_charge import MODES

# What follows from contract, plan and ticket; people move the day and the engineer.
FOLLOWS = {
    "contract_id",
    "row_id",
    "installation_id",
    "period_start",
    "date_due",
    "state",
    "ticket_id",
    "date_done",
}


class AftersalesVisit(models.Model):
    """One periodic service that is due: planned, then opened as a ticket (D3)."""

    _name = "aftersales.visit"
    _description = "Planned Service"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date, id"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    row_id = fields.Many2one(
        "aftersales.plan.periodic",
        string="Periodic service",
        required=True,
        index=True,
        ondelete="cascade",
        help="The row of the plan or of the contract that it is due by.",
    )
    installation_id = fields.Many2one(
        "aftersales.installation", index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    service_id = fields.Many2one(related="row_id.service_id", store=True, index=True)
    service_mode = fields.Selection(MODES, related="row_id.mode", store=True)
    duration = fields.Float(
        related="row_id.duration",
        string="Expected hours",
        store=True,
        aggregator="sum",
    )
    period_start = fields.Date(
        required=True,
        readonly=True,
        help="First day of the period in which it is due once.",
    )
    date_due = fields.Date(
        string="Due by the contract",
        required=True,
        readonly=True,
        help="The day that the contract gives.",
    )
    date = fields.Date(
        string="Planned for",
        required=True,
        index=True,
        tracking=True,
        help="Drag it in the calendar to another day: what is moved stays there.",
    )
    is_moved = fields.Boolean(string="Moved", compute="_compute_is_moved", store=True)
    date_open = fields.Date(
        string="Opens on",
        compute="_compute_date_open",
        store=True,
        help="From this day on there is a ticket for it.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Engineer",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("opened", "Opened"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="planned",
        index=True,
        tracking=True,
        group_expand=True,
    )
    skip_reason = fields.Char(
        string="Reason to skip", tracking=True, help="Why it is not done this time."
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    date_done = fields.Date(string="Done on", readonly=True, copy=False)

    _period_uniq = models.UniqueIndex(
        "(contract_id, row_id, (COALESCE(installation_id, 0)), period_start)",
        "This service is planned in this period already.",
    )

    @api.depends("row_id.name", "installation_id", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for visit in self:
            place = visit.installation_id.display_name or visit.partner_id.display_name
            names = [name for name in (visit.row_id.name, place) if name]
            visit.display_name = ", ".join(names)

    @api.depends("date", "date_due")
    def _compute_is_moved(self):
        for visit in self:
            visit.is_moved = visit.date != visit.date_due

    @api.depends("date", "row_id.lead_days")
    def _compute_date_open(self):
        for visit in self:
            visit.date_open = visit.date and fields.Date.subtract(
                visit.date, days=visit.row_id.lead_days
            )

    @api.depends("ticket_id.user_id")
    def _compute_user_id(self):
        for visit in self:
            visit.user_id = visit.ticket_id.user_id or visit.user_id

    @api.constrains("date")
    def _check_date(self):
        for visit in self.filtered(lambda visit: visit.date != visit.date_due):
            visit._check_is_day_of_contract()

    def _check_is_day_of_contract(self):
        contract = self.contract_id.sudo()  # its days are compared and named, no more
        end = contract.date_end
        rests = any(
            pause.date_start <= self.date <= pause.date_end
            for pause in contract.aftersales_pause_ids
        )
        if rests or self.date < contract.date_start or (end and self.date > end):
            raise ValidationError(
                self.env._(
                    "The contract '%(contract)s' does not run on %(day)s: choose "
                    "another day for '%(visit)s'.",
                    contract=contract.display_name,
                    day=format_date(self.env, self.date),
                    visit=self.display_name,
                )
            )

    def write(self, vals):
        """Let people move the day and the engineer; a ticket's day follows."""
        if FOLLOWS & vals.keys() and not self.env.su:
            names = self.fields_get(FOLLOWS & vals.keys(), ["string"]).values()
            raise AccessError(
                self.env._(
                    "%(fields)s of a planned service follow from the contract and the "
                    "ticket. Use its buttons.",
                    fields=", ".join(sorted(name["string"] for name in names)),
                )
            )
        if "date" in vals:
            self._check_is_pending()
        result = super().write(vals)
        if "date" in vals:
            # sudo: the ticket's day is the planned one, whoever it is assigned to
            self.sudo()._date_tickets()
        return result

    def _check_is_pending(self):
        for visit in self.filtered(lambda v: v.state not in ("planned", "opened")):
            raise ValidationError(
                self.env._(
                    "'%(visit)s' is: %(state)s. Only what is planned or opened can be "
                    "moved to another day.",
                    visit=visit.display_name,
                    state=visit._state_label(),
                )
            )

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _is_untouched(self):
        """Whether nobody decided anything: planning may move it or take it back."""
        self.ensure_one()
        return self.state == "planned" and not self.is_moved

    def action_skip(self):
        """Leave it out this time, for the reason that was typed."""
        self._check_step("planned")
        for visit in self.filtered(lambda visit: not visit.skip_reason):
            raise ValidationError(
                self.env._(
                    "Type the reason why '%s' is skipped, then skip it.",
                    visit.display_name,
                )
            )
        self.sudo().state = "skipped"  # guarded by the check above

    def action_plan_again(self):
        """Take a skip back."""
        self._check_step("skipped")
        self.sudo().write({"state": "planned", "skip_reason": False})  # checked above

    def _check_step(self, state):
        """Whoever may write these visits does so, from the state they have to be in."""
        self.check_access("write")
        for visit in self.filtered(lambda visit: visit.state != state):
            raise ValidationError(
                self.env._(
                    "'%(visit)s' is: %(state)s. Nothing was changed: reload the page.",
                    visit=visit.display_name,
                    state=visit._state_label(),
                )
            )

    @api.model
    def _open_list(self, **values):
        """The action that shows the visits with these values."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_visit_action"
        )
        action["domain"] = [(name, "=", value) for name, value in values.items()]
        return action
