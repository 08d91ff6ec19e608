# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import freeze_time, tagged

from .own_common import OwnRowsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-09-20 02:00:00")
class TestOwnPrices(OwnRowsCommon):
    """The contract's own rows decide before its plan and the card (R2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billed = cls._contract(
            cls._customer("Billed"),
            cls._hourly_plan("Charged", rates=[{"price": 300, "increment": 30}]),
            "2026-09-01",
        )
        cls.by_card = cls._contract(
            cls._customer("By the card"),
            cls._hourly_plan("No prices", rates=[]),
            "2026-09-01",
        )
        cls.card = cls._card(price=500, increment=15, date_end="2026-09-09")
        cls._card(price=600, increment=15, date_start="2026-09-10")

    def _charges(self, contract, *days, **vals):
        return self._hours(contract, *days, **vals).charge_ids.sorted("date")

    def _amounts(self, contract, *days, **vals):
        return self._charges(contract, *days, **vals).mapped("amount")

    def test_r02_an_own_price_beats_a_more_specific_one_of_the_plan(self):
        plan = self._hourly_plan(
            "By service", rates=[{"price": 300, "service_id": self.service_support.id}]
        )
        contract = self._contract(self._customer("New"), plan, "2026-09-01")
        self.assertEqual(self._amounts(contract, "2026-09-02"), [300])
        row = self._own(contract, rate=[{"price": 250}]).aftersales_rate_ids
        charge = contract.charge_ids
        self.assertEqual((charge.amount, charge.rate_id), (250, row))

    def test_r02_an_own_price_that_does_not_match_leaves_the_plans(self):
        self._own(self.billed, rate=[{"price": 250, "grade_id": self.grade_junior.id}])
        self.assertEqual(self._amounts(self.billed, "2026-09-02"), [300])

    def test_r02_a_percentage_of_the_plans_price_and_its_measure(self):
        self._own(self.billed, rate=[{"percent": 90, "increment": 60}])
        charge = self._charges(self.billed, "2026-09-02", minutes=70)
        # 70 minutes are rounded to 90 by the plan's row, not to 120 by the own one
        self.assertEqual((charge.minutes, charge.price_unit), (90, 270))
        self.assertEqual(charge.amount, 405)

    def test_r02_a_percentage_above_100_is_a_surcharge(self):
        self._own(self.billed, rate=[{"percent": 120}])
        self.assertEqual(self._amounts(self.billed, "2026-09-02"), [360])

    def test_r02_a_rise_of_the_card_reaches_a_percentage_of_it(self):
        self._own(self.by_card, rate=[{"percent": 80}])
        self.assertEqual(
            self._amounts(self.by_card, "2026-09-09", "2026-09-10"), [400, 480]
        )

    def test_r02_a_percentage_of_no_price_waits_for_one(self):
        contract = self._contract(
            self._customer("Abroad"),
            self._hourly_plan(
                "Foreign", rates=[], currency_id=self._other_currency().id
            ),
            "2026-09-01",
            aftersales_rate_ids=[(0, 0, {"percent": 80})],
        )
        charge = self._charges(contract, "2026-09-02")
        self.assertEqual((charge.kind, charge.state), ("unrated", "waiting"))

    def test_r02_own_prices_hold_on_their_days_both_included(self):
        self._own(
            self.billed,
            rate=[
                {"price": 250, "date_start": "2026-09-08", "date_end": "2026-09-09"},
                {"percent": 50, "date_start": "2026-09-10", "date_end": "2026-09-10"},
            ],
        )
        days = [f"2026-09-{day:02}" for day in range(7, 12)]
        self.assertEqual(self._amounts(self.billed, *days), [300, 250, 250, 150, 300])

    def test_r02_own_coverage_beats_a_more_specific_row_of_the_plan(self):
        plan = self._hourly_plan(
            "Specific",
            coverage=[
                {
                    "service_id": self.service_support.id,
                    "mode": "remote",
                    "policy": "billable",
                }
            ],
        )
        contract = self._contract(self._customer("New"), plan, "2026-09-01")
        self._own(
            contract,
            coverage=[
                {"policy": "included", "date_end": "2026-09-08"},
                {"policy": "billable", "discount": 50, "date_start": "2026-09-10"},
            ],
        )
        charges = self._charges(contract, "2026-09-08", "2026-09-09", "2026-09-10")
        self.assertEqual(charges.mapped("kind"), ["included", "billable", "billable"])
        self.assertEqual(charges.mapped("amount"), [0, 60, 30])

    def test_r03_own_excluded_is_priced_by_the_card_alone(self):
        self._own(
            coverage=[{"policy": "excluded", "discount": 50}],
            rate=[{"price": 1}],
        )
        charge = self._charges(self.contract, "2026-09-02")
        self.assertEqual((charge.kind, charge.amount), ("billable", 500))
        self.assertFalse(charge.grant_id)
        self.assertEqual(charge.rate_id, self.card)

    def test_r02_an_own_allowance_adds_to_the_plans(self):
        self._own(allowance=[{"name": "Mine", "quantity": 2, "priority": 20}])
        charges = self._charges(self.contract, "2026-09-02", minutes=13 * 60)
        self.assertEqual(
            [(c.grant_id.allowance_id.name, c.minutes) for c in charges.sorted("key")],
            [("Plan hours", 600), ("Mine", 120), (False, 60)],
        )
        self.assertEqual(sum(charges.mapped("amount")), 300)

    def test_r02_an_own_allowance_stands_instead_of_the_plans(self):
        ticket = self._hours(self.contract, "2026-09-02", minutes=13 * 60)
        self.assertEqual(sum(ticket.charge_ids.mapped("amount")), 900)
        self._own(
            allowance=[
                {
                    "name": "Mine",
                    "quantity": 12,
                    "replaces_id": self.plan.allowance_ids.id,
                }
            ]
        )
        self.assertEqual(sum(ticket.charge_ids.mapped("amount")), 300)
        self.assertEqual(self.contract.grant_ids.mapped("quantity"), [12])
        self.contract.aftersales_allowance_ids.unlink()
        self.assertEqual(sum(ticket.charge_ids.mapped("amount")), 900)
        self.assertEqual(self.contract.grant_ids.mapped("quantity"), [10])

    def test_r02_an_own_allowance_keeps_the_contracts_periods_in_parts(self):
        self._own(
            allowance=[
                {
                    "name": "Mine",
                    "quantity": 30,
                    "date_start": "2026-09-11",
                    "replaces_id": self.plan.allowance_ids.id,
                }
            ]
        )
        grants = self.contract.grant_ids.sorted("date_start")
        # the plan's 10 h end uncut, then there are 20 of 30 days of 30 h
        self.assertEqual(grants.mapped("minutes"), [600, 1200])
        self.assertEqual(
            [str(day) for day in grants.mapped("date_end")],
            ["2026-09-10", "2026-09-30"],
        )

    def test_r02_own_rows_outside_the_contract_give_nothing(self):
        self._own(
            allowance=[{"name": "Past", "quantity": 5, "date_end": "2026-08-31"}],
            rate=[{"price": 1, "date_end": "2026-08-31"}],
            coverage=[{"policy": "included", "date_end": "2026-08-31"}],
        )
        self.assertEqual(self.contract.grant_ids.allowance_id, self.plan.allowance_ids)
        charges = self._charges(self.contract, "2026-09-02", minutes=660)
        self.assertEqual(sum(charges.mapped("amount")), 300)

    def test_r18_a_row_added_later_reaches_open_work_of_the_past_only(self):
        self._charges(self.billed, "2026-09-02")
        self.billed.action_aftersales_invoice()
        self._charges(self.billed, "2026-09-03")
        self._own(self.billed, rate=[{"price": 100, "date_start": "2026-09-01"}])
        amounts = self.billed.charge_ids.sorted("date").mapped("amount")
        self.assertEqual(amounts, [300, 100])

    def test_r24_the_reason_names_the_price_it_used(self):
        self._own(self.billed, rate=[{"percent": 90}])
        self.assertIn("270.00", self._charges(self.billed, "2026-09-02").reason)

    def test_e1_a_quote_knows_own_rows(self):
        self._own(self.billed, rate=[{"percent": 50}])
        quote = self.billed._aftersales_quote(
            self.service_support, "remote", self.grade_senior, 60
        )
        self.assertEqual(quote["amount"], 150)

    def test_r06_work_without_a_start_is_listed_for_own_prices_by_band(self):
        self._charges(self.billed, "2026-09-02")
        self.assertEqual(self.billed.aftersales_no_start_count, 0)
        self._own(self.billed, rate=[{"percent": 150, "band": "after_hours"}])
        self.assertEqual(self.billed.aftersales_no_start_count, 1)

    def _other_currency(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        other = currencies.search([("id", "!=", self.company.currency_id.id)], limit=1)
        other.active = True
        return other
