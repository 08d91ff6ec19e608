# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..models.aftersales_charge import MODES
from ..models.helpdesk_ticket_head import HEAD_KINDS

FOLLOW = ("installation_id", "service_id")
GIVEN = (*FOLLOW, "contract_id", "company_id", "category_id", "user_id")


class AftersalesPhoneCall(models.TransientModel):
    """Somebody calls: who it is, what he has, what he wants, and what it costs (D1).

    The call becomes a ticket, or is logged on one that is open.
    """

    _name = "aftersales.phone.call"
    _description = "Phone Call"

    number = fields.Char(
        string="Caller's number",
        help="In any writing, with or without country and area.",
    )
    received_at = fields.Datetime(
        string="Called at", required=True, default=fields.Datetime.now
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    caller_ids = fields.Many2many(
        "res.partner", string="Found by number", compute="_compute_caller_ids"
    )
    caller_count = fields.Integer(compute="_compute_caller_ids")
    partner_id = fields.Many2one(
        "res.partner",
        string="Caller",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer"
    )
    contact_name = fields.Char(
        string="Name", help="Of somebody who is no contact yet: one is made."
    )
    contact_customer_id = fields.Many2one(
        "res.partner",
        string="Works for",
        domain="[('is_company', '=', True), ('company_id', 'in', (company_id, False))]",
    )
    contact_email = fields.Char(string="E-mail")
    candidate_ids = fields.Many2many(
        "contract.contract", compute="_compute_candidate_ids"
    )
    contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_contract_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
    )
    installation_id = fields.Many2one(
        "aftersales.installation", compute="_compute_found", store=True, readonly=False
    )
    service_id = fields.Many2one(
        "aftersales.service", compute="_compute_found", store=True, readonly=False
    )
    service_mode = fields.Selection(
        MODES, string="Mode", required=True, default="remote"
    )
    category_id = fields.Many2one("helpdesk.ticket.category")
    priority = fields.Selection(
        lambda self: (
            self.env["helpdesk.ticket"]
            ._fields["priority"]
            ._description_selection(self.env)
        ),
        default="1",
    )
    name = fields.Char(string="Subject")
    description = fields.Text(string="What was said")
    open_ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        string="Open tickets of the customer",
        compute="_compute_open_ticket_ids",
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="About an open ticket",
        compute="_compute_ticket_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', open_ticket_ids)]",
        help="The call is logged on this ticket. Empty: it becomes a ticket.",
    )
    head_kind = fields.Selection(HEAD_KINDS, compute="_compute_head")
    head_title = fields.Char(compute="_compute_head")
    head_detail = fields.Text(compute="_compute_head")

    @api.depends("number")
    def _compute_caller_ids(self):
        for call in self:
            callers = self.env["res.partner"]._aftersales_callers(call.number)
            call.caller_ids = callers
            call.caller_count = len(callers)

    @api.depends("number")
    def _compute_partner_id(self):
        for call in self:
            # A company is nobody who calls, where one of its people has the number.
            callers = call.caller_ids._origin
            customers = callers.commercial_partner_id
            people = callers - customers
            if len(customers) == 1 and len(people) == 1:
                callers = people
            if call.partner_id._origin not in callers or len(callers) == 1:
                call.partner_id = callers if len(callers) == 1 else False

    @api.depends("number", "partner_id", "contact_customer_id")
    def _compute_candidate_ids(self):
        for call in self:
            ticket = self.env["helpdesk.ticket"].new(call._ticket_values())
            call.candidate_ids = ticket.aftersales_candidate_ids

    @api.depends("number", "partner_id", "contact_customer_id")
    def _compute_contract_id(self):
        for call, found in zip(self, self._found(), strict=True):
            call.contract_id = found.get("contract_id", False)

    @api.depends(
        "number", "partner_id", "contact_customer_id", "contract_id", "category_id"
    )
    def _compute_found(self):
        for call, found in zip(self, self._found("contract_id"), strict=True):
            for name in FOLLOW:
                call[name] = found.get(name, False)

    def _found(self, *decided):
        """What the finder finds for each call, given what somebody decided."""
        known_list = [call._known(decided) for call in self]
        return self.env["aftersales.finder"]._found(known_list) if self else []

    @api.depends("number", "partner_id", "contact_customer_id")
    def _compute_open_ticket_ids(self):
        tickets = self.env["helpdesk.ticket"]
        for call in self:
            domain = tickets._aftersales_open_domain(
                call._asker().commercial_partner_id
            )
            call.open_ticket_ids = tickets.search(domain)

    @api.depends("number", "partner_id", "contact_customer_id")
    def _compute_ticket_id(self):
        for call in self:
            call.ticket_id &= call.open_ticket_ids

    @api.depends(
        "number",
        "partner_id",
        "contact_customer_id",
        "contract_id",
        "installation_id",
        "service_id",
        "service_mode",
        "ticket_id",
    )
    @api.depends_context("lang")
    def _compute_head(self):
        for call in self:
            ticket = call.ticket_id._origin
            if not ticket:
                ticket = self.env["helpdesk.ticket"].new(call._ticket_values())
            call.head_kind = ticket.aftersales_head_kind
            call.head_title = ticket.aftersales_head_title
            call.head_detail = ticket.aftersales_head_detail

    def _asker(self):
        """The contact; else the customer, if it is clear which one calls."""
        customers = self.caller_ids._origin.commercial_partner_id
        one = customers if len(customers) == 1 else customers.browse()
        return (self.partner_id or self.contact_customer_id or one)._origin

    def _known(self, decided):
        """What decides for the finder which contract, installation and service."""
        return {
            "partner_id": self._asker().id,
            "company_id": self.company_id._origin.id,
            "category_id": self.category_id._origin.id,
            "received_at": self.received_at,
            "project_id": False,
            **{name: self[name]._origin.id for name in decided},
        }

    def _ticket_values(self):
        """Values of the ticket that the call becomes."""
        values = {name: self[name]._origin.id for name in GIVEN}
        values["partner_id"] = self._asker().id
        return {
            **values,
            "name": self.name,
            "description": plaintext2html(self.description or ""),
            "service_mode": self.service_mode,
            "priority": self.priority,
            "received_at": self.received_at,
        }

    def action_make_ticket(self):
        """Make a ticket of the call, and open it."""
        self.ensure_one()
        if not self.name:
            raise UserError(
                self.env._("Type a subject, so that the ticket has a name.")
            )
        self._take_contact()
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_phone", raise_if_not_found=False
        )
        values = self._ticket_values()
        # Whoever takes the call only takes it over as the company's setting says.
        del values["user_id"]
        ticket = self.env["helpdesk.ticket"].create(
            {
                **values,
                "channel_id": channel and channel.id,
                "partner_name": self.partner_id.name,
                "partner_email": self.partner_id.email,
            }
        )
        return self._open(ticket)

    def action_log_call(self):
        """Log the call on the open ticket it is about, and open that."""
        self.ensure_one()
        if not self.ticket_id:
            raise UserError(
                self.env._("Choose the open ticket that the call is about.")
            )
        self._take_contact()
        said = [self.partner_id.name, self.number, self.name, self.description]
        note = Markup("<br/>").join(plain for plain in said if plain)
        call = self.ticket_id.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.env.uid, summary=self.name
        )
        call.action_feedback(feedback=note)
        return self._open(self.ticket_id)

    def _take_contact(self):
        """Make the contact of somebody who is none yet; keep a new number."""
        if not self.contact_name or self.caller_count:
            self.partner_id = self._asker()
        if self.partner_id or not self.contact_name:
            return
        # The desk makes the contact of whoever calls; other contacts stay untouched.
        self.partner_id = (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": self.contact_name,
                    "phone": self.number,
                    "email": self.contact_email,
                    "parent_id": self.contact_customer_id.id,
                    "lang": self.contact_customer_id.lang or self.env.lang,
                }
            )
            .sudo(False)
        )

    def _open(self, ticket):
        return {
            "type": "ir.actions.act_window",
            "res_model": ticket._name,
            "res_id": ticket.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
