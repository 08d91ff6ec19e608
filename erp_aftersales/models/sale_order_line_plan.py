# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import clean_context

AGREED = {"product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount"}


class SaleOrderLine(models.Model):
    """A line that sells a plan keeps what was agreed until it is a contract."""

    _inherit = "sale.order.line"

    aftersales_sells_plan = fields.Boolean(
        compute="_compute_aftersales_sells_plan",
        compute_sudo=True,
        help="Its product sells a plan: the contract bills it, not the order.",
    )
    aftersales_plan_id = fields.Many2one(
        "aftersales.plan",
        string="Agreed plan",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    aftersales_installation_id = fields.Many2one(
        "aftersales.installation",
        string="Installation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Empty: confirming the order makes a new one.",
    )
    aftersales_installation_name = fields.Char(
        string="New installation", readonly=True, groups="base.group_user"
    )
    aftersales_deployment = fields.Selection(
        lambda self: (
            self.env["aftersales.installation"]
            ._fields["deployment"]
            ._description_selection(self.env)
        ),
        string="Deployment",
        readonly=True,
        groups="base.group_user",
    )
    aftersales_date_start = fields.Date(
        string="Contract from", readonly=True, groups="base.group_user"
    )
    aftersales_months = fields.Integer(
        string="Term (months)",
        readonly=True,
        aggregator=None,
        groups="base.group_user",
        help="0: no end.",
    )
    aftersales_values = fields.Json(
        string="Agreed values",
        readonly=True,
        groups="base.group_user",
        help="What fees are counted on, by basis.",
    )
    aftersales_price = fields.Float(
        string="Agreed price",
        digits=0,
        readonly=True,
        aggregator=None,
        groups="base.group_user",
    )

    @api.depends("product_id", "display_type", "aftersales_is_renewal")
    def _compute_aftersales_sells_plan(self):
        for line in self:
            line.aftersales_sells_plan = bool(
                not (line.display_type or line.aftersales_is_renewal)
                and (line.product_id.aftersales_plan_id or line.aftersales_plan_id)
            )

    @api.depends("aftersales_plan_id")
    def _compute_discount(self):
        """What is agreed is the price, a price list's share is in it already."""
        agreed = self.filtered(lambda line: line._aftersales_is_agreed())
        agreed.discount = 0.0
        return super(SaleOrderLine, self - agreed)._compute_discount()

    def _get_display_price(self):
        if self.aftersales_sells_plan:
            return self.sudo().aftersales_price if self._aftersales_is_agreed() else 0
        return super()._get_display_price()

    def _aftersales_is_agreed(self):
        """Whether the dialogue was filled in for the plan that the line sells now."""
        self.ensure_one()
        line = self.sudo()  # compared, not shown; a customer may sign the order
        plan = line.product_id.aftersales_plan_id
        return bool(plan) and plan == line.aftersales_plan_id

    def write(self, vals):
        """What a contract was made from stays as it was signed."""
        if vals.keys() & AGREED:
            self._check_aftersales_stays(vals)
        return super().write(vals)

    def _check_aftersales_stays(self, vals):
        for contract in self._aftersales_made_contracts():
            line = contract.aftersales_sale_line_id.with_env(self.env)
            if any(
                line._aftersales_changes(name, vals[name]) for name in AGREED & {*vals}
            ):
                raise UserError(
                    self.env._(
                        "Order %(order)s made the contract '%(contract)s' from its "
                        "line '%(plan)s', so the line stays as it was signed. Change "
                        "the contract, or cancel the order and sell the plan anew.",
                        order=line.order_id.display_name,
                        contract=contract.display_name,
                        plan=line.product_id.display_name,
                    )
                )

    def _aftersales_changes(self, name, value):
        field = self._fields[name]
        old = field.convert_to_cache(self[name], self)
        return field.convert_to_cache(value, self) != old

    def _aftersales_made_contracts(self):
        """The contracts that these lines have made."""
        # Safe: who sells may not see contracts; they are named, or follow the order.
        contracts = self.env["contract.contract"].sudo()
        contracts = contracts.with_context(clean_context(self.env.context))
        if not self.ids:
            return contracts
        return contracts.with_context(active_test=False).search(
            [("aftersales_sale_line_id", "in", self.ids)]
        )

    @api.constrains("product_id", "order_id")
    def _check_aftersales_plan(self):
        for line in self.filtered("aftersales_sells_plan"):
            line._check_aftersales_sellable()

    def _check_aftersales_sellable(self):
        """Refuse a plan that this order cannot sell, with the reason."""
        self.ensure_one()
        plan = self.sudo().product_id.aftersales_plan_id  # named, no more
        order = self.order_id
        if not plan:
            raise ValidationError(
                self.env._(
                    "'%(product)s' of order %(order)s sells no plan any more: link it "
                    "to a published plan, or delete the line.",
                    product=self.product_id.display_name,
                    order=order.display_name,
                )
            )
        self.env["contract.contract"]._check_plan_sellable(plan)
        if plan.currency_id != order.currency_id:
            raise ValidationError(
                self.env._(
                    "The plan %(plan)s is priced in %(currency)s, but order %(order)s "
                    "is in %(other)s: choose a price list in %(currency)s, or a plan "
                    "in %(other)s.",
                    plan=plan.display_name,
                    currency=plan.currency_id.name,
                    order=order.display_name,
                    other=order.currency_id.name,
                )
            )

    # The dialogue

    def action_aftersales_plan(self):
        """Open the dialogue that agrees on the terms of the plan."""
        self.ensure_one()
        self.check_access("write")
        self._check_aftersales_sellable()
        self._check_aftersales_unmade()
        wizard = self.env["aftersales.sell.plan"].create(self._aftersales_proposal())
        return {
            "type": "ir.actions.act_window",
            "name": self.product_id.display_name,
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_aftersales_unmade(self):
        for contract in self._aftersales_made_contracts():
            raise UserError(
                self.env._(
                    "Order %(order)s has made the contract '%(contract)s' already: "
                    "what was signed is changed there.",
                    order=self.order_id.display_name,
                    contract=contract.display_name,
                )
            )

    def _aftersales_proposal(self):
        """Values of the dialogue: what was agreed before, else the customer's only
        installation, from today on, for a year."""
        if self._aftersales_is_agreed():
            months = self.aftersales_months
            in_years = months % 12 == 0
            return {
                "line_id": self.id,
                "installation_id": self.aftersales_installation_id.id,
                "installation_name": self.aftersales_installation_name,
                "deployment": self.aftersales_deployment,
                "date_start": self.aftersales_date_start,
                "term": months // 12 if in_years else months,
                "term_unit": "year" if in_years else "month",
                **(self.aftersales_values or {}),
            }
        places = self.env["aftersales.installation"].search(
            self.order_id._aftersales_places_domain(), limit=2
        )
        return {
            "line_id": self.id,
            "installation_id": places.id if len(places) == 1 else False,
            "date_start": self.order_id.company_id._aftersales_today(),
        }

    def _aftersales_offer(self):
        """The price of what is agreed, by today's plan and price list."""
        self.ensure_one()
        line = self.sudo()  # a customer may sign the order
        offers = self.env["aftersales.offer"].with_company(self.company_id)
        return offers._offer(
            line.product_id.aftersales_plan_id,
            line.aftersales_values or {},
            line.aftersales_date_start,
            line.aftersales_months,
            line.order_id.pricelist_id,
        )

    # The contract

    def _check_aftersales_agreed(self):
        """Refuse to confirm what was not agreed, or would be billed otherwise."""
        self._check_aftersales_sellable()
        names = {
            "plan": self.product_id.display_name,
            "order": self.order_id.display_name,
        }
        if not self._aftersales_is_agreed():
            raise UserError(
                self.env._(
                    "'%(plan)s' of order %(order)s sells a plan, and nothing says for "
                    "which installation and from when: press the line's button 'Terms "
                    "of the plan'.",
                    **names,
                )
            )
        # sudo: compared, and named; who confirms may be the customer
        self._check_aftersales_place(self.sudo().aftersales_installation_id)
        price = self._aftersales_offer().amount
        asked = (self.product_uom_qty, self.price_unit, self.discount)
        same = self.currency_id.compare_amounts(self.price_unit, price) == 0
        if asked[0] != 1 or asked[2] or not same:
            raise UserError(
                self.env._(
                    "'%(plan)s' of order %(order)s does not ask for what the fees of "
                    "the plan cost: once %(price)s, without a discount on the line. "
                    "Press the line's button 'Terms of the plan' to price it again. "
                    "Discounts belong into the customer's price list.",
                    price=self.env["aftersales.wording"]._money(
                        price, self.currency_id
                    ),
                    **names,
                )
            )

    def _check_aftersales_place(self, place):
        """Refuse an installation of another customer or company."""
        customer = self.order_id.partner_id.commercial_partner_id
        if place and (
            place.commercial_partner_id != customer
            or place.company_id not in (self.company_id, place.company_id.browse())
        ):
            raise UserError(
                self.env._(
                    "The installation '%(installation)s' is not one of %(customer)s in "
                    "%(company)s, but order %(order)s is: press the line's button "
                    "'Terms of the plan' and choose another.",
                    installation=place.display_name,
                    customer=customer.display_name,
                    company=self.company_id.display_name,
                    order=self.order_id.display_name,
                )
            )

    def _aftersales_make_places(self):
        """The installations that were agreed on exist, with values from the start."""
        # Safe: whoever confirms an order makes what it says.
        places = self.env["aftersales.installation"].sudo()
        places = places.with_context(clean_context(self.env.context))
        lines = self.sudo()
        new = lines.filtered(lambda line: not line.aftersales_installation_id)
        made = places.create([line._aftersales_place_values() for line in new])
        for line, place in zip(new, made, strict=True):
            line.aftersales_installation_id = place
        lines._aftersales_date_values(places)

    def _aftersales_place_values(self):
        customer = self.order_id.partner_id.commercial_partner_id
        return {
            "name": self.aftersales_installation_name,
            "deployment": self.aftersales_deployment,
            "partner_id": customer.id,
            "company_id": self.company_id.id,
            "region_id": customer.state_id.id,
        }

    def _aftersales_date_values(self, places):
        """Date the agreed values at the start; one typed for that day is replaced."""
        metrics = places.env["aftersales.installation.metric"]
        known = {
            (row.installation_id.id, row.metric, row.date): row
            for row in metrics.search(
                [
                    ("installation_id", "in", self.aftersales_installation_id.ids),
                    ("date", "in", self.mapped("aftersales_date_start")),
                ]
            )
        }
        new = []
        for line in self:
            place, day = line.aftersales_installation_id, line.aftersales_date_start
            for metric, value in (line.aftersales_values or {}).items():
                row = known.get((place.id, metric, day))
                if not row:
                    vals = {"installation_id": place.id, "metric": metric}
                    new.append({**vals, "date": day, "value": value})
                elif row.value != value:
                    row.value = value
        metrics.create(new)

    def _aftersales_contract_values(self, managers):
        """The contract that this line sells.

        :param dict managers: who answers for a customer in a company
        """
        line, order = self.sudo(), self.order_id.sudo()  # as it was signed
        plan, customer = line.product_id.aftersales_plan_id, order.partner_id
        customer = customer.commercial_partner_id
        manager = managers.get((customer, order.company_id), order.env["res.users"])
        return {
            "name": f"{customer.name}: {plan.name}",
            "code": order.name,
            "partner_id": order.partner_id.id,
            "invoice_partner_id": order.partner_invoice_id.id,
            "company_id": order.company_id.id,
            "pricelist_id": order.pricelist_id.id,
            "payment_term_id": order.payment_term_id.id,
            "fiscal_position_id": order.fiscal_position_id.id,
            "user_id": order.user_id.id,
            "service_manager_id": manager.id,
            "aftersales_plan_id": plan.id,
            "date_start": line.aftersales_date_start,
            "date_end": self.env["aftersales.offer"]._term_end(
                line.aftersales_date_start, line.aftersales_months
            ),
            "installation_ids": [Command.set(line.aftersales_installation_id.ids)],
            "aftersales_sale_line_id": line.id,
        }
