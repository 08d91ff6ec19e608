# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form

from .invoice_common import InvoiceCase


class TestReversal(InvoiceCase):
    def setUp(self):
        super().setUp()
        self.invoice.action_post()
        self.first, self.second = self.invoice.invoice_line_ids

    def assertFrozen(self):
        """Every charge is on the line it was billed on."""
        self.assertOn(self.charges[:2], self.first)
        self.assertOn(self.charges[2], self.second)

    def _form(self, move):
        return Form(
            self.env["account.move.reversal"].with_context(
                active_model="account.move", active_ids=move.ids
            )
        )

    def test_r16_dialogue_asks_only_when_there_is_work(self):
        self.assertTrue(self._form(self.invoice).aftersales_has_charges)
        self.assertFalse(self._form(self.invoice).aftersales_bill_again)
        plain = self.invoice.copy()
        plain.action_post()
        self.assertFalse(self._form(plain).aftersales_has_charges)
        credit = self._reverse(plain, bill_again=True)
        self.assertFalse(credit.aftersales_bill_again)

    def test_r16_credit_note_answered_no_keeps_the_work_frozen(self):
        credit = self._reverse(self.invoice)
        credit.action_post()
        self.assertFrozen()
        self.assertFalse(credit.line_ids.aftersales_charge_ids)
        self.assertFalse(self.rated)

    def test_r16_credit_note_answered_yes_frees_when_it_is_posted(self):
        credit = self._reverse(self.invoice, bill_again=True)
        self.assertTrue(credit.aftersales_bill_again)
        self.assertFrozen()
        credit.action_post()
        self.assertFree(self.charges)
        self.assertEqual(self.rated, [self.contract.ids])

    def test_r16_partial_credit_note_frees_nothing_and_says_so(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.invoice_line_ids[1].unlink()
        credit.action_post()
        self.assertFrozen()
        self.assertIn("not credit", credit.message_ids[0].body)
        self.assertIn(self.invoice.name, credit.message_ids[0].body)

    def test_r16_credit_note_after_a_partial_one_frees_nothing(self):
        partial = self._reverse(self.invoice)
        partial.invoice_line_ids[1].unlink()
        partial.action_post()
        full = self._reverse(self.invoice, bill_again=True)
        full.action_post()
        self.assertFrozen()

    def test_r16_credit_note_in_another_currency_frees_nothing(self):
        other = self.env.ref("base.EUR")
        if other == self.currency:
            other = self.env.ref("base.USD")
        other.active = True
        credit = self._reverse(self.invoice, bill_again=True)
        credit.currency_id = other
        self.assertEqual(credit.amount_total, self.invoice.amount_total)
        credit.action_post()
        self.assertFrozen()

    def test_r16_credit_note_back_to_draft_freezes_again(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        credit.button_draft()
        self.assertFrozen()
        self.assertEqual(len(self.rated), 2)
        credit.action_post()
        self.assertFree(self.charges)

    def test_r16_credit_note_cancelled_freezes_again(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        credit.button_cancel()
        self.assertFrozen()

    def test_r16_credit_note_cancelled_by_code_freezes_again(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        credit.write({"state": "cancel"})
        self.assertFrozen()

    def test_r16_credit_note_deleted_freezes_again(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        credit.with_context(force_delete=True).unlink()
        self.assertFrozen()
        self.assertEqual(len(self.rated), 2)

    def test_r16_credit_note_back_to_draft_is_refused_when_billed_again(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        again = self._bill([self.charges])
        again.action_post()
        with self.assertRefused(UserError, f"is billed on {again.name}"):
            credit.button_draft()
        with self.assertRefused(UserError, f"is billed on {again.name}"):
            credit.button_cancel()
        with self.assertRefused(UserError, f"is billed on {again.name}"):
            credit.with_context(force_delete=True).unlink()
        self.assertOn(self.charges, again.invoice_line_ids)

    def test_r16_credit_note_back_to_draft_is_refused_when_the_work_changed(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        self.charges[0].write({"price_unit": 400, "amount": 400})
        with self.assertRefused(UserError, "has changed"):
            credit.button_draft()

    def test_r16_credited_invoice_through_cancel_and_draft_stays_free(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        self.invoice.button_cancel()
        self.invoice.button_draft()
        self.assertFree(self.charges)

    def test_r16_credit_note_withdrawn_from_a_cancelled_invoice(self):
        credit = self._reverse(self.invoice, bill_again=True)
        credit.action_post()
        self.invoice.button_cancel()
        credit.button_draft()
        self.assertFree(self.charges)
        self.invoice.button_draft()
        self.assertFrozen()

    def test_r16_credit_note_of_an_unposted_invoice_frees_nothing(self):
        credit = self._reverse(self.invoice, bill_again=True)
        self.invoice.button_draft()
        credit.action_post()
        self.assertFrozen()

    def test_r16_replacement_takes_the_charges_along(self):
        new = self._replace(self.invoice)
        self.assertEqual(new.move_type, "out_invoice")
        self.assertOn(self.charges[:2], new.invoice_line_ids[0])
        self.assertOn(self.charges[2], new.invoice_line_ids[1])
        self.assertFalse(self.invoice.line_ids.aftersales_charge_ids)
        self.assertFalse(self.rated)
        self.assertEqual(
            str(new.invoice_line_ids[0].aftersales_period_start), "2026-09-01"
        )
        new.action_post()
        self.assertEqual(new.amount_untaxed, 2450)

    def test_r16_replacement_ignores_the_question(self):
        wizard = self._reversal(self.invoice, aftersales_bill_again=True)
        wizard.modify_moves()
        self.assertOn(self.charges[2], wizard.new_move_ids.invoice_line_ids[1])

    def test_r16_replacements_of_many_invoices_at_once(self):
        other = self._charge(70)
        both = self.invoice | self._bill([other])
        both[1].action_post()
        new = self._replace(both)
        self.assertEqual(len(new), 2)
        self.assertOn(self.charges[2], new[0].invoice_line_ids[1])
        self.assertOn(other, new[1].invoice_line_ids)

    def test_r16_deleted_replacement_frees_its_charges(self):
        self._replace(self.invoice).unlink()
        self.assertFree(self.charges)

    def test_r16_credit_note_of_a_replacement_is_kept_while_that_stands(self):
        new = self._replace(self.invoice)
        credit = self.invoice.reversal_move_ids
        with self.assertRefused(UserError, "is billed on"):
            credit.button_draft()
        new.unlink()
        credit.button_draft()
        self.assertFrozen()

    def test_r16_cancelled_replacement_is_not_reopened_beside_the_old_invoice(self):
        new = self._replace(self.invoice)
        credit = self.invoice.reversal_move_ids
        new.button_cancel()
        credit.button_draft()
        self.assertFrozen()
        with self.assertRefused(UserError, f"is billed on {self.invoice.name}"):
            new.button_draft()

    def test_r16_replacement_is_refused_when_the_work_left_already(self):
        self._reverse(self.invoice, bill_again=True).action_post()
        with self.assertRefused(UserError, "bill it twice"):
            self._replace(self.invoice)
        self.assertFree(self.charges)

    def test_r16_replacement_is_refused_when_a_line_has_no_successor(self):
        moves = self.env["account.move"]
        credit = self._reverse(self.invoice)
        with self.assertRefused(UserError, "support 1.*no line of its own"):
            self.invoice._aftersales_move_to_replacements(credit, moves)
        self.assertFrozen()

    def test_r16_replacement_of_a_replacement(self):
        new = self._replace(self.invoice)
        new.action_post()
        newest = self._replace(new)
        self.assertOn(self.charges[:2], newest.invoice_line_ids[0])
        self.assertOn(self.charges[2], newest.invoice_line_ids[1])

    def test_r16_reversed_credit_note_of_billing_frees_its_credits(self):
        credit_notes = self._charge(-300, kind="credit")
        refund = self._bill([credit_notes], move_type="out_refund")
        refund.action_post()
        counter = self._reverse(refund, bill_again=True)
        self.assertEqual(counter.move_type, "out_invoice")
        counter.action_post()
        self.assertFree(credit_notes)
        counter.button_draft()
        self.assertOn(credit_notes, refund.invoice_line_ids)

    def test_r16_tax_on_the_invoice_does_not_hide_a_full_credit(self):
        tax = self.env["account.tax"].create(
            {"name": "13 %", "amount": 13, "type_tax_use": "sale"}
        )
        charge = self._charge(266.67)
        invoice = self._bill([charge])
        invoice.invoice_line_ids.tax_ids = [Command.set(tax.ids)]
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 266.67)
        self._reverse(invoice, bill_again=True).action_post()
        self.assertFree(charge)
