# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import format_datetime

EMERGENCY_ACTIVITY = "erp_aftersales.mail_activity_type_emergency"
HIGHEST = "3"


class HelpdeskTicket(models.Model):
    """An emergency is flagged, quoted on the spot and accepted afterwards (A9)."""

    _inherit = "helpdesk.ticket"

    aftersales_is_emergency = fields.Boolean(
        string="Emergency",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Work cannot wait. Whether it may begin without the customer's acceptance "
        "is agreed in the contract.",
    )
    aftersales_emergency_by_id = fields.Many2one(
        "res.users", string="Flagged by", readonly=True, copy=False
    )
    aftersales_emergency_at = fields.Datetime(
        string="Flagged at", readonly=True, copy=False
    )
    aftersales_emergency_asked = fields.Boolean(readonly=True, copy=False)
    aftersales_emergency_text = fields.Char(
        compute="_compute_aftersales_emergency_text", groups="base.group_user"
    )

    @api.depends("aftersales_is_emergency", "contract_id.aftersales_emergency_allowed")
    @api.depends_context("lang", "tz")
    def _compute_aftersales_emergency_text(self):
        # What the contract agrees for emergencies is for whoever serves the ticket.
        for ticket in self.sudo():
            flagged = ticket.aftersales_is_emergency
            ticket.aftersales_emergency_text = flagged and ticket._emergency_says()

    def _emergency_says(self):
        """Whether work may begin, and else what to do first."""
        self.ensure_one()
        contract, currency = self.contract_id, self.aftersales_currency_id
        if not contract.aftersales_emergency_allowed:
            return self.env._(
                "No contract of this ticket lets work begin without acceptance: send "
                "an estimate, or have it accepted by phone, before work is charged."
            )
        if not contract.aftersales_emergency_limit:
            return self.env._(
                "The contract lets work begin at once: what is not included waits for "
                "the customer's acceptance afterwards."
            )
        return self.env._(
            "The contract lets work begin at once, beyond its allowance up to %s: what "
            "is not included waits for the customer's acceptance afterwards.",
            currency.format(contract.aftersales_emergency_limit),
        )

    def action_aftersales_emergency(self):
        """Flag these tickets as emergencies: the highest priority, and a note."""
        self.check_access("write")
        flagged = self.filtered(lambda ticket: not ticket.aftersales_is_emergency)
        flagged.write(
            {
                "aftersales_is_emergency": True,
                "aftersales_emergency_by_id": self.env.uid,
                "aftersales_emergency_at": fields.Datetime.now(),
                "priority": HIGHEST,
            }
        )
        for ticket in flagged:
            ticket.message_post(
                body=self.env._(
                    "Emergency, flagged by %(user)s at %(time)s. %(terms)s",
                    user=self.env.user.name,
                    time=format_datetime(self.env, ticket.aftersales_emergency_at),
                    terms=ticket.aftersales_emergency_text,
                )
            )

    def action_aftersales_no_emergency(self):
        """Take the flag back; the priority stays for whoever serves the ticket."""
        self.check_access("write")
        flagged = self.filtered("aftersales_is_emergency")
        flagged.write({"aftersales_is_emergency": False})
        for ticket in flagged:
            ticket.message_post(body=self.env._("No emergency any more."))

    def _aftersales_watch_caps(self, tells=True):
        """An emergency whose work waits is accepted afterwards: somebody asks, once."""
        super()._aftersales_watch_caps(tells)
        if self.env.context.get("aftersales_no_alert"):
            return
        waiting = self.filtered(
            lambda ticket: (
                ticket.aftersales_is_emergency
                and not ticket.aftersales_emergency_asked
                and any(ticket.charge_ids.mapped("is_waiting"))
            )
        )
        for ticket in waiting:
            ticket.aftersales_emergency_asked = True
            contract = ticket.contract_id
            user = ticket.user_id or contract.service_manager_id or contract.user_id
            if user:
                # Written in the language of whoever reads it.
                said = ticket.with_context(lang=user.lang or self.env.lang).env
                ticket.activity_schedule(
                    EMERGENCY_ACTIVITY,
                    summary=said._(
                        "Ask the customer to accept the work of this emergency"
                    ),
                    user_id=user.id,
                )
