# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, format_date, formatLang

LOGGED_FIELDS = ("quantity", "unit", "date_start", "date_end", "reason")


class AftersalesGrant(models.Model):
    _name = "aftersales.grant"
    _description = "After-sales Grant"
    _order = "contract_id, date_start, priority, id"
    # A period is opened once, and a pack granted once, whoever runs at the same time.
    _plan_period_unique = models.UniqueIndex(
        "(contract_id, allowance_id, origin, date_start)"
        " WHERE origin IN ('plan', 'rollover') AND allowance_id IS NOT NULL",
        "This period of the allowance is open already.",
    )
    _sale_line_unique = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL",
        "This line of the sales order has its grant already.",
    )

    # Its company is the contract's, so that there is nothing to compare.
    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
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
    service_ids = fields.Many2many(
        "aftersales.service",
        string="Services",
        help="Services it pays for. Empty: all services.",
    )
    date_start = fields.Date(string="From", required=True)
    date_end = fields.Date(string="To", help="Last day of use. Empty: no end.")
    date_agreed = fields.Date(
        readonly=True,
        help="Last day as agreed when it opened; another plan may end it before.",
    )
    minutes_less = fields.Integer(
        string="Less",
        readonly=True,
        aggregator=None,
        help="So many minutes, or incidents, were used of the plan before beyond the "
        "share of its days: this grant is smaller by them.",
    )
    priority = fields.Integer(
        default=10, help="The grant with the lowest number is used first."
    )
    reason = fields.Char(help="Why this grant was given by hand; kept on the contract.")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The line of the sales order that sold this pack.",
    )
    pack_quantity = fields.Float(
        readonly=True,
        digits=0,
        help="What one pack gave when it was sold; a later change of the product does "
        "not change it.",
    )
    charge_ids = fields.One2many("aftersales.charge", "grant_id", string="Charges")

    @api.depends("quantity", "unit")
    def _compute_minutes(self):
        for grant in self:
            hours = grant.quantity if grant.unit == "hour" else 0
            grant.minutes = round(hours * 60)

    @api.depends(
        "allowance_id", "origin", "reason", "sale_line_id", "date_start", "date_end"
    )
    def _compute_display_name(self):
        for grant in self:
            name = grant._name_text()
            days = " - ".join(
                format_date(self.env, day)
                for day in (grant.date_start, grant.date_end)
                if day
            )
            grant.display_name = f"{name} ({days})" if days else name

    def _name_text(self):
        """Return what a grant is called, without its days."""
        self.ensure_one()
        if self.allowance_id and self.origin == "rollover":
            return self.env._("%s, passed on", self.allowance_id.name)
        # The name of what was bought is no secret to whoever sees the grant.
        product = self.sudo().sale_line_id.product_id.name
        origins = dict(self._fields["origin"]._description_selection(self.env))
        return (
            self.allowance_id.name or product or self.reason or origins.get(self.origin)
        )

    def _quantity_text(self, number, unit=None):
        """Return a quantity with its unit, the grant's, in the reader's language."""
        self.ensure_one()
        digits = (
            0 if float_compare(number, round(number), precision_digits=2) == 0 else 2
        )
        text = formatLang(self.env, number, digits=digits)
        if (unit or self.unit) == "hour":
            return self.env._("%s h", text)
        return self.env._("%s incidents", text)

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

    @api.constrains("contract_id", "quantity", "unit")
    def _check_invoiced_use(self):
        """What an invoice took of a grant cannot be taken back from it (R16)."""
        given = self.filtered(lambda grant: grant.origin in ("purchase", "manual"))
        for grant, minutes, count in given._taken([("state", "=", "invoiced")]):
            unit = "hour" if minutes else "incident"
            taken, size = (
                (minutes, grant.minutes) if minutes else (count, grant.quantity)
            )
            too_small = float_compare(taken, size, precision_digits=6) > 0
            if taken and (too_small or unit != grant.unit):
                raise ValidationError(
                    self.env._(
                        "Invoiced work has used %(used)s of the grant '%(grant)s': it "
                        "cannot give less. Credit the invoice first, or set its last "
                        "day to end it.",
                        used=grant._quantity_text(
                            taken / 60 if minutes else taken, unit
                        ),
                        grant=grant.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create grants; a person makes only manual ones, which re-rate (R19)."""
        for vals in vals_list:
            self._check_by_hand([vals.get("origin")], vals)
            self._check_reason(vals)
            self._add_allowance_values(vals)
        grants = super().create(vals_list)
        grants._log_manual(self.env._("%(user)s gave %(quantity)s by hand: %(reason)s"))
        grants._rate_manual()
        return grants

    def write(self, vals):
        """Change grants; a person changes only manual ones, which re-rate (R19)."""
        self._check_by_hand([*self.mapped("origin"), vals.get("origin")], vals)
        days = [grant.date_start for grant in self if grant.origin == "manual"]
        result = super().write(vals)
        if "minutes" in vals:  # computed: as a constraint it would run in between
            self._check_invoiced_use()
        if vals.keys() & set(LOGGED_FIELDS):
            self._log_manual(
                self.env._("%(user)s changed a manual grant: %(quantity)s, %(reason)s")
            )
        self._rate_manual(days)
        return result

    def unlink(self):
        """Delete manual grants that no invoice used; work is rated without them."""
        self._check_by_hand(self.mapped("origin"), {})
        manual = self.filtered(lambda grant: grant.origin == "manual")
        contracts, days = manual.contract_id, manual.mapped("date_start")
        manual._let_go()
        manual._log_manual(
            self.env._("%(user)s deleted a manual grant: %(quantity)s, %(reason)s")
        )
        result = super().unlink()
        if contracts:
            self.env["aftersales.rating"]._rate(contracts, since=min(days))
        return result

    def action_open_charges(self):
        """Open the work that this grant paid for."""
        return self.env["aftersales.charge"]._action_list(
            [("grant_id", "in", self.ids)]
        )

    def action_open_sale_order(self):
        """Open the sales order that sold this pack."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "res_id": self.sale_line_id.order_id.id,
        }

    @api.model
    def _check_reason(self, vals):
        """Whoever gives something by hand says why, where the screen asks for it."""
        asked = self.env.context.get("aftersales_by_hand")
        if (
            asked
            and vals.get("origin", "manual") == "manual"
            and not vals.get("reason")
        ):
            raise ValidationError(
                self.env._(
                    "Say why the customer gets this grant: enter a reason. It stays "
                    "on the contract."
                )
            )

    @api.model
    def _add_allowance_values(self, vals):
        """A manual grant that names an allowance serves what the allowance serves."""
        if vals.get("origin", "manual") == "manual" and vals.get("allowance_id"):
            allowance = self.env["aftersales.plan.allowance"].browse(
                vals["allowance_id"]
            )
            vals.setdefault("unit", allowance.unit)
            vals.setdefault("priority", allowance.priority)
            vals.setdefault("service_ids", [Command.set(allowance.service_ids.ids)])

    def _check_by_hand(self, origins, vals):
        """Plan, rollover and pack grants are results; only code writes them."""
        origins = {*origins, "purchase" if vals.get("sale_line_id") else None}
        if not self.env.su and not {"manual", None}.issuperset(origins):
            raise UserError(
                self.env._(
                    "Grants of a plan or a pack follow from the contract and are not "
                    "edited: %s. To give the customer more, create a manual grant.",
                    ", ".join(self.mapped("display_name")) or self.env._("new"),
                )
            )

    def _log_manual(self, sentence):
        """Write into the contract's history who gave what by hand, and why."""
        bodies = defaultdict(list)
        for grant in self.filtered(lambda grant: grant.origin == "manual"):
            text = sentence % {
                "user": self.env.user.name,
                "quantity": grant._quantity_text(grant.quantity),
                "reason": grant.reason or self.env._("no reason given"),
            }
            bodies[grant.contract_id.id].append(f"{text} [{grant.display_name}]")
        if bodies:
            # Whoever may change grants may write into the history of their contract.
            contracts = self.env["contract.contract"].sudo().browse(bodies)
            contracts._message_log_batch(
                {id_: Markup("<br/>").join(texts) for id_, texts in bodies.items()}
            )

    def _taken(self, domain=()):
        """What charges took of these grants: (grant, minutes, quantity) of each used.

        :param domain: which charges count; all by default
        """
        # Safe: sums over a grant's own charges; what is left is the same for all.
        charges = self.env["aftersales.charge"].sudo()
        groups = charges._read_group(
            [("grant_id", "in", self.ids), *domain],
            ["grant_id"],
            ["minutes_taken:sum", "quantity:sum"],
        )
        return [(grant.sudo(self.env.su), *sums) for grant, *sums in groups]

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
