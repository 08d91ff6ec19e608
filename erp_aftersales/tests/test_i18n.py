# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every term of ours in Simplified Chinese, and sentences that read well in it."""

import io
import re
from datetime import date

import polib

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

from .billing_common import BillingCommon
from .common import AftersalesCommon

MODULE = "erp_aftersales"
LANG = "zh_CN"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdf%]")
TAG = re.compile(r"</?[a-z]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A sentence's comma, colon or semicolon after a Chinese character is a wide one.
NARROW = re.compile(r"[\u4e00-\u9fff][,;:?!.](?:\s|$)")


@tagged("post_install", "-at_install")
class TestI18n(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(None, [MODULE], exported, "po", cls.env)
        ours = polib.pofile(exported.getvalue().decode())
        # Demo records have external ids of ours too, and bring Chinese of their own.
        cls.terms = {
            entry.msgid
            for entry in ours
            if not all("_demo" in place for place, _line in entry.occurrences)
        }
        cls.template = polib.pofile(file_path(f"{MODULE}/i18n/{MODULE}.pot"))
        cls.chinese = polib.pofile(file_path(f"{MODULE}/i18n/{LANG}.po"))
        cls.translation = {entry.msgid: entry.msgstr for entry in cls.chinese}

    def _wrong(self, is_wrong):
        """The terms whose source and translation are not as they should be."""
        return [
            term
            for term, translation in self.translation.items()
            if is_wrong(term, translation)
        ]

    def test_the_exporter_finds_our_terms(self):
        found = {"Included hours", "Standard rate card", "%(fee)s: %(calculation)s"}
        self.assertLessEqual(found, self.terms)

    def test_the_template_has_every_term_and_no_other(self):
        """After a change of texts: setup/i18n writes both files anew."""
        template = {entry.msgid for entry in self.template}
        self.assertEqual(template - self.terms, set())
        self.assertEqual(self.terms - template, set())

    def test_every_term_has_a_chinese_translation(self):
        missing = [term for term in self.terms if not self.translation.get(term)]
        self.assertEqual(missing, [])

    def test_no_translation_is_doubtful_or_left_over(self):
        self.assertFalse([entry.msgid for entry in self.chinese if entry.fuzzy])
        self.assertFalse(self.chinese.obsolete_entries())
        self.assertEqual(set(self.translation) - self.terms, set())

    def test_no_term_is_left_in_english(self):
        def is_english(term, translation):
            return not (CHINESE.search(translation) or self._has_no_words(term))

        self.assertEqual(self._wrong(is_english), [])

    def test_placeholders_and_tags_are_those_of_the_source(self):
        for pattern in (PLACEHOLDER, TAG):

            def differs(term, translation, pattern=pattern):
                return sorted(pattern.findall(term)) != sorted(
                    pattern.findall(translation)
                )

            self.assertEqual(self._wrong(differs), [])

    def test_sentences_have_chinese_punctuation(self):
        def is_narrow(_term, translation):
            return NARROW.search(translation)

        self.assertEqual(self._wrong(is_narrow), [])

    def test_headers_name_nobody(self):
        for catalogue in (self.template, self.chinese):
            self.assertFalse(catalogue.metadata["Last-Translator"])
            self.assertFalse(catalogue.metadata["Language-Team"])

    @staticmethod
    def _has_no_words(term):
        """Whether placeholders are all there is, so that nothing is translated."""
        return not re.search(r"\w\w", PLACEHOLDER.sub(" ", term))


@tagged("post_install", "-at_install")
class TestWordingInChinese(BillingCommon):
    """Names are Chinese here, so that a Latin word in a sentence is one of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(LANG)
        cls.env["ir.module.module"]._load_module_terms([MODULE], [LANG])
        cls.service_support.name, cls.service_dev.name = "技术支持", "二次开发"
        cls.grade_senior.name = "高级"
        cls.service_defect = cls._service("软件缺陷", is_vendor_fault=True)
        cls.contract = cls._contract(cls.customer, cls._chinese_plan(), "2026-09-01")
        cls.contract.name = "维保合同"
        cls._log_work()
        cls.contract.action_aftersales_rate()

    @classmethod
    def _chinese_plan(cls):
        dev = {"service_id": cls.service_dev.id}
        return cls._plan(
            "标准维保",
            coverage=[
                {"policy": "allowance"},
                {"mode": "onsite", "policy": "billable", "discount": 10},
                {**dev, "mode": "any", "policy": "excluded"},
            ],
            allowances=[{"name": "包含工时", "quantity": 1, "period": "month"}],
            rates=[
                {"price": 600, "increment": 30},
                {"mode": "onsite", "unit": "day", "price": 4000},
            ],
            fees=[
                {
                    "name": "基本维保费",
                    "basis": "fixed",
                    "price": 300,
                    "minimum_fee": 500,
                },
                {"name": "用户维保费", "basis": "users", "price": 10},
            ],
            sla=[{"priority": "3", "response_hours": 1, "resolution_hours": 8}],
            default_service_id=cls.service_support.id,
        )

    @classmethod
    def _log_work(cls):
        ticket = cls._ticket(cls.customer, cls.contract)
        cls._work(ticket, cls.senior, "2026-09-02", 50)
        cls._work(ticket, cls.senior, "2026-09-03", 80)
        cls._work(ticket, cls.senior, "2026-09-04", 480, service_mode="onsite")
        for service in (cls.service_defect, cls.service_dev):
            asked = cls._ticket(cls.customer, cls.contract, service_id=service.id)
            cls._work(asked, cls.senior, "2026-09-07", 60)

    def _reasons(self, lang=LANG):
        charges = self.contract.charge_ids.sorted("id").with_context(lang=lang)
        return charges.mapped("reason")

    def test_r24_reasons_are_in_the_reader_s_language(self):
        for expected in (
            "技术支持、远程、高级：1 小时 30 分钟（由 1 小时 20 分钟取整）"
            " × 600.00/小时，超出包含工时",
            "软件缺陷、远程：1 小时，属我方责任，免费",
            "技术支持、现场、高级：8 小时 × 4,000.00/天，优惠 10%",
        ):
            self.assertIn(expected, self._reasons())
        english = "软件缺陷, Remote: 1 h, free of charge because the fault was ours"
        self.assertIn(english, self._reasons("en_US"))

    def test_r24_no_reason_has_a_word_of_another_language(self):
        self.contract._recurring_create_invoice(date(2026, 10, 1))
        codes = set(self.contract.charge_ids.mapped("reason_code"))
        self.assertGreater(len(codes), 5)
        latin = [reason for reason in self._reasons() if re.search("[A-Za-z]", reason)]
        self.assertEqual(latin, [])

    def test_invoice_lines_are_in_the_customer_s_language(self):
        self.customer.lang = LANG
        self.contract._recurring_create_invoice(date(2026, 10, 1))
        names = self.contract._get_related_invoices().invoice_line_ids.mapped("name")
        self.assertTrue(names)
        self.assertEqual([n for n in names if re.search("[A-Za-z]", n)], [])
        self.assertTrue(any("超出包含工时" in name for name in names), names)

    def test_the_plan_in_words_reads_in_chinese(self):
        plan = self.contract.aftersales_plan_id.with_context(lang=LANG)
        self.assertIn("包含工时：每月 1 小时，适用于所有服务。", plan.summary)
        self.assertIn("1 小时内响应，8 小时内解决", plan.summary)

    def test_refusals_are_in_the_reader_s_language(self):
        plan = self.contract.aftersales_plan_id.with_context(lang=LANG)
        with self.assertRaisesRegex(ValidationError, "已发布.*修订"):
            plan.invoice_grouping = "entry"
