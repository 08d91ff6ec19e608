# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr, format_date

# What must not have changed when a freed charge goes back to its invoice line
# (R16). The amount of work is not among them: its cents move between the charges
# of a month (R13), so the amount that was invoiced is put back instead.
SIGNATURE = [
    "kind",
    "date",
    "date_start",
    "date_end",
    "ticket_id",
    "timesheet_id",
    "fee_id",
    "service_id",
    "service_mode",
    "grade_id",
    "band",
    "minutes_worked",
    "minutes",
    "minutes_taken",
    "quantity",
    "unit",
    "price_unit",
    "discount",
    "currency_id",
]
# What a charge says on its invoice line comes back with it.
RESTORED = ("amount", "reason_code", "reason_args")
# Kinds whose amount is not decided by quantity and price alone.
FEE_KINDS = ("fee", "true_up", "credit")
KINDS = [
    ("fee", "Fee"),
    ("included", "Included"),
    ("allowance", "From allowance"),
    ("overage", "Overage"),
    ("billable", "Billable"),
    ("incident", "Incident"),
    ("quoted", "Quoted"),
    ("true_up", "True-up"),
    ("credit", "Credit"),
    ("adjustment", "Adjustment"),
    ("unrated", "No price yet"),
]
BANDS = [
    ("normal", "Working hours"),
    ("after_hours", "After hours"),
    ("holiday", "Holiday"),
]
MODES = [("remote", "Remote"), ("onsite", "On-site")]
UNITS = [("hour", "Hour"), ("day", "Day"), ("incident", "Incident"), ("unit", "Unit")]


class AftersalesCharge(models.Model):
    """One priced thing: a piece of work, a fee of a period.

    Written by the rating run only; a person reads it. What an invoice line
    carries is frozen (R16).
    """

    _name = "aftersales.charge"
    _description = "After-sales Charge"
    _order = "date desc, id desc"

    # Its company is the contract's, so that there is nothing to compare.
    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    # Computed, and not read-only for code: rating gives a new charge what follows from
    # its other values, which Odoo would work out charge by charge.
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        index=True,
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_commercial_partner_id",
        store=True,
        readonly=False,
        index=True,
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    timesheet_id = fields.Many2one(
        "account.analytic.line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    fee_id = fields.Many2one(
        "aftersales.plan.fee",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Date(
        required=True,
        readonly=True,
        index=True,
        help="Day of the work, or the day the charge counts for.",
    )
    date_start = fields.Date(
        string="From", readonly=True, help="First day that the fee covers."
    )
    date_end = fields.Date(
        string="To", readonly=True, help="Last day that the fee covers."
    )
    service_id = fields.Many2one(
        "aftersales.service", readonly=True, index=True, ondelete="restrict"
    )
    service_mode = fields.Selection(MODES, readonly=True)
    grade_id = fields.Many2one("aftersales.grade", readonly=True, ondelete="restrict")
    band = fields.Selection(BANDS, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    minutes_worked = fields.Integer(
        readonly=True, help="Minutes of work behind this charge."
    )
    minutes = fields.Integer(
        readonly=True, help="Minutes billed: worked minutes after rounding."
    )
    minutes_taken = fields.Float(
        readonly=True, digits=0, help="Minutes taken from the grant."
    )
    quantity = fields.Float(
        readonly=True, digits=0, help="Billed quantity in the unit, not rounded."
    )
    unit = fields.Selection(UNITS, readonly=True)
    grant_id = fields.Many2one(
        "aftersales.grant", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    rate_id = fields.Many2one(
        "aftersales.plan.rate", readonly=True, ondelete="restrict"
    )
    price_unit = fields.Float(
        string="Price", readonly=True, digits=0, min_display_digits="Product Price"
    )
    discount = fields.Float(string="Discount (%)", readonly=True, digits=0)
    amount = fields.Monetary(readonly=True, help="What the customer pays, before tax.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    reason_code = fields.Char(readonly=True)
    reason_args = fields.Json(readonly=True)
    reason = fields.Char(
        compute="_compute_reason",
        help="Why it costs what it costs, in the reader's language.",
    )
    is_waiting = fields.Boolean(
        readonly=True, help="Waits for a price or an acceptance; is not billed."
    )
    invoice_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    invoice_id = fields.Many2one(
        related="invoice_line_id.move_id", string="Invoice", readonly=True
    )
    state = fields.Selection(
        [("open", "Open"), ("waiting", "Waiting"), ("invoiced", "Invoiced")],
        compute="_compute_state",
        store=True,
        readonly=False,
        index=True,
    )

    _key_uniq = models.UniqueIndex(
        "(contract_id, key)", "This work or fee period is charged already."
    )

    @api.depends("contract_id.company_id")
    def _compute_company_id(self):
        for charge in self:
            charge.company_id = charge.contract_id.company_id

    @api.depends("contract_id.commercial_partner_id")
    def _compute_commercial_partner_id(self):
        for charge in self:
            charge.commercial_partner_id = charge.contract_id.commercial_partner_id

    @api.depends("invoice_line_id", "is_waiting")
    def _compute_state(self):
        for charge in self:
            if charge.invoice_line_id:
                charge.state = "invoiced"
            else:
                charge.state = "waiting" if charge.is_waiting else "open"

    @api.depends("reason_code", "reason_args")
    @api.depends_context("lang")
    def _compute_reason(self):
        sentences = self.env["aftersales.wording"]._sentences(self)
        for charge in self:
            charge.reason = sentences[charge.id]

    @api.depends("date", "ticket_id", "fee_id", "service_id", "amount")
    @api.depends_context("lang")
    def _compute_display_name(self):
        # Safe: names only; the ticket may be a colleague's, and is named on the charge.
        for charge in self:
            charge.display_name = charge.sudo()._aftersales_label()

    def write(self, vals):
        """Refuse to change what an invoice carries, superuser included (R16)."""
        self._check_not_frozen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()

    def action_aftersales_invoice(self):
        """Invoice these charges as far as they are open; the schedule stays (R14)."""
        contracts = self.contract_id
        contracts._aftersales_lock()
        moves = self.env["aftersales.billing"]._bill_open(contracts, self)
        action = contracts._aftersales_invoices_action(moves)
        return contracts._aftersales_name_failed(action)

    def action_open_timesheet(self):
        """Open the work behind this charge."""
        self.ensure_one()
        view = self.env.ref("hr_timesheet.timesheet_view_form_user")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Timesheet"),
            "res_model": "account.analytic.line",
            "res_id": self.timesheet_id.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_open_ticket(self):
        """Open the ticket that asked for the work of this charge."""
        self.ensure_one()
        return self._action_open(self.ticket_id, self.env._("Ticket"))

    def action_open_contract(self):
        """Open the contract under which this charge is priced."""
        self.ensure_one()
        return self._action_open(self.contract_id, self.env._("Contract"))

    def action_open_invoice(self):
        """Open the invoice that carries this charge."""
        self.ensure_one()
        return self._action_open(self.invoice_id, self.env._("Invoice"))

    @api.model
    def _action_list(self, domain):
        """Return the action that lists charges."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "erp_aftersales.aftersales_charge_action"
        )
        return action | {"domain": domain, "context": {"create": False}}

    def _action_open(self, record, name):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _check_not_frozen(self):
        """Name the invoice that keeps a charge from being changed."""
        for charge in self:
            if charge.invoice_line_id:
                raise UserError(
                    self.env._(
                        "%(charge)s is on %(invoice)s and cannot be changed. Delete "
                        "or cancel the invoice first, or correct the work.",
                        charge=charge._aftersales_label(),
                        invoice=charge.invoice_id.display_name,
                    )
                )

    def _aftersales_rewrite(self, vals_by_id):
        """Give open charges the values that rating found, all in one statement.

        :param dict vals_by_id: for each the values of the same fields
        """
        for charge_id, vals in vals_by_id.items():
            charge = self.browse(charge_id)
            charge.write(vals)
            # The database is updated once for all records of which the same fields
            # changed; which values differ would part them into many groups.
            for field in map(self._fields.get, vals):
                value = field.convert_to_cache(charge[field.name], charge)
                field._update_cache(charge, value, dirty=True)

    def _aftersales_link(self, line):
        """Freeze charges on an invoice line, or move frozen ones to it."""
        return self._write_unguarded({"invoice_line_id": line.id})

    def _aftersales_free(self):
        """Let go of the invoice line; the caller rates the contracts again."""
        return self._write_unguarded({"invoice_line_id": False})

    def _aftersales_restore(self, line, snapshots):
        """Freeze charges on their old line with the cents they had there."""
        self._aftersales_link(line)
        for charge, was in zip(self, snapshots, strict=True):
            now = charge._aftersales_snapshot()
            if any(now[name] != was[name] for name in RESTORED):
                vals = {name: was[name] for name in RESTORED}
                charge._write_unguarded(vals | {"amount": float(was["amount"])})

    def _write_unguarded(self, vals):
        """Write past the guard of frozen charges: for freezing and freeing only."""
        # pylint: disable=super-method-mismatch
        return super().write(vals)

    def _aftersales_snapshot(self):
        """Return what identifies and describes one charge, ready for Json."""
        self.ensure_one()
        return {
            "contract": self.contract_id.id,
            "key": self.key,
            "label": self._aftersales_label(),
            "amount": float_repr(self.amount, self.currency_id.decimal_places),
            "reason_code": self.reason_code,
            "reason_args": self.reason_args,
            "signature": [self._aftersales_plain(name) for name in SIGNATURE],
        }

    def _aftersales_plain(self, name):
        """Return a field's value as text that equal values share."""
        value = self[name]
        if isinstance(value, models.BaseModel):
            return value.id
        if isinstance(value, float):
            return format(Decimal(format(value, ".12g")).normalize() + 0, "f")
        return str(value) if value else ""

    def _aftersales_is_unchanged(self, was):
        """Tell whether this charge still is the one of a snapshot."""
        now = self._aftersales_snapshot()
        if self.kind in FEE_KINDS and now["amount"] != was["amount"]:
            return False
        return now["signature"] == was["signature"]

    def _aftersales_label(self):
        """Name a charge for a message, without its sentence."""
        self.ensure_one()
        what = self.ticket_id.display_name or self.fee_id.display_name
        return " · ".join(
            part
            for part in (
                format_date(self.env, self.date),
                what or self.service_id.display_name,
                self.currency_id.format(self.amount),
            )
            if part
        )
