# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import float_compare

WARNS, FULL = 80, 100  # percent of what was accepted
CAP_ACTIVITY = "erp_aftersales.mail_activity_type_cap"


class HelpdeskTicket(models.Model):
    """Work stops at what the customer accepted: a warning before, a question at it."""

    _inherit = "helpdesk.ticket"

    aftersales_is_capped = fields.Boolean(
        string="Stops at the estimate",
        compute="_compute_aftersales_accepted_amount",
        store=True,
        groups="base.group_user",
        help="An estimate is accepted: no work is billed beyond its amount.",
    )
    aftersales_used_amount = fields.Monetary(
        string="Used of it",
        compute="_compute_aftersales_cap",
        currency_field="aftersales_currency_id",
        groups="erp_aftersales.group_user",
        help="What the ticket costs beyond its allowance by now, accepted or not.",
    )
    aftersales_left_amount = fields.Monetary(
        string="Left of it",
        compute="_compute_aftersales_cap",
        currency_field="aftersales_currency_id",
        groups="erp_aftersales.group_user",
    )
    aftersales_estimated_hours = fields.Float(
        string="Estimated",
        compute="_compute_aftersales_cap",
        groups="erp_aftersales.group_user",
        help="Hours of the accepted estimates that bill this work themselves.",
    )
    aftersales_quoted_hours = fields.Float(
        string="Worked of them",
        compute="_compute_aftersales_cap",
        groups="erp_aftersales.group_user",
    )
    aftersales_used_percent = fields.Float(
        string="Used (%)",
        compute="_compute_aftersales_cap",
        groups="erp_aftersales.group_user",
        help="Of the accepted amount, or of the estimated hours: whichever is more.",
    )
    aftersales_cap_level = fields.Integer(
        string="Told at (%)",
        readonly=True,
        copy=False,
        aggregator=None,
        groups="erp_aftersales.group_user",
        help="The share of what was accepted at which somebody was told: 80 or 100.",
    )

    @api.depends(
        "aftersales_accepted_amount",
        "charge_ids.amount",
        "charge_ids.minutes",
        "sale_order_ids.state",
        "sale_order_ids.aftersales_is_acceptance",
    )
    def _compute_aftersales_cap(self):
        # How far work has come is for whoever sees the ticket; no order is shown.
        tickets = self.sudo()
        known = tickets._origin
        beyond, quoted = known._aftersales_beyond(), known._aftersales_quoted_minutes()
        for ticket in tickets:
            id_, accepted = ticket._origin.id, ticket.aftersales_accepted_amount
            used, hours = beyond.get(id_, 0.0), quoted.get(id_, 0) / 60
            estimated = ticket._aftersales_accepted_hours()
            ticket.aftersales_used_amount = used
            ticket.aftersales_left_amount = max(accepted - used, 0.0)
            ticket.aftersales_estimated_hours = estimated
            ticket.aftersales_quoted_hours = hours
            ticket.aftersales_used_percent = 100 * max(
                used / accepted if accepted else 0.0,
                hours / estimated if estimated else 0.0,
            )

    def _aftersales_has_estimate(self):
        """Whether an acceptance that counts comes from an estimate (E3)."""
        self.ensure_one()
        counting = self.aftersales_acceptance_ids.filtered(lambda a: a._counts())
        return any(counting.order_id.mapped("aftersales_is_estimate"))

    def _aftersales_to_accept(self):
        """What an estimate asks to accept of the work done so far.

        Once it is accepted, all open work with a price counts for it.
        """
        self.ensure_one()
        # Whoever serves the ticket estimates with all that it costs by now.
        open_work = self.sudo().charge_ids.filtered(
            lambda charge: (
                charge.state != "invoiced"
                and charge.kind == "billable"
                and not charge._is_beyond_allowance()
            )
        )
        return self.sudo().aftersales_used_amount + sum(open_work.mapped("amount"))

    def _aftersales_quoted_minutes(self):
        """Minutes that quotations bill, by ticket id."""
        groups = self.env["aftersales.charge"]._read_group(
            [("ticket_id", "in", self.ids), ("kind", "=", "quoted")],
            ["ticket_id"],
            ["minutes:sum"],
        )
        return {ticket.id: minutes for ticket, minutes in groups}

    def _aftersales_accepted_hours(self):
        """Hours of the confirmed estimates that bill the work themselves (R12)."""
        orders = self.sale_order_ids.filtered(
            lambda order: (
                order.state == "sale"
                and order.aftersales_is_estimate
                and not order.aftersales_is_acceptance
            )
        )
        return sum(orders.order_line.mapped("aftersales_estimated_hours"))

    def _aftersales_watch_caps(self, tells=True):
        """Tell whoever serves these tickets how much of what was accepted is used.

        Each threshold is told once; a supplement that raises the cap begins anew.
        Rating calls this with the tickets whose charges it changed.

        :param tells: False when the customer has just accepted, and knows
        """
        if self.env.context.get("aftersales_no_alert"):
            return
        self.invalidate_recordset(["aftersales_used_percent"])
        for ticket in self:
            percent, level = ticket.aftersales_used_percent, 0
            for threshold in (WARNS, FULL):
                if float_compare(percent, threshold, precision_digits=6) >= 0:
                    level = threshold
            told = ticket.aftersales_cap_level
            if level != told:
                ticket.aftersales_cap_level = level
            if tells and level > told:
                ticket._aftersales_tell_cap(level)

    def _aftersales_tell_cap(self, level):
        """Note on the ticket, and an activity for who serves it."""
        self.ensure_one()
        contract = self.contract_id
        user = self.user_id or contract.service_manager_id or contract.user_id
        # Written in the language of whoever reads it, not of whoever logged the work.
        ticket = self.with_context(lang=user.lang or self.env.lang)
        summary = ticket._aftersales_cap_says(level)
        ticket.message_post(body=summary)
        if user:
            ticket.activity_schedule(CAP_ACTIVITY, summary=summary, user_id=user.id)

    def _aftersales_cap_says(self, level):
        currency = self.aftersales_currency_id
        if self.aftersales_accepted_amount:
            used = currency.format(self.aftersales_used_amount)
            cap = currency.format(self.aftersales_accepted_amount)
        else:
            number = self.env["aftersales.wording"]._number
            used = self.env._("%s h", number(self.aftersales_quoted_hours))
            cap = self.env._("%s h", number(self.aftersales_estimated_hours))
        if level < FULL:
            return self.env._(
                "%(used)s of the accepted %(cap)s are used: tell the customer before "
                "it is all.",
                used=used,
                cap=cap,
            )
        return self.env._(
            "%(used)s are worked, and %(cap)s are accepted: what goes beyond is not "
            "billed until the customer accepts a supplement.",
            used=used,
            cap=cap,
        )
