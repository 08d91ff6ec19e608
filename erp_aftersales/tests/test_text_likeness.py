# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import BaseCase, tagged

from odoo.addons.erp_aftersales.models.text_likeness import likeness, pieces, shared


@tagged("post_install", "-at_install")
class TestTextLikeness(BaseCase):
    def _scores(self, asked, *texts):
        return likeness(pieces(asked), [[(pieces(text), 1.0)] for text in texts])

    def test_words_are_folded_and_plain_ones_left_out(self):
        self.assertEqual(
            pieces("The PRINTERS do not print: ＥＲＰ 13.1"),
            {"printer", "print", "erp", "13.1"},
        )

    def test_chinese_is_taken_apart_in_pairs_at_the_words_that_bind(self):
        self.assertEqual(pieces("打印的发票"), {"打印", "发票"})
        self.assertEqual(pieces("ERP发票"), {"erp", "发票"})
        self.assertEqual(pieces("怎么 的 a"), frozenset())
        self.assertEqual(pieces(None), frozenset())

    def test_a_long_text_is_asked_without_taking_it_apart(self):
        asked = pieces("Invoices of class 13.1 的发票打印失败 bus")
        for text in (
            "An INVOICE, classes, the 13.1 bus",
            "invoices class buses 13.10",
            "打印发票失败了",
            "",
            None,
        ):
            with self.subTest(text=text):
                self.assertEqual(shared(asked, text), asked & pieces(text))

    def test_what_shares_more_is_more_alike(self):
        same, some, none = self._scores(
            "发票打印失败", "打印发票失败", "发票开具", "登录密码"
        )
        self.assertGreater(same, some)
        self.assertGreater(some, none)
        self.assertEqual(none, 0)

    def test_a_rare_word_says_more_than_one_that_all_share(self):
        rare, common = self._scores(
            "invoice certificate", "certificate expired", "invoice late", "invoice"
        )[:2]
        self.assertGreater(rare, common)

    def test_a_long_story_asks_no_more_than_a_subject(self):
        story = "invoice hangs " + " ".join(f"word{n}x" for n in range(200))
        (found,) = self._scores(story, "invoice hangs")
        self.assertGreater(found, 0.2)

    def test_a_piece_counts_once_where_it_counts_most(self):
        asked = pieces("invoice")
        twice = [(asked, 0.25), (asked, 1.0)]
        self.assertEqual(likeness(asked, [twice]), likeness(asked, [[(asked, 1.0)]]))

    def test_the_same_texts_give_the_same_numbers_in_any_order(self):
        texts = ["invoice hangs", "printer", "invoice printer"]
        found = self._scores("invoice printer", *texts)
        self.assertEqual(found[::-1], self._scores("invoice printer", *texts[::-1]))
