# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.aftersales_plan_fee import FEE_BASES

METRICS = [basis for basis, _label in FEE_BASES if basis != "fixed"]
# There may be none of these yet; without the others a fee would be for nothing.
MAY_BE_NONE = {"custom_functions", "data_volume"}


class AftersalesSellPlan(models.TransientModel):
    """Asks what the fees of a plan are counted on, and shows the price as it is typed.

    It asks for nothing that the plan does not count.
    """

    _name = "aftersales.sell.plan"
    _description = "Terms of a Plan on a Quotation"

    line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="line_id.order_id.partner_id.commercial_partner_id", string="Customer"
    )
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    bases = fields.Char(compute="_compute_bases", compute_sudo=True)
    installation_id = fields.Many2one(
        "aftersales.installation",
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('company_id', 'in', (company_id, False))]",
        help="Empty: confirming the order makes a new one.",
    )
    installation_name = fields.Char(
        string="Name", default=lambda self: self.env._("Main system")
    )
    deployment = fields.Selection(
        lambda self: (
            self.env["aftersales.installation"]
            ._fields["deployment"]
            ._description_selection(self.env)
        ),
        default="on_premises",
    )
    users = fields.Float(digits=0)
    modules = fields.Float(digits=0)
    sites = fields.Float(digits=0)
    licence_value = fields.Monetary()
    custom_functions = fields.Float(digits=0)
    data_volume = fields.Float(digits=0)
    date_start = fields.Date(string="From", required=True)
    term = fields.Integer(
        default=1, required=True, aggregator=None, help="0: without end."
    )
    term_unit = fields.Selection(
        [("month", "Months"), ("year", "Years")], default="year", required=True
    )
    date_end = fields.Date(string="Last day", compute="_compute_price")
    price = fields.Monetary(compute="_compute_price")
    price_name = fields.Char(compute="_compute_price")
    calculation = fields.Text(compute="_compute_price")

    @api.depends("line_id")
    def _compute_bases(self):
        # Between commas, so that a view finds each of them.
        for wizard in self:
            fees = wizard.line_id.product_id.aftersales_plan_id.fee_ids
            wizard.bases = f",{','.join(fees.mapped('basis'))},"

    @api.depends("line_id", "date_start", "term", "term_unit", *METRICS)
    def _compute_price(self):
        for wizard in self:
            offer = wizard._offer() if wizard.date_start else None
            wizard.price = offer.amount if offer else 0
            wizard.date_end = offer.date_end if offer else False
            wizard.calculation = "\n".join(offer.fees) if offer else False
            wizard.price_name = offer and self._offers()._offer_price_name(offer)

    @api.onchange("installation_id", "date_start")
    def _onchange_installation_id(self):
        """Propose what is known of the installation on the first day."""
        self.update(self._known_values())

    @api.model_create_multi
    def create(self, vals_list):
        """What is known of an installation is proposed where nothing was agreed.

        Its fields show what only those who may see the order may know.
        """
        wizards = super().create(vals_list)
        wizards.line_id.check_access("read")
        for wizard, vals in zip(wizards, vals_list, strict=True):
            if not vals.keys() & set(METRICS):
                wizard.write(wizard._known_values())
        return wizards

    def _known_values(self):
        """The last value of each metric dated on or before the first day."""
        place = self.installation_id._origin
        place.check_access("read")
        rows = place.sudo().metric_ids  # who may choose it may know its numbers
        before = rows.filtered(
            lambda row: self.date_start and row.date <= self.date_start
        )
        return {row.metric: row.value for row in before.sorted("date")}

    def _offers(self):
        return self.env["aftersales.offer"].with_company(self.company_id)

    def _offer(self):
        order = self.line_id.order_id
        return self._offers()._offer(
            self.line_id.product_id.sudo().aftersales_plan_id,  # its price is shown
            self._values(),
            self.date_start,
            self._months(),
            order.pricelist_id,
        )

    def _values(self):
        """The numbers that the plan's fees are counted on."""
        bases = (self.bases or "").split(",")
        return {basis: self[basis] for basis in METRICS if basis in bases}

    def _months(self):
        months = max(self.term, 0)
        return months * 12 if self.term_unit == "year" else months

    def action_apply(self):
        """Write what is agreed on the order line, with its price."""
        self.ensure_one()
        line = self.line_id
        line.check_access("write")
        line._check_aftersales_sellable()
        line._check_aftersales_unmade()
        self._check_complete()
        # In the customer's language: they sign it.
        said = self.with_context(lang=line.order_id._get_lang())
        offer = said._offer()
        line.write(
            {
                # sudo: whoever sells a plan may not read it; it is the product's
                "aftersales_plan_id": line.product_id.sudo().aftersales_plan_id.id,
                "aftersales_installation_id": self.installation_id.id,
                "aftersales_installation_name": self.installation_name,
                "aftersales_deployment": self.deployment,
                "aftersales_date_start": self.date_start,
                "aftersales_months": self._months(),
                "aftersales_values": self._values(),
                "aftersales_price": offer.amount,
                "name": said._describe(offer),
                "product_uom_qty": 1,
                "discount": 0,
            }
        )
        line._reset_price_unit()
        if line.state == "sale":
            line.order_id._aftersales_sell_plans()
        return {"type": "ir.actions.act_window_close"}

    def _describe(self, offer):
        """What the customer reads on the quotation."""
        offers = self._offers()
        product = self.line_id.product_id.with_context(lang=self.env.lang)
        place = self.installation_id.name or self.installation_name
        lines = [
            product.get_product_multiline_description_sale(),
            offers._offer_term(offer, self.date_start),
            self.env._("Installation: %s", place),
            *offer.fees,
        ]
        if offer.fees:
            lines.append(offers._offer_price_name(offer))
        return "\n".join(lines)

    def _check_complete(self):
        """Refuse terms that no contract could be made of."""
        if self.term < 0:
            raise UserError(
                self.env._("The term is below 0. Type how long, or 0 for no end.")
            )
        self.line_id._check_aftersales_place(self.installation_id)
        if not self.installation_id and not self.installation_name:
            raise UserError(
                self.env._("Choose the installation, or type the name of a new one.")
            )
        for metric, value in self._values().items():
            if value < 0 or (not value and metric not in MAY_BE_NONE):
                raise UserError(
                    self.env._(
                        "The fees of the plan are counted on '%s': type the number.",
                        self._fields[metric]._description_string(self.env),
                    )
                )
