# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestThreeYears(AftersalesCommon):
    """Three contracts, month by month; what they cost is computed by hand beside."""

    def _sell(self, plan, start, metrics, end=None):
        place = self._installation(self.customer, metrics=metrics)
        return self._contract(
            self.customer, plan, start, end, installation_ids=[Command.set(place.ids)]
        )

    def _metric(self, contract, metric, day, value):
        self.env["aftersales.installation.metric"].create(
            {
                "installation_id": contract.installation_ids.id,
                "metric": metric,
                "date": day,
                "value": value,
            }
        )

    def _lived(self, sell, events):
        """Bill on the first of each month; what happens, happens on its own day.

        :param events: (day, function of the contract)
        :return dict: what the invoices of a month come to, by year and month
        """
        day, last, contract, amounts = date(2026, 1, 1), date(2029, 1, 1), None, {}
        events = sorted(events, key=lambda event: event[0])
        while day <= last:
            while events and events[0][0] <= day:
                happened, event = events.pop(0)
                with freeze_time(datetime.combine(happened, time(3))):
                    event(contract)
            with freeze_time(datetime.combine(day, time(8))):
                if contract is None and day >= sell[0]:
                    contract = sell[1]()
                moves = contract._recurring_create_invoice(day) if contract else []
                total = sum(move.amount_untaxed_signed for move in moves)
                if moves:
                    amounts[f"{day:%Y-%m}"] = round(total, 2)
            day += relativedelta(months=1)
        self.assertFalse(contract.charge_ids.filtered(lambda c: c.state != "invoiced"))
        return amounts

    def test_r20_r21_r22_manufacturer_by_licence_value_and_custom_functions(self):
        yearly = {"recurring_rule_type": "yearly"}
        plan = self._plan(
            "On premises",
            fees=[
                {"name": "L", "basis": "licence_value", "percent": 20, **yearly},
                {"name": "F", "basis": "custom_functions", "price": 3000, **yearly},
            ],
        )
        metrics = [
            ("licence_value", "2026-01-01", 1200000),
            ("custom_functions", "2026-01-01", 12),
        ]
        amounts = self._lived(
            (
                date(2026, 1, 1),
                lambda: self._sell(plan, "2026-01-01", metrics, "2026-12-31"),
            ),
            [
                (
                    date(2026, 7, 1),
                    lambda c: self._metric(c, "custom_functions", "2026-07-01", 15),
                ),
                (
                    date(2026, 12, 1),
                    lambda c: c.action_aftersales_renew(date(2027, 12, 31), 5),
                ),
                (
                    date(2027, 3, 12),
                    lambda c: self._metric(c, "licence_value", "2027-03-10", 1500000),
                ),
                (
                    date(2027, 12, 1),
                    lambda c: c.action_aftersales_renew(date(2028, 12, 31)),
                ),
                (
                    date(2028, 9, 20),
                    lambda c: c.action_aftersales_terminate(date(2028, 9, 30), True),
                ),
            ],
        )
        self.assertEqual(
            amounts,
            {
                # 20 % of 1 200 000, and 12 x 3 000
                "2026-01": 276000,
                # three functions more: 9 000 x 184 / 365
                "2026-07": 4536.99,
                # 5 % more: 252 000, and 15 x 3 000 x 1.05 = 47 250
                "2027-01": 299250,
                # 20 % of 300 000 x 1.05 = 63 000, for 297 of 365 days
                "2027-04": 51263.01,
                # 20 % of 1 500 000 x 1.05 = 315 000, and 47 250
                "2028-01": 362250,
                # back for October to December: 92 of 366 days of 315 000 are
                # 79 180.33, of 47 250 are 11 877.05
                "2028-10": -91057.38,
            },
        )

    def test_r20_r21_r22_trading_company_by_users_then_by_tiers(self):
        cloud = self._plan(
            "Cloud",
            fees=[
                {
                    "name": "U",
                    "basis": "users",
                    "price": 1000,
                    "recurring_rule_type": "yearly",
                }
            ],
        )
        tiers = self._plan(
            "Cloud with tiers",
            fees=[
                {
                    "name": "T",
                    "basis": "users",
                    "recurring_rule_type": "quarterly",
                    "tier_ids": [
                        Command.create({"up_to": 20, "price": 300}),
                        Command.create({"up_to": 0, "price": 250}),
                    ],
                }
            ],
        )
        amounts = self._lived(
            (
                date(2026, 3, 1),
                lambda: self._sell(cloud, "2026-03-01", [("users", "2026-03-01", 35)]),
            ),
            [
                (
                    date(2026, 10, 10),
                    lambda c: self._metric(c, "users", "2026-10-10", 38),
                ),
                (
                    date(2027, 1, 15),
                    lambda c: self._metric(c, "users", "2027-01-15", 30),
                ),
                (
                    date(2027, 6, 1),
                    lambda c: self._metric(c, "users", "2027-06-01", 33),
                ),
                (
                    date(2027, 9, 10),
                    lambda c: c.action_aftersales_change_plan(tiers, date(2027, 9, 16)),
                ),
                (
                    date(2028, 3, 20),
                    lambda c: c.action_aftersales_pause(
                        date(2028, 4, 1), date(2028, 4, 30)
                    ),
                ),
                (
                    date(2028, 11, 15),
                    lambda c: c.action_aftersales_terminate(date(2028, 11, 30), False),
                ),
            ],
        )
        self.assertEqual(
            amounts,
            {
                "2026-03": 35000,
                # three users more from 10 October to 28 February: 3 000 x 142 / 365
                "2026-11": 1167.12,
                # who left in January is not credited, but not paid again: 30 users
                "2027-03": 30000,
                # three users more: 3 000 x 274 / 366, a leap year
                "2027-06": 2245.9,
                # the other plan from 16 September: 33 000 x 167 / 366 = 15 057.38 back;
                # 20 x 300 + 13 x 250 = 9 250 a quarter, 76 of 91 days are 7 725.27
                "2027-10": -7332.11,
                "2027-12": 9250,
                "2028-03": 9250,
                # April rests: 9 250 x 30 / 92
                "2028-04": -3016.3,
                "2028-06": 9250,
                "2028-09": 9250,
            },
        )

    def test_a6_r20_r21_backup_by_volume_security_level_and_a_minimum(self):
        plan = self._plan(
            "Backup",
            fees=[
                {
                    "name": "B",
                    "basis": "data_volume",
                    "tier_mode": "volume",
                    "tier_ids": [
                        Command.create({"up_to": 100, "price": 2}),
                        Command.create({"up_to": 0, "price": 1.5}),
                    ],
                    "factor_ids": [
                        Command.create({"name": "encrypted", "factor": 1.2})
                    ],
                    "minimum_fee": 150,
                    "recurring_invoicing_type": "post-paid",
                }
            ],
        )
        metrics = [("data_volume", "2026-01-15", 80)]
        amounts = self._lived(
            (date(2026, 2, 1), lambda: self._sell(plan, "2026-01-15", metrics)),
            [
                (
                    date(2026, 3, 20),
                    lambda c: self._metric(c, "data_volume", "2026-03-20", 120),
                ),
                (
                    date(2026, 9, 1),
                    lambda c: self._metric(c, "data_volume", "2026-09-01", 60),
                ),
                (
                    date(2027, 1, 20),
                    lambda c: c.action_aftersales_terminate(date(2027, 1, 31), True),
                ),
            ],
        )
        self.assertEqual(
            amounts,
            {
                # 80 x 2 x 1.2, twice
                "2026-03": 192,
                "2026-04": 192,
                # 120 x 1.5 x 1.2 = 216 from 20 March on: 24 x 26 / 31 = 20.13 more
                "2026-05": 212.13,
                **{f"2026-{month:02}": 216 for month in range(6, 10)},
                # the fall on 1 September counts from the next period on
                "2026-10": 216,
                # 60 x 2 x 1.2 = 144, at least 150
                "2026-11": 150,
                "2026-12": 150,
                "2027-01": 150,
                # 150, and 17 of 31 days
                "2027-02": 232.26,
            },
        )
