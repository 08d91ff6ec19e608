"""README.rst and index.html of an add-on follow from its readme/ fragments."""

import pytest
from docutils.core import publish_string
from kit import paths, readme
from kit.console import SetupError

FILES = [
    pytest.param(path, content, id=str(path.relative_to(paths.ROOT)))
    for addon in paths.addons()
    for path, content in readme.wanted(addon).items()
]


@pytest.mark.parametrize(("path", "content"), FILES)
def test_committed_file_is_what_its_fragments_make(path, content):
    assert path.read_text() == content, "./setup/readme writes it anew"


@pytest.mark.parametrize("addon", paths.addons(), ids=lambda addon: addon.name)
def test_every_fragment_is_in_the_readme(addon):
    text = readme.rst(addon)
    for fragment in (addon / "readme").glob("*.md"):
        last = fragment.read_text().split()[-1]
        assert last.strip("`*.") in text, fragment.name


@pytest.mark.parametrize(
    ("markdown", "rst"),
    [
        ("Press `Publish`.", "Press ``Publish``."),
        (
            "See [the site](https://a.example/b).",
            "See `the site <https://a.example/b>`__.",
        ),
        ("## 1.0 (today)", "1.0 (today)\n-----------"),
        ("Two:\n- a\n- b", "Two:\n\n- a\n- b"),
        ("- a\n  - b\n  - c\n- d", "- a\n\n  - b\n  - c\n\n- d"),
        ("- a\n\nTwo:\n- b", "- a\n\nTwo:\n\n- b"),
        ("1. a\n   more\n2. b", "1. a\n   more\n2. b"),
    ],
)
def test_markdown_becomes_restructured_text(markdown, rst):
    assert readme.to_rst(markdown) == rst


@pytest.mark.parametrize("line", ["```", "| a | b |", "> quoted", "![a](b.png)", "<p>"])
def test_markdown_that_is_not_understood_is_refused(line):
    with pytest.raises(SetupError, match="may not hold"):
        readme.to_rst(f"Text\n\n{line}\n")


def test_lists_in_lists_stay_lists_in_lists():
    html = publish_string(
        readme.to_rst("Two:\n- a\n  - b\n- c"), writer_name="html5"
    ).decode()
    body = html[html.index("<main") :]
    assert body.count("<ul") == 2
    assert body.count("<li") == 3
