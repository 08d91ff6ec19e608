# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestRoles(PortalCommon):
    """What a contact may do is the customer's and the vendor's to say (E5)."""

    def test_who_may_what(self):
        def may(user):
            return [
                role
                for role in ("money", "tickets", "accept", "admin")
                if user.partner_id._aftersales_may(role)
            ]

        self.assertEqual(may(self.boss), ["money", "tickets", "accept", "admin"])
        self.assertEqual(may(self.clerk), ["tickets", "accept"])
        self.assertEqual(may(self.technician), ["money", "tickets"])
        self.assertEqual(may(self.stranger), ["money", "tickets", "accept"])

    def test_nobody_gives_himself_a_role(self):
        me = self.clerk.partner_id.with_user(self.clerk)
        with self.assertRaises(AccessError):
            me.write({"aftersales_sees_money": True})
        with self.assertRaises(AccessError):
            me.read(["aftersales_sees_money"])
