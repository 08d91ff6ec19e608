# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How alike two texts are, in any language, without a database's help.

A text is taken apart into pieces: words where a script writes spaces, pairs of
neighbouring characters where it does not (Chinese, Japanese). What few texts share says
more than what all share. Nothing here knows Odoo: texts in, numbers out.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

# Characters that only bind Chinese sentences together separate what they bind.
BINDERS = "的了吗呢啊吧是在和与及或被把从请您你我他它们这那就都也很"
HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAN_RUN = re.compile(f"[{HAN}]+")
WORD = re.compile(rf"\d+(?:\.\d+)+|[^\W_{HAN}]+")
# What is in every question says nothing about its subject.
PLAIN = """
a about after all am an and any are as at be been but by can cannot could did do does
don for from had has have he hello help her hi how i if in into is it its me my no not
of on or our out please she so some than that the their them then there they this to
us was we were what when where which while who why will with would you your
怎么 如何 为何 什么 不能 无法 问题 为什 么会 没有 一个 可以 出现
"""
COMMON = frozenset(PLAIN.split())
# Pieces that a text is measured against: a long story is asked no more than a subject.
TELLING = 8


def pieces(text: str) -> frozenset[str]:
    """The pieces of a text that say something about its subject."""
    folded = _folded(text)
    found = {_stem(word) for word in WORD.findall(folded)}
    for run in HAN_RUN.findall(folded):
        found.update(_pairs(run))
    return frozenset(piece for piece in found - COMMON if len(piece) > 1)


def shared(asked: frozenset[str], text: str) -> frozenset[str]:
    """The pieces asked for that a text has: ``asked & pieces(text)``, for long texts.

    Nothing is taken apart but its words, so that hundreds are gone through at once.
    """
    folded = _folded(text)
    words = set(WORD.findall(folded))
    return frozenset(
        piece
        for piece in asked
        if piece in words
        or (len(piece) > 2 and piece + "s" in words)
        or (HAN_RUN.match(piece) and piece in folded)
    )


def _folded(text: str) -> str:
    """One way to write each letter: full width as narrow, capitals as small ones."""
    return unicodedata.normalize("NFKC", text or "").casefold()


def _pairs(run: str) -> Iterable[str]:
    """Each two neighbours of a run of characters written without spaces."""
    for part in re.split(f"[{BINDERS}]", run):
        yield from (part[at : at + 2] for at in range(len(part) - 1))


def _stem(word: str) -> str:
    """One invoice, two invoices: the plural of a longer word is the same word."""
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def likeness(
    asked: frozenset[str],
    texts: Sequence[Sequence[tuple[frozenset[str], float]]],
) -> list[float]:
    """How much of what is asked each text answers, from 0 to about 1.

    :param asked: the pieces that are looked for
    :param texts: each as its parts (title, body ...): the pieces of the part, and what
        one found there counts; a piece counts once, where it counts most
    """
    found = [_found(asked, parts) for parts in texts]
    spread = Counter(piece for weights in found for piece in weights)
    telling = {
        piece: log(1 + len(texts) / spread[piece]) if spread[piece] else log(2)
        for piece in asked
    }
    whole = sum(sorted(telling.values(), reverse=True)[:TELLING])
    return [
        sum(telling[piece] * weight for piece, weight in weights.items()) / whole
        for weights in found
    ]


def _found(
    asked: frozenset[str], parts: Sequence[tuple[frozenset[str], float]]
) -> dict[str, float]:
    """What each piece that is asked for counts in one text."""
    weights = {}
    for part, weight in parts:
        for piece in asked & part:
            weights[piece] = max(weight, weights.get(piece, 0.0))
    return weights
