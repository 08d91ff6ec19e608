# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from .charging_common import ChargingCommon


class ReleaseCommon(ChargingCommon):
    """Three releases, and a customer that runs the first one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "service@vendor.example"
        releases = cls.env["aftersales.release"]
        cls.old, cls.new, cls.later = releases.create(
            [
                {"name": "1.0", "date": "2026-01-01"},
                {"name": "2.0", "date": "2026-06-01", "notes": "<p>Faster</p>"},
                {"name": "3.0", "date": "2026-09-01", "notes": "<p>Greener</p>"},
            ]
        )
        cls.customer.email = "office@customer.example"
        cls.contact.email = "ann@customer.example"
        cls.place = cls._installation(cls.customer, "Plant", release_id=cls.old.id)

    def _states(self, release=None):
        """Contact and state of those whom a release concerns here."""
        return {
            found.partner: found.state
            for found in (release or self.new)._recipients()
            if found.partner.commercial_partner_id == self.customer
        }

    def _send(self, release=None):
        """Send to all who are new; return the mails."""
        mails = self.env["mail.mail"].search([])
        wizard_id = (release or self.new).action_send_notes()["res_id"]
        self.env["aftersales.release.send"].browse(wizard_id).action_send()
        return self.env["mail.mail"].search([]) - mails
