"""setup/i18n: the terms of our add-ons from Odoo's exporter, merged into translations.

They come from a database without demo data: demo records bring Chinese of their own.
"""

from pathlib import Path

import polib

from . import console, databases, fetch, odoo, paths, postgres

LANGUAGES = ("zh_CN",)
_PLURALS = "nplurals=1; plural=0;"
# What Odoo writes anew at every export; alone it is no change.
_DATES = ("POT-Creation-Date", "PO-Revision-Date")


def i18n(arguments: list[str]) -> int:
    """Bring every .pot and .po up to date; the status is 1 if a term waits."""
    if arguments:
        raise console.SetupError("setup/i18n takes no arguments.")
    fetch.everything()
    with postgres.server() as server:
        databases.ensure_test(server)
        config = odoo.write_config("i18n", server, paths.TEST_DATABASE)
        template_of = {addon: _export(config, addon) for addon in paths.addons()}
    waiting = 0
    for addon, template in template_of.items():
        for language in LANGUAGES:
            file = addon / "i18n" / f"{language}.po"
            merge(file, template, language)
            waiting += _report(file)
    return 1 if waiting else 0


def merge(file: Path, template: Path, language: str) -> None:
    """Give the .po the template's terms in its order; what is translated stays so."""
    template = polib.pofile(str(template))
    terms = polib.pofile(str(file)) if file.exists() else polib.POFile()
    terms.merge(template)
    for entry in terms.obsolete_entries():
        terms.remove(entry)
    order = {entry.msgid: place for place, entry in enumerate(template)}
    terms.sort(key=lambda entry: order[entry.msgid])
    terms.header = template.header
    terms.metadata = {
        **template.metadata,
        "Language": language,
        "Plural-Forms": _PLURALS,
        "Content-Transfer-Encoding": "8bit",
    }
    terms.metadata_is_fuzzy = None
    replace(file, terms)


def replace(file: Path, terms: polib.POFile) -> None:
    """Write the terms, unless nothing but the dates would change."""
    if file.exists() and _content(polib.pofile(str(file))) == _content(terms):
        return
    console.say(f"Writing {file.relative_to(paths.ROOT)}")
    file.parent.mkdir(exist_ok=True)
    terms.save(str(file))


def _export(config: Path, addon: Path) -> Path:
    """The add-on's template, as Odoo's own exporter gives it."""
    fresh = paths.LOCAL / f"{addon.name}.pot"
    words = odoo.command(
        config, "-l", "pot", "-o", fresh, addon.name, sub="i18n export"
    )
    console.run_logged(
        f"Exporting the terms of {addon.name}",
        words,
        "i18n",
        env=odoo.environment(),
        cwd=paths.ROOT,
    )
    template = addon / "i18n" / fresh.name
    replace(template, polib.pofile(str(fresh)))
    return template


def _content(terms: polib.POFile) -> tuple[dict, list[str]]:
    kept = {key: value for key, value in terms.metadata.items() if key not in _DATES}
    return kept, [str(entry) for entry in terms]


def _report(file: Path) -> int:
    """Name what waits for a translation; how many terms do."""
    terms = polib.pofile(str(file))
    untranslated = [entry for entry in terms if not entry.translated()]
    place = file.relative_to(paths.ROOT)
    console.say(f"{place}: {len(terms)} terms, {len(untranslated)} untranslated")
    for entry in untranslated:
        console.say(f"   {entry.msgid!r}")
    return len(untranslated)


if __name__ == "__main__":
    console.main(i18n)
