# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import format_datetime


class HelpdeskTicket(models.Model):
    """The clock explains itself: what ran, what stood still, and who caused it (L7)."""

    _inherit = "helpdesk.ticket"

    aftersales_clock_story = fields.Html(
        string="Clock",
        compute="_compute_aftersales_clock_story",
        sanitize=False,
        groups="erp_aftersales.group_user",
    )

    @api.depends(
        "response_state", "response_deadline", "resolution_state", "resolution_deadline"
    )
    @api.depends_context("lang", "tz")
    def _compute_aftersales_clock_story(self):
        for ticket in self:
            ticket.aftersales_clock_story = self.env["ir.qweb"]._render(
                "erp_aftersales.helpdesk_ticket_clock", ticket._aftersales_clock_told()
            )

    def _aftersales_clock_told(self):
        """What the clock of a ticket tells, in the reader's language and zone.

        :return dict: ``targets`` and ``stretches``, each a list of dicts of texts
        """
        self.ensure_one()
        # Whoever reads the ticket reads its clock, whatever else it is made of.
        ticket = self.sudo()._origin
        if not ticket:
            return {"targets": [], "stretches": []}
        now = fields.Datetime.now()
        stretches = self.env["aftersales.clock"].sudo()._stretches(ticket, now)
        return {
            "targets": [
                told
                for target in ("response", "resolution")
                if (told := ticket._aftersales_target_told(target))
            ],
            "stretches": [
                ticket._aftersales_stretch_told(stretch, mark)
                for stretch, mark in stretches
            ],
        }

    def _aftersales_target_told(self, target):
        """One promise: how long, until when, and what became of it."""
        minutes = self[f"aftersales_{target}_minutes"]
        if not minutes:
            return None
        done = self.responded_at if target == "response" else self.resolved_at
        states = dict(self._fields[f"{target}_state"]._description_selection(self.env))
        state = self[f"{target}_state"]
        return {
            "target": target,
            "state": state,
            "state_name": states[state],
            "promise": self.env._(
                "within %(time)s of working time", time=self._aftersales_time(minutes)
            )
            if self.aftersales_clock_calendar_id
            else self.env._("within %(time)s", time=self._aftersales_time(minutes)),
            "calendar": self.aftersales_clock_calendar_id.name or "",
            "start": self._aftersales_when(self.received_at),
            "deadline": self._aftersales_when(self[f"{target}_deadline"]),
            "done": self._aftersales_when(done),
        }

    def _aftersales_stretch_told(self, stretch, mark):
        names = dict(
            self.env["aftersales.clock.mark"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        naive = [at and at.replace(tzinfo=None) for at in (stretch.start, stretch.end)]
        return {
            "state": stretch.state,
            "state_name": names[stretch.state],
            "start": self._aftersales_when(mark.at or naive[0]),
            "end": self._aftersales_when(naive[1]),
            "minutes": stretch.minutes,
            "time": self._aftersales_time(stretch.minutes),
            "stage": mark.stage_id.name or "",
            "by": mark.user_id.name or "",
        }

    def _aftersales_when(self, at):
        zone = str(self.env.tz)
        return format_datetime(self.env, at, zone, "medium") if at else ""

    @api.model
    def _aftersales_time(self, minutes):
        """Minutes in words: 1 h 30 min."""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.env._("%s min", rest)
        if not rest:
            return self.env._("%s h", hours)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
