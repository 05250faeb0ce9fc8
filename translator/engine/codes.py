"""Holding a translation to the markup of its source: what is missing, too much or in the wrong order; slips mended."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import regex

from translator.core.markup import Fate, MarkupSyntax, Piece
from translator.engine.edges import name, stands_for_word
from translator.engine.put_back import Part
from translator.engine.put_back import put_back as by_rule

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
# Colours, sizes and fonts: what an argument of 0 ends is one of them.
_LASTING = frozenset({"c", "tc", "oc", "color", "colour", "fs", "fn", "ff", "size", "font", "font_size", "fontsize"})
_SIZES = ("\\{", "\\}")
"""RPG Maker's one step bigger and one step smaller."""

_RESET = regex.compile(r"[\[=(<{]\s*[\"']?0*[\"']?\s*[\])>}]$")
_TAG = regex.compile(r"[<\[{](/?)([A-Za-z][\w-]*)")
# What models put in place of square brackets, opening and closing in turn.
_BRACKETS = "⟦⟧〚〛[]［］【】"
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
    r"""What is wrong with the codes of a translation, as a sentence; None when nothing is.

    All codes of the source must be there, as often as in the source, in any order, but what a code begins must be
    ended by the same code as in the source: what it opens (`<b>…</b>`), and a colour or a size up to its next change
    (`\C[2]…\C[0]`).
    """
    if [p.text for p in expected] == [p.text for p in found]:
        return None
    wanted, there = Counter(p.text for p in expected), Counter(p.text for p in found)
    if wanted != there:
        lost, added = wanted - there, there - wanted
        parts = [f"{what} {_listed(codes)}" for what, codes in (("lost", lost), ("added", added)) if codes]
        return f"markup {' and '.join(parts)}"
    before, after = _couples(expected) + _spans(expected), _couples(found) + _spans(found)
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
    for piece, fate in zip(codes, _fates(codes), strict=True):
        if fate is Fate.OPEN:
            opened.append(piece.text)
        elif fate is Fate.CLOSE:
            couples[(opened.pop() if opened else "", piece.text)] += 1
    couples.update((code, "") for code in opened)
    return couples


def _fates(codes: Sequence[Piece]) -> list[Fate]:
    """The codes' fates; a tag that a rule does not call a pair is one by its looks where both its tags are there."""
    tags = [_TAG.match(piece.text) for piece in codes]
    closed = {tag[2].lower() for tag in tags if tag and tag[1]}
    opened = {tag[2].lower() for tag in tags if tag and not tag[1]}
    fates: list[Fate] = []
    for piece, tag in zip(codes, tags, strict=True):
        fate = piece.rule.fate if piece.rule else Fate.KEEP
        if fate is Fate.KEEP and tag and tag[2].lower() in closed & opened:
            fate = Fate.CLOSE if tag[1] else Fate.OPEN
        fates.append(fate)
    return fates


def _spans(codes: Sequence[Piece]) -> Counter[tuple[str, str]]:
    """What ends what lasts until it is changed: for each such code the next of its kind, "" where there is none."""
    families: dict[str, list[str]] = {}
    for piece in codes:
        family = _lasting(piece)
        if family:
            families.setdefault(family, []).append(piece.text)
    spans: Counter[tuple[str, str]] = Counter()
    for family in families.values():
        # One that follows another of its own spelling changes nothing; and what comes before the first code is not
        # marked, so that a reset may stand where it likes there.
        resets = {code for code in family if _RESET.search(code)}
        spans.update((code, after) for code, after in pairwise((*family, "")) if code not in resets)
    return spans


def _lasting(code: Piece) -> str:
    """The family of a code whose effect lasts up to the next of its family; "": it is of no such family."""
    text = code.text
    if text in _SIZES:
        return _SIZES[0]
    family = name(code)
    return family if family.strip("\\[<{(=").lower() in _LASTING else ""


@lru_cache(maxsize=4096)
def _tolerant(code: str) -> "regex.Pattern[str]":
    """Match the ways in which models misspell a code: full-width characters, letters' case, spaces let in."""
    parts: list[str] = []
    for character in code:
        if character.isspace():
            continue
        parts.append("[" + regex.escape(_forms(character)) + "]")
    return regex.compile(r"[ \u3000]*".join(parts), regex.IGNORECASE)


@lru_cache(maxsize=16)
def standins_as(spelling: str) -> "regex.Pattern[str]":
    """Match stand-ins, `{}` in their spelling being the number, group 1, as models write them again: with brackets of
    another kind, doubled, full-width, spaces let in.
    """
    before, after = (part.strip() for part in spelling.split("{}"))
    return regex.compile(rf"{_loose(before)}\s*([0-9０-９]{{1,4}})\s*{_loose(after)}")


def _loose(signs: str) -> str:
    if not signs:
        return ""
    if set(signs) <= set(_BRACKETS):
        opening = _BRACKETS.index(signs[0]) % 2 == 0
        return f"[{regex.escape(''.join(_BRACKETS[0 if opening else 1 :: 2]))}]{{1,2}}"
    return r"\s*".join(f"[{regex.escape(_forms(sign))}]" for sign in signs)


def _forms(character: str) -> str:
    """A character and what models write in its place."""
    forms = _SPELLINGS.get(character, character)
    return forms + chr(ord(character) + _FULLWIDTH) if character.isascii() and character.isprintable() else forms


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


def put_back(target: str, source: str, markup: MarkupSyntax) -> str:
    r"""The last resort: `target` with exactly the codes of `source`, in any text, put there by rule.

    For a unit that would be given up, since no answer to it has its codes: `flaw` finds nothing in what comes back.
    What is made so needs a WARNING `markup`, for a person to look at: `prepare.rescued` does both.

    Codes that are spelled almost right are mended, those too many are taken out. A lost one is put where as large a
    share of the text stands before it as in the source, at the nearest place that is neither inside a word, a number
    or another code nor between a character and what combines with it; line for line where both have as many lines.
    What opens and closes stays around some text where there is any. A source for which nothing of this works comes
    back itself.
    """
    own = markup.normalise(source)
    expected = kept(own, markup)
    text = mend(target, expected, markup)
    if flaw(expected, kept(text, markup)) is None:
        return text
    begun = {c.text: fate for c, fate in zip(expected, _fates(expected), strict=True)}

    def part(code: Piece) -> Part:
        fate = begun.get(code.text, Fate.KEEP)
        if fate is not Fate.KEEP:
            return Part.ENDS if fate is Fate.CLOSE else Part.BEGINS
        if _lasting(code):
            return Part.ENDS if _RESET.search(code.text) else Part.BEGINS
        return Part.WORD if stands_for_word(code) else Part.MARK

    return by_rule(text, own, markup, flaw=flaw, part=part)
