"""What the READMEs of the project point at is there."""

import os
import re

import pytest
from kit import paths, screens

FILES = sorted(paths.ROOT.glob("README*.md"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_links_lead_somewhere(file):
    targets = re.findall(r"\]\(([^)#:]+)\)", file.read_text())
    assert len(targets) > 5
    assert [target for target in targets if not (paths.ROOT / target).exists()] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_command_is_told(file):
    """Each executable of setup/ is in the README, and it names no others."""
    told = set(re.findall(r"\./setup/(\w+)", file.read_text()))
    there = {path.name for path in paths.SETUP.iterdir() if _is_command(path)}
    assert told == there


def _is_command(path):
    return path.is_file() and os.access(path, os.X_OK)


def test_there_is_a_picture_of_each_page():
    found = {path.stem for path in (paths.ROOT / "docs" / "screens").glob("*.png")}
    assert found == screens.NAMES
