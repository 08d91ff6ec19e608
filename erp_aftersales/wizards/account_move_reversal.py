# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMoveReversal(models.TransientModel):
    """Ask whether credited work is billed again (R16)."""

    _inherit = "account.move.reversal"

    aftersales_has_charges = fields.Boolean(compute="_compute_aftersales_has_charges")
    aftersales_bill_again = fields.Boolean(
        string="Bill this work again?",
        help="No: the credit stands and the work stays on the old invoice. Yes: when "
        "the credit note is posted and credits the invoice in full, its work is free "
        "to be billed again. 'Reverse and Create Invoice' moves the work to the new "
        "invoice in any case.",
    )

    @api.depends("move_ids")
    def _compute_aftersales_has_charges(self):
        for wizard in self:
            # Safe: a yes or no about invoices the user is about to reverse.
            moves = wizard.move_ids._origin.sudo()
            wizard.aftersales_has_charges = bool(moves.line_ids.aftersales_charge_ids)

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        if self.aftersales_bill_again and self.aftersales_has_charges:
            values["aftersales_bill_again"] = True
        return values

    def reverse_moves(self, is_modify=False):
        """Move the charges along when the invoice is made anew, never free them."""
        if not is_modify:
            return super().reverse_moves(is_modify=is_modify)
        self.aftersales_bill_again = False
        moves = self.move_ids
        moves._aftersales_check_replaceable()
        known = moves.reversal_move_ids
        action = super().reverse_moves(is_modify=is_modify)
        credit_notes = moves.reversal_move_ids - known
        moves._aftersales_move_to_replacements(credit_notes, self.new_move_ids)
        return action
