# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context


class SaleOrder(models.Model):
    """A confirmed order of a plan makes the contract, once."""

    _inherit = "sale.order"

    aftersales_sells_plan = fields.Boolean(
        compute="_compute_aftersales_sells_plan", compute_sudo=True
    )
    aftersales_awaits_terms = fields.Boolean(
        compute="_compute_aftersales_sells_plan",
        compute_sudo=True,
        help="A line sells a plan, and its terms are not agreed yet.",
    )

    @api.depends("order_line.aftersales_sells_plan", "order_line.aftersales_plan_id")
    def _compute_aftersales_sells_plan(self):
        for order in self:
            lines = order.order_line.filtered("aftersales_sells_plan")
            order.aftersales_sells_plan = bool(lines)
            order.aftersales_awaits_terms = not all(
                line._aftersales_is_agreed() for line in lines
            )

    def _action_confirm(self):
        """Make the contract first: packs of the same order are granted under it."""
        self._aftersales_sell_plans()
        return super()._action_confirm()

    def _aftersales_sell_plans(self):
        """Make the contracts of lines that sell a plan and have made none."""
        lines = self.order_line.filtered(
            lambda line: line.aftersales_sells_plan and line.product_uom_qty
        )
        lines -= lines._aftersales_made_contracts().aftersales_sale_line_id
        if not lines:
            return
        lines.order_id._check_aftersales_one_plan()
        for line in lines:
            line._check_aftersales_agreed()
        lines._aftersales_make_places()
        # Safe: whoever confirms an order makes the contract that it says.
        contracts = self.env["contract.contract"].sudo()
        contracts = contracts.with_context(clean_context(self.env.context))
        managers = lines.order_id._aftersales_service_managers()
        made = contracts.create(
            [line._aftersales_contract_values(managers) for line in lines]
        )
        for contract in made:
            order = contract.aftersales_sale_line_id.order_id
            order.aftersales_contract_id = contract
            contract._message_log(body=self.env._("Sold by order %s", order.name))
            order._message_log(
                body=self.env._("Made the contract: %s", contract.display_name)
            )

    def _check_aftersales_one_plan(self):
        for order in self:
            plans = order.order_line.filtered(
                lambda line: line.aftersales_sells_plan and line.product_uom_qty
            )
            if len(plans) > 1:
                raise UserError(
                    self.env._(
                        "Order %(order)s sells several plans: %(plans)s. Each is a "
                        "contract of its own, to be signed by itself: make one "
                        "quotation for each, or set the quantity of the others to 0.",
                        order=order.display_name,
                        plans=", ".join(plans.product_id.mapped("display_name")),
                    )
                )

    def _aftersales_places_domain(self):
        """Installations of this order's customer."""
        self.ensure_one()
        return [
            ("commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("company_id", "in", (self.company_id.id, False)),
        ]

    def _aftersales_service_managers(self):
        """Who answers for a customer in a company: as on its latest contract."""
        # Safe: whoever confirms an order need not see contracts; they go on as before.
        contracts = self.env["contract.contract"].sudo()
        customers = self.partner_id.commercial_partner_id
        found = contracts.search(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("company_id", "in", self.company_id.ids),
                ("service_manager_id", "!=", False),
            ],
            order="date_start, id",
        )
        return {
            (each.commercial_partner_id, each.company_id): each.service_manager_id
            for each in found
        }

    # Taking it back

    def _action_cancel(self):
        """Take back the contract that was sold; one in use keeps the order."""
        contracts = self.order_line._aftersales_made_contracts()
        contracts._check_aftersales_unused()
        result = super()._action_cancel()
        contracts._aftersales_take_back()
        return result

    # What the contract bills, the order does not

    def _force_lines_to_invoice_policy_order(self):
        result = super()._force_lines_to_invoice_policy_order()
        self.order_line._aftersales_never_invoiced().qty_to_invoice = 0
        return result

    def _check_aftersales_down_payment(self):
        """A part of the whole order would ask for a part of the fees as well."""
        for order in self.filtered("aftersales_sells_plan"):
            raise UserError(
                self.env._(
                    "Order %(order)s sells a plan, whose fees the contract bills: a "
                    "down payment would ask for a part of them twice. Invoice the "
                    "order's other lines as a regular invoice.",
                    order=order.name,
                )
            )

    def action_open_aftersales_contract(self):
        """Open the contract of this order."""
        self.ensure_one()
        return self.aftersales_contract_id._aftersales_open()
