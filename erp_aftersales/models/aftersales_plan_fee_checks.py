# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter

from odoo import models
from odoo.exceptions import ValidationError

# What of a fee an invoice does not rely on.
ALWAYS = {"sequence", "name", "product_id", "date_end"}


class AftersalesPlanFee(models.Model):
    """When a fee is complete, and when it stands (R2, R20)."""

    _inherit = "aftersales.plan.fee"

    def _publish_problems(self):
        problems = super()._publish_problems()
        for row in self:
            problems += filter(None, (row._price_problem(), *row._tier_problems()))
        return problems

    def _price_problem(self):
        self.ensure_one()
        is_percent = self.basis == "licence_value"
        if self.price if is_percent else self.percent:
            return self.env._(
                "Fees: '%(row)s' is counted on '%(basis)s'. A percentage belongs to "
                "the licence value only, a price to everything else: clear the other.",
                row=self.display_name,
                basis=self._label("basis"),
            )
        if is_percent and not self.percent:
            return self.env._(
                "Fees: '%(row)s' has no percentage of the licence value. Type one.",
                row=self.display_name,
            )
        if not is_percent and not self.price and not self.tier_ids:
            return self.env._(
                "Fees: '%(row)s' has no price. Type one or delete the row.",
                row=self.display_name,
            )
        return False

    def _tier_problems(self):
        """What is wrong with the tiers, each in a sentence."""
        self.ensure_one()
        if not self.tier_ids:
            return
        names = {"row": self.display_name}
        if self.basis in ("fixed", "licence_value"):
            yield self.env._(
                "Fees: '%(row)s' is not counted, so it has no tiers. Delete them, or "
                "choose another basis.",
                **names,
            )
        if self.price:
            yield self.env._(
                "Fees: '%(row)s' has a price and tiers. Clear the price: the tiers "
                "stand instead of it.",
                **names,
            )
        bounds = Counter(self.tier_ids.mapped("up_to"))
        for bound in (bound for bound, count in bounds.items() if count > 1):
            yield self.env._(
                "Fees: two tiers of '%(row)s' go up to %(bound)s. Keep one.",
                bound=self._format_number(bound),
                **names,
            )
        if 0 not in bounds:
            yield self.env._(
                "Fees: the last tier of '%(row)s' has a bound. Add one up to 0, for "
                "everything above.",
                **names,
            )
        if not all(self.tier_ids.mapped("price")):
            yield self.env._(
                "Fees: a tier of '%(row)s' has no price. Type one, or delete the tier.",
                **names,
            )

    def write(self, vals):
        """An own fee that is invoiced is ended and followed by a new one (R16)."""
        if any(row._changes(name, vals[name]) for row in self for name in vals):
            self._check_not_charged()
        return super().write(vals)

    def _changes(self, name, value):
        """Whether a write changes what invoices rely on; parts check themselves."""
        field = self._fields[name]
        if name in ALWAYS or field.type == "one2many":
            return False
        old = field.convert_to_cache(self[name], self)
        return field.convert_to_cache(value, self) != old

    def _let_go(self):
        """What an own fee has on its contract goes with it; none is invoiced."""
        self._check_not_charged()
        # sudo: lines and open charges follow from the row, whoever deletes it
        lines = self.env["contract.line"].sudo()
        charges = self.env["aftersales.charge"].sudo()
        charges.search([("fee_id", "in", self.ids)]).unlink()
        lines.search([("aftersales_fee_id", "in", self.ids)])._aftersales_drop()
        return super()._let_go()

    def _check_not_charged(self):
        """Refuse to change a contract's own fee that is on an invoice."""
        # sudo: whoever changes a fee need not see charges; nothing of them is shown
        charges = self.env["aftersales.charge"].sudo()
        own = self.filtered("contract_id")
        used = own.ids and charges.search(
            [("fee_id", "in", own.ids), ("state", "=", "invoiced")], limit=1
        )
        if used:
            raise ValidationError(
                self.env._(
                    "The fee '%(row)s' is on %(invoice)s, which stays as it is. Type "
                    "its last day, and add a fee that begins the day after.",
                    row=used.fee_id.with_env(self.env).display_name,
                    invoice=used.invoice_id.display_name,
                )
            )
