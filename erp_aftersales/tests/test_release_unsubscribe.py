# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .release_common import ReleaseCommon


@tagged("post_install", "-at_install")
class TestReleaseUnsubscribe(ReleaseCommon, HttpCase):
    """A link in the mail, and nobody else, takes a contact off the list (D4)."""

    def _path(self, partner_id, token):
        return f"/aftersales/release_notes/{partner_id}/{token}"

    def test_d4_a_click_asks_and_the_button_unsubscribes(self):
        path = self._path(self.contact.id, self.contact._aftersales_unsubscribe_token())
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Unsubscribe", page.text)
        self.assertFalse(self.contact.aftersales_release_notes)
        page = self.url_open(path, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.contact.aftersales_release_notes, "refused")
        self.assertIn("no more release notes", page.text)
        self.assertNotIn("Ann", page.text)
        self.assertNotIn("ann@", page.text)
        self.assertIn("no more release notes", self.contact.message_ids[0].body)

    def test_d4_a_second_click_changes_nothing(self):
        path = self._path(self.contact.id, self.contact._aftersales_unsubscribe_token())
        self.url_open(path, data={"x": "1"})
        count = len(self.contact.message_ids)
        self.assertEqual(self.url_open(path, data={"x": "1"}).status_code, 200)
        self.assertEqual(len(self.contact.message_ids), count)

    def test_d4_wrong_and_other_tokens_find_nothing_and_change_nothing(self):
        token = self.contact._aftersales_unsubscribe_token()
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id, gone_token = gone.id, gone._aftersales_unsubscribe_token()
        gone.unlink()
        pages = {
            (self.contact.id, "0" * 64),
            (self.contact.id, self.customer._aftersales_unsubscribe_token()),
            (self.customer.id, token),
            (gone_id, gone_token),
            (0, token),
        }
        for partner_id, wrong in pages:
            path = self._path(partner_id, wrong)
            with self.subTest(path):
                self.assertEqual(self.url_open(path).status_code, 404)
                page = self.url_open(path, data={"x": "1"})
                self.assertEqual(page.status_code, 404)
        partners = self.contact | self.customer
        self.assertEqual(partners.mapped("aftersales_release_notes"), [False, False])

    def test_d4_a_new_address_needs_a_new_link(self):
        token = self.contact._aftersales_unsubscribe_token()
        self.contact.email = "other@customer.example"
        page = self.url_open(self._path(self.contact.id, token), data={"x": "1"})
        self.assertEqual(page.status_code, 404)

    def test_d4_an_archived_contact_may_still_unsubscribe(self):
        token = self.contact._aftersales_unsubscribe_token()
        self.contact.active = False
        page = self.url_open(self._path(self.contact.id, token), data={"x": "1"})
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.contact.aftersales_release_notes, "refused")
