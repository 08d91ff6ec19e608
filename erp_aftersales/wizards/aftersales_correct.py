# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.account_analytic_line_correction import CORRECTABLE
from ..models.aftersales_charge import MODES


class AftersalesCorrect(models.TransientModel):
    """Correct work that is invoiced, seeing first what that costs (R17)."""

    _name = "aftersales.correct"
    _description = "Correct Work"

    timesheet_id = fields.Many2one(
        "account.analytic.line", string="Work", required=True, readonly=True
    )
    ticket_id = fields.Many2one(related="timesheet_id.ticket_id")
    company_id = fields.Many2one(related="timesheet_id.company_id")
    seen = fields.Json(help="The values as they were when this dialogue opened.")
    old_unit_amount = fields.Float(
        related="timesheet_id.unit_amount", string="Hours now"
    )
    old_date = fields.Date(related="timesheet_id.date", string="Date now")
    old_start_datetime = fields.Datetime(
        related="timesheet_id.start_datetime", string="Started now"
    )
    old_employee_id = fields.Many2one(
        related="timesheet_id.employee_id", string="Employee now"
    )
    old_service_id = fields.Many2one(
        related="timesheet_id.service_id", string="Service now"
    )
    old_service_mode = fields.Selection(
        related="timesheet_id.service_mode", string="Mode now"
    )
    old_name = fields.Char(related="timesheet_id.name", string="Description now")
    unit_amount = fields.Float(string="Hours")
    date = fields.Date()
    start_datetime = fields.Datetime(string="Started")
    employee_id = fields.Many2one("hr.employee")
    service_id = fields.Many2one("aftersales.service")
    service_mode = fields.Selection(MODES, string="Mode")
    name = fields.Char(string="Description")
    reason = fields.Char(help="Why the work is corrected; posted on its ticket.")
    currency_id = fields.Many2one(related="timesheet_id.charge_currency_id")
    old_cost = fields.Monetary(string="Costs now", compute="_compute_cost")
    new_cost = fields.Monetary(string="Will cost", compute="_compute_cost")
    difference = fields.Monetary(
        compute="_compute_cost",
        help="What the contract's next invoice changes by, other work included that "
        "shares an allowance with this one.",
    )

    @api.model
    def default_get(self, fields):
        """Begin with the work as it is."""
        values = super().default_get(fields)
        line = self.env["account.analytic.line"].browse(values.get("timesheet_id"))
        if line:
            seen = line._aftersales_correctable()
            values = {**seen, "seen": seen, **values}
        return {name: values[name] for name in fields if name in values}

    @api.model_create_multi
    def create(self, vals_list):
        """Its fields show what only those who may see the work may know."""
        wizards = super().create(vals_list)
        wizards.timesheet_id.check_access("read")
        return wizards

    @api.depends(*CORRECTABLE, "timesheet_id")
    def _compute_cost(self):
        preview = self.env["aftersales.preview.correction"]
        for wizard in self:
            costs = preview._costs(wizard.timesheet_id, wizard._changes())
            wizard.old_cost, wizard.new_cost, wizard.difference = map(float, costs)

    def _changes(self):
        """The values that differ from those seen, as the door takes them."""
        self.ensure_one()
        new = self._plain()
        seen = self.seen or {}
        return {name: new[name] for name in CORRECTABLE if new[name] != seen.get(name)}

    def _plain(self):
        values = {}
        for name in CORRECTABLE:
            field = self._fields[name]
            value = self[name]._origin.id if field.relational else self[name]
            if field.type in ("date", "datetime"):
                value = field.to_string(value) if value else False
            values[name] = value
        return values

    def action_confirm(self):
        """Correct the work, and say on the ticket what changed and why."""
        self.ensure_one()
        line = self.timesheet_id
        if not (self.reason or "").strip():
            raise UserError(self.env._("Type why the work is corrected."))
        changes = self._changes()
        line._check_aftersales_corrector()
        line._aftersales_lock()
        line.invalidate_recordset()
        self._check_not_stale()
        before = self._said(changes)
        line.action_aftersales_correct(changes)
        self._post(before, self._said(changes))
        return {"type": "ir.actions.act_window_close"}

    def _check_not_stale(self):
        """Refuse where somebody else changed the work in the meantime."""
        line = self.timesheet_id
        if line._aftersales_correctable() != self.seen:
            raise UserError(
                self.env._(
                    "%(user)s has changed this work in the meantime: it has "
                    "%(hours)s h on %(date)s by now. Open the dialogue again to see "
                    "what is left to correct.",
                    user=line.write_uid.display_name,
                    hours=line.unit_amount,
                    date=line.date,
                )
            )

    def _said(self, changes):
        """The line's values as a person reads them, by the name of their field."""
        line = self.timesheet_id
        names = line.fields_get(list(changes), ["string"])
        return {
            names[name]["string"]: line._fields[name].convert_to_display_name(
                line[name], line
            )
            or "-"
            for name in changes
        }

    def _post(self, before, after):
        rows = [
            Markup("<li>%s: %s → %s</li>") % (name, before[name], after[name])
            for name in before
        ]
        body = Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._(
                "The work of %(employee)s was corrected: %(reason)s",
                employee=self.timesheet_id.employee_id.name,
                reason=self.reason,
            ),
            Markup().join(rows),
        )
        if self.ticket_id:
            self.ticket_id.message_post(body=body)
