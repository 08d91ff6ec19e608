# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from email.message import EmailMessage

from odoo.addons.mail.tests.common import MailCommon

from .desk_common import DeskCommon

DATE = "Wed, 02 Sep 2026 09:00:00 +0800"


class IntakeCommon(MailCommon, DeskCommon):
    """A team with an address, and customers who write to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls.user_employee
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Intake",
                "alias_name": "intake",
                "user_id": cls.leader.id,
                "user_ids": [(4, cls.leader.id)],
                "company_id": cls.company.id,
            }
        )
        cls.address = cls.team.alias_id.alias_full_name
        cls.writer = cls.env["res.partner"].create(
            {
                "name": "Liu Yang",
                "email": "Liu.Yang@customer.test",
                "parent_id": cls.customer.id,
            }
        )

    def _mail(self, sender="Liu Yang <liu.yang@customer.test>", **headers):
        """A mail to the team; None takes a header away."""
        message = EmailMessage()
        named = {
            "From": sender,
            "To": self.address,
            "Subject": "Till is down",
            "Date": DATE,
            "Message-Id": f"<{len(self.sent)}@customer.test>",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        for name, value in named.items():
            if value is not None:
                message[name] = value
        message.set_content("It does not start any more.")
        return message

    def _receive(self, message):
        """The tickets that a mail made."""
        tickets = self.env["helpdesk.ticket"]
        before = tickets.search([])
        raw = message if isinstance(message, bytes) else message.as_bytes()
        self.sent.append(raw)
        with self.mock_mail_gateway():
            self.env["mail.thread"].sudo().message_process(None, raw)
        self.answers = self._mails
        return tickets.search([]) - before

    def setUp(self):
        super().setUp()
        self.sent = []
