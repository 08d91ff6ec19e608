# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Command

from .invoice_common import InvoiceCase


class TestFreezing(InvoiceCase):
    def test_r16_frozen_charge_is_not_written_and_names_its_invoice(self):
        self.invoice.action_post()
        for vals in ({"amount": 1}, {"invoice_line_id": False}, {"minutes": 1}):
            with self.assertRefused(UserError, self.invoice.name):
                self.charges[0].write(vals)
        with self.assertRefused(UserError, self.invoice.name):
            self.charges.unlink()
        self.assertOn(self.charges[2], self.invoice.invoice_line_ids[1])

    def test_r16_frozen_charge_is_not_taken_by_another_invoice(self):
        other = self._bill([self._charge(10)])
        with self.assertRefused(UserError, "cannot be changed"):
            other.invoice_line_ids.write(
                {"aftersales_charge_ids": [Command.link(self.charges[0].id)]}
            )

    def test_r16_open_charge_is_written_and_deleted(self):
        charge = self._charge(10)
        charge.amount = 20
        self.assertEqual(charge.amount, 20)
        charge.unlink()
        self.assertFalse(charge.exists())

    def test_r16_deleted_draft_frees_its_charges_and_rates_once(self):
        self.invoice.unlink()
        self.assertFree(self.charges)
        self.assertEqual(self.rated, [self.contract.ids])

    def test_r16_deleted_line_frees_its_charges_only(self):
        first, second = self.invoice.invoice_line_ids
        first.unlink()
        self.assertFree(self.charges[:2])
        self.assertOn(self.charges[2], second)
        self.assertEqual(self.rated, [self.contract.ids])

    def test_r16_line_deleted_on_the_form_frees_its_charges(self):
        first, second = self.invoice.invoice_line_ids
        self.invoice.write({"invoice_line_ids": [Command.delete(first.id)]})
        self.assertFree(self.charges[:2])
        self.assertOn(self.charges[2], second)

    def test_r16_line_without_charges_rates_nothing(self):
        invoice = self.invoice.copy()
        invoice.invoice_line_ids[0].unlink()
        invoice.unlink()
        self.assertFalse(self.rated)

    def test_r16_cancelled_draft_frees_its_charges(self):
        self.invoice.button_cancel()
        self.assertFree(self.charges)
        self.assertEqual(self.rated, [self.contract.ids])

    def test_r16_cancelled_posted_invoice_frees_its_charges(self):
        self.invoice.action_post()
        self.invoice.button_cancel()
        self.assertFree(self.charges)

    def test_r16_state_written_by_code_frees_as_the_button_does(self):
        self.invoice.write({"state": "cancel"})
        self.assertFree(self.charges)

    def test_r16_posted_invoice_back_to_draft_stays_frozen(self):
        self.invoice.action_post()
        self.invoice.button_draft()
        self.assertOn(self.charges[:2], self.invoice.invoice_line_ids[0])
        self.assertFalse(self.rated)

    def test_r16_back_to_draft_freezes_again_on_the_same_lines(self):
        self.invoice.button_cancel()
        self.invoice.button_draft()
        first, second = self.invoice.invoice_line_ids
        self.assertOn(self.charges[:2], first)
        self.assertOn(self.charges[2], second)
        self.assertFalse(any(self.invoice.line_ids.mapped("aftersales_freed")))
        self.invoice.action_post()
        self.assertEqual(self.invoice.state, "posted")

    def test_r16_back_to_draft_finds_charges_that_rating_made_anew(self):
        self.invoice.button_cancel()
        vals = self.charges[2].copy_data({"key": self.charges[2].key})[0]
        self.charges[2].unlink()
        again = self.env["aftersales.charge"].create(vals)
        self.invoice.button_draft()
        self.assertOn(again, self.invoice.invoice_line_ids[1])

    def test_r13_back_to_draft_restores_cents_that_moved_in_between(self):
        self.invoice.button_cancel()
        self.charges[0].amount = 500.01
        self.charges[1].amount = 749.99
        self.invoice.button_draft()
        self.assertEqual(self.charges.mapped("amount"), [500, 750, 1200])
        self.assertEqual(self.rated, [self.contract.ids] * 2)
        self.invoice.action_post()

    def test_r16_back_to_draft_restores_the_sentence_of_then(self):
        self.charges = self._charge(90, reason_code="billable", reason_args={"n": 1})
        invoice = self._bill([self.charges])
        invoice.button_cancel()
        self.charges.reason_args = {"n": 2}
        invoice.button_draft()
        self.assertEqual(self.charges.reason_args, {"n": 1})

    def test_r16_back_to_draft_is_refused_when_billed_elsewhere(self):
        self.invoice.button_cancel()
        other = self._bill([self.charges[:1]])
        other.action_post()
        with self.assertRefused(UserError, f"is billed on {other.name}"):
            self.invoice.button_draft()
        self.assertFree(self.charges[1:])
        self.assertOn(self.charges[0], other.invoice_line_ids)

    def test_r16_back_to_draft_is_refused_when_the_work_changed(self):
        self.invoice.button_cancel()
        self.charges[2].write({"minutes": 90, "quantity": 1.5, "amount": 1800})
        with self.assertRefused(UserError, "has changed and is now .*1,800"):
            self.invoice.button_draft()

    def test_r16_back_to_draft_is_refused_when_the_work_is_gone(self):
        self.invoice.button_cancel()
        self.charges[2].unlink()
        with self.assertRefused(UserError, "1,200.00.* no longer exists"):
            self.invoice.button_draft()

    def test_r16_back_to_draft_is_refused_when_a_fee_has_another_amount(self):
        fee = self._charge(2000, kind="fee", date_start="2026-09-01")
        invoice = self._bill([fee])
        invoice.button_cancel()
        fee.amount = 1999.99
        with self.assertRefused(UserError, "has changed"):
            invoice.button_draft()

    def test_r16_cancelled_twice_is_freed_twice(self):
        self.invoice.button_cancel()
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertFree(self.charges)

    def test_r16_cancelled_then_deleted_leaves_the_new_invoice_alone(self):
        self.invoice.button_cancel()
        other = self._bill([self.charges])
        self.invoice.unlink()
        self.assertOn(self.charges, other.invoice_line_ids)

    def test_r16_many_invoices_at_once_keep_their_own_charges(self):
        other = self._charge(70)
        both = self.invoice | self._bill([other])
        both.button_cancel()
        self.assertFree(self.charges | other)
        both.button_draft()
        self.assertOn(self.charges[2], self.invoice.invoice_line_ids[1])
        self.assertOn(other, both[1].invoice_line_ids)
        self.assertEqual(self.rated, [self.contract.ids] * 2)

    def test_r16_copy_carries_no_charges(self):
        copy = self.invoice.copy()
        self.assertEqual(copy.amount_total, 2450)
        self.assertFalse(copy.line_ids.aftersales_charge_ids)
        self.assertFalse(copy.line_ids.aftersales_origin_line_id)
        self.assertOn(self.charges[2], self.invoice.invoice_line_ids[1])

    def test_r16_copy_of_a_cancelled_invoice_freezes_nothing(self):
        self.invoice.button_cancel()
        copy = self.invoice.copy()
        copy.button_cancel()
        copy.button_draft()
        self.assertFree(self.charges)

    def test_r13_edited_draft_line_is_not_posted(self):
        for vals in (
            {"price_unit": 1249.99},
            {"quantity": 2},
            {"discount": 3},
            {"tax_ids": self._included_tax().ids},
        ):
            with self.subTest(vals), self.env.cr.savepoint() as savepoint:
                self.invoice.invoice_line_ids[0].write(vals)
                with self.assertRefused(UserError, "support 1.*charges say"):
                    self.invoice.action_post()
                savepoint.rollback()
                self.env.invalidate_all()
        self.invoice.action_post()

    def _included_tax(self):
        return self.env["account.tax"].create(
            {
                "name": "6 % included",
                "amount": 6,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )

    def test_r13_edited_line_can_be_deleted_and_the_rest_posted(self):
        self.invoice.invoice_line_ids[0].price_unit = 1
        self.invoice.invoice_line_ids[0].unlink()
        self.invoice.action_post()
        self.assertFree(self.charges[:2])
        self.assertEqual(self.invoice.amount_untaxed, 1200)

    def test_r13_price_of_a_posted_line_is_not_changed_by_code(self):
        self.invoice.action_post()
        with self.assertRefused(UserError, "charges say"):
            self.invoice.invoice_line_ids[0].price_unit = 1

    def test_r13_credit_note_of_billing_has_the_sign_turned(self):
        credit_notes = self._charge(-300, kind="credit") | self._charge(-20)
        refund = self._bill([credit_notes], move_type="out_refund")
        refund.action_post()
        self.assertEqual(refund.amount_untaxed, 320)
        refund.button_cancel()
        self.assertFree(credit_notes)

    def test_r13_line_in_another_currency_is_not_posted(self):
        other = self.env.ref("base.EUR")
        if other == self.currency:
            other = self.env.ref("base.USD")
        other.active = True
        charge = self._charge(10, currency_id=other.id)
        invoice = self._bill([charge])
        with self.assertRefused(UserError, "charges say"):
            invoice.action_post()

    def test_r16_accountant_deletes_and_cancels_without_more_rights(self):
        accountant = self.env["res.users"].create(
            {
                "name": "Accountant",
                "login": "aftersales-accountant",
                "group_ids": [
                    Command.link(self.env.ref("account.group_account_invoice").id)
                ],
            }
        )
        invoice = self.invoice.with_user(accountant)
        invoice.action_post()
        invoice.button_cancel()
        self.assertFree(self.charges)
        invoice.button_draft()
        self.assertOn(self.charges[2], self.invoice.invoice_line_ids[1])
        with self.assertRaises(UserError):
            self.charges[0].with_user(accountant).unlink()
        invoice.unlink()
        self.assertFree(self.charges)
