# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

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
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id",
        string="Customer",
        store=True,
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
    key = fields.Char(required=True, readonly=True, index=True)
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
        index=True,
    )

    _key_uniq = models.UniqueIndex(
        "(contract_id, key)", "This work or fee period is charged already."
    )

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
