# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import Form, freeze_time

from .charging_common import ChargingCommon


class WorkCommon(ChargingCommon):
    """A support engineer at work: 60 an hour unless a contract says otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.me = cls._employee("Me", cls.grade_senior, user_id=cls.support.id)

    def _ticket_of(self, contract, day="2026-10-02", **vals):
        """A ticket that the support engineer serves."""
        vals.setdefault("user_id", self.support.id)
        return super()._ticket_of(contract, day, **vals)

    def _mine(self, ticket, user=None):
        return ticket.with_user(user or self.support)

    def _at(self, time, day="2026-10-10"):
        """Freeze the clock at a time of Shanghai."""
        return freeze_time(self._utc(day, time))

    def _form(self, action, user=None):
        """The dialogue that an action opens, as the engineer sees it."""
        model = self.env[action["res_model"]].with_user(user or self.support)
        return Form(model.with_context(**action["context"]))
