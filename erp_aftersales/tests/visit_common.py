# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.fields import Command

from .charging_common import ChargingCommon


class VisitCommon(ChargingCommon):
    """A contract from September on with an inspection a quarter, seen in October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checklist = cls.env["aftersales.checklist.template"].create(
            {
                "name": "Inspection",
                "item_ids": [
                    Command.create({"name": "Disk space", "sequence": 1}),
                    Command.create({"name": "Log", "sequence": 2}),
                ],
            }
        )
        cls.inspection = {
            "name": "Inspection",
            "service_id": cls.service_support.id,
            "recurring_rule_type": "quarterly",
            "day_rule": "month_day",
            "month_day": 5,
            "checklist_id": cls.checklist.id,
        }
        cls.plan = cls._plan(
            "Cared for",
            coverage=[{"policy": "included"}],
            periodic_ids=[Command.create(cls.inspection)],
        )
        cls.north = cls._installation(cls.customer, "North")
        cls.south = cls._installation(cls.customer, "South")
        cls.contract = cls._contract(
            cls.customer,
            cls.plan,
            "2026-09-01",
            installation_ids=[Command.set((cls.north | cls.south).ids)],
        )

    def _today(self, day):
        return freeze_time(f"{day} 04:00:00")

    def _days(self, contract):
        """Day and installation of the visits that are planned, in order."""
        return sorted(
            (str(visit.date), visit.installation_id.name or "")
            for visit in contract.aftersales_visit_ids
        )

    def _count(self, installation, period_start):
        return self.env["aftersales.visit"].search_count(
            [
                ("installation_id", "=", installation.id),
                ("period_start", "=", period_start),
            ]
        )

    def _next(self, installation=None):
        """The next visit, of the north unless another place is asked for."""
        place = installation or self.north
        return self.contract.aftersales_visit_ids.filtered(
            lambda visit: visit.installation_id == place
        ).sorted("date")[:1]
