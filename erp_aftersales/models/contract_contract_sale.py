# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ContractContract(models.Model):
    """Where a contract comes from, and what else was sold under it."""

    _inherit = "contract.contract"

    aftersales_sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sold by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The order line that made this contract.",
    )
    aftersales_order_ids = fields.One2many(
        "sale.order",
        "aftersales_contract_id",
        string="Orders",
        readonly=True,
        groups="sales_team.group_sale_salesman,erp_aftersales.group_billing",
        help="Orders that made this contract or belong to it.",
    )
    aftersales_order_count = fields.Integer(
        compute="_compute_aftersales_order_count",
        compute_sudo=True,
        groups="base.group_user",
    )

    _aftersales_sale_line_uniq = models.Constraint(
        "UNIQUE (aftersales_sale_line_id)",
        "This order line has made its contract already: open it from the order.",
    )

    def _compute_aftersales_order_count(self):
        # sudo: only their number is shown
        counts = dict(
            self.env["sale.order"]._read_group(
                [("aftersales_contract_id", "in", self.ids)],
                ["aftersales_contract_id"],
                ["__count"],
            )
        )
        for contract in self:
            contract.aftersales_order_count = counts.get(contract, 0)

    def action_aftersales_orders(self):
        """Open the orders of this contract."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        action.update(
            name=self.env._("Orders of %s", self.display_name),
            domain=[("aftersales_contract_id", "=", self.id)],
            context={"create": False},
        )
        return action

    def _check_aftersales_unused(self):
        """Refuse to take back a contract that something was done under."""
        for contract in self:
            because = contract._aftersales_used()
            if because:
                raise UserError(
                    self.env._(
                        "Order %(order)s made the contract '%(contract)s', and "
                        "%(because)s: it cannot be cancelled. Terminate the contract "
                        "instead.",
                        order=contract.aftersales_sale_line_id.order_id.display_name,
                        contract=contract.display_name,
                        because=because,
                    )
                )

    def _aftersales_used(self):
        """What stands in the way of taking a contract back; empty: nothing."""
        self.ensure_one()
        if self._aftersales_is_billed():
            return self.env._("something of it is invoiced")
        tickets = self.env["helpdesk.ticket"].search(
            [("contract_id", "=", self.id)], limit=3
        )
        if tickets:
            numbers = ", ".join(tickets.mapped("number"))
            return self.env._("these tickets are under it: %s", numbers)
        sold_here = self.aftersales_sale_line_id.order_id
        given = self.grant_ids.filtered(
            lambda grant: (
                grant.origin in ("purchase", "manual")
                and grant.sale_line_id.order_id != sold_here
            )
        )
        if given:
            return self.env._("a prepaid pack or a grant by hand is under it")
        return ""

    def _aftersales_take_back(self):
        """Archive contracts whose order is cancelled; nothing of them falls due."""
        if not self:
            return
        for contract in self:
            order = contract.aftersales_sale_line_id.order_id
            contract._message_log(
                body=self.env._("Taken back: order %s is cancelled", order.name)
            )
            order.aftersales_contract_id = False
        self.contract_line_ids.cancel()
        self.write({"active": False, "aftersales_sale_line_id": False})
        self.env["aftersales.rating"]._rate(self)
