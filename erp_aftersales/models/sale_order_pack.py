# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SaleOrder(models.Model):
    """A confirmed order makes grants of its prepaid packs (R9)."""

    _inherit = "sale.order"

    aftersales_contract_id = fields.Many2one(
        "contract.contract",
        string="After-sales contract",
        compute="_compute_aftersales_contract_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The contract that this order made or belongs to; its prepaid packs are "
        "granted under it. Proposed when the customer has exactly one that is running.",
    )
    aftersales_has_pack = fields.Boolean(compute="_compute_aftersales_has_pack")
    aftersales_grant_ids = fields.Many2many(
        "aftersales.grant",
        string="Grants",
        compute="_compute_aftersales_grant_ids",
        groups="erp_aftersales.group_user",
        help="What the packs of this order made available.",
    )
    aftersales_grant_count = fields.Integer(
        string="Number of grants",
        compute="_compute_aftersales_grant_ids",
        groups="erp_aftersales.group_user",
    )

    @api.depends("partner_id", "company_id")
    def _compute_aftersales_contract_id(self):
        """Keep a contract that fits; else propose the only one that is running."""
        kept = self.filtered(
            lambda order: (
                order._aftersales_fits(order.aftersales_contract_id)
                or (order._origin and order.state not in ("draft", "sent"))
            )
        )
        for order in kept:
            order.aftersales_contract_id = order.aftersales_contract_id
        (self - kept)._aftersales_propose_contract()

    def _aftersales_propose_contract(self):
        """Take the only contract of the customer that is running, if there is one."""
        running = self._aftersales_running_contracts()
        for order in self:
            fitting = running.filtered(order._aftersales_fits)
            order.aftersales_contract_id = fitting if len(fitting) == 1 else False

    def _aftersales_running_contracts(self):
        """Contracts under a plan, running today, of these orders' customers."""
        # Whoever sells may not see contracts; only the one that fits is named.
        contracts = self.env["contract.contract"].sudo()
        customers = self.partner_id.commercial_partner_id
        if not customers:
            return contracts
        found = contracts.search(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("company_id", "in", (self.company_id or self.env.company).ids),
                ("contract_type", "=", "sale"),
                ("aftersales_plan_id", "!=", False),
            ]
        )
        return found.filtered(lambda contract: contract._aftersales_runs_today())

    def _aftersales_fits(self, contract):
        """Whether a contract is one of this order's customer and company."""
        self.ensure_one()
        contract = contract.sudo()  # compared, not shown
        company = self.company_id or self.env.company
        return bool(
            contract
            and contract.company_id == company
            and contract.commercial_partner_id == self.partner_id.commercial_partner_id
        )

    @api.depends("order_line.product_id.aftersales_pack_unit")
    def _compute_aftersales_has_pack(self):
        for order in self:
            order.aftersales_has_pack = any(
                order.order_line.product_id.mapped("aftersales_pack_unit")
            )

    @api.depends("state", "order_line.product_uom_qty")
    def _compute_aftersales_grant_ids(self):
        grants = self.env["aftersales.grant"].search(
            [("sale_line_id", "in", self.order_line.ids)]
        )
        # The order of a line is what is being looked at.
        by_order = grants.grouped(lambda grant: grant.sudo().sale_line_id.order_id.id)
        for order in self:
            found = by_order.get(order.id, grants.browse())
            order.aftersales_grant_ids = found
            order.aftersales_grant_count = len(found)

    @api.constrains("aftersales_contract_id", "partner_id", "company_id")
    def _check_aftersales_contract(self):
        for order in self:
            contract = order.sudo().aftersales_contract_id  # its name is shown
            if contract and not order._aftersales_fits(contract):
                raise ValidationError(
                    self.env._(
                        "Contract '%(contract)s' is not one of %(customer)s in "
                        "%(company)s, but order %(order)s is: choose a contract of "
                        "this customer and company.",
                        contract=contract.display_name,
                        customer=order.partner_id.commercial_partner_id.display_name,
                        company=order.company_id.display_name,
                        order=order.display_name,
                    )
                )
            if contract and not contract.aftersales_plan_id:
                raise ValidationError(
                    self.env._(
                        "Contract '%(contract)s' of order %(order)s is under no plan, "
                        "so it cannot take packs: choose one that has a plan.",
                        contract=contract.display_name,
                        order=order.display_name,
                    )
                )

    def write(self, vals):
        """Grants stay with the contract that got them, as long as they stand."""
        if "aftersales_contract_id" in vals:
            self._check_aftersales_packs_stay(vals["aftersales_contract_id"])
        return super().write(vals)

    def _check_aftersales_packs_stay(self, contract_id):
        for grant in self.order_line._aftersales_packs():
            if grant.contract_id.id != contract_id:
                raise UserError(
                    self.env._(
                        "The packs of order %(order)s are granted under contract "
                        "'%(contract)s' already: cancel the order to move them to "
                        "another contract.",
                        order=grant.sale_line_id.order_id.display_name,
                        contract=grant.contract_id.display_name,
                    )
                )

    def _action_confirm(self):
        """Grant what the packs of the order make available."""
        result = super()._action_confirm()
        self.order_line._aftersales_update_packs()
        return result

    def _action_cancel(self):
        """Withdraw the packs of the order; used ones keep it from being cancelled."""
        self.order_line._aftersales_withdraw_packs()
        return super()._action_cancel()

    def _aftersales_pack_contract(self):
        """The contract that takes this order's packs; refused if there is none."""
        self.ensure_one()
        if not self.aftersales_contract_id:
            self._aftersales_propose_contract()
        contract = self.sudo().aftersales_contract_id  # granted under it, not shown
        today = self.company_id._aftersales_today()
        if not contract:
            raise UserError(
                self.env._(
                    "Order %(order)s sells a prepaid pack to %(customer)s, and nothing "
                    "says which contract it belongs to: choose the after-sales "
                    "contract on the order. If %(customer)s has none under a plan, "
                    "make the contract first.",
                    order=self.display_name,
                    customer=self.partner_id.commercial_partner_id.display_name,
                )
            )
        if contract.date_end and contract.date_end < today:
            raise UserError(
                self.env._(
                    "Order %(order)s sells a prepaid pack to %(customer)s, but "
                    "contract '%(contract)s' ended on %(end)s: choose one that is "
                    "running, or renew it first.",
                    order=self.display_name,
                    customer=self.partner_id.commercial_partner_id.display_name,
                    contract=contract.display_name,
                    end=fields.Date.to_string(contract.date_end),
                )
            )
        return contract

    def action_open_aftersales_grants(self):
        """Open the grants of this order's packs."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_grant_action"
        )
        grants = self.aftersales_grant_ids
        action.update(
            domain=[("sale_line_id", "in", self.order_line.ids)],
            context={"create": False},
        )
        if len(grants) == 1:
            action.update(res_id=grants.id, view_mode="form", views=[(False, "form")])
        return action
