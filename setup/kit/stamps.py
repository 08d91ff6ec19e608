"""Fingerprints: was this made from what it would be made from now?"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

# Parts of an add-on that no database depends on.
_IRRELEVANT = {"__pycache__", "tests", "readme", "README.rst", "description"}


def digest(*parts: object) -> str:
    """A short fingerprint of texts, and of what paths hold (files or trees)."""
    total = hashlib.sha256()
    for part in parts:
        pieces = _content(part) if isinstance(part, Path) else [str(part).encode()]
        for piece in pieces:
            total.update(hashlib.sha256(piece).digest())
    return total.hexdigest()[:16]


def _content(path: Path) -> Iterable[bytes]:
    if path.is_file():
        yield path.read_bytes()
        return
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        if file.is_file() and not _IRRELEVANT.intersection(inside.parts):
            yield str(inside).encode()
            yield file.read_bytes()


def is_current(folder: Path, fingerprint: str) -> bool:
    """Whether ``folder`` was finished with that fingerprint."""
    stamp = folder / ".stamp"
    return stamp.is_file() and stamp.read_text() == fingerprint


def set_current(folder: Path, fingerprint: str) -> None:
    """Note that ``folder`` is finished: without it, it is made again."""
    (folder / ".stamp").write_text(fingerprint)
