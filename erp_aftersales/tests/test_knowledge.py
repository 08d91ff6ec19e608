# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .knowledge_common import KnowledgeCommon


@tagged("post_install", "-at_install")
class TestProposedArticles(KnowledgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.labels = cls._page("Labels come out blank", "<p>Set the paper width.</p>")
        cls.invoices = cls._page(
            "数电发票开具后一直显示处理中", "<p>检查税务接口证书的有效期。</p>"
        )

    def _proposed(self, text, **kwargs):
        return self.Page._aftersales_proposed(text, **kwargs)

    def test_d5_words_of_the_title_find_an_article(self):
        self.assertEqual(self._proposed("Our label is blank!"), self.labels)
        self.assertFalse(self._proposed("The password is forgotten"))
        self.assertFalse(self._proposed("the and of"))
        self.assertFalse(self._proposed(""))

    def test_d5_chinese_is_found_by_pairs_of_characters(self):
        self.assertEqual(self._proposed("发票还在处理中，怎么办"), self.invoices)
        self.assertEqual(self._proposed("税务证书有效期到了"), self.invoices)
        self.assertFalse(self._proposed("忘记密码"))

    def test_d5_keywords_count_as_much_as_the_title(self):
        self.labels.aftersales_keywords = "标签, 条码"
        body = self._page("Hardware", "<p>标签 and much more</p>")
        self.assertEqual(self._proposed("标签 shifted")[0], self.labels)
        self.assertIn(body, self._proposed("标签"))

    def test_d5_articles_of_the_service_come_first(self):
        other = self._page("Labels come out blank too")
        other.aftersales_service_ids = self.service_dev
        self.assertEqual(
            self._proposed("labels blank", service=self.service_dev)[0], other
        )
        self.labels.aftersales_service_ids = self.service_support
        self.assertEqual(
            self._proposed("labels blank", service=self.service_support)[0],
            self.labels,
        )

    def test_d5_the_text_searched_is_the_current_one(self):
        self.labels.content = "<p>Clean the <b>ribbon</b>, please</p>"
        self.assertEqual(self.labels.aftersales_text, "Clean the ribbon, please")
        self.assertEqual(self._proposed("ribbon"), self.labels)
        self.assertFalse(self._proposed("paper width"))

    def test_d5_full_width_letters_are_found_by_narrow_ones(self):
        self.labels.content = "<p>ＲＩＢＢＯＮ</p>"
        self.assertEqual(self._proposed("ribbon"), self.labels)

    def test_d5_only_what_customers_may_read_is_proposed_to_them(self):
        self.assertFalse(self._proposed("labels blank", published_only=True))
        self.labels.aftersales_is_published = True
        self.assertEqual(
            self._proposed("labels blank", published_only=True), self.labels
        )

    def test_d5_articles_of_another_company_are_not_proposed(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.labels.company_id = company
        self.assertFalse(self._proposed("labels blank"))
        there = self.Page.with_company(company)
        self.assertEqual(there._aftersales_proposed("labels blank"), self.labels)
        self.labels.company_id = False
        self.assertEqual(self._proposed("labels blank"), self.labels)

    def test_d5_archived_articles_and_categories_are_not_proposed(self):
        self.labels.active = False
        self.Page.create({"name": "Labels blank", "type": "category"})
        self.assertFalse(self._proposed("labels blank"))

    def test_d5_no_more_than_asked_for_and_those_that_helped_first(self):
        pages = self.Page.concat(*(self._page("Label blank") for _n in range(4)))
        ticket = self._asked("x")
        ticket.action_aftersales_solved_by(pages[2].id)
        found = self._proposed("label blank", limit=3)
        self.assertEqual(len(found), 3)
        self.assertEqual(found[0], pages[2])

    def test_d5_many_articles_cost_as_many_queries_as_few(self):
        def propose():
            self._proposed("labels blank 发票", service=self.service_support)

        propose()
        few = self._queries(propose)
        for number in range(40):
            self._page(f"Labels {number}", "<p>blank 发票</p>")
        self.assertEqual(self._queries(propose), few)

    def test_d5_articles_are_proposed_while_a_ticket_is_typed(self):
        tickets = self.env["helpdesk.ticket"].with_user(self.user)
        form = Form(tickets)
        form.name = "Blank labels since monday"
        self.assertEqual(form.aftersales_proposed_ids[:], self.labels)
        form.name = "发票处理中"
        self.assertEqual(form.aftersales_proposed_ids[:], self.invoices)
        form.name = "Nothing of that"
        self.assertFalse(form.aftersales_proposed_ids[:])


@tagged("post_install", "-at_install")
class TestArticles(KnowledgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls._page("Labels come out blank")

    def test_d5_solved_by_an_article_is_counted_and_can_be_undone(self):
        ticket = self._asked("Labels blank").with_user(self.user)
        self.assertEqual(ticket.aftersales_proposed_ids, self.page)
        ticket.action_aftersales_solved_by(self.page.id)
        ticket.action_aftersales_solved_by(self.page.id)
        self.assertEqual(self.page.aftersales_solved_count, 1)
        self.assertFalse(ticket.aftersales_proposed_ids)
        notes = ticket.message_ids.filtered(lambda m: "Solved by" in m.body)
        self.assertEqual(len(notes), 1)
        self.assertEqual(notes.subtype_id, self.env.ref("mail.mt_note"))
        opened = ticket.action_view_aftersales_pages()
        self.assertEqual(opened["res_id"], self.page.id)
        ticket.action_aftersales_not_solved()
        self.assertEqual(self.page.aftersales_solved_count, 0)
        self.assertIn("after all", ticket.message_ids[0].body)

    def test_d5_tickets_of_colleagues_count_too(self):
        self._asked("Mine").action_aftersales_solved_by(self.page.id)
        other = self._asked("Other", user_id=self.manager.id)
        other.action_aftersales_solved_by(self.page.id)
        page = self.page.with_user(self.user)
        self.assertEqual(page.aftersales_solved_count, 2)
        domain = page.action_view_aftersales_solved()["domain"]
        seen = self.env["helpdesk.ticket"].with_user(self.user).search(domain)
        self.assertEqual(seen.mapped("name"), ["Mine"])

    def test_d5_an_article_of_another_company_solves_nothing(self):
        self.page.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        ticket = self._asked("Labels blank")
        with self.assertRaises(AccessError):
            ticket.with_user(self.user).action_aftersales_solved_by(self.page.id)
        with self.assertRaisesRegex(ValidationError, "another company"):
            ticket.action_aftersales_solved_by(self.page.id)

    def test_d5_the_last_answer_becomes_an_article(self):
        ticket = self._asked("Blank labels", service_id=self.service_support.id)
        self._say(ticket, "First idea", self.user)
        self._say(
            ticket,
            Markup("<p onclick='x()'>Set the width<script>x()</script></p>"),
            self.user,
        )
        ticket.message_post(body="A note for us", message_type="comment")
        action = ticket.with_user(self.user).action_aftersales_make_article()
        page = ticket.aftersales_made_page_ids
        self.assertEqual(action["res_id"], page.id)
        self.assertEqual(page.name, "Blank labels")
        self.assertEqual(page.aftersales_text, "Set the width")
        self.assertNotIn("onclick", page.content)
        self.assertNotIn("script", page.content)
        self.assertFalse(page.aftersales_is_published)
        self.assertEqual(page.aftersales_service_ids, self.service_support)
        self.assertEqual(page.action_view_aftersales_source()["res_id"], ticket.id)
        self.assertIn("Became the article", ticket.message_ids[0].body)
        again = ticket.action_aftersales_make_article()
        self.assertEqual(again["res_id"], page.id)

    def test_d5_without_an_answer_the_description_becomes_the_article(self):
        ticket = self._asked("Blank", description="<p>All is blank</p>")
        customer = new_test_user(self.env, "knowledge_customer", "base.group_portal")
        customer.partner_id.parent_id = self.customer
        ticket.partner_id = customer.partner_id
        ticket.message_post(
            body="Please hurry",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=customer.partner_id.id,
        )
        ticket.with_user(self.user).action_aftersales_make_article()
        page = ticket.aftersales_made_page_ids
        self.assertEqual(page.aftersales_text, "All is blank")

    def test_d5_nothing_of_an_article_runs_on_a_reader_s_screen(self):
        self.page.content = "<p onclick='x()'>Fine</p><script>x()</script>"
        self.assertIn("script", self.page.content)
        shown = self.page.with_user(self.user).aftersales_safe_content
        self.assertEqual(shown, "<p>Fine</p>")
        self.assertEqual(self.page.aftersales_text, "Fine")

    def test_d5_support_writes_articles_and_managers_delete_them(self):
        for user, may in ((self.user, False), (self.manager, True)):
            pages = self.Page.with_user(user)
            self.assertTrue(pages.has_access("create"))
            self.assertTrue(pages.has_access("write"))
            self.assertEqual(pages.has_access("unlink"), may)
        portal = new_test_user(self.env, "knowledge_portal", "base.group_portal")
        self.assertFalse(self.Page.with_user(portal).has_access("read"))

    def test_d5_a_reader_from_outside_the_desk_opens_an_article(self):
        reader = new_test_user(
            self.env, "knowledge_reader", "document_knowledge.group_document_user"
        )
        with Form(self.page.with_user(reader)) as form:
            self.assertEqual(form.name, "Labels come out blank")
