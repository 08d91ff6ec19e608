# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, format_date


class AftersalesGrant(models.Model):
    _name = "aftersales.grant"
    _description = "After-sales Grant"
    _order = "contract_id, date_start, priority, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", string="Customer", store=True
    )
    allowance_id = fields.Many2one(
        "aftersales.plan.allowance",
        ondelete="restrict",
        index="btree_not_null",
        help="The row of the plan that grants it. Empty for packs and manual grants.",
    )
    origin = fields.Selection(
        [
            ("plan", "Plan"),
            ("rollover", "Rollover"),
            ("purchase", "Purchased pack"),
            ("manual", "Manual"),
        ],
        required=True,
        default="manual",
    )
    unit = fields.Selection(
        [("hour", "Hours"), ("incident", "Incidents")], required=True, default="hour"
    )
    minutes = fields.Integer(
        compute="_compute_minutes",
        store=True,
        readonly=False,
        help="What was made available, in whole minutes; follows the quantity.",
    )
    quantity = fields.Float(
        required=True, digits=0, help="What was made available, in the unit."
    )
    used = fields.Float(compute="_compute_used", digits=0)
    remaining = fields.Float(compute="_compute_used", digits=0)
    used_percent = fields.Float(
        string="Used (%)", compute="_compute_used", digits=(16, 1)
    )
    minutes_used = fields.Float(compute="_compute_used", digits=0)
    minutes_remaining = fields.Float(compute="_compute_used", digits=0)
    service_ids = fields.Many2many(
        "aftersales.service",
        help="Services it pays for. Empty: all services.",
    )
    date_start = fields.Date(required=True)
    date_end = fields.Date(help="Last day of use. Empty: no end.")
    date_agreed = fields.Date(
        readonly=True,
        help="Last day as agreed when it opened; another plan may end it before.",
    )
    priority = fields.Integer(
        default=10, help="The grant with the lowest number is used first."
    )
    reason = fields.Char(help="Why this grant was given by hand.")
    charge_ids = fields.One2many("aftersales.charge", "grant_id", string="Charges")

    @api.depends("quantity", "unit")
    def _compute_minutes(self):
        for grant in self:
            hours = grant.quantity if grant.unit == "hour" else 0
            grant.minutes = round(hours * 60)

    @api.depends(
        "quantity", "minutes", "unit", "charge_ids.minutes_taken", "charge_ids.quantity"
    )
    def _compute_used(self):
        # Safe: sums over a grant's own charges; what is left is the same for all.
        charges = self.env["aftersales.charge"].sudo()
        taken = {
            grant.id: sums
            for grant, *sums in charges._read_group(
                [("grant_id", "in", self.ids)],
                ["grant_id"],
                ["minutes_taken:sum", "quantity:sum"],
            )
        }
        for grant in self:
            minutes, quantity = taken.get(grant._origin.id, (0, 0))
            in_hours = grant.unit == "hour"
            grant.used = minutes / 60 if in_hours else quantity
            grant.remaining = grant.quantity - grant.used
            grant.used_percent = (
                100 * grant.used / grant.quantity if grant.quantity else 0
            )
            grant.minutes_used = minutes if in_hours else 0
            grant.minutes_remaining = grant.minutes - grant.minutes_used

    @api.depends("allowance_id", "origin", "reason", "date_start", "date_end")
    def _compute_display_name(self):
        origins = dict(self._fields["origin"]._description_selection(self.env))
        for grant in self:
            name = grant.allowance_id.name or grant.reason or origins.get(grant.origin)
            days = " - ".join(
                format_date(self.env, day)
                for day in (grant.date_start, grant.date_end)
                if day
            )
            grant.display_name = f"{name} ({days})" if days else name

    @api.constrains("contract_id", "origin", "quantity")
    def _check_quantity(self):
        for grant in self:
            sign = float_compare(grant.quantity, 0, precision_digits=9)
            if sign < 0 or (sign == 0 and grant.origin == "manual"):
                raise ValidationError(
                    self.env._(
                        "The grant '%s' needs a quantity above zero: enter the hours "
                        "or incidents that it makes available.",
                        grant.display_name,
                    )
                )

    @api.constrains("contract_id", "date_start", "date_end")
    def _check_dates(self):
        for grant in self:
            if grant.date_end and grant.date_end < grant.date_start:
                raise ValidationError(
                    self.env._(
                        "The grant '%s' ends before it begins: enter a last day on or "
                        "after its first day, or none.",
                        grant.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create grants; a person makes only manual ones, which re-rate (R19)."""
        self._check_by_hand(vals.get("origin") for vals in vals_list)
        grants = super().create(vals_list)
        grants._rate_manual()
        return grants

    def write(self, vals):
        """Change grants; a person changes only manual ones, which re-rate (R19)."""
        self._check_by_hand([*self.mapped("origin"), vals.get("origin")])
        days = [grant.date_start for grant in self if grant.origin == "manual"]
        result = super().write(vals)
        self._rate_manual(days)
        return result

    def unlink(self):
        """Delete manual grants that no invoice used; work is rated without them."""
        self._check_by_hand(self.mapped("origin"))
        manual = self.filtered(lambda grant: grant.origin == "manual")
        contracts, days = manual.contract_id, manual.mapped("date_start")
        manual._let_go()
        result = super().unlink()
        if contracts:
            self.env["aftersales.rating"]._rate(contracts, since=min(days))
        return result

    def action_open_charges(self):
        """Open the work that this grant paid for."""
        return self.env["aftersales.charge"]._action_list(
            [("grant_id", "in", self.ids)]
        )

    def _check_by_hand(self, origins):
        """Plan, rollover and pack grants are results; only code writes them."""
        if not self.env.su and not {"manual", None}.issuperset(origins):
            raise UserError(
                self.env._(
                    "Grants of a plan or a pack follow from the contract and are not "
                    "edited: %s. To give the customer more, create a manual grant.",
                    ", ".join(self.mapped("display_name")) or self.env._("new"),
                )
            )

    def _let_go(self):
        """Take open charges off a grant that goes away; refuse invoiced ones."""
        charges = self.charge_ids
        frozen = charges.filtered("invoice_line_id")
        if frozen:
            raise UserError(
                self.env._(
                    "The grant '%(grant)s' pays for work on %(invoice)s. Set its last "
                    "day instead of deleting it.",
                    grant=frozen[0].grant_id.display_name,
                    invoice=frozen[0].invoice_id.display_name,
                )
            )
        # Safe: charges are written by code only; these are rated anew at once.
        charges.sudo().write({"grant_id": False})

    def _rate_manual(self, days=()):
        """Rate from the first day that a manual grant touches."""
        manual = self.filtered(lambda grant: grant.origin == "manual")
        if manual:
            since = min([*days, *manual.mapped("date_start")])
            self.env["aftersales.rating"]._rate(manual.contract_id, since=since)
