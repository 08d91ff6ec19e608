# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .aftersales_charge import MODES

RATED_FIELDS = (
    "unit_amount",
    "product_uom_id",
    "date",
    "start_datetime",
    "employee_id",
    "ticket_id",
    "project_id",
    "task_id",
    "service_id",
    "service_mode",
)
BY_HAND = {"service_id": "service_by_hand", "service_mode": "service_mode_by_hand"}


class AccountAnalyticLine(models.Model):
    _name = "account.analytic.line"
    _inherit = ["account.analytic.line", "aftersales.charged.mixin"]
    _aftersales_charge_field = "timesheet_id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        help="The ticket this work was done for; its contract charges it.",
    )
    service_id = fields.Many2one(
        "aftersales.service",
        compute="_compute_service_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Follows the ticket until changed by hand.",
    )
    service_by_hand = fields.Boolean(copy=False)
    service_mode = fields.Selection(
        MODES,
        string="Mode",
        compute="_compute_service_mode",
        store=True,
        readonly=False,
        help="Follows the ticket until changed by hand.",
    )
    service_mode_by_hand = fields.Boolean(copy=False)
    start_datetime = fields.Datetime(
        string="Started",
        copy=False,
        help="When the work began, if known: it decides the date, and which minutes "
        "fall after hours. Without it all of it counts as within working hours.",
    )
    charge_ids = fields.One2many(
        "aftersales.charge",
        "timesheet_id",
        readonly=True,
        groups="erp_aftersales.group_user",
    )
    charge_amount = fields.Monetary(
        string="Charged",
        compute="_compute_charge_amount",
        currency_field="charge_currency_id",
        groups="erp_aftersales.group_user",
        help="What this work costs the customer, before tax.",
    )
    charge_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_charge_amount",
        groups="erp_aftersales.group_user",
    )
    charge_kinds = fields.Char(
        string="Charged as",
        compute="_compute_charge_amount",
        groups="erp_aftersales.group_user",
    )

    @api.depends("ticket_id.service_id")
    def _compute_service_id(self):
        for line in self._aftersales_following("service_id"):
            line.service_id = line.ticket_id.service_id

    @api.depends("ticket_id.service_mode")
    def _compute_service_mode(self):
        for line in self._aftersales_following("service_mode"):
            line.service_mode = line.ticket_id.service_mode or "remote"

    def _aftersales_following(self, name):
        """The lines whose field follows the ticket: not set by hand, not invoiced."""
        lines = self.filtered(
            lambda line: (
                line.ticket_id and not line[BY_HAND[name]] and line._is_not_billed()
            )
        )
        return lines - lines._aftersales_invoiced_charges().timesheet_id.sudo(False)

    @api.depends("charge_ids.amount", "charge_ids.kind")
    def _compute_charge_amount(self):
        kinds = dict(
            self.env["aftersales.charge"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        for line in self:
            charges = line.charge_ids.sorted("id")
            currency = charges.currency_id[:1] or line.currency_id
            line.charge_amount = sum(charges.mapped("amount"))
            line.charge_currency_id = currency
            line.charge_kinds = self.env["aftersales.wording"]._list(
                dict.fromkeys(kinds[charge.kind] for charge in charges)
            )

    @api.onchange("start_datetime", "ticket_id")
    def _onchange_start_datetime(self):
        if self.start_datetime:
            self.date = self._aftersales_company()._aftersales_day(self.start_datetime)

    @api.onchange("ticket_id")
    def _onchange_ticket_id(self):
        # Ids only: the ticket's project may be one that the writer cannot read.
        ticket = self.sudo().ticket_id
        if ticket.project_id:
            self.project_id = ticket.project_id.sudo(False)
            self.task_id = ticket.task_id.sudo(False)

    @api.constrains("ticket_id", "unit_amount", "date")
    def _check_aftersales_work(self):
        """Refuse work that no contract can charge, whoever saves it."""
        # The contract may be one that the writer cannot read; its name is shown.
        for line in self.sudo():
            contract = line.ticket_id.contract_id
            if contract:
                line._check_aftersales_hours(contract)
                line._check_aftersales_date(contract)
                line._check_aftersales_unbilled(contract)

    def _check_aftersales_hours(self, contract):
        if self.unit_amount < 0:
            raise ValidationError(
                self.env._(
                    "Work on ticket %(ticket)s on %(date)s has negative hours. Under "
                    "contract %(contract)s type the hours worked; to take work back, "
                    "lower or delete the timesheet that is too long.",
                    ticket=self.ticket_id.number,
                    date=self.date,
                    contract=contract.display_name,
                )
            )

    def _check_aftersales_date(self, contract):
        start, end = contract.date_start, contract.date_end
        if (not start or start <= self.date) and (not end or self.date <= end):
            return
        names = {
            "ticket": self.ticket_id.number,
            "date": self.date,
            "contract": contract.display_name,
            "start": start,
            "end": end,
        }
        if start and self.date < start:
            raise ValidationError(
                self.env._(
                    "Work on ticket %(ticket)s on %(date)s is before contract "
                    "%(contract)s begins (%(start)s): correct the date, or the "
                    "ticket's contract.",
                    **names,
                )
            )
        raise ValidationError(
            self.env._(
                "Work on ticket %(ticket)s on %(date)s is after contract "
                "%(contract)s ended (%(end)s): correct the date, or the ticket's "
                "contract.",
                **names,
            )
        )

    def _check_aftersales_unbilled(self, contract):
        if self.so_line and not self._is_not_billed():
            raise ValidationError(
                self.env._(
                    "Work on ticket %(ticket)s on %(date)s is on invoice %(invoice)s "
                    "of its sales order already: contract %(contract)s cannot charge "
                    "it again. Credit that invoice first.",
                    ticket=self.ticket_id.number,
                    date=self.date,
                    invoice=self.timesheet_invoice_id.display_name,
                    contract=contract.display_name,
                )
            )

    def _check_can_write(self, values):
        if values.keys() & set(RATED_FIELDS):
            self._check_aftersales_frozen()
        return super()._check_can_write(values)

    def _check_aftersales_frozen(self):
        """Refuse to change what a customer was billed for (R17)."""
        charge = self._aftersales_invoiced_charges(limit=1)
        if charge:
            raise UserError(
                self.env._(
                    "The work of %(date)s on ticket %(ticket)s is on invoice "
                    "%(invoice)s and cannot be changed or deleted: credit the invoice "
                    "with 'bill this work again', or have a manager correct it.",
                    date=charge.timesheet_id.date,
                    ticket=charge.timesheet_id.ticket_id.number,
                    invoice=charge.invoice_id.display_name,
                )
            )

    def _is_readonly(self):
        # Shown as read-only to everybody, also to those who see no charges.
        charges = self.sudo().charge_ids
        return super()._is_readonly() or "invoiced" in charges.mapped("state")

    @api.model_create_multi
    def create(self, vals_list):
        """Take what is missing from the ticket, then rate all contracts at once."""
        tickets = self._aftersales_tickets(vals_list)
        for vals in vals_list:
            ticket = tickets.get(vals.get("ticket_id"))
            if ticket:
                vals.update(self._aftersales_values(ticket, vals))
                vals.setdefault("company_id", ticket.company_id.id)
            if vals.get("start_datetime"):
                company = ticket.company_id if ticket else self.env.company
                vals["date"] = company._aftersales_day(vals["start_datetime"])
        lines = super().create(vals_list)
        worked = lines.filtered("ticket_id")
        # Days and contracts count, also those that the writer may not see.
        worked._aftersales_rate(
            {
                line.id: (line.ticket_id.contract_id.id, line.date)
                for line in worked.sudo()
            }
        )
        return lines

    def write(self, vals):
        """Rate the contracts, old and new, of the lines that really changed."""
        if not vals.keys() & {*RATED_FIELDS, "so_line"}:
            return super().write(vals)
        before = self._aftersales_facts()
        for extra, lines in self._aftersales_by_extra(vals).items():
            super(AccountAnalyticLine, lines).write({**vals, **dict(extra)})
        after = self._aftersales_facts()
        changed = self.filtered(lambda line: before[line.id] != after[line.id])
        changed._aftersales_rate(before, after)
        return True

    def unlink(self):
        """Take the open charges along, then rate what is left."""
        self._check_aftersales_frozen()
        before = self._aftersales_facts()
        self._aftersales_unlink_open_charges()
        result = super().unlink()
        self._aftersales_rate(before)
        return result

    @api.model
    def _aftersales_tickets(self, vals_list):
        """The tickets of values to be created, by id; puts a default into them."""
        default_id = self.env.context.get("default_ticket_id")
        for vals in vals_list:
            if default_id:
                vals.setdefault("ticket_id", default_id)
        ids = {vals["ticket_id"] for vals in vals_list if vals.get("ticket_id")}
        # Whoever may log work may log it on a ticket that somebody else serves.
        return {t.id: t for t in self.env["helpdesk.ticket"].sudo().browse(ids)}

    @api.model
    def _aftersales_values(self, ticket, vals):
        """Values that a new line takes from its ticket, under those given."""
        values = {}
        if not (vals.get("project_id") or vals.get("task_id")):
            values.update(self._aftersales_project_values(ticket))
        if not vals.get("service_mode"):
            vals.pop("service_mode", None)
        values.update(self._aftersales_by_hand(ticket, vals))
        values.update(
            {
                name: value
                for name, value in self._aftersales_followed(ticket).items()
                if name not in vals
            }
        )
        if ticket.contract_id and "so_line" in vals:
            values["so_line"] = False
        return values

    @api.model
    def _aftersales_project_values(self, ticket):
        if not ticket.project_id:
            raise ValidationError(
                self.env._(
                    "Ticket %(ticket)s has no project, so no work can be logged on "
                    "it: give it a project, for example '%(project)s'.",
                    ticket=ticket.number,
                    project=ticket.company_id._aftersales_project().display_name,
                )
            )
        return {"project_id": ticket.project_id.id, "task_id": ticket.task_id.id}

    @api.model
    def _aftersales_by_hand(self, ticket, vals):
        """Whether given values differ from what the line would take over."""
        followed = self._aftersales_followed(ticket)
        return {
            flag: vals[name] != followed[name]
            for name, flag in BY_HAND.items()
            if name in vals
        }

    @api.model
    def _aftersales_followed(self, ticket):
        """What a line takes over from its ticket, until it is changed by hand."""
        return {
            "service_id": ticket.service_id.id,
            "service_mode": ticket.service_mode or "remote",
        }

    def _aftersales_by_extra(self, vals):
        """Lines by the values that each needs beside ``vals``, as items of a dict."""
        tickets = self._aftersales_tickets([vals])
        groups = {}
        # Only ids are compared; the ticket may be one that the writer cannot read.
        for line, line_sudo in zip(self, self.sudo(), strict=True):
            moved = "ticket_id" in vals and tickets.get(vals["ticket_id"])
            ticket = moved or line_sudo.ticket_id
            extra = self._aftersales_by_hand(ticket, vals)
            if moved and moved != line_sudo.ticket_id and "project_id" not in vals:
                extra.update(self._aftersales_project_values(moved))
            start = vals.get("start_datetime", line.start_datetime)
            if start and vals.keys() & {"start_datetime", "date"}:
                company = ticket.company_id or line._aftersales_company()
                extra["date"] = company._aftersales_day(start)
            if vals.get("so_line") and ticket.contract_id:
                extra["so_line"] = line._aftersales_quoted_line().id
            key = tuple(sorted(extra.items()))
            groups[key] = groups.get(key, self.browse()) | line
        return groups or {(): self}

    def _aftersales_company(self):
        """The company whose days count for this line."""
        # Its zone is no secret, and the ticket may be one that the writer cannot read.
        ticket = self.sudo().ticket_id
        return (ticket.company_id or self.company_id or self.env.company).sudo()
