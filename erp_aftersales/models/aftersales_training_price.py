# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesTrainingPrice(models.Model):
    """A row of the price list of training and consulting (A5)."""

    _name = "aftersales.training.price"
    _description = "Price of Training or Consulting"
    _order = "product_id, level, unit, attendees, id"
    _check_company_auto = True

    product_id = fields.Many2one(
        "product.product",
        string="Training",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="What is taught or advised on, with its taxes and account.",
    )
    level = fields.Selection(
        [("basic", "Basic"), ("advanced", "Advanced"), ("expert", "Expert")],
        required=True,
        default="basic",
        help="How demanding the content is.",
    )
    unit = fields.Selection(
        [("hour", "Hour"), ("day", "Day")],
        string="Price of one",
        required=True,
        default="day",
    )
    attendees = fields.Integer(
        string="Up to attendees",
        aggregator=None,
        help="For groups up to so many. 0: any number.",
    )
    price = fields.Float(
        digits=0,
        min_display_digits="Product Price",
        aggregator=None,
        required=True,
        help="For the whole group, before tax.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    active = fields.Boolean(default=True)

    _row_uniq = models.UniqueIndex(
        "(product_id, level, unit, attendees, currency_id, company_id) WHERE active",
        "The price list has this training, level, unit and number of attendees "
        "already: change that row.",
    )

    @api.constrains("attendees", "price")
    def _check_numbers(self):
        for row in self:
            if row.attendees < 0 or row.price <= 0:
                raise ValidationError(
                    self.env._(
                        "'%(training)s' in the price list needs a price above 0, and "
                        "attendees of 0 (any number) or more.",
                        training=row.product_id.display_name,
                    )
                )

    @api.depends("product_id", "level", "unit", "attendees")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            names = [row.product_id.display_name or "", row._label("level")]
            row.display_name = ", ".join(names)

    def _label(self, name):
        """The chosen option of a selection in the reader's language."""
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env))[self[name]]
