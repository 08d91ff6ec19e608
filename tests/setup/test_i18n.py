"""The translations' files: terms follow the template, translations stay."""

import ast
import collections
import re

import polib
import pytest
from kit import fetch, i18n, paths


def _catalogue(*entries: tuple[str, str], date: str = "2026-01-01") -> polib.POFile:
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "POT-Creation-Date": date,
    }
    for source, translation in entries:
        catalogue.append(polib.POEntry(msgid=source, msgstr=translation))
    return catalogue


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The places of a template and of a translation in a project of their own."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path / "addon.pot", tmp_path / "zh_CN.po"


def test_a_merge_keeps_translations_adds_new_terms_and_drops_old_ones(files):
    template, translation = files
    _catalogue(("New", ""), ("Plan", "")).save(str(template))
    _catalogue(("Gone", "没了"), ("Plan", "方案")).save(str(translation))
    i18n.merge(translation, template, "zh_CN")
    merged = polib.pofile(str(translation))
    assert [(entry.msgid, entry.msgstr) for entry in merged] == [
        ("New", ""),
        ("Plan", "方案"),
    ]
    assert merged.metadata["Language"] == "zh_CN"


def test_a_merge_makes_a_translation_that_is_not_there_yet(files):
    template, translation = files
    _catalogue(("Plan", "")).save(str(template))
    i18n.merge(translation, template, "zh_CN")
    assert [entry.msgid for entry in polib.pofile(str(translation))] == ["Plan"]


def test_a_file_is_left_alone_when_only_its_date_would_change(files):
    template, _ = files
    _catalogue(("Plan", "")).save(str(template))
    before = template.read_bytes()
    i18n.replace(template, _catalogue(("Plan", ""), date="2026-02-02"))
    assert template.read_bytes() == before
    i18n.replace(template, _catalogue(("Plans", ""), date="2026-02-02"))
    assert "2026-02-02" in template.read_text()


EXTRA = sorted((paths.SETUP / "i18n_extra").glob("*/*.po"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A sentence's comma, colon or bracket beside a Chinese character is a wide one.
NARROW = re.compile(r"[\u4e00-\u9fff](?:[,;:?!.](?:\s|$)|[()])|[()][\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\{.*?\}\}|</?[a-z]+")


@pytest.mark.parametrize("file", EXTRA, ids=lambda file: file.parent.name)
def test_a_translation_of_another_add_on_keeps_placeholders_and_tags(file):
    for entry in polib.pofile(str(file)).translated_entries():
        source, translation = map(PLACEHOLDER.findall, (entry.msgid, entry.msgstr))
        assert sorted(source) == sorted(translation), entry.msgid


@pytest.mark.parametrize("file", EXTRA, ids=lambda file: file.parent.name)
def test_a_translation_of_another_add_on_is_complete_and_chinese(file):
    for entry in polib.pofile(str(file)):
        assert entry.translated(), entry.msgid
        assert CHINESE.search(entry.msgstr), entry.msgid
        assert not NARROW.search(entry.msgstr), entry.msgstr


def test_a_term_of_several_add_ons_has_one_translation():
    translations = collections.defaultdict(set)
    for file in EXTRA:
        for entry in polib.pofile(str(file)):
            translations[entry.msgid].add(entry.msgstr)
    assert not {term: said for term, said in translations.items() if len(said) > 1}


@pytest.mark.parametrize("file", EXTRA, ids=lambda file: file.parent.name)
def test_a_translation_of_another_add_on_belongs_to_one_we_use(file):
    pinned = paths.pins(paths.SETUP / "requirements-oca.txt")
    name = "odoo-addon-" + file.parent.name.replace("_", "-")
    depends = [
        addon
        for folder in paths.addons()
        for addon in ast.literal_eval((folder / "__manifest__.py").read_text())[
            "depends"
        ]
    ]
    assert file.parent.name in depends or any(
        pin.startswith(f"{name}==") for pin in pinned
    )


def test_translations_are_put_into_oca_s_and_odoo_s_add_ons(tmp_path, monkeypatch):
    odoo, oca = tmp_path / "odoo", tmp_path / "oca"
    monkeypatch.setattr(fetch, "odoo_path", lambda: odoo)
    monkeypatch.setattr(paths, "OCA_ADDONS", oca)
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    own = [odoo / "odoo" / "addons" / "hr_skills", oca / "contract"]
    for addon in own:
        addon.mkdir(parents=True)
    fetch._add_translations()
    fetch._add_translations()  # again, over what is there
    for addon in own:
        catalogue = paths.SETUP / "i18n_extra" / addon.name / "zh_CN.po"
        placed = addon / "i18n_extra" / "zh_CN.po"
        assert placed.read_bytes() == catalogue.read_bytes()


def test_nothing_is_put_into_somebody_s_checkout_of_odoo(tmp_path, monkeypatch):
    checkout = tmp_path / "odoo" / "addons" / "hr_skills"
    checkout.mkdir(parents=True)
    monkeypatch.setattr(fetch, "odoo_path", lambda: tmp_path)
    monkeypatch.setattr(paths, "OCA_ADDONS", tmp_path / "oca")
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    fetch._add_translations()
    assert not list(checkout.iterdir())
