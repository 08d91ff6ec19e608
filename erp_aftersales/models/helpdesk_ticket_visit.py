# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class HelpdeskTicket(models.Model):
    """The ticket of a planned service, and its checklist (D3)."""

    _inherit = "helpdesk.ticket"

    aftersales_visit_id = fields.Many2one(
        "aftersales.visit",
        string="Planned service",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="This ticket was opened ahead of time for it: it has a day, no targets.",
    )
    aftersales_planned_for = fields.Date(
        related="aftersales_visit_id.date",
        string="Planned for",
        groups="erp_aftersales.group_user",
        help="Charges of the ticket itself are dated this day.",
    )
    aftersales_checklist_ids = fields.One2many(
        "aftersales.ticket.checklist",
        "ticket_id",
        string="Checklist",
        groups="erp_aftersales.group_user",
    )
    aftersales_checklist_text = fields.Char(
        string="Ticked off",
        compute="_compute_aftersales_checklist",
        groups="erp_aftersales.group_user",
    )
    aftersales_checklist_open = fields.Integer(
        string="Left to do",
        compute="_compute_aftersales_checklist",
        groups="erp_aftersales.group_user",
    )

    @api.depends("aftersales_checklist_ids.is_done")
    def _compute_aftersales_checklist(self):
        for ticket in self:
            lines = ticket.aftersales_checklist_ids
            done = len(lines.filtered("is_done"))
            ticket.aftersales_checklist_open = len(lines) - done
            ticket.aftersales_checklist_text = f"{done} / {len(lines)}" if lines else ""

    @api.onchange("stage_id")
    def _onchange_aftersales_checklist(self):
        if not (self.stage_id.closed and self.aftersales_checklist_open):
            return {}
        return {
            "warning": {
                "title": self.env._("The checklist is not done"),
                "message": self._aftersales_left_text(),
            }
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Only planning makes tickets of planned services."""
        for vals in vals_list:
            self._check_aftersales_visit(vals)
        return super().create(vals_list)

    def write(self, vals):
        """A planned service follows its ticket; what was left out is noted."""
        self._check_aftersales_visit(vals)
        if "stage_id" not in vals:
            return super().write(vals)
        was_open = self.filtered(lambda ticket: not ticket.closed)
        result = super().write(vals)
        self._aftersales_visits()._follow_tickets()
        was_open.filtered("closed")._aftersales_log_left()
        return result

    def unlink(self):
        """What was planned is still due when its ticket goes."""
        visits = self._aftersales_visits().filtered(lambda v: v.state == "opened")
        result = super().unlink()
        visits.state = "planned"
        return result

    def action_view_aftersales_visit(self):
        """Open the planned service of this ticket."""
        return self.aftersales_visit_id._get_records_action()

    @api.model
    def _check_aftersales_visit(self, vals):
        """A ticket that says it was planned has no targets: nobody types that."""
        typed = "aftersales_visit_id" in vals
        typed |= "default_aftersales_visit_id" in self.env.context
        if typed and not self.env.su:
            raise AccessError(
                self.env._(
                    "The ticket of a planned service is opened there. Open it with "
                    "its button 'Open ticket'."
                )
            )

    def _aftersales_visits(self):
        """The planned services that these tickets, or what they took in, are for."""
        # sudo: what is planned follows its ticket, whoever works on it
        visits = self.env["aftersales.visit"].sudo()
        return visits.search([("ticket_id", "in", self.ids)])

    def _aftersales_left(self):
        # sudo: what is left to do is told to whoever closes the ticket
        lines = self.sudo().aftersales_checklist_ids
        return lines.filtered(lambda line: not line.is_done)

    def _aftersales_left_text(self):
        names = self._aftersales_left().mapped("name")
        return self.env._("Not ticked off: %s.", "; ".join(names))

    def _aftersales_log_left(self):
        tickets = self.filtered(lambda ticket: ticket._aftersales_left())
        if tickets:
            bodies = {ticket.id: ticket._aftersales_left_text() for ticket in tickets}
            tickets._message_log_batch(bodies=bodies)
