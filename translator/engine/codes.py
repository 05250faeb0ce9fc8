"""Holding a translation to the markup of its source: what is missing, too much or in the wrong order; slips mended."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import regex

from translator.core.markup import Fate, MarkupSyntax, Piece

_SHOWN = 4
"""Codes that a message names at most."""

# How models spell the characters of codes: full-width, or a yen sign for the backslash (one key, one code in CP932).
_SPELLINGS = {
    "\\": "\\＼¥￥",
    "[": "[［【",
    "]": "]］】",
    "<": "<＜〈",
    ">": ">＞〉",
    "{": "{｛",
    "}": "}｝",
    "(": "(（",
    ")": ")）",
    "%": "%％",
    "$": "$＄",
    "#": "#＃",
    "/": "/／",
    ".": ".．。",
    "!": "!！",
    "|": "|｜",
    "^": "^＾",
    ":": ":：",
    "=": "=＝",
    ",": ",，、",
}
_FULLWIDTH = 0xFEE0
"""From an ASCII character's code to that of its full-width form."""


def kept(text: str, markup: MarkupSyntax) -> tuple[Piece, ...]:
    """The codes of `text` that its translation must have, with their rules."""
    if not markup.may_have_codes(text):
        return ()
    return tuple(p for p in markup.tokenize(text) if is_kept(p))


def is_kept(piece: Piece) -> bool:
    """Whether a piece is a code that a translation has too; what is dropped has no meaning there, it is text."""
    return piece.rule is not None and piece.rule.fate is not Fate.DROP


def flaw(expected: Sequence[Piece], found: Sequence[Piece]) -> str | None:
    """What is wrong with the codes of a translation, as a sentence; None when nothing is.

    All codes of the source must be there, as often as in the source, in any order, but that what a code opens is
    closed by the same code as in the source.
    """
    if not expected and not found:
        return None
    wanted, there = Counter(p.text for p in expected), Counter(p.text for p in found)
    if wanted != there:
        lost, added = wanted - there, there - wanted
        parts = [f"{what} {_listed(codes)}" for what, codes in (("lost", lost), ("added", added)) if codes]
        return f"markup {' and '.join(parts)}"
    before, after = _couples(expected), _couples(found)
    if before != after:
        torn = before - after
        return f"markup opened and closed in the wrong order: {_listed(Counter(''.join(couple) for couple in torn))}"
    return None


def _listed(codes: Counter[str]) -> str:
    names = [f"{code} ×{count}" if count > 1 else code for code, count in codes.items()]
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _couples(codes: Sequence[Piece]) -> Counter[tuple[str, str]]:
    """Which code closes which, innermost first; what has no partner is coupled with nothing."""
    couples: Counter[tuple[str, str]] = Counter()
    opened: list[str] = []
    for piece in codes:
        fate = piece.rule.fate if piece.rule else Fate.KEEP
        if fate is Fate.OPEN:
            opened.append(piece.text)
        elif fate is Fate.CLOSE:
            couples[(opened.pop() if opened else "", piece.text)] += 1
    couples.update((code, "") for code in opened)
    return couples


@lru_cache(maxsize=4096)
def _tolerant(code: str) -> "regex.Pattern[str]":
    """Match the ways in which models misspell a code: full-width characters, letters' case, spaces let in."""
    parts: list[str] = []
    for character in code:
        if character.isspace():
            continue
        forms = _SPELLINGS.get(character, character)
        if character.isascii() and character.isprintable():
            forms += chr(ord(character) + _FULLWIDTH)
        parts.append("[" + regex.escape(forms) + "]")
    return regex.compile(r"[ \u3000]*".join(parts), regex.IGNORECASE)


def mend(text: str, expected: Sequence[Piece], markup: MarkupSyntax) -> str:
    r"""`text` with its codes spelled as `expected` where that is certain (`＼Ｃ［2］`, `\ C[2]`, `￥c[2]` for `\C[2]`).

    A code is mended only when exactly as many misspelled ones are there as are missing, and no other code of the
    source looks like it.
    """
    there = Counter(p.text for p in kept(text, markup))
    missing = Counter(p.text for p in expected) - there
    if not missing:
        return text
    alike = {p.text for p in expected}
    for code, count in missing.items():
        pattern = _tolerant(code)
        if any(other != code and pattern.fullmatch(other) for other in alike):
            continue
        slips = [m for m in pattern.finditer(text) if m.group() != code]
        if len(slips) == count:
            text = pattern.sub(lambda _, code=code: code, text)
    return text
