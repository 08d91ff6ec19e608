# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

STATES = [
    ("none", "No estimate"),
    ("draft", "Not sent"),
    ("sent", "Waits for the customer"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("expired", "Expired"),
]
OPEN = ("draft", "sent")


class HelpdeskTicket(models.Model):
    """The customer hears what work will cost before it begins (E3)."""

    _inherit = "helpdesk.ticket"

    aftersales_estimate_id = fields.Many2one(
        "sale.order",
        string="Estimate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="erp_aftersales.group_user",
        help="The latest estimate or supplement of this ticket.",
    )
    aftersales_estimate_state = fields.Selection(
        STATES,
        string="Estimate is",
        compute="_compute_aftersales_estimate",
        search="_search_aftersales_estimate_state",
        groups="erp_aftersales.group_user",
    )
    aftersales_estimate_text = fields.Char(
        string="Estimate says",
        compute="_compute_aftersales_estimate",
        groups="erp_aftersales.group_user",
    )
    aftersales_needs_estimate = fields.Boolean(
        compute="_compute_aftersales_needs_estimate",
        groups="erp_aftersales.group_user",
        help="Work of this service waits for a quotation, and none is accepted.",
    )

    @api.constrains("aftersales_estimate_id")
    def _check_aftersales_estimate(self):
        """Only an estimate of the ticket itself: its page is shown to support."""
        # Compared only; support has no rights on orders.
        for ticket in self.sudo():
            order = ticket.aftersales_estimate_id
            if order and not (
                order.aftersales_is_estimate and ticket in order.ticket_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Order %(order)s is no estimate of ticket %(ticket)s: make one "
                        "with the button on the ticket.",
                        order=order.id,
                        ticket=ticket.number,
                    )
                )

    @api.depends("aftersales_estimate_id.state", "aftersales_estimate_id.validity_date")
    @api.depends_context("lang")
    def _compute_aftersales_estimate(self):
        # Support has no rights on orders; number, amount and state are for them.
        for ticket in self.sudo():
            order = ticket.aftersales_estimate_id
            state = order._aftersales_estimate_state() if order else "none"
            ticket.aftersales_estimate_state = state
            ticket.aftersales_estimate_text = (
                order and ticket._aftersales_estimate_says(order, state)
            )

    @api.model
    def _aftersales_estimate_says(self, order, state):
        names = {
            "order": order.name,
            "amount": order.currency_id.format(order.amount_untaxed),
            "state": dict(
                self._fields["aftersales_estimate_state"]._description_selection(
                    self.env
                )
            )[state],
        }
        if state in OPEN and order.validity_date:
            return self.env._(
                "%(order)s, %(amount)s: %(state)s, valid until %(date)s",
                date=format_date(self.env, order.validity_date),
                **names,
            )
        return self.env._("%(order)s, %(amount)s: %(state)s", **names)

    @api.model
    def _search_aftersales_estimate_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        expired = Domain("validity_date", "<", today)
        valid = Domain("validity_date", "=", False) | Domain(
            "validity_date", ">=", today
        )
        orders = {
            "draft": Domain("state", "=", "draft") & valid,
            "sent": Domain("state", "=", "sent") & valid,
            "accepted": Domain("state", "=", "sale"),
            "declined": Domain("state", "=", "cancel"),
            "expired": Domain("state", "in", OPEN) & expired,
        }
        found = Domain.FALSE
        for state in value:
            if state == "none":
                found |= Domain("aftersales_estimate_id", "=", False)
            else:
                # Tickets are found; of their orders nothing is shown.
                found |= Domain("aftersales_estimate_id", "any!", orders[state])
        return found

    @api.depends("contract_id", "service_id", "service_mode", "sale_order_ids.state")
    def _compute_aftersales_needs_estimate(self):
        # The question is what the contract does with the service, no more.
        tickets = self.sudo()
        saved = tickets.filtered(lambda t: t.contract_id.aftersales_plan_id and t.ids)
        policies = saved and self.env["aftersales.rating"]._policies(saved)
        for ticket in tickets:
            is_quoted = (policies or {}).get(ticket.id) == "quote"
            accepted = ticket.sale_order_ids.filtered(lambda o: o.state == "sale")
            ticket.aftersales_needs_estimate = is_quoted and not accepted

    def action_aftersales_estimate(self):
        """Open the dialogue that estimates work; a supplement if some is accepted."""
        self.ensure_one()
        estimate, supplement = self.env._("Estimate"), self.env._("Supplement")
        accepted = self.aftersales_accepted_amount or self.aftersales_estimated_hours
        return {
            "type": "ir.actions.act_window",
            "name": supplement if accepted else estimate,
            "res_model": "aftersales.estimate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id, "dialog_size": "extra-large"},
        }

    def action_aftersales_estimate_accepted(self):
        """Note that the customer accepted the estimate by phone."""
        return self._aftersales_answer_dialogue(True)

    def action_aftersales_estimate_declined(self):
        """Note that the customer declined the estimate, and why."""
        return self._aftersales_answer_dialogue(False)

    def _aftersales_answer_dialogue(self, accepts):
        self.ensure_one()
        accepted, declined = self.env._("Accepted by phone"), self.env._("Declined")
        return {
            "type": "ir.actions.act_window",
            "name": accepted if accepts else declined,
            "res_model": "aftersales.estimate.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_accepts": accepts},
        }

    def action_aftersales_estimate_open(self):
        """Open the estimate: the order, or for support the page the customer sees."""
        self.ensure_one()
        self.check_access("read")
        order = self.sudo().aftersales_estimate_id
        if order.sudo(False).has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "sale.order",
                "view_mode": "form",
                "res_id": order.id,
            }
        # Whoever serves the ticket made the estimate, and may see what was sent.
        return {
            "type": "ir.actions.act_url",
            "url": order.get_portal_url(),
            "target": "new",
        }

    def _aftersales_waiting_stage(self):
        """The first stage of the ticket's team that waits for the customer."""
        self.ensure_one()
        stages = self.env["helpdesk.ticket.stage"]
        return stages.search(
            [
                ("aftersales_pauses", "=", True),
                ("closed", "=", False),
                ("company_id", "in", (self.company_id.id, False)),
                "|",
                ("team_ids", "=", False),
                ("team_ids", "in", self.team_id.ids),
            ],
            limit=1,
        )
