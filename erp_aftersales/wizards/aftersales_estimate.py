# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

VALID_DAYS = 30


class AftersalesEstimate(models.TransientModel):
    """Says what work on a ticket will cost, and makes the quotation to accept (E3).

    Where something was accepted before, it is a supplement: it asks for the difference.
    """

    _name = "aftersales.estimate"
    _description = "Estimate Work"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    commercial_partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id", string="Customer"
    )
    currency_id = fields.Many2one(related="ticket_id.aftersales_currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="For",
        required=True,
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        help="Receives it by e-mail, and signs or declines it.",
    )
    line_ids = fields.One2many(
        "aftersales.estimate.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    accepted_amount = fields.Monetary(
        string="Accepted so far", compute="_compute_balance"
    )
    is_supplement = fields.Boolean(compute="_compute_balance")
    balance = fields.Monetary(
        string="Worked beyond it, or left of it",
        compute="_compute_balance",
        help="What the work done so far costs beyond the allowance, less what was "
        "accepted for it. Below zero: what is left of the accepted amount.",
    )
    total = fields.Monetary(string="To be accepted", compute="_compute_total")
    validity_date = fields.Date(
        string="Valid until", required=True, default=lambda self: self._valid_until()
    )
    note = fields.Html(string="To the customer")
    waits = fields.Boolean(
        string="Ticket waits for the customer",
        default=True,
        help="When it is sent, the ticket moves to the stage that waits for the "
        "customer: the clock of its promise rests until the answer.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Its prices are shown to those who serve the ticket."""
        wizards = super().create(vals_list)
        wizards.ticket_id.check_access("write")
        return wizards

    @api.model
    def _valid_until(self):
        return fields.Date.context_today(self) + timedelta(days=VALID_DAYS)

    @api.depends("ticket_id")
    def _compute_partner_id(self):
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.partner_id = ticket.partner_id or ticket.contract_id.partner_id

    @api.depends("ticket_id")
    def _compute_line_ids(self):
        """One line of the ticket's service, by the grade of who serves it."""
        for wizard in self:
            ticket = wizard.ticket_id
            # Only the grade is taken, to begin with.
            grade = ticket.sudo().user_id.employee_id.aftersales_grade_id
            wizard.line_ids = [
                Command.clear(),
                Command.create(
                    {
                        "name": ticket.name,
                        "service_id": ticket.service_id.id,
                        "service_mode": ticket.service_mode or "remote",
                        "grade_id": grade.id,
                    }
                ),
            ]

    @api.depends("ticket_id")
    def _compute_balance(self):
        for wizard in self:
            # Whoever serves the ticket estimates with all that it costs by now.
            ticket = wizard.ticket_id.sudo()
            accepted = ticket.aftersales_accepted_amount
            wizard.accepted_amount = accepted
            wizard.balance = ticket._aftersales_to_accept() - accepted
            wizard.is_supplement = bool(accepted or ticket.aftersales_estimated_hours)

    @api.depends(
        "line_ids.hours",
        "line_ids.service_id",
        "line_ids.service_mode",
        "line_ids.grade_id",
        "balance",
    )
    def _compute_total(self):
        for wizard in self:
            amounts = [amount or 0 for _line, amount, _why in wizard._priced()]
            wizard.total = float(sum(amounts)) + wizard.balance

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        for line, amount, why in self._priced():
            line.amount, line.why = float(amount or 0), why

    def _priced(self):
        """The lines with amount and sentence; no amount where there is no rate."""
        lines = self.line_ids.filtered(lambda line: line.hours > 0 and line.service_id)
        found = self.env["aftersales.preview.work"]._estimate(
            self.ticket_id._origin, [line._draft() for line in lines]
        )
        return [
            (line, amount, why)
            for line, (amount, why) in zip(lines, found, strict=True)
        ]

    def action_make(self):
        """Make the quotation and leave it a draft."""
        self._make()
        return {"type": "ir.actions.act_window_close"}

    def action_send(self):
        """Make the quotation and send it to the customer."""
        # Support has no rights on orders; this one is for the ticket that it serves.
        self._make().sudo()._aftersales_send(self.waits)
        return {"type": "ir.actions.act_window_close"}

    def _make(self):
        """The quotation; it takes the place of an estimate that is not answered."""
        self.ensure_one()
        self.ticket_id.check_access("write")
        lines = self._order_lines()
        total = sum(line["price_unit"] for line in lines)
        if self.currency_id.compare_amounts(total, 0) <= 0:
            raise UserError(
                self.env._(
                    "There is nothing to accept on ticket %s: the contract covers this "
                    "work, or what the customer accepted pays for it.",
                    self.ticket_id.number,
                )
            )
        # Support has no rights on orders; this one is for the ticket that it serves.
        ticket = self.ticket_id.sudo()
        replaced = ticket.sale_order_ids.filtered(
            lambda order: (
                order.aftersales_is_estimate and order.state in ("draft", "sent")
            )
        )
        order = self.env["sale.order"].sudo().create(self._order_values(lines))
        ticket.aftersales_estimate_id = order
        for old in replaced:
            old.with_context(aftersales_replaced=True)._action_cancel()
            old.message_post(body=self.env._("Replaced by %s.", order.name))
        self._say(order)
        return order

    def _say(self, order):
        self.ticket_id.message_post(
            body=self.env._(
                "Estimate %(order)s for %(partner)s: %(amount)s, valid until %(date)s.",
                order=order.name,
                partner=self.partner_id.display_name,
                amount=self.currency_id.format(order.amount_untaxed),
                date=self.validity_date,
            )
        )

    def _order_values(self, lines):
        ticket = self.ticket_id.sudo()  # its contract may be hidden from support
        values = {
            "partner_id": self.partner_id.id,
            "company_id": ticket.company_id.id,
            "user_id": self.env.uid,
            "order_line": [Command.create(line) for line in lines],
        }
        if ticket.contract_id:
            values = ticket.contract_id._aftersales_quotation_values(lines)
        return {
            **values,
            "partner_id": self.partner_id.id,
            "ticket_ids": [Command.set(ticket.ids)],
            "validity_date": self.validity_date,
            "note": False if is_html_empty(self.note) else self.note,
            "require_signature": True,
            "require_payment": False,
            "aftersales_is_estimate": True,
            "aftersales_is_supplement": self.is_supplement,
        }

    def _order_lines(self):
        """Values of the order's lines, in the customer's language."""
        said = self.with_context(lang=self.partner_id.lang or self.env.lang)
        priced = said._priced()
        if not priced:
            raise UserError(
                self.env._("Type the hours of the work that is to be estimated.")
            )
        for _line, amount, why in priced:
            if amount is None:
                raise UserError(
                    self.env._(
                        "This work has no price: %(why)s Add a rate to the contract, "
                        "its plan or the standard rate card.",
                        why=why,
                    )
                )
        lines = [
            said._order_line(
                f"{line.name or line.service_id.name}\n{why}", float(amount), line.hours
            )
            for line, amount, why in priced
        ]
        if not self.currency_id.is_zero(self.balance):
            lines.insert(0, said._order_line(said._balance_name(), self.balance))
        return lines

    def _balance_name(self):
        if self.balance < 0:
            return self.env._("Less what is left of the amount accepted before")
        if self.accepted_amount:
            return self.env._("Work done so far beyond the amount accepted before")
        return self.env._("Work done so far beyond the included hours")

    def _order_line(self, name, amount, hours=0):
        return {
            "product_id": self.env.ref("erp_aftersales.product_estimate").id,
            "name": name,
            "product_uom_qty": 1,
            "price_unit": amount,
            "aftersales_estimated_hours": hours,
        }
