# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.tests import HttpCase, new_test_user

from odoo.addons.erp_aftersales.tests.common import AftersalesCommon


class PortalCommon(AftersalesCommon, HttpCase):
    """Two customers under contract; the first has a boss, a clerk and a technician.

    The boss may do everything, the clerk sees no money, the technician accepts nothing;
    the stranger belongs to the other customer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.plan = cls._plan("Portal", **cls._plan_rows())
        cls.contract = cls._contract(cls.customer, cls.plan, "2026-09-01")
        cls.other_customer = cls._customer("Other Customer")
        cls.other_contract = cls._contract(cls.other_customer, cls.plan, "2026-09-01")
        cls.boss = cls._visitor("boss", cls.customer, aftersales_administers=True)
        cls.clerk = cls._visitor("clerk", cls.customer, aftersales_sees_money=False)
        cls.technician = cls._visitor(
            "technician", cls.customer, aftersales_accepts=False
        )
        cls.stranger = cls._visitor("stranger", cls.other_customer)

    @classmethod
    def _plan_rows(cls):
        """Ten hours a month, then 800 an hour; answered in an hour, round the clock."""
        return {
            "default_service_id": cls.service_support.id,
            "coverage": [
                {"policy": "allowance", "service_id": cls.service_support.id},
                {"policy": "billable", "service_id": cls.service_dev.id},
            ],
            "allowances": [{"name": "Ten hours", "quantity": 10, "period": "month"}],
            "rates": [{"price": 800, "increment": 30, "minimum": 60}],
            "fees": [{"name": "Month", "price": 2000}],
            "sla": [{"priority": "1", "response_hours": 1, "resolution_hours": 8}],
        }

    @classmethod
    def _visitor(cls, login, customer, **roles):
        """A portal user: a contact of a customer."""
        user = new_test_user(cls.env, f"portal_{login}", groups="base.group_portal")
        user.partner_id.write({"parent_id": customer.id, "name": login, **roles})
        return user

    def _as(self, user):
        self.authenticate(user.login, user.login)

    def _page(self, path, status=200):
        """The text of a page."""
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, status, path)
        return answer.text

    def _post(self, path, **values):
        """Post a form as the page would."""
        return self.url_open(
            path, data={"csrf_token": http.Request.csrf_token(self), **values}
        )
