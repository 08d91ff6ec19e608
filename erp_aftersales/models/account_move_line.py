# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

# Fields that decide the subtotal of an invoice line.
PRICE_FIELDS = {"price_unit", "quantity", "discount", "tax_ids", "currency_id"}


class AccountMoveLine(models.Model):
    """The work under an invoice line, frozen while the line stands (R16)."""

    _inherit = "account.move.line"

    aftersales_charge_ids = fields.One2many(
        "aftersales.charge",
        "invoice_line_id",
        string="Charges",
        readonly=True,
        copy=False,
        help="The priced work and fees that this line bills.",
    )
    aftersales_charge_count = fields.Integer(
        string="Number of Charges", compute="_compute_aftersales_charge_count"
    )
    aftersales_period_start = fields.Date(
        string="Period From", readonly=True, help="First day that this line bills."
    )
    aftersales_period_end = fields.Date(
        string="Period To", readonly=True, help="Last day that this line bills."
    )
    aftersales_origin_line_id = fields.Many2one(
        "account.move.line",
        string="Copied From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line of the reversed invoice that this one credits or replaces.",
    )
    aftersales_freed = fields.Json(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="Charges this line lost: by which document, and what they were then.",
    )

    @api.depends("aftersales_charge_ids")
    def _compute_aftersales_charge_count(self):
        # Safe: a number, shown to people who may read the invoice line.
        counts = dict(
            self.env["aftersales.charge"]
            .sudo()
            ._read_group(
                [("invoice_line_id", "in", self.ids)], ["invoice_line_id"], ["__count"]
            )
        )
        for line in self:
            line.aftersales_charge_count = counts.get(line._origin, 0)

    def _compute_price_unit(self):
        """Charges make the price, also one of 0.00: 'Update Taxes' keeps it (R13)."""
        # Safe: only whether the line bills work.
        billed = self.filtered(lambda line: line._origin.sudo().aftersales_charge_ids)
        return super(AccountMoveLine, self - billed)._compute_price_unit()

    def write(self, vals):
        """Keep the subtotal of a posted line equal to its charges (R13)."""
        result = super().write(vals)
        if not PRICE_FIELDS.isdisjoint(vals):
            posted = self.filtered(lambda line: line.parent_state == "posted")
            posted._aftersales_check_subtotal()
        return result

    def unlink(self):
        """Free the charges of deleted lines, then rate their contracts (R16)."""
        products = self.filtered(lambda line: line.display_type == "product")
        # Safe: who may delete the invoice line frees what it carried.
        charges = products.sudo().aftersales_charge_ids
        contracts = charges.contract_id
        charges._aftersales_free()
        result = super().unlink()
        self._aftersales_rate(contracts)
        return result

    def action_aftersales_charges(self):
        """Open the charges that these lines bill."""
        return self.env["aftersales.charge"]._action_list(
            [("invoice_line_id", "in", self.ids)]
        )

    def _copy_data_extend_business_fields(self, values):
        # EXTENDS account: called for reversals and replacements only
        result = super()._copy_data_extend_business_fields(values)
        if self.display_type == "product":
            values["aftersales_origin_line_id"] = self.id
        return result

    def _aftersales_rate(self, contracts):
        """Bring the open charges of contracts up to date after freeing."""
        if contracts:
            # Safe: rating follows from facts; an accountant may not read them all.
            self.env["aftersales.rating"].sudo()._rate(contracts.sudo(), since=None)

    def _aftersales_remember(self, by):
        """Note on each line the charges it is about to lose, and to which document.

        :param dict by: for each invoice, the document that takes its charges: the
            invoice itself (cancelled), or its credit note
        """
        # Safe: only the technical note of lines the user is allowed to cancel.
        for line in self.sudo():
            if line.aftersales_charge_ids:
                line.aftersales_freed = {
                    "by": by[line.move_id].id,
                    "charges": [
                        charge._aftersales_snapshot()
                        for charge in line.aftersales_charge_ids
                    ],
                }

    def _aftersales_free(self, by):
        """Free the charges of these lines.

        :param dict by: the document that takes them, for each invoice
        :return: the contracts to rate
        """
        self._aftersales_remember(by)
        # Safe: who may cancel or credit the invoice frees what it carried.
        charges = self.sudo().aftersales_charge_ids
        contracts = charges.contract_id
        charges._aftersales_free()
        return contracts

    def _aftersales_move_to(self, copies, credit):
        """Hand the charges of a reversed line to the line that replaces it."""
        self.ensure_one()
        if len(copies) != 1:
            raise UserError(
                self.env._(
                    "'%s' has no line of its own on the new invoice, so its work "
                    "would be lost or billed twice. Reverse the invoice without "
                    "creating a new one, and let its work be billed again.",
                    self.name or self.product_id.display_name,
                )
            )
        self._aftersales_remember({self.move_id: credit})
        self.aftersales_charge_ids._aftersales_link(copies)

    def _aftersales_refreeze(self, documents):
        """Take back the charges that these lines lost to one of the documents.

        :return: the contracts to rate
        :raises UserError: when a charge is billed elsewhere, changed or gone
        """
        # Safe: who may reopen the invoice freezes again what it carried.
        lines = self.sudo().filtered(
            lambda line: (line.aftersales_freed or {}).get("by") in documents.ids
        )
        if not lines:
            return self.env["contract.contract"]
        found = lines._aftersales_find_freed()
        lines._aftersales_check_freed(found)
        contracts = self.env["contract.contract"]
        for line in lines:
            was = line.aftersales_freed["charges"]
            charges = self.env["aftersales.charge"].sudo()
            charges = charges.concat(*(found[w["contract"], w["key"]] for w in was))
            charges._aftersales_restore(line, was)
            contracts |= charges.contract_id
        lines.aftersales_freed = False
        posted = lines.filtered(lambda line: line.parent_state == "posted")
        posted._aftersales_check_subtotal()
        return contracts

    def _aftersales_find_freed(self):
        """Return the charges now standing for the remembered ones, by identity."""
        was = [w for line in self for w in line.aftersales_freed["charges"]]
        charges = self.env["aftersales.charge"].search(
            [
                ("contract_id", "in", list({w["contract"] for w in was})),
                ("key", "in", list({w["key"] for w in was})),
            ]
        )
        return {(charge.contract_id.id, charge.key): charge for charge in charges}

    def _aftersales_check_freed(self, found):
        """Refuse to freeze again what is billed elsewhere or no longer the same."""
        problems = []
        for line in self:
            for was in line.aftersales_freed["charges"]:
                charge = found.get((was["contract"], was["key"]))
                if problem := self._aftersales_freed_problem(was, charge):
                    problems.append(problem)
        if problems:
            raise UserError(
                self.env._(
                    "The work of %(invoice)s cannot be taken back, because it is no "
                    "longer what it was:\n%(problems)s\nLeave the document as it is "
                    "and bill what is open with 'Invoice open charges'.",
                    invoice=", ".join(self.move_id.mapped("display_name")),
                    problems="\n".join(f"- {problem}" for problem in problems),
                )
            )

    def _aftersales_freed_problem(self, was, charge):
        """Say why a remembered charge cannot be frozen again; None if it can."""
        if not charge:
            return self.env._("%s no longer exists", was["label"])
        if charge.invoice_line_id:
            return self.env._(
                "%(charge)s is billed on %(invoice)s",
                charge=was["label"],
                invoice=charge.invoice_id.display_name,
            )
        if not charge._aftersales_is_unchanged(was):
            return self.env._(
                "%(was)s has changed and is now %(now)s",
                was=was["label"],
                now=charge._aftersales_label(),
            )
        return None

    def _aftersales_check_subtotal(self):
        """Refuse lines whose subtotal is not the sum of their charges (R13)."""
        problems = []
        # Safe: compares amounts the user sees on the invoice anyway.
        for line in self.sudo():
            charges = line.aftersales_charge_ids
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            due = sign * sum(charges.mapped("amount"))
            if charges and (
                charges.currency_id != line.currency_id
                or line.currency_id.compare_amounts(due, line.price_subtotal)
            ):
                problems.append(line._aftersales_subtotal_problem(charges, due))
        if problems:
            raise UserError(
                self.env._(
                    "These lines no longer bill what their work costs:\n%s\nDelete "
                    "such a line, then its work is free to be billed anew; or correct "
                    "the work itself.",
                    "\n".join(f"- {problem}" for problem in problems),
                )
            )

    def _aftersales_subtotal_problem(self, charges, due):
        return self.env._(
            "'%(line)s' says %(subtotal)s, its charges say %(due)s",
            line=self.name or self.product_id.display_name,
            subtotal=self.currency_id.format(self.price_subtotal),
            due=charges.currency_id[:1].format(due),
        )
