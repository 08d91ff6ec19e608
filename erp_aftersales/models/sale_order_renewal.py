# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, format_date

DAY = timedelta(days=1)


class SaleOrder(models.Model):
    """A confirmed renewal quotation renews its contract, once (C8)."""

    _inherit = "sale.order"

    aftersales_renews_id = fields.Many2one(
        "contract.contract",
        string="Renews",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Confirming this order renews the contract.",
    )
    aftersales_renew_from = fields.Date(
        string="New term from", readonly=True, groups="base.group_user"
    )
    aftersales_renew_until = fields.Date(
        string="New term until", readonly=True, groups="base.group_user"
    )
    aftersales_renew_increase = fields.Float(
        string="Increase (%)",
        digits=0,
        readonly=True,
        aggregator=None,
        groups="base.group_user",
        help="By how much fees become dearer.",
    )
    aftersales_renew_plan_id = fields.Many2one(
        "aftersales.plan",
        string="Plan of the new term",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )

    def _aftersales_propose_contract(self):
        """A copy of a renewal belongs to the contract as well."""
        # Safe: only the contract that the order names itself is taken from it.
        renewals = self.filtered(lambda order: order.sudo().aftersales_renews_id)
        for order in renewals:
            order.aftersales_contract_id = order.sudo().aftersales_renews_id
        return super(SaleOrder, self - renewals)._aftersales_propose_contract()

    def _action_confirm(self):
        """Renew first: what else the order sells finds the contract renewed."""
        # Safe: a manager made the quotation with these terms, which nobody can change;
        # whoever may confirm it, the customer who signs too, agrees to nothing else.
        for order in self.sudo().with_context(clean_context(self.env.context)):
            if order.aftersales_renews_id:
                order.with_company(order.company_id)._aftersales_renew()
        return super()._action_confirm()

    def _aftersales_renew(self):
        """Renew the contract with the terms that were signed."""
        self._check_aftersales_renews()
        contract, plan = self.aftersales_renews_id, self.aftersales_renew_plan_id
        # The plan in force goes on, also when there is a newer revision of it.
        same = contract._aftersales_plan_on(contract.date_end) == plan
        contract.action_aftersales_renew(
            self.aftersales_renew_until,
            self.aftersales_renew_increase,
            None if same else plan,
        )
        contract._message_log(body=self.env._("Renewed by order %s", self.name))
        self._message_log(
            body=self.env._("Renewed the contract: %s", contract.display_name)
        )

    def _check_aftersales_renews(self):
        """Refuse a term that does not follow the contract's last one any more."""
        contract = self.aftersales_renews_id
        end = contract.date_end
        if not end or end + DAY != self.aftersales_renew_from:
            raise UserError(
                self.env._(
                    "Order %(order)s renews contract '%(contract)s' from %(first)s on,"
                    " but the contract has changed since: its end is %(end)s. Cancel"
                    " this quotation; if the contract is still to be renewed, make a"
                    " new one from it.",
                    order=self.display_name,
                    contract=contract.display_name,
                    first=format_date(self.env, self.aftersales_renew_from),
                    end=format_date(self.env, end) if end else "-",
                )
            )

    def _action_cancel(self):
        """What was renewed stays renewed."""
        for order in self.sudo():  # the contract is named, no more
            contract = order.aftersales_renews_id
            if contract and order.state == "sale":
                raise UserError(
                    self.env._(
                        "Order %(order)s renewed contract '%(contract)s' until"
                        " %(end)s, so it cannot be cancelled. Terminate the contract"
                        " instead.",
                        order=order.display_name,
                        contract=contract.display_name,
                        end=format_date(self.env, order.aftersales_renew_until),
                    )
                )
        return super()._action_cancel()

    def _get_update_prices_lines(self):
        """A price list's share is in the fees of a renewal already."""
        lines = super()._get_update_prices_lines()
        return lines.filtered(lambda line: not line.aftersales_is_renewal)

    def _check_aftersales_down_payment(self):
        """A part of the whole order would ask for a part of the fees as well."""
        for order in self.filtered("order_line.aftersales_is_renewal"):
            raise UserError(
                self.env._(
                    "Order %(order)s renews a contract, which bills its fees: a down "
                    "payment would ask for a part of them twice. Invoice the order's "
                    "other lines as a regular invoice.",
                    order=order.name,
                )
            )
        return super()._check_aftersales_down_payment()
