# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesQuoteTraining(models.TransientModel):
    """Prices training or consulting by duration, attendees and level (A5)."""

    _name = "aftersales.quote.training"
    _description = "Quote Training or Consulting"

    contract_id = fields.Many2one(
        "contract.contract", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    offered_ids = fields.Many2many("product.product", compute="_compute_offered_ids")
    product_id = fields.Many2one(
        "product.product",
        string="Training",
        required=True,
        domain="[('id', 'in', offered_ids)]",
    )
    level = fields.Selection(
        lambda self: self._options("level"), required=True, default="basic"
    )
    attendees = fields.Integer(default=1, required=True, aggregator=None)
    duration = fields.Float(digits=0, default=1, required=True)
    unit = fields.Selection(
        lambda self: self._options("unit"), required=True, default="day"
    )
    amount = fields.Monetary(string="Price", compute="_compute_amount")
    calculation = fields.Char(compute="_compute_amount")

    @api.model_create_multi
    def create(self, vals_list):
        """Its prices are shown to those who may see the contract."""
        wizards = super().create(vals_list)
        wizards.contract_id.check_access("read")
        return wizards

    @api.model
    def _options(self, name):
        field = self.env["aftersales.training.price"]._fields[name]
        return field._description_selection(self.env)

    @api.depends("contract_id")
    def _compute_offered_ids(self):
        for wizard in self:
            wizard.offered_ids = wizard._price_list().product_id

    @api.depends("contract_id", "product_id", "level", "attendees", "duration", "unit")
    def _compute_amount(self):
        for wizard in self:
            found = wizard._priced()
            wizard.amount = found[1] if found else 0
            wizard.calculation = wizard._calculation(found)

    def _price_list(self):
        """The rows in the company and currency of the contract."""
        return self.env["aftersales.training.price"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
            ]
        )

    def _priced(self):
        """The row that decides and the amount; None without a row."""
        rows = self._price_list().filtered(
            lambda row: (
                (row.product_id, row.level, row.unit)
                == (self.product_id, self.level, self.unit)
            )
        )
        offers = self.env["aftersales.offer"]
        return offers._training(rows, max(self.duration, 0), self.attendees)

    def _calculation(self, found):
        """Duration x price for so many, or that the list has no price."""
        if not self.product_id:
            return False
        if not found:
            return self.env._(
                "The price list has no row for this training, level, unit and number "
                "of attendees."
            )
        row, amount = found
        wording = self.env["aftersales.wording"]
        names = {
            "level": row._label("level"),
            "count": self.attendees,
            "duration": f"{self.duration:g}",
            "price": wording._money(row.price, self.currency_id),
            "amount": wording._money(amount, self.currency_id),
        }
        if row.unit == "hour":
            return self.env._(
                "%(level)s, attendees: %(count)s, %(duration)s h x %(price)s = "
                "%(amount)s",
                **names,
            )
        return self.env._(
            "%(level)s, attendees: %(count)s, days: %(duration)s x %(price)s = "
            "%(amount)s",
            **names,
        )

    def action_quote(self):
        """Make the quotation, priced by the list."""
        self.ensure_one()
        if self.duration <= 0 or self.attendees < 1:
            raise UserError(
                self.env._("Type how long the training takes, and how many attend.")
            )
        partner = self.contract_id.partner_id
        said = self.with_context(lang=partner.lang or self.env.lang)
        found = said._priced()
        if not found:
            raise UserError(
                self.env._(
                    "The price list has no price for '%(training)s', %(level)s, with "
                    "%(count)s attendees: add a row to it, or quote smaller groups.",
                    training=self.product_id.display_name,
                    level=dict(self._options("level"))[self.level],
                    count=self.attendees,
                )
            )
        product = said.product_id.get_product_multiline_description_sale()
        line = {
            "product_id": self.product_id.id,
            "name": f"{product}\n{said._calculation(found)}",
            "product_uom_qty": 1,
            "price_unit": found[1],
        }
        return self.contract_id._aftersales_make_quotation([line])
