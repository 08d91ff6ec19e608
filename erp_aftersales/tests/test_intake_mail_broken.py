# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.tests import tagged

from .intake_common import IntakeCommon

MEGABYTE = 1024 * 1024


@tagged("post_install", "-at_install")
@freeze_time("2026-09-02 02:00:00")
class TestIntakeBroken(IntakeCommon):
    """What programs and people send is a ticket, however it is written."""

    def _raw(self, body, *headers, subject=b"Broken"):
        lines = [
            b"From: Liu Yang <liu.yang@customer.test>",
            b"To: " + self.address.encode(),
            b"Date: Wed, 02 Sep 2026 09:00:00 +0800",
            b"Message-Id: <%d@customer.test>" % len(self.sent),
            *([b"Subject: " + subject] if subject is not None else []),
            *headers,
        ]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    def _text(self, charset, body):
        header = b"Content-Type: text/plain; charset=" + charset
        ticket = self._receive(
            self._raw(body, header, b"Content-Transfer-Encoding: 8bit")
        )
        self.assertEqual(ticket.contract_id, self.contract)
        return ticket.description

    def test_text_is_read_though_its_charset_is_named_wrongly(self):
        self.assertIn("打印机", self._text(b"utf-8", "打印机".encode()))
        # A character of the larger set under the name of the smaller one.
        self.assertIn("朱镕基", self._text(b"gb2312", "朱镕基".encode("gb18030")))
        self.assertIn("打印机", self._text(b"x-unknown", "打印机".encode()))
        self.assertIn("打印机", self._text(b"no-such", "打印机".encode("gb18030")))
        self.assertIn("ab", self._text(b"no-such", b"ab\xff\xfe\x81"))

    def test_bytes_that_are_no_text_do_not_lose_the_mail(self):
        self.assertIn("ok", self._text(b"utf-8", b"ok \xff\xfe\xfa"))
        self.assertIn("ok", self._text(b"utf-8", b"ok \x00 nul"))
        self.assertIn("打印机", self._text(b"us-ascii", "ok 打印机".encode()))

    def test_text_without_any_charset_is_read(self):
        for body in ("打印机".encode(), "打印机".encode("gb18030")):
            ticket = self._receive(self._raw(body))
            self.assertIn("打印机", ticket.description)

    def test_a_mail_without_subject_has_a_name(self):
        ticket = self._receive(self._raw(b"Help", subject=None))
        self.assertEqual(ticket.name, "No Subject")

    def test_a_subject_in_raw_or_unknown_bytes_is_kept_as_far_as_it_goes(self):
        ticket = self._receive(self._raw(b"Help", subject="打印机 raw".encode()))
        self.assertIn("raw", ticket.name)
        ticket = self._receive(
            self._raw(b"Help", subject=b"=?x-unknown?B?5omT5Y2w5py6?= still")
        )
        self.assertIn("still", ticket.name)

    def test_a_mail_of_html_alone_is_read_and_cleaned(self):
        html = b"<p onclick='x()'>Printer</p><script>alert(1)</script>"
        ticket = self._receive(self._raw(html, b"Content-Type: text/html"))
        self.assertIn("Printer", ticket.description)
        self.assertNotIn("script", ticket.description)
        self.assertNotIn("onclick", ticket.description)

    def test_an_empty_mail_is_a_ticket(self):
        self.assertTrue(self._receive(self._raw(b"")))

    def test_an_attachment_of_20_megabytes_is_kept(self):
        mail = self._mail()
        content = bytes(range(256)) * (20 * MEGABYTE // 256)
        mail.add_attachment(
            content, maintype="application", subtype="zip", filename="日志.zip"
        )
        ticket = self._receive(mail)
        attachment = ticket.message_ids.attachment_ids
        self.assertEqual(attachment.name, "日志.zip")
        self.assertEqual(attachment.file_size, 20 * MEGABYTE)
        self.assertEqual(attachment.raw[-256:], content[-256:])
