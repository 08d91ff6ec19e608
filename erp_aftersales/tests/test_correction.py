# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .charging_common import ChargingCommon


class CorrectionCommon(ChargingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract_of("Hourly", coverage=[{"policy": "billable"}])

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket_of(self.contract)
        self.line = self._work(self.ticket, self.senior, "2026-09-03", 60)

    def _correct(self, line=None, user=None, **vals):
        line = self.line if line is None else line
        line.with_user(user or self.manager).action_aftersales_correct(vals)

    def _total(self):
        return sum(self.contract.charge_ids.mapped("amount"))

    def _credit(self, invoice, again):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {"journal_id": invoice.journal_id.id, "aftersales_bill_again": again}
        )
        wizard.reverse_moves()
        credit = invoice.reversal_move_ids
        credit.action_post()
        return credit


@tagged("post_install", "-at_install")
class TestCorrection(CorrectionCommon):
    """Invoiced work changes by a correction, which is billed as adjustments (R17)."""

    def test_r17_correction_takes_back_the_old_and_bills_the_new(self):
        invoice = self._bill(self.contract)
        self._correct(unit_amount=1.5)
        self.assertEqual(self.line.unit_amount, 1.5)
        self.assertEqual(self.line.aftersales_revision, 1)
        key = f"w{self.line.id}"
        found = {c.key: (c.kind, c.amount, c.minutes) for c in self.line.charge_ids}
        self.assertEqual(
            found,
            {
                f"{key}.1": ("billable", 60, 60),
                f"{key}.1/back": ("adjustment", -60, -60),
                f"{key}/1.1": ("adjustment", 90, 90),
            },
        )
        again = self._bill(self.contract)
        self.assertEqual(again.amount_untaxed, 30)
        self.assertEqual(self.line.charge_ids.invoice_id, invoice | again)
        self.assertEqual(self._total(), 90)

    def test_r17_correction_down_is_a_credit_note(self):
        self._bill(self.contract)
        self._correct(unit_amount=0.5)
        again = self._bill(self.contract)
        self.assertEqual(again.move_type, "out_refund")
        self.assertEqual(again.amount_untaxed, 30)

    def test_r17_work_can_be_corrected_to_nothing(self):
        self._bill(self.contract)
        self._correct(unit_amount=0)
        self.assertEqual(self._total(), 0)
        self._bill(self.contract)
        self._correct(unit_amount=2)
        self.assertEqual(self._total(), 120)

    def test_r17_what_a_correction_gives_back_goes_to_earlier_open_work(self):
        """Months before the corrected work as well: its grant is a quarter's."""
        plan = self._plan(
            "Quarterly hour",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "Hour", "quantity": 1, "period": "quarter"}],
            rates=[{"price": 60}],
        )
        contract = self._contract(self.customer, plan, "2026-07-01")
        ticket = self._ticket(self.customer, contract)
        late = self._work(ticket, self.senior, "2026-09-10", 60)
        self._work(ticket, self.senior, "2026-09-11", 1)
        contract.action_aftersales_invoice()
        early = self._work(ticket, self.senior, "2026-07-05", 60)
        self.assertEqual(early.charge_ids.kind, "overage")
        late.action_aftersales_correct({"unit_amount": 0})
        self.assertEqual(early.charge_ids.mapped("kind"), ["allowance"])

    def test_r17_correction_of_a_correction(self):
        self._bill(self.contract)
        self._correct(unit_amount=2)
        self._correct(unit_amount=3)
        self.assertEqual(self.line.aftersales_revision, 1)
        self._bill(self.contract)
        self._correct(unit_amount=1)
        self.assertEqual(self.line.aftersales_revision, 2)
        self._bill(self.contract)
        self.assertEqual(self._total(), 60)
        self.assertEqual(set(self.line.charge_ids.mapped("state")), {"invoiced"})

    def test_r17_every_field_of_the_work_can_be_corrected(self):
        self._bill(self.contract)
        self._correct(
            date="2026-10-02",
            employee_id=self.junior.id,
            service_id=self.service_dev.id,
            service_mode="onsite",
            name="Other words",
        )
        new = self.line.charge_ids.filtered(lambda c: c.key.endswith("/1.1"))
        self.assertEqual(str(new.date), "2026-10-02")
        self.assertEqual(new.grade_id, self.grade_junior)
        self.assertEqual(new.service_id, self.service_dev)
        self.assertEqual(new.service_mode, "onsite")
        back = self.line.charge_ids.filtered(lambda c: c.key.endswith("/back"))
        self.assertEqual(str(back.date), "2026-09-03")
        self.assertEqual(self._total(), 60)

    def test_r17_start_that_is_corrected_decides_the_date(self):
        self._bill(self.contract)
        self._correct(start_datetime="2026-09-20 17:00:00")
        self.assertEqual(str(self.line.date), "2026-09-21")
        self.assertEqual(self.line.aftersales_revision, 1)

    def test_r17_work_that_is_not_invoiced_is_simply_written(self):
        self._correct(unit_amount=2)
        self.assertEqual(self.line.aftersales_revision, 0)
        self.assertEqual(self._kinds(self.line), [("billable", 120)])

    def test_r17_correction_that_changes_nothing_costs_nothing(self):
        self._bill(self.contract)
        self._correct(unit_amount=1, date="2026-09-03", name="Better words")
        self.assertEqual(self.line.aftersales_revision, 0)
        self.assertEqual(self.line.name, "Better words")
        self.assertEqual(self._kinds(self.line), [("billable", 60)])

    def test_r17_only_managers_correct(self):
        self._bill(self.contract)
        for user in (self.support, self.billing):
            with self.assertRaisesRegex(AccessError, "Only an after-sales manager"):
                self._correct(user=user, unit_amount=2)
            with self.assertRaisesRegex(AccessError, "Only an after-sales manager"):
                self.line.with_user(user).sudo().action_aftersales_correct(
                    {"unit_amount": 2}
                )
        self.assertEqual(self.line.unit_amount, 1)

    def test_r17_other_fields_are_refused(self):
        self._bill(self.contract)
        other = self._ticket_of(self.contract)
        for vals in ({"ticket_id": other.id}, {"aftersales_revision": 7}):
            with self.assertRaisesRegex(UserError, "A correction changes"):
                self._correct(**vals)

    def test_r17_only_a_correction_passes_the_guard(self):
        self._bill(self.contract)
        spoof = {"aftersales_correcting": True}
        with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
            self.line.with_user(self.manager).with_context(**spoof).unit_amount = 2
        self.line.sudo().with_context(**spoof).write({"aftersales_revision": 9})
        self.assertEqual(self.line.aftersales_revision, 0)
        self._correct(unit_amount=2)
        with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
            self.line.unit_amount = 3
        with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
            self.line.unlink()

    def test_r17_correction_obeys_the_contracts_dates(self):
        self._bill(self.contract)
        with self.assertRaisesRegex(ValidationError, "before contract"):
            self._correct(date="2026-08-31")

    def test_r17_minutes_go_back_to_their_grant(self):
        contract = self._allowed("overage")
        ticket = self._ticket_of(contract)
        first = self._work(ticket, self.senior, "2026-09-03", 60)
        second = self._work(ticket, self.senior, "2026-09-04", 30)
        self._bill(contract)
        self._correct(first, unit_amount=0.5)
        grant = contract.grant_ids.filtered(lambda g: g.date_start.month == 9)
        self.assertEqual(grant.minutes_remaining, 30)
        late = self._work(ticket, self.senior, "2026-09-05", 60)
        self.assertEqual(
            [(c.kind, c.minutes) for c in late.charge_ids.sorted("key")],
            [("allowance", 30), ("overage", 30)],
        )
        self.assertEqual(self._kinds(second), [("overage", 30)])


@tagged("post_install", "-at_install")
class TestCorrectionAndInvoices(CorrectionCommon):
    """Whatever becomes of the documents, the customer pays the new version (R16)."""

    def setUp(self):
        super().setUp()
        self.first = self._bill(self.contract)
        self._correct(unit_amount=1.5)

    def _due(self):
        """What all documents that stand, and what is open, bill in the end."""
        self._bill(self.contract)
        moves = self.contract.charge_ids.invoice_id
        moves |= self.first.exists()
        moves = moves.filtered(lambda move: move.state != "cancel")
        return sum(moves.mapped("amount_untaxed_signed"))

    def test_r16_first_invoice_cancelled_before_the_correction_is_billed(self):
        self.first.button_cancel()
        self.assertEqual(self._due(), 90)

    def test_r16_first_invoice_cancelled_after_the_correction_is_billed(self):
        self._bill(self.contract)
        self.first.button_cancel()
        self.assertEqual(self._total(), 90)
        self.assertEqual(self._due(), 90)

    def test_r16_first_invoice_cancelled_and_opened_again(self):
        second = self._bill(self.contract)
        self.first.button_cancel()
        self.first.button_draft()
        self.assertEqual(self.line.charge_ids.invoice_id, self.first | second)
        self.assertEqual(self._due(), 90)

    def test_r16_first_invoice_opened_again_after_open_correction(self):
        self.first.button_cancel()
        with self.assertRaisesRegex(UserError, "no longer"), self.cr.savepoint():
            self.first.button_draft()
        self.assertEqual(self._due(), 90)

    def test_r16_first_invoice_deleted(self):
        self._bill(self.contract)
        self.first.unlink()
        self.assertEqual(self._due(), 90)

    def test_r16_correction_deleted_is_billed_again(self):
        second = self._bill(self.contract)
        second.unlink()
        self.assertEqual(self._due(), 90)
        self._correct(unit_amount=1)
        self.assertEqual(self._due(), 60)

    def test_r16_first_invoice_credited_and_billed_again(self):
        self.first.action_post()
        self._bill(self.contract).action_post()
        credit = self._credit(self.first, again=True)
        self.assertEqual(self._total(), 90)
        self.assertEqual(self._due() + credit.amount_untaxed_signed, 90)

    def test_r16_credit_before_the_correction_is_billed(self):
        self.first.action_post()
        credit = self._credit(self.first, again=True)
        self.assertEqual(self._due() + credit.amount_untaxed_signed, 90)

    def test_r16_both_documents_cancelled(self):
        second = self._bill(self.contract)
        second.button_cancel()
        self.first.button_cancel()
        self.assertEqual(self._total(), 90)
        self.assertEqual(self._due(), 90)


@tagged("post_install", "-at_install")
class TestCorrectionDialogue(CorrectionCommon):
    """The manager sees what a correction costs before it is made (R17)."""

    def setUp(self):
        super().setUp()
        self._bill(self.contract)

    def _wizard(self, **vals):
        wizards = self.env["aftersales.correct"]
        return wizards.with_context(default_timesheet_id=self.line.id).create(vals)

    def _form(self):
        action = (
            self.line.charge_ids[:1]
            .with_user(self.manager)
            .action_aftersales_correction()
        )
        wizards = self.env[action["res_model"]].with_user(self.manager)
        return Form(wizards.with_context(**action["context"]))

    def test_r17_dialogue_shows_old_new_and_cost_and_says_why(self):
        with self._form() as form:
            self.assertEqual((form.old_cost, form.new_cost), (60, 60))
            form.unit_amount = 2.5
            form.employee_id = self.junior
            self.assertEqual((form.old_cost, form.new_cost), (60, 150))
            self.assertEqual(form.difference, 90)
            self.assertFalse(self.line.aftersales_revision)
            form.reason = "The night shift was forgotten"
        form.record.action_confirm()
        self.assertEqual(self.line.unit_amount, 2.5)
        self.assertEqual(self._total(), 150)
        body = self.ticket.message_ids[0].body
        for said in ("The night shift", "1.0 → 2.5", "Sen → Jun"):
            self.assertIn(said, body)

    def test_r17_dialogue_counts_other_work_that_moves(self):
        contract = self._allowed("overage")
        ticket = self._ticket_of(contract)
        self.line = self._work(ticket, self.senior, "2026-09-03", 60)
        self._bill(contract)
        self._work(ticket, self.senior, "2026-09-04", 60)
        with self._form() as form:
            form.unit_amount = 0.5
            self.assertEqual((form.old_cost, form.new_cost), (0, 0))
            self.assertEqual(form.difference, -30)
            form.reason = "x"

    def test_r17_dialogue_needs_a_reason(self):
        wizard = self._wizard(unit_amount=2, reason=" ")
        with self.assertRaisesRegex(UserError, "Type why"):
            wizard.action_confirm()

    def test_r17_who_comes_second_is_told(self):
        wizards = [self._wizard(unit_amount=hours, reason="x") for hours in (2, 3)]
        wizards[0].action_confirm()
        with self.assertRaisesRegex(UserError, "in the meantime"):
            wizards[1].action_confirm()
        self.assertEqual(self.line.unit_amount, 2)
        self.assertEqual(self.line.aftersales_revision, 1)

    def test_r17_dialogue_is_for_managers(self):
        for user in (self.support, self.billing):
            with self.assertRaises(AccessError):
                self.env["aftersales.correct"].with_user(user).create(
                    {"timesheet_id": self.line.id}
                )
