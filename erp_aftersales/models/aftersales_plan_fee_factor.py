# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesPlanFeeFactor(models.Model):
    """What multiplies a fee: service level, degree of customisation (R20)."""

    _name = "aftersales.plan.fee.factor"
    _description = "Factor of a Fee"
    _inherit = ["aftersales.plan.fee.part"]
    _order = "fee_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True,
        translate=True,
        help="What is paid for, as '7x24' or 'heavily customised'. The customer reads "
        "it.",
    )
    factor = fields.Float(
        digits=0,
        default=1,
        aggregator=None,
        help="1.3 makes the fee 30 % dearer, 0.9 makes it 10 % cheaper.",
    )

    @api.constrains("factor")
    def _check_factor(self):
        for part in self.filtered(lambda part: part.factor <= 0):
            raise ValidationError(
                self.env._(
                    "The factor '%(factor)s' of the fee '%(fee)s' is %(value)s. Type a "
                    "number above 0: 1.3 makes the fee 30 %% dearer.",
                    factor=part.name,
                    fee=part.fee_id.display_name,
                    value=part.fee_id._format_number(part.factor),
                )
            )
