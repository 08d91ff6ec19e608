# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from odoo.fields import Command

from .billing_common import BillingCommon


class OwnRowsCommon(BillingCommon):
    """A contract with 10 hours a month, then 300 an hour, and its own rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._hourly_plan(
            "Standard",
            coverage=[{"policy": "allowance"}],
            allowances=[{"name": "Plan hours", "quantity": 10}],
            rates=[{"price": 300, "increment": 15}],
            sla=[{"priority": "1", "response_hours": 8}],
        )
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")

    @classmethod
    def _own(cls, contract=None, **rows):
        """Give a contract rows of its own: coverage, allowance, rate or sla."""
        contract = contract or cls.contract
        contract.write(
            {
                f"aftersales_{name}_ids": [Command.create(vals) for vals in vals_list]
                for name, vals_list in rows.items()
            }
        )
        return contract

    def _count_ratings(self):
        """Patch rating to note the contracts of each call."""
        calls = []
        rating = self.env.registry["aftersales.rating"]
        original = rating._rate

        def _rate(rating, contracts, *args, **kwargs):
            calls.append(contracts)
            return original(rating, contracts, *args, **kwargs)

        self.startPatcher(patch.object(rating, "_rate", _rate))
        return calls
