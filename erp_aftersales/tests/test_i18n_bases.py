# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What we build on in Simplified Chinese: by its own translation, or by ours."""

import re

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

LANG = "zh_CN"
OURS = "erp_aftersales"
# Odoo translates itself; of this add-on it leaves terms that dispatch shows.
OF_ODOO = "hr_skills"
# Numbers, addresses and telephone numbers are the same in every language.
WORDLESS = re.compile(r"[\d+\s]+|(?:www\.|\w+@)[\w.]+")
# Odoo's own Chinese says ID; the other is a language, a sample in the printed CV.
NAMES = {"ID", "Python"}


@tagged("post_install", "-at_install")
class TestI18nOfBases(TransactionCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        modules = cls.env["ir.module.module"].search([("state", "=", "installed")])
        cls.env["res.lang"]._activate_lang(LANG)
        # Labels are inherited: a team's alias has those of Odoo's own aliases.
        modules._load_module_terms(modules.mapped("name"), [LANG])
        cls.bases = modules.filtered_domain(
            [
                "|",
                ("author", "ilike", "Odoo Community Association"),
                ("name", "=", OF_ODOO),
            ]
        ).mapped("name")
        cls.terms = list(TranslationModuleReader(cls.env.cr, cls.bases, LANG))

    def test_the_bases_are_there(self):
        found = {"contract", "document_page", "helpdesk_mgmt", OF_ODOO}
        self.assertLessEqual(found, set(self.bases))
        kinds = {kind for _module, kind, *_rest in self.terms}
        self.assertEqual(kinds, {"code", "model", "model_terms"})

    def test_every_term_of_the_bases_has_a_chinese_translation(self):
        """Of code, models, views, records; setup/i18n_extra takes what lacks one."""
        missing = {
            (module, source)
            for module, _kind, _name, _id, source, translation, _comments in self.terms
            if not (translation or WORDLESS.fullmatch(source) or source in NAMES)
        }
        self.assertEqual(sorted(missing), [])

    def test_no_field_of_these_models_is_left_in_english(self):
        """Also those that other add-ons bring: activities, messages, ratings.

        What Odoo's mail lacks for a model of ours stands in our i18n_extra.
        """
        left = [
            (model, name, text)
            for model in self._models()
            for name, texts in self._texts(model).items()
            for text in texts
        ]
        self.assertEqual(left, [])

    def _models(self):
        """The models that the bases and we bring, not those that are extended."""
        data = self.env["ir.model.data"].search([("model", "=", "ir.model")])
        brought = {}
        for record in data.sorted("id"):
            brought.setdefault(record.res_id, record.module)
        bringers = {*self.bases, OURS}
        ids = [id_ for id_, module in brought.items() if module in bringers]
        return self.env["ir.model"].browse(ids).mapped("model")

    def _texts(self, model):
        """The texts of a model's fields that are the same in both languages.

        A technical field says itself that nobody reads its label.
        """
        told = ["string", "help", "selection"]
        english = self.env[model].with_context(lang="en_US").fields_get(attributes=told)
        chinese = self.env[model].with_context(lang=LANG).fields_get(attributes=told)
        return {
            name: set(self._words(field)) & set(self._words(chinese[name]))
            for name, field in english.items()
            if self.env[model]._fields[name].export_string_translation
        }

    def _words(self, field):
        texts = [field.get("string"), field.get("help")]
        selection = field.get("selection")
        texts += [label for _value, label in selection or ()]
        # A language is called by its own name.
        languages = {name for _code, name in self.env["res.lang"].get_installed()}
        return [text for text in texts if text and text not in NAMES | languages]
