# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .own_common import OwnRowsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-09-20 02:00:00")
class TestOwnRowsChanges(OwnRowsCommon):
    """Own rows change at any time: open work is rated anew, once, and it is said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.contract = cls.contract.with_env(cls.env)

    def _messages(self):
        return self.contract.message_ids.sorted("id").filtered(
            lambda message: "Own terms changed" in (message.body or "")
        )

    def test_ten_rows_saved_at_once_are_rated_once(self):
        calls = self._count_ratings()
        services = [self._service(f"S{number}").id for number in range(10)]
        self._own(
            coverage=[{"service_id": service} for service in services[:3]],
            rate=[{"price": 1, "service_id": service} for service in services],
        )
        self.assertEqual(calls, [self.contract])
        self.assertEqual(len(self._messages()), 1)
        self.assertEqual(self._messages().body.count("<li>"), 13)
        calls.clear()
        self.contract.aftersales_rate_ids.write({"price": 2})
        self.assertEqual(calls, [self.contract])
        calls.clear()
        self.contract.aftersales_rate_ids.unlink()
        self.assertEqual(calls, [self.contract])
        self.assertEqual(len(self._messages()), 3)

    def test_rows_of_many_contracts_are_rated_together(self):
        calls = self._count_ratings()
        contracts = self.contract | self._contract(
            self._customer("Other"), self.plan, "2026-09-01"
        )
        calls.clear()
        rows = self.env["aftersales.plan.rate"].create(
            [{"contract_id": contract.id, "price": 5} for contract in contracts]
        )
        self.assertEqual(calls, [contracts])
        calls.clear()
        rows.unlink()
        self.assertEqual(calls, [contracts])

    def test_a_new_contract_with_own_rows_is_rated_once(self):
        calls = self._count_ratings()
        contract = self._contract(
            self._customer("New"),
            self.plan,
            "2026-09-01",
            aftersales_rate_ids=[Command.create({"price": 5})],
            aftersales_sla_ids=[Command.create({"response_hours": 1})],
        )
        self.assertEqual(calls, [contract])
        self.assertNotIn("aftersales_own_rows", contract.env.context)

    def test_a_save_that_changes_nothing_rates_nothing(self):
        row = self._own(rate=[{"price": 5}]).aftersales_rate_ids
        calls = self._count_ratings()
        row.write({"price": 5})
        self.contract.aftersales_rate_ids = [Command.update(row.id, {"price": 5})]
        self.contract.name = "Renamed"
        self.assertFalse(calls)
        self.assertEqual(len(self._messages()), 1)

    def test_saving_more_rows_takes_no_more_queries(self):
        services = [self._service(f"S{number}").id for number in range(22)]
        counts = []
        for chunk in (services[:2], services[2:12], services[12:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._own(rate=[{"price": 1, "service_id": service} for service in chunk])
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3, counts)
        self.assertLessEqual(counts[2], counts[1] + 3, counts)

    def test_the_chatter_says_who_changed_what(self):
        row = self._own(rate=[{"price": 400, "increment": 15}]).aftersales_rate_ids
        name = self.contract.currency_id.name
        (added,) = self._messages()
        self.assertEqual(added.author_id, self.env.user.partner_id)
        text = f"All work: 400.00 {name} an hour, rounded up to 15 min."
        self.assertIn(f"New: {text}", added.body)
        row.write({"price": 410, "date_end": "2026-12-31"})
        changed = self._messages()[-1]
        self.assertIn(f"{text} → All work: 410.00 {name}", changed.body)
        self.assertIn("(until 12/31/2026)", changed.body)
        row.unlink()
        self.assertIn("Deleted: All work: 410.00", self._messages()[-1].body)

    def test_the_chatter_says_what_the_words_leave_out(self):
        row = self._own(
            allowance=[{"name": "Mine", "quantity": 5}]
        ).aftersales_allowance_ids
        row.priority = 1
        self.assertIn("Priority: 10 → Priority: 1", self._messages()[-1].body)

    def test_the_chatter_is_safe_from_names(self):
        self._own(allowance=[{"name": "<b>Bold</b>", "quantity": 5}])
        self.assertIn("&lt;b&gt;Bold", self._messages().body)

    def test_open_work_is_rated_anew_and_invoiced_work_stays(self):
        ticket = self._hours(self.contract, "2026-09-02", minutes=660)
        early = ticket.charge_ids.filtered(lambda charge: charge.kind == "overage")
        self.assertEqual(early.amount, 300)
        self.contract.action_aftersales_invoice()
        late = self._hours(self.contract, "2026-09-03").charge_ids
        self.assertEqual(late.amount, 300)
        row = self._own(rate=[{"price": 100}]).aftersales_rate_ids
        self.assertEqual((early.amount, late.amount), (300, 100))
        self.assertEqual(late.rate_id, row)
        row.price = 150
        self.assertEqual((early.amount, late.amount), (300, 150))
        row.unlink()
        self.assertEqual((early.amount, late.amount), (300, 300))
        self.assertEqual(late.rate_id, self.plan.rate_ids)

    def test_a_rate_on_an_invoice_is_ended_not_deleted(self):
        row = self._own(rate=[{"price": 100}]).aftersales_rate_ids
        charges = self._hours(self.contract, "2026-09-02", minutes=660).charge_ids
        self.contract.action_aftersales_invoice()
        invoice = charges.invoice_id
        for function, args in (
            (row.sudo().unlink, []),
            (
                self.contract.sudo().write,
                [{"aftersales_rate_ids": [Command.delete(row.id)]}],
            ),
        ):
            with self.assertRaisesRegex(ValidationError, "last day instead") as error:
                function(*args)
            self.assertIn(invoice.display_name, str(error.exception))
        row.date_end = "2026-09-02"
        late = self._hours(self.contract, "2026-09-03").charge_ids
        self.assertEqual(late.amount, 300)

    def test_an_allowance_on_an_invoice_is_ended_not_deleted(self):
        row = self._own(
            allowance=[{"name": "Mine", "quantity": 5, "priority": 1}]
        ).aftersales_allowance_ids
        ticket = self._hours(self.contract, "2026-09-02", minutes=60)
        self.assertEqual(ticket.charge_ids.grant_id.allowance_id, row)
        row.unlink()
        self.assertEqual(
            ticket.charge_ids.grant_id.allowance_id, self.plan.allowance_ids
        )
        self.assertEqual(self.contract.grant_ids.allowance_id, self.plan.allowance_ids)
        row = self._own(
            allowance=[{"name": "Mine", "quantity": 5, "priority": 1}]
        ).aftersales_allowance_ids
        self._hours(self.contract, "2026-09-02", minutes=900)
        self.contract.action_aftersales_invoice()
        with self.assertRaisesRegex(ValidationError, "'Mine' pays for work on"):
            row.unlink()
