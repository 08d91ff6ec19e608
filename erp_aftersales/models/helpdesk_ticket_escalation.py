# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

RAISED = {"at_risk": "risk", "breached": "breach"}
ACTIVITIES = {
    "risk": "erp_aftersales.mail_activity_type_at_risk",
    "breach": "erp_aftersales.mail_activity_type_breached",
}


class HelpdeskTicket(models.Model):
    """At risk and breach tell those who can still do something, once (L5)."""

    _inherit = "helpdesk.ticket"

    aftersales_raised = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What was told already, so that it is told once.",
    )

    def _aftersales_raise(self, now):
        """Tell the team's leader of risks, and the service manager of breaches too.

        A ticket that is solved needs nobody any more: activities about it go.
        """
        told, tellings = {}, []
        for ticket in self:
            known = set((ticket.aftersales_raised or "").split())
            for target in ("response", "resolution"):
                level = RAISED.get(ticket[f"{target}_state"])
                code = f"{target}_{level}"
                if level and code not in known:
                    known.add(code)
                    tellings.append((ticket, target, level))
            if (words := " ".join(sorted(known))) != (ticket.aftersales_raised or ""):
                told[ticket] = {"aftersales_raised": words}
        self._aftersales_note(told)
        if tellings:
            self._aftersales_tell(tellings, now)
        self._aftersales_tell_no_more()

    def _aftersales_tell(self, tellings, now):
        tickets = self.browse({ticket.id for ticket, _target, _level in tellings})
        days = self.env["aftersales.clock"]._next_open_days(tickets.team_id, now)
        self.env["mail.activity"].create(
            [
                ticket._aftersales_to_do(
                    ACTIVITIES[level],
                    user,
                    ticket.with_context(lang=user.lang)._aftersales_telling(
                        target, level
                    ),
                    date_deadline=days.get(ticket.team_id)
                    or ticket.company_id._aftersales_day(now),
                )
                for ticket, target, level in tellings
                for user in ticket._aftersales_to_tell(level)
            ]
        )

    def _aftersales_to_do(self, xmlid, user, summary, **more):
        """The values of an activity on this ticket that nobody made by hand.

        Made together, many activities for different people cost what one costs.

        :param xmlid: of the type of activity
        """
        self.ensure_one()
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(xmlid),
            "automated": True,
            "user_id": user.id,
            "summary": summary,
            **more,
        }

    def _aftersales_to_tell(self, level):
        """The leader; of a breach the service manager too; else whoever has it."""
        users = self.team_id.user_id
        if level == "breach":
            users |= self.contract_id.service_manager_id
        users = users.filtered("active")
        return users or (self.user_id or self.contract_id.user_id).filtered("active")

    def _aftersales_telling(self, target, level):
        """The summary of an activity, in the reader's language."""
        texts = {
            ("response", "risk"): self.env._("The first answer is at risk"),
            ("response", "breach"): self.env._("The first answer is late"),
            ("resolution", "risk"): self.env._("The solution is at risk"),
            ("resolution", "breach"): self.env._("The solution is late"),
        }
        return texts[target, level]

    def _aftersales_tell_no_more(self):
        """Take away what was told of tickets that are solved."""
        solved = self.filtered("resolved_at")
        if not solved:
            return
        types = self.env["mail.activity.type"].browse(
            [self.env.ref(xmlid).id for xmlid in ACTIVITIES.values()]
        )
        self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", solved.ids),
                ("activity_type_id", "in", types.ids),
                ("automated", "=", True),
            ]
        ).unlink()
