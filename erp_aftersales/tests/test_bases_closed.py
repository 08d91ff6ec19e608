# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import html

from odoo import Command, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestBasesClosed(DeskCommon, HttpCase):
    """What OCA's contract and helpdesk leave open to customers, by RPC and HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for contract in cls.contract | cls.other_contract:
            contract.write(
                {
                    "contract_line_ids": [
                        Command.create(
                            {
                                "name": "Secret price",
                                "product_id": cls.service_support.product_id.id,
                                "quantity": 1,
                                "specific_price": 100,
                                "date_start": "2026-09-01",
                                "recurring_next_date": "2026-09-01",
                            }
                        )
                    ],
                    "modification_ids": [
                        Command.create({"date": "2026-09-01", "description": "Signed"})
                    ],
                }
            )
        cls.portal_user = cls._portal_user(cls.customer, "desk_portal")
        cls.stage_done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.stage_done.write({"close_from_portal": True, "company_id": False})

    @classmethod
    def _portal_user(cls, customer, login):
        contact = cls.env["res.partner"].create(
            {
                "name": login,
                "parent_id": customer.id,
                "email": f"{login}@example.com",
            }
        )
        return new_test_user(
            cls.env, login, "base.group_portal", partner_id=contact.id, password=login
        )

    def _rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _close(self, ticket, stage, token=True, method="POST"):
        data = {"ticket_id": ticket.id, "stage_id": stage.id}
        if token:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(
            "/ticket/close", data=data, method=method, allow_redirects=False
        )

    def test_customer_reads_only_own_contracts_lines_and_modifications(self):
        self.authenticate("desk_portal", "desk_portal")
        customers = self.customer | self.other_customer
        for model, customer in (
            ("contract.contract", "commercial_partner_id"),
            ("contract.line", "contract_id.commercial_partner_id"),
            ("contract.modification", "contract_id.commercial_partner_id"),
        ):
            domain = [(customer, "in", customers.ids)]
            theirs = self.env[model].search(domain)
            own = theirs.filtered(lambda r, c=customer: r.mapped(c) == self.customer)
            self.assertTrue(own and theirs - own, model)
            found = self._rpc(model, "search_read", [], ["display_name"])
            self.assertEqual({row["id"] for row in found}, set(own.ids), model)
            with (
                mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"),
                self.assertRaisesRegex(Exception, "AccessError|Access"),
            ):
                self._rpc(model, "read", (theirs - own).ids, ["display_name"])

    def test_customer_opens_the_page_of_the_companys_contract_only(self):
        self.authenticate("desk_portal", "desk_portal")
        page = self.url_open(f"/my/contracts/{self.contract.id}")
        self.assertIn(f"/my/contracts/{self.contract.id}", page.url)
        self.assertIn("Secret price", page.text)
        page = self.url_open(f"/my/contracts/{self.other_contract.id}")
        self.assertNotIn("Secret price", page.text)

    def test_customer_cannot_close_a_ticket_of_another_customer(self):
        ticket = self._ticket_in_september(self.other_customer)
        stage = ticket.stage_id
        self.authenticate("desk_portal", "desk_portal")
        self.assertEqual(self._close(ticket, self.stage_done).status_code, 404)
        self.assertEqual(ticket.stage_id, stage)

    def test_closing_is_posted_with_the_pages_token(self):
        ticket = self._ticket_in_september()
        stage = ticket.stage_id
        self.authenticate("desk_portal", "desk_portal")
        with mute_logger("odoo.http"):
            got = self.url_open(
                f"/ticket/close?ticket_id={ticket.id}&stage_id={self.stage_done.id}",
                allow_redirects=False,
            )
            self.assertEqual(got.status_code, 405)
            forged = self._close(ticket, self.stage_done, token=False)
            self.assertEqual(forged.status_code, 400)
        self.assertEqual(ticket.stage_id, stage)

    def test_customer_closes_the_companys_ticket_with_the_button_of_its_page(self):
        ticket = self._ticket_in_september()
        self.authenticate("desk_portal", "desk_portal")
        page = html.fromstring(self.url_open(f"/my/ticket/{ticket.id}").text)
        forms = page.xpath("//form[@action='/ticket/close']")
        self.assertTrue(forms)
        for form in forms:
            self.assertEqual(form.get("method"), "POST")
            self.assertTrue(form.xpath(".//input[@name='csrf_token']/@value"))
        answer = self._close(ticket, self.stage_done)
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(answer.headers["Location"].endswith(f"/my/ticket/{ticket.id}"))
        self.assertEqual(ticket.stage_id, self.stage_done)

    def test_ticket_is_closed_only_into_a_stage_its_page_offers(self):
        ticket = self._ticket_in_september()
        stage = ticket.stage_id
        team = self.env["helpdesk.ticket.team"].create({"name": "Team"})
        foreign = self.stage_done.copy({"team_ids": team.ids})
        cancelled = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        cancelled.close_from_portal = False
        self.authenticate("desk_portal", "desk_portal")
        for target in (foreign, cancelled):
            self._close(ticket, target)
            self.assertEqual(ticket.stage_id, stage)
        data = {
            "ticket_id": "1 OR 1",
            "stage_id": "x",
            "csrf_token": http.Request.csrf_token(self),
        }
        answer = self.url_open("/ticket/close", data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, 404)

    def test_closing_needs_a_login(self):
        ticket = self._ticket_in_september()
        self.authenticate(None, None)
        answer = self._close(ticket, self.stage_done)
        self.assertIn("/web/login", answer.headers.get("Location", ""))
        self.assertNotEqual(ticket.stage_id, self.stage_done)

    def test_public_and_portal_write_no_record_of_the_bases(self):
        groups = self.env.ref("base.group_public") | self.env.ref("base.group_portal")
        accesses = self.env["ir.model.access"].search(
            [
                ("group_id", "in", groups.ids),
                "|",
                ("model_id.model", "=like", "helpdesk.%"),
                ("model_id.model", "=like", "contract.%"),
            ]
        )
        self.assertTrue(accesses)
        for name in ("perm_write", "perm_create", "perm_unlink"):
            self.assertFalse(accesses.filtered(name).mapped("name"), name)
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.stage_done.with_user(public).write({"name": "Hacked"})

    def test_customer_reads_nothing_of_ours(self):
        ticket = self._ticket_in_september()
        portal = self.env(user=self.portal_user)
        ours = [name for name in self.registry if name.startswith("aftersales.")]
        for name in ours:
            self.assertFalse(portal[name].has_access("read"), name)
        self.authenticate("desk_portal", "desk_portal")
        self.assertTrue(self._rpc("helpdesk.ticket", "read", ticket.ids, ["name"]))
        for field in ("charge_ids", "charge_amount", "contract_id", "timesheet_ids"):
            with (
                mute_logger("odoo.http"),
                self.assertRaisesRegex(Exception, "AccessError|access"),
            ):
                self._rpc("helpdesk.ticket", "read", ticket.ids, [field])
