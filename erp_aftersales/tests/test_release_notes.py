# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .release_common import ReleaseCommon


@tagged("post_install", "-at_install")
class TestReleaseNotes(ReleaseCommon):
    """The notes of a release go to customers that run an older one (D4)."""

    def test_d4_only_who_runs_an_older_release_is_told(self):
        self.assertEqual(self._states(), {self.customer: "new"})
        self.place.release_id = self.new
        self.assertEqual(self._states(), {})
        self.assertEqual(self._states(self.later), {self.customer: "new"})

    def test_d4_a_contact_that_is_named_goes_before_the_main_address(self):
        self.contact.aftersales_release_notes = "wanted"
        self.assertEqual(self._states(), {self.contact: "new"})

    def test_d4_who_refused_is_not_told_nor_anybody_in_their_place(self):
        self.contact.aftersales_release_notes = "refused"
        self.assertEqual(self._states(), {self.contact: "refused"})
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            self._send()

    def test_d4_an_address_that_somebody_refused_is_refused_for_all(self):
        self.env["res.partner"].create(
            {
                "name": "Same",
                "email": "OFFICE@customer.example",
                "aftersales_release_notes": "refused",
                "active": False,
            }
        )
        self.assertEqual(self._states(), {self.customer: "refused"})

    def test_d4_blocked_addresses_and_missing_ones_are_left_out(self):
        self.env["mail.blacklist"]._add("office@customer.example")
        self.assertEqual(self._states(), {self.customer: "blocked"})
        self.customer.email = False
        self.assertEqual(self._states(), {self.customer: "no_email"})

    def test_d4_archived_contacts_customers_and_installations_are_left_out(self):
        self.contact.aftersales_release_notes = "wanted"
        self.contact.active = False
        self.assertEqual(self._states(), {self.customer: "new"})
        self.place.partner_id = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id}
        )
        self.customer.active = False
        self.assertEqual(self._states(), {})
        self.customer.active = True
        self.place.active = False
        self.assertEqual(self._states(), {})

    def test_d4_one_mail_an_address(self):
        self.contact.aftersales_release_notes = "wanted"
        twin = self.contact.copy({"email": "Ann <ANN@customer.example>"})
        self.assertEqual(twin.aftersales_release_notes, "wanted")
        self.assertEqual(len(self._states()), 1)

    def test_d4_each_contact_is_written_to_once_a_release(self):
        mails = self._send()
        self.assertEqual(len(mails), 1)
        self.assertEqual(mails.recipient_ids, self.customer)
        self.assertEqual(self.new.notice_ids.partner_id, self.customer)
        self.assertEqual(self._states(), {self.customer: "sent"})
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            self._send()
        self.contact.aftersales_release_notes = "wanted"
        self.assertEqual(self._send().recipient_ids, self.contact)
        self.assertEqual(self.new.notice_count, 2)
        self.assertEqual(len(self._send(self.later)), 1)

    def test_d4_mails_wait_in_the_queue_with_a_way_out(self):
        mail = self._send()
        self.assertEqual(mail.state, "outgoing")
        url = self.customer._aftersales_unsubscribe_url()
        self.assertIn(url, mail.body_html)
        self.assertIn("Faster", mail.body_html)
        self.assertIn("Plant (1.0)", mail.body_html)
        self.assertIn(f"<{url}>", mail.headers)
        self.assertIn("service@vendor.example", mail.email_from)

    def test_d4_each_contact_reads_it_in_its_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.new.with_context(lang="zh_CN").name = "二点零"
        self.new.with_context(lang="zh_CN").notes = "<p>更快</p>"
        self.contact.write({"aftersales_release_notes": "wanted", "lang": "zh_CN"})
        mail = self._send()
        self.assertIn("二点零", mail.subject)
        self.assertIn("更快", mail.body_html)
        self.assertEqual(self.new.notice_ids.lang, "zh_CN")

    def test_d4_the_dialogue_shows_who_and_what_before_sending(self):
        wizard = self.env["aftersales.release.send"].browse(
            self.new.action_send_notes()["res_id"]
        )
        with Form(wizard) as form:
            self.assertIn("Faster", form.body)
            self.assertNotIn("/aftersales/release_notes", form.body)
            self.assertIn("2.0", form.subject)
        line = wizard.line_ids.filtered(lambda line: line.partner_id == self.customer)
        self.assertEqual(line.installation_ids, self.place)
        line.is_sent = False
        self.assertNotIn(line, wizard._chosen())
        self.assertFalse(self.new.notice_ids)

    def test_d4_who_unsubscribes_while_the_dialogue_is_open_is_not_told(self):
        wizard = self.env["aftersales.release.send"].browse(
            self.new.action_send_notes()["res_id"]
        )
        self.customer._aftersales_unsubscribe()
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            wizard.action_send()

    def test_d4_a_release_without_day_or_notes_is_not_sent(self):
        with self.assertRaisesRegex(ValidationError, "has no notes"):
            self.old.action_send_notes()
        self.new.date = False
        with self.assertRaisesRegex(ValidationError, "has no day"):
            self.new.action_send_notes()

    def test_d4_managers_send_and_support_reads_what_was_sent(self):
        with self.assertRaises(AccessError):
            self.new.with_user(self.support).action_send_notes()
        wizard_id = self.new.with_user(self.manager).action_send_notes()["res_id"]
        wizards = self.env["aftersales.release.send"].with_user(self.manager)
        wizards.browse(wizard_id).action_send()
        notices = self.env["aftersales.release.notice"].with_user(self.support)
        notice = notices.search([("release_id", "=", self.new.id)])
        self.assertEqual(notice.partner_id, self.customer)
        with self.assertRaises(AccessError):
            notice.email = "x@y.example"

    def test_d4_customers_of_another_company_are_not_told(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.place.company_id = company
        here = self.new.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(self._states(here), {})
        self.new.company_id = company
        self.assertEqual(self._states(), {self.customer: "new"})

    def test_d4_an_upgrade_is_requested_from_what_was_sent(self):
        contract = self._contract_of("Upgrades")
        contract.installation_ids = self.place
        self._send()
        action = self.new.notice_ids.action_request_upgrade()
        upgrade = self.env["aftersales.upgrade"].with_context(**action["context"])
        upgrade = upgrade.create({})
        self.assertEqual(upgrade.contract_id, contract)
        self.assertEqual(upgrade.installation_id, self.place)
        self.assertEqual(upgrade.release_id, self.new)

    def test_d4_as_many_queries_for_many_customers_as_for_few(self):
        def more(count):
            for _n in range(count):
                customer = self._customer("Many", email=f"{count}{_n}@many.example")
                self._installation(customer, "M", release_id=self.old.id)

        more(1)
        self.new._recipients()
        few = self._queries(self.new._recipients)
        more(10)
        self.assertEqual(self._queries(self.new._recipients), few)
