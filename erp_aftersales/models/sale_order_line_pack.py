# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, float_compare

PACK_TRIGGERS = {"product_uom_qty", "product_uom_id", "product_id"}


class SaleOrderLine(models.Model):
    """A line of a pack has one grant as long as its order is confirmed (R9)."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """A pack added to a confirmed order is granted at once."""
        lines = super().create(vals_list)
        lines._aftersales_update_packs()
        return lines

    def write(self, vals):
        """The grant of a confirmed order's line follows its product and quantity."""
        if not vals.keys() & PACK_TRIGGERS:
            return super().write(vals)
        if "product_id" in vals:
            replaced = self.filtered(
                lambda sol: sol.product_id.id != vals["product_id"]
            )
            replaced._aftersales_withdraw_packs()
        result = super().write(vals)
        self._aftersales_update_packs()
        return result

    def _aftersales_packs(self):
        """The grants made by these lines."""
        # Safe: whoever may change the order changes what it grants, by these rules; a
        # client's defaults are none of them.
        grants = self.env["aftersales.grant"].sudo()
        grants = grants.with_context(clean_context(self.env.context))
        return grants.search([("sale_line_id", "in", self.ids)]) if self else grants

    def _aftersales_update_packs(self):
        """Make each grant what its line says, and rate once for all contracts."""
        lines = self.filtered(
            lambda sol: (
                sol.state == "sale"
                and not sol.display_type
                and sol.product_id.aftersales_pack_unit
            )
        )
        if not lines:
            return
        grants = {grant.sale_line_id.id: grant for grant in lines._aftersales_packs()}
        touched = lines.browse()._aftersales_packs()
        new = []
        for line in lines:
            grant = grants.get(line.id)
            if grant:
                touched |= line._aftersales_resize(grant)
            elif line._aftersales_pack_count() > 0:
                new.append(line._aftersales_pack_values())
        touched |= touched.create(new)
        if touched:
            contracts, since = touched.contract_id, min(touched.mapped("date_start"))
            touched.filtered(lambda grant: not grant.quantity).unlink()
            self.env["aftersales.rating"]._rate(contracts, since=since)

    def _aftersales_pack_count(self):
        """How many packs were ordered, in the product's own unit."""
        self.ensure_one()
        count = self.product_uom_qty
        if self.product_uom_id != self.product_id.uom_id:
            count = self.product_uom_id._compute_quantity(
                count, self.product_id.uom_id, round=False
            )
        return Decimal(str(count))

    def _aftersales_pack_values(self):
        """The grant of this line: open from today in the company's zone."""
        contract = self.order_id._aftersales_pack_contract()
        product = self.product_id.sudo()  # services may be hidden from who sells
        start = self.order_id.company_id._aftersales_today()
        end = start + relativedelta(months=product.aftersales_pack_months, days=-1)
        each = product.aftersales_pack_quantity
        return {
            "contract_id": contract.id,
            "origin": "purchase",
            "unit": product.aftersales_pack_unit,
            "pack_quantity": each,
            "quantity": float(Decimal(str(each)) * self._aftersales_pack_count()),
            "service_ids": [(6, 0, product.aftersales_pack_service_ids.ids)],
            "date_start": start,
            "date_end": product.aftersales_pack_months and end,
            "sale_line_id": self.id,
        }

    def _aftersales_resize(self, grant):
        """Follow the ordered quantity; return the grant if that changes it."""
        self.ensure_one()
        count = max(self._aftersales_pack_count(), 0)
        quantity = float(Decimal(str(grant.pack_quantity)) * count)
        if float_compare(quantity, grant.quantity, precision_digits=9) == 0:
            return grant.browse()
        if float_compare(grant.used, quantity, precision_digits=6) > 0 or (
            not quantity and grant.charge_ids
        ):
            raise UserError(
                self.env._(
                    "%(used)s of the pack '%(pack)s' on order %(order)s are used, so "
                    "it cannot give %(quantity)s: order at least what is used.",
                    used=grant._quantity_text(grant.used),
                    pack=self.product_id.display_name,
                    order=self.order_id.display_name,
                    quantity=grant._quantity_text(quantity),
                )
            )
        grant.quantity = quantity
        return grant

    def _aftersales_withdraw_packs(self):
        """Take back the grants of these lines; refuse if something was used of one."""
        grants = self._aftersales_packs()
        for grant in grants:
            if grant.charge_ids:
                raise UserError(
                    self.env._(
                        "The pack '%(pack)s' of order %(order)s pays for work "
                        "already: %(used)s of %(quantity)s are used under contract "
                        "'%(contract)s', so it cannot be withdrawn. Lower the ordered "
                        "quantity to what is used instead.",
                        pack=grant.sale_line_id.product_id.display_name,
                        order=grant.sale_line_id.order_id.display_name,
                        used=grant._quantity_text(grant.used),
                        quantity=grant._quantity_text(grant.quantity),
                        contract=grant.contract_id.display_name,
                    )
                )
        if grants:
            contracts, since = grants.contract_id, min(grants.mapped("date_start"))
            grants.unlink()
            self.env["aftersales.rating"]._rate(contracts, since=since)
