"""Holding a translation to the markup of its source: what is missing, too much or in the wrong order; slips mended."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from translator.core.markup import Fate, MarkupSyntax, Piece
from translator.engine import slips
from translator.engine.edges import TWINS, is_beat, name, pieces_of, stands_for_word
from translator.engine.put_back import Part
from translator.engine.put_back import put_back as by_rule
from translator.engine.slips import forms

_SHOWN = 4
"""Codes that a message names at most."""

# Colours, sizes and fonts: what an argument of 0 ends is one of them.
_LASTING = frozenset({"c", "tc", "oc", "color", "colour", "fs", "fn", "ff", "size", "font", "font_size", "fontsize"})
_WORD = regex.compile(r"[\p{L}\p{N}]")
_RESET = regex.compile(r"[\[=(<{]\s*[\"']?0*[\"']?\s*[\])>}]$")
_TAG = regex.compile(r"[<\[{](/?)([A-Za-z][\w-]*)")
# What models put in place of square brackets, opening and closing in turn.
_BRACKETS = "⟦⟧〚〛[]［］【】"


def kept(text: str, markup: MarkupSyntax) -> tuple[Piece, ...]:
    """The codes of `text` that its translation must have, with their rules."""
    if not markup.may_have_codes(text):
        return ()
    return tuple(p for p in markup.tokenize(text) if is_kept(p))


def is_kept(piece: Piece) -> bool:
    """Whether a piece is a code that a translation has too; what is dropped has no meaning there, it is text."""
    return piece.rule is not None and piece.rule.fate is not Fate.DROP


def wrong(source: str, target: str, markup: MarkupSyntax) -> str | None:
    """What is wrong with the markup of a translation, as a sentence; None when nothing is.

    `flaw` tells what; besides, what the source marks (a word in colour, a tag around it) must be marked text too.
    source: with the markup's rewrites made.
    """
    if not (markup.may_have_codes(source) or markup.may_have_codes(target)):
        return None
    before, after = pieces_of(source, markup), pieces_of(target, markup)
    return flaw(_codes(before), _codes(after)) or _hollow(before, after)


def flaw(expected: Sequence[Piece], found: Sequence[Piece]) -> str | None:
    r"""What is wrong with the codes of a translation, as a sentence; None when nothing is.

    All codes of the source must be there, as often as in the source, in any order, but: what a code begins must be
    ended by the same code as in the source, be it opened (`<b>…</b>`, `\{…\}`) or a colour or a size that lasts up to
    its next change (`\C[2]…\C[0]`); and waits, pauses and sounds, which stand for nothing that grammar moves, come in
    the order of the source.
    """
    if [p.text for p in expected] == [p.text for p in found]:
        return None
    wanted, there = Counter(p.text for p in expected), Counter(p.text for p in found)
    if wanted != there:
        lost, added = wanted - there, there - wanted
        parts = [f"{what} {_listed(codes)}" for what, codes in (("lost", lost), ("added", added)) if codes]
        return f"markup {' and '.join(parts)}"
    torn = Counter(_told(expected, _couples(expected))) - Counter(_told(found, _couples(found)))
    if torn:
        return f"markup opened and closed in the wrong order: {_listed(torn)}"
    beats = [p.text for p in expected if is_beat(p)]
    if beats != [p.text for p in found if is_beat(p)]:
        return f"markup in another order: {_listed(Counter(beats))}"
    return None


def _hollow(source: Sequence[Piece], target: Sequence[Piece]) -> str | None:
    """Which pairs and colours mark a word in the source and nothing in a translation that has the same codes."""
    full = [couple for couple in _couples(source) if couple.whole and any(map(_is_word, _inside(source, couple)))]
    if not full or not any(map(_is_shown, target)):
        return None
    there = [couple for couple in _couples(target) if any(map(_is_shown, _inside(target, couple)))]
    emptied = Counter(_told(source, full)) - Counter(_told(target, there))
    return f"markup around nothing: {_listed(emptied)}" if emptied else None


def _codes(pieces: Sequence[Piece]) -> list[Piece]:
    return [p for p in pieces if p.rule is not None]


def _is_word(piece: Piece) -> bool:
    return _WORD.search(piece.text) is not None if piece.rule is None else stands_for_word(piece)


def _is_shown(piece: Piece) -> bool:
    return bool(piece.text.strip()) if piece.rule is None else piece.rule.cells > 0 or stands_for_word(piece)


def _listed(codes: Counter[str]) -> str:
    names = [f"{code} ×{count}" if count > 1 else code for code, count in codes.items()]
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


@dataclass(frozen=True, slots=True)
class _Couple:
    """Where a code stands that begins something, and the one that ends it; None: there is none.

    whole: whether it is certain that what stands between is what they mark.
    """

    begin: int | None
    end: int | None
    whole: bool = True


def _inside(pieces: Sequence[Piece], couple: _Couple) -> Sequence[Piece]:
    return () if couple.begin is None else pieces[couple.begin + 1 : couple.end]


def _told(pieces: Sequence[Piece], couples: Iterable[_Couple]) -> list[str]:
    ends = ((couple.begin, couple.end) for couple in couples)
    return ["".join("" if at is None else pieces[at].text for at in both) for both in ends]


def _couples(pieces: Sequence[Piece]) -> list[_Couple]:
    """Which code ends which."""
    places = [at for at, piece in enumerate(pieces) if piece.rule is not None]
    opened: list[int] = []
    turned: dict[str, list[int]] = {}
    lasting: dict[str, list[int]] = {}
    couples: list[_Couple] = []
    for at, fate in zip(places, _fates([pieces[at] for at in places]), strict=True):
        text = pieces[at].text
        if fate is Fate.OPEN:
            opened.append(at)
        elif fate is Fate.CLOSE:
            couples.append(_Couple(opened.pop() if opened else None, at))
        elif text in TWINS:
            others = turned.setdefault(TWINS[text], [])
            if others and pieces[others[-1]].text != text:
                couples.append(_Couple(others.pop(), at))
            else:
                others.append(at)
        elif family := _lasting(pieces[at]):
            lasting.setdefault(family, []).append(at)
    couples += [_Couple(at, None, whole=False) for at in opened]
    couples += [_Couple(at, None, whole=False) for others in turned.values() for at in others]
    for family in lasting.values():
        couples += _spans(pieces, family)
    return couples


def _spans(pieces: Sequence[Piece], family: Sequence[int]) -> Iterator[_Couple]:
    """What ends what lasts until it is changed: for each such code the next of its kind.

    What comes before the first code is not marked, so that a reset may stand where it likes there.
    """
    resets = {pieces[at].text for at in family if _RESET.search(pieces[at].text)}
    # Where nothing resets, a colour that follows another may be the usual one.
    usual = resets or {pieces[at].text for at in family[1:2]}
    for at, after in pairwise((*family, None)):
        text = pieces[at or 0].text
        if text not in resets:
            yield _Couple(at, after, whole=text not in usual)


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


def _lasting(code: Piece) -> str:
    """The family of a code whose effect lasts up to the next of its family; "": it is of no such family."""
    family = name(code)
    return family if family.strip("\\[<{(=").lower() in _LASTING else ""


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
    return r"\s*".join(f"[{regex.escape(forms(sign))}]" for sign in signs)


def mend(text: str, expected: Sequence[Piece], markup: MarkupSyntax, own: str = "") -> str:
    """`text` with its codes spelled as `expected` where that is certain; own: the source (`slips.mend`)."""
    return slips.mend(text, [p.text for p in expected], markup, own)


def put_back(target: str, source: str, markup: MarkupSyntax) -> str:
    r"""The last resort: `target` with exactly the codes of `source`, in any text, put there by rule.

    For a unit that would be given up, since no answer to it has its codes: `flaw` finds nothing in what comes back.
    What is made so needs a WARNING `markup`, for a person to look at: `prepare.rescued` does both.

    Codes that are spelled almost right are mended, and so is what is left of one that is missing, where it stands.
    Wrong ones give their place to those that are missing, those too many are taken out. A lost one is put where as
    large a share of the text stands before it as in the source, at the nearest place that is neither inside a word, a
    number, brackets or another code nor between a character and what combines with it; line for line where both have
    as many lines. What opens and closes stays around some text where there is any. A source for which nothing of this
    works comes back itself.
    """
    own = markup.normalise(source)
    expected = kept(own, markup)
    text = slips.salvaged(mend(target, expected, markup, own), [p.text for p in expected], markup, own)
    if wrong(own, text, markup) is None:
        return text
    found = kept(text, markup)
    begun = {c.text: fate for codes in (found, expected) for c, fate in zip(codes, _fates(codes), strict=True)}

    def part(code: Piece) -> Part:
        fate = begun.get(code.text, Fate.KEEP)
        if fate is not Fate.KEEP:
            return Part.ENDS if fate is Fate.CLOSE else Part.BEGINS
        if code.text in TWINS:
            first = next((c.text for c in expected if TWINS.get(c.text) == TWINS[code.text]), code.text)
            return Part.BEGINS if code.text == first else Part.ENDS
        if _lasting(code):
            return Part.ENDS if _RESET.search(code.text) else Part.BEGINS
        if is_beat(code):
            return Part.BEAT
        return Part.WORD if stands_for_word(code) else Part.MARK

    def rate(made: str, of: str) -> int:
        if flaw(kept(of, markup), kept(made, markup)) is not None:
            return 0
        return 1 if wrong(of, made, markup) else 2

    return by_rule(text, own, markup, rate=rate, part=part)
