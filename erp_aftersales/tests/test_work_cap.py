# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from .estimate_common import EstimateCommon


@tagged("post_install", "-at_install")
class TestWorkCap(EstimateCommon):
    """Time over an accepted estimate stops at its cap (E3, R25)."""

    def setUp(self):
        super().setUp()
        # One hour included, 60 an hour; 3 h estimated: 120 to accept.
        self.contract = self._allowed("approval")
        self.ticket = self._ticket_of(self.contract)
        self._made(self.ticket, 3)
        self._phone(self.ticket)
        self.mine = self._mine(self.ticket)

    def _activities(self):
        cap = self.env.ref("erp_aftersales.mail_activity_type_cap")
        return self.ticket.activity_ids.filtered(lambda a: a.activity_type_id == cap)

    def test_r25_warns_once_at_80_percent_and_asks_at_100(self):
        self._work(self.ticket, self.me, "2026-10-05", 60 + 95)
        self.assertFalse(self._activities())
        self._work(self.ticket, self.me, "2026-10-06", 1)
        self.assertEqual(self.mine.aftersales_used_percent, 80)
        self.assertEqual(len(self._activities()), 1)
        self.assertEqual(self._activities().user_id, self.support)
        self.assertIn("96.00", self._activities().summary)
        self._work(self.ticket, self.me, "2026-10-06", 4)
        self.assertEqual(len(self._activities()), 1, "told once")
        self._work(self.ticket, self.me, "2026-10-07", 40)
        self.assertEqual(len(self._activities()), 2)
        self.assertEqual(self.mine.aftersales_used_amount, 140)
        self.assertEqual(self.mine.aftersales_left_amount, 0)
        self.assertEqual(self.ticket.aftersales_waiting_amount, 20)
        self.assertEqual(self._bill(self.contract).amount_untaxed, 120)

    def test_r25_a_supplement_adds_to_what_was_accepted(self):
        self._work(self.ticket, self.me, "2026-10-05", 60 + 120)
        form = self._estimate(self.ticket, 1)
        self.assertTrue(form.is_supplement)
        self.assertEqual((form.accepted_amount, form.balance), (120, 0))
        self.assertEqual(form.total, 60)
        form.save().action_make()
        supplement = self.ticket.aftersales_estimate_id
        self.assertEqual(supplement.amount_untaxed, 60)
        self._phone(self.ticket)
        self.assertEqual(self.ticket.aftersales_accepted_amount, 180)
        self.assertIn("180.00 in all", "".join(self.ticket.message_ids.mapped("body")))
        self._work(self.ticket, self.me, "2026-10-06", 60)
        self.assertEqual(self.ticket.aftersales_waiting_amount, 0)
        self.assertEqual(self._bill(self.contract).amount_untaxed, 180)

    def test_r25_a_supplement_asks_for_the_difference(self):
        # 140 are worked, 120 accepted, 30 min more: 20 beyond + 30
        self._work(self.ticket, self.me, "2026-10-05", 60 + 140)
        over = self._made(self.ticket, 0.5)
        self.assertEqual(over.order_line.mapped("price_unit"), [20, 30])
        over._action_cancel()
        # 20 of the accepted amount are left if 40 min less were worked.
        self.ticket.timesheet_ids.unit_amount = (60 + 100) / 60
        less = self._made(self.ticket, 0.5)
        self.assertEqual(less.order_line.mapped("price_unit"), [-20, 30])
        self._phone(self.ticket)
        self.assertEqual(self.ticket.aftersales_accepted_amount, 130)

    def test_r25_a_cancelled_order_takes_only_its_own_amount_away(self):
        first = self.ticket.aftersales_estimate_id
        second = self._made(self.ticket, 4)
        self._phone(self.ticket)
        third = self._made(self.ticket, 5)
        self._phone(self.ticket)
        total = sum((first | second | third).mapped("amount_untaxed"))
        self.assertEqual(self.ticket.aftersales_accepted_amount, total)
        second._action_cancel()
        total -= second.amount_untaxed
        self.assertEqual(self.ticket.aftersales_accepted_amount, total)
        first._action_cancel()
        self.assertEqual(self.ticket.aftersales_accepted_amount, third.amount_untaxed)

    def test_r25_an_order_of_another_kind_still_replaces_the_amount(self):
        order = self._order(self.ticket, 50)
        order.action_confirm()
        self.assertEqual(self.ticket.aftersales_accepted_amount, 50)

    def test_r25_a_supplement_begins_the_warnings_anew(self):
        self._work(self.ticket, self.me, "2026-10-05", 60 + 120)
        self.assertEqual(self.ticket.aftersales_cap_level, 100)
        self._made(self.ticket, 8)
        self._phone(self.ticket)
        self.assertEqual(self.ticket.aftersales_cap_level, 0)
        self._work(self.ticket, self.me, "2026-10-06", 400)
        self.assertEqual(self.ticket.aftersales_cap_level, 80)
        self.assertEqual(len(self._activities()), 2)

    def test_r25_billable_work_stops_at_its_estimate_too(self):
        contract = self._contract_of("Pay", coverage=[{"policy": "billable"}])
        ticket = self._ticket_of(contract)
        self._made(ticket, 2)
        self._phone(ticket)
        self._work(ticket, self.me, "2026-10-05", 150)
        self.assertEqual(ticket.aftersales_waiting_amount, 30)
        self.assertEqual(self._bill(contract).amount_untaxed, 120)
        self._made(ticket, 0.5)
        # 30 wait already, and half an hour more: 30
        self.assertEqual(ticket.aftersales_estimate_id.amount_untaxed, 60)
        self._phone(ticket)
        self._work(ticket, self.me, "2026-10-06", 60)
        self.assertEqual(ticket.aftersales_waiting_amount, 30)
        self.assertEqual(self._bill(contract).amount_untaxed, 60)

    def test_r12_hours_beyond_a_fixed_estimate_warn_too(self):
        contract = self._contract_of("Quote", coverage=[{"policy": "quote"}])
        ticket = self._ticket_of(contract)
        self._made(ticket, 5)
        self._phone(ticket)
        mine = self._mine(ticket)
        self._work(ticket, self.me, "2026-10-05", 200)
        self.assertEqual(
            (mine.aftersales_estimated_hours, round(mine.aftersales_used_percent)),
            (5, 67),
        )
        self.assertEqual(ticket.aftersales_cap_level, 0)
        self._work(ticket, self.me, "2026-10-06", 40)
        self.assertEqual(ticket.aftersales_cap_level, 80)
        self._work(ticket, self.me, "2026-10-07", 90)
        self.assertEqual(ticket.aftersales_cap_level, 100)
        self.assertFalse(self._bill(contract).filtered("amount_untaxed"))
        self.assertIn("5 h are accepted", ticket.activity_ids.mapped("summary")[-1])

    def test_r12_a_supplement_of_quoted_work_is_an_order_of_its_own(self):
        contract = self._contract_of("Quote", coverage=[{"policy": "quote"}])
        ticket = self._ticket_of(contract)
        first = self._made(ticket, 5)
        self._phone(ticket)
        second = self._made(ticket, 1)
        self.assertTrue(second.aftersales_is_supplement)
        self._phone(ticket)
        self.assertEqual(self._mine(ticket).aftersales_estimated_hours, 6)
        orders = first | second
        self.assertEqual(
            [order._create_invoices().amount_untaxed for order in orders], [300, 60]
        )
