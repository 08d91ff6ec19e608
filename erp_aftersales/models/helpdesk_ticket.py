# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .aftersales_charge import MODES
from .aftersales_finder import KNOWN
from .helpdesk_ticket_rating import TRIGGERS


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "aftersales.charged.mixin"]
    _aftersales_charge_field = "ticket_id"

    received_at = fields.Datetime(
        string="Received",
        default=fields.Datetime.now,
        copy=False,
        index=True,
        help="When the request came in: an e-mail's own date, not the fetch time.",
    )
    contract_id = fields.Many2one(
        "contract.contract",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
        help="Work on this ticket is charged by this contract. Found by itself when "
        "the customer has exactly one that is running.",
    )
    installation_id = fields.Many2one(
        "aftersales.installation",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
        help="The customer's system that needs help; its region decides the rate.",
    )
    service_id = fields.Many2one(
        "aftersales.service",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
        help="What is asked for. Timesheets take it over until changed by hand.",
    )
    service_mode = fields.Selection(
        MODES,
        string="Mode",
        required=True,
        default="remote",
        tracking=True,
        groups="base.group_user",
        help="How it is served. Timesheets take it over until changed by hand.",
    )
    timesheet_ids = fields.One2many(
        "account.analytic.line",
        "ticket_id",
        groups="hr_timesheet.group_hr_timesheet_user",
    )
    hours_worked = fields.Float(
        compute="_compute_hours_worked",
        groups="hr_timesheet.group_hr_timesheet_user",
        help="Hours logged on this ticket, as worked.",
    )
    charge_ids = fields.One2many(
        "aftersales.charge",
        "ticket_id",
        readonly=True,
        groups="erp_aftersales.group_user",
    )
    charge_count = fields.Integer(
        compute="_compute_charges", groups="erp_aftersales.group_user"
    )
    charge_amount = fields.Monetary(
        string="Charged",
        compute="_compute_charges",
        currency_field="charge_currency_id",
        groups="erp_aftersales.group_user",
        help="What the work on this ticket costs the customer so far, before tax.",
    )
    charge_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_charges",
        groups="erp_aftersales.group_user",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count", groups="erp_aftersales.group_user"
    )

    @api.depends("number", "name")
    def _compute_display_name(self):
        """A ticket that is being typed has no number: '/ - False' is no name."""
        new = self.filtered(lambda ticket: not ticket._origin)
        for ticket in new:
            ticket.display_name = ticket.name
        return super(HelpdeskTicket, self - new)._compute_display_name()

    @api.depends("timesheet_ids.unit_amount", "timesheet_ids.product_uom_id")
    def _compute_hours_worked(self):
        # A ticket shows all its hours, also those of colleagues.
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["id:recordset"]
            )
        )
        found = {
            ticket.id: sum(timesheets._aftersales_minutes().values())
            for ticket, timesheets in groups
        }
        for ticket in self:
            ticket.hours_worked = found.get(ticket._origin.id, 0) / 60

    @api.depends("charge_ids.amount", "contract_id")
    def _compute_charges(self):
        groups = self.env["aftersales.charge"]._read_group(
            [("ticket_id", "in", self.ids)],
            ["ticket_id"],
            ["__count", "amount:sum", "currency_id:recordset"],
        )
        found = {ticket.id: values for ticket, *values in groups}
        for ticket in self:
            count, amount, currency = found.get(ticket._origin.id, (0, 0.0, None))
            ticket.charge_count = count
            ticket.charge_amount = amount
            ticket.charge_currency_id = currency or ticket.company_id.currency_id

    @api.depends("charge_ids.invoice_line_id")
    def _compute_invoice_count(self):
        for ticket, invoices in self._aftersales_invoices().items():
            ticket.invoice_count = len(invoices)

    @api.constrains("contract_id", "installation_id", "partner_id", "company_id")
    def _check_aftersales_customer(self):
        # The contract may be one that the writer cannot read; only names are shown.
        for ticket in self.sudo():
            for owned in (ticket.contract_id, ticket.installation_id):
                if owned:
                    ticket._check_aftersales_owner(owned)

    def _check_aftersales_owner(self, owned):
        """Refuse a contract or installation of somebody else."""
        owner = owned.partner_id.commercial_partner_id
        names = {
            "ticket": self.number,
            "record": owned.display_name,
            "owner": owner.display_name,
            "customer": self.commercial_partner_id.display_name,
            "company": self.company_id.display_name,
        }
        if self.commercial_partner_id and owner != self.commercial_partner_id:
            raise ValidationError(
                self.env._(
                    "Ticket %(ticket)s is of %(customer)s, but '%(record)s' belongs "
                    "to %(owner)s: choose one of this customer.",
                    **names,
                )
            )
        if owned.company_id and owned.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "Ticket %(ticket)s is of company %(company)s, but '%(record)s' "
                    "belongs to another company: choose one of this company.",
                    **names,
                )
            )

    @api.constrains("contract_id")
    def _check_aftersales_timesheets(self):
        # A contract given later must fit the work that is there, whoever logged it.
        self.sudo().timesheet_ids._check_aftersales_work()

    def _check_aftersales_frozen(self, vals):
        """Refuse to move invoiced work to another contract or customer (R16)."""
        if not vals.keys() & {"contract_id", "partner_id"}:
            return
        moved = self.filtered(lambda ticket: ticket._aftersales_is_moved_by(vals))
        charge = moved._aftersales_invoiced_charges(limit=1)
        if charge:
            raise UserError(
                self.env._(
                    "Work on ticket %(ticket)s is on invoice %(invoice)s: its contract "
                    "and customer cannot change. Credit the invoice with 'bill this "
                    "work again', or open another ticket.",
                    ticket=charge.ticket_id.number,
                    invoice=charge.invoice_id.display_name,
                )
            )

    def _aftersales_is_moved_by(self, vals):
        contract_id = vals.get("contract_id", self.contract_id.id) or False
        partner = self.env["res.partner"].browse(
            vals.get("partner_id", self.partner_id.id)
        )
        # Compared, not shown: the new customer may be hidden from the writer.
        commercial = partner.sudo().commercial_partner_id
        return (
            contract_id != self.contract_id.id
            or commercial.id != self.commercial_partner_id.id
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        charge = self._aftersales_invoiced_charges(limit=1)
        if charge:
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s is on invoice %(invoice)s and cannot be "
                    "deleted: archive it.",
                    ticket=charge.ticket_id.number,
                    invoice=charge.invoice_id.display_name,
                )
            )
        # Also work of colleagues, which the writer may not see, would be lost.
        timesheet = self.sudo().timesheet_ids[:1]
        if timesheet:
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s has timesheets and cannot be deleted: archive "
                    "it, or move or delete its timesheets first.",
                    ticket=timesheet.ticket_id.number,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Find contract, installation, service, project where there is one answer."""
        defaults = self.default_get(list(KNOWN))
        known_list = [{**defaults, **vals} for vals in vals_list]
        for vals, known in zip(vals_list, known_list, strict=True):
            if not known.get("project_id"):
                known.pop("project_id", None)
            vals["received_at"] = vals.get("received_at") or known["received_at"]
        found_list = self.env["aftersales.finder"]._found(known_list)
        for vals, found in zip(vals_list, found_list, strict=True):
            vals.update(found)
        tickets = super().create(vals_list)
        tickets._aftersales_rate_new()
        return tickets

    def write(self, vals):
        """Fill in what a new customer, contract or category decides; rate anew."""
        if not vals.keys() & TRIGGERS:
            return super().write(vals)
        self._check_aftersales_frozen(vals)
        before = self._aftersales_facts()
        groups = self.env["aftersales.finder"]._found_by_values(self, vals)
        for found, tickets in groups.items():
            super(HelpdeskTicket, tickets).write({**vals, **dict(found)})
        self._aftersales_rate_changed(before)
        return True

    def unlink(self):
        """Take the open charges along: without their ticket they have no reason."""
        days = self._aftersales_days(self._aftersales_facts())
        self._aftersales_unlink_open_charges()
        result = super().unlink()
        self._aftersales_rate_since(days)
        return result

    @api.onchange("partner_id", "company_id")
    def _onchange_aftersales_customer(self):
        for name in ("contract_id", "installation_id"):
            owner = self[name].sudo().partner_id.commercial_partner_id
            if self[name] and owner != self.partner_id.commercial_partner_id:
                self[name] = False
        self._aftersales_fill_form()

    @api.onchange("contract_id")
    def _onchange_aftersales_contract(self):
        self._aftersales_fill_form()

    @api.onchange("category_id")
    def _onchange_aftersales_category(self):
        if self.category_id.aftersales_service_id:
            self.service_id = self.category_id.aftersales_service_id

    def _aftersales_fill_form(self):
        finder = self.env["aftersales.finder"]
        known = finder._known(self, {})
        for name in ("contract_id", "installation_id", "service_id"):
            if not known[name]:
                del known[name]
        self.update(finder._found([known])[0])

    def action_view_aftersales_contract(self):
        """Open the contract of this ticket."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "contract.contract",
            "view_mode": "form",
            "res_id": self.contract_id.id,
        }

    def action_view_aftersales_invoices(self):
        """Open the invoices that carry charges of these tickets."""
        self.check_access("read")
        invoices = self.env["account.move"].browse()
        for found in self._aftersales_invoices().values():
            invoices |= found
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", invoices.ids)],
            "context": {"create": False},
            "name": self.env._("Invoices"),
        }

    def _aftersales_invoices(self):
        """Invoices by ticket; those on them may be hidden from support, not counted."""
        charges = self.env["aftersales.charge"].sudo()
        groups = charges._read_group(
            [("ticket_id", "in", self.ids), ("invoice_line_id", "!=", False)],
            ["ticket_id"],
            ["invoice_line_id:recordset"],
        )
        found = {ticket.id: lines.move_id for ticket, lines in groups}
        none = self.env["account.move"]
        return {t: found.get(t._origin.id, none).sudo(False) for t in self}
