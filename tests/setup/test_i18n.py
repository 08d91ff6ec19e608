"""The translations' files: terms follow the template, translations stay."""

import re

import polib
import pytest
from kit import i18n, paths


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
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\{.*?\}\}|</?[a-z]+")


@pytest.mark.parametrize("file", EXTRA, ids=lambda file: file.parent.name)
def test_a_translation_of_oca_s_add_on_keeps_placeholders_and_tags(file):
    for entry in polib.pofile(str(file)).translated_entries():
        source, translation = map(PLACEHOLDER.findall, (entry.msgid, entry.msgstr))
        assert sorted(source) == sorted(translation), entry.msgid


@pytest.mark.parametrize("file", EXTRA, ids=lambda file: file.parent.name)
def test_a_translation_of_oca_s_add_on_belongs_to_a_pinned_one(file):
    pinned = paths.pins(paths.SETUP / "requirements-oca.txt")
    name = "odoo-addon-" + file.parent.name.replace("_", "-")
    assert any(pin.startswith(f"{name}==") for pin in pinned)
