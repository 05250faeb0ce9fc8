"""Letters of another script left in a translation, where it is neither kana, hangul nor Latin; and what of such letters
may stay, whatever the script: what a face is drawn with, and what is spoken of.
"""

from collections.abc import Iterator
from functools import cache

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.engine.leftovers import flaw, leftovers

_LETTERS = {
    "han": ("Chinese characters", r"\p{Script=Han}+"),
    "cyrillic": ("Cyrillic", r"\p{Script=Cyrillic}{2,}"),
    "thai": ("Thai", r"\p{Script=Thai}+"),
    "arabic": ("Arabic", r"\p{Script=Arabic}{2,}"),
}
_ALWAYS = "han"
"""The script that models fall into, whatever they translate from."""

_HAN = regex.compile(r"\p{Script=Han}")

_EXPLAINED, _SPOKEN_OF = 2, 4
"""So many characters a translation may show in quotes or brackets to speak of how they are written; so many where the
source says that it speaks of letters or words."""
_OPENING = frozenset("(（[［\"'“‘「『〈《«")
_CLOSING = frozenset(")）]］\"'”’」』〉》»")
_OF_LETTERS = regex.compile(
    r"字|仮名|がな|カナ|言葉|単語|漢語|[英和]語|綴|つづり|書[いくか]|読み|いろは|発音|글자|한글|한자|단어|철자|character|kanji|letter|\bword|spell",
    regex.IGNORECASE,
)
# What says so in the translation, right before the character; or its meaning in brackets right after it.
_CALLED = regex.compile(
    r"(?:kanji|hanzi|characters?|letters?|words?|signs?|symbols?|zeichen|buchstaben?|wort|caractères?|mot|иероглиф\p{L}*"
    r"|слов\p{L}*|글자|한자|단어)\s*$",
    regex.IGNORECASE,
)
_MEANING = regex.compile(r"\s*[(（]\p{L}")

_BRACKETED = regex.compile(r"[(（]([^()（）\n]{2,14})[)）]")
_SIGN = regex.compile(r"[^\p{L}\p{M}\p{N}\s。，、！？!?…—.,:;：；“”\"'‘’]")
_LETTER = regex.compile(r"\p{L}")
_ARM = 2
"""So many letters may stand beside the brackets of a face, as its arms: (・ω・)ノシ."""
_LETTERS_OF_A_FACE = 3
_BESIDE_SIGNS = frozenset("彡凸屮")
_SIGNS = frozenset("卍卐")


@cache
def _foreign(source: tuple[str, ...], target: tuple[str, ...]) -> "tuple[tuple[str, regex.Pattern[str]], ...]":
    """The names and the letters of the scripts that a target has not and may have got letters of."""
    scripts = [script for script in (*source, _ALWAYS) if script in _LETTERS and script not in target]
    return tuple((name, regex.compile(letters)) for name, letters in map(_LETTERS.__getitem__, dict.fromkeys(scripts)))


def look(case: Case) -> Iterator[Flaw]:
    """Flag Cyrillic, Thai or Arabic of the source, and Chinese characters whatever the source is, in a target that is
    not written with them.

    Not flagged: what a glossary entry of the text asks for, characters of the source that are spoken of, letters of a
    face, and what is inside of markup; Chinese characters in brackets after a Korean word that they spell.
    """
    if case.target.isascii():
        return
    for name, letters in _foreign(case.desk.source.scripts, case.desk.target.scripts):
        found = [m for m in leftovers(case, letters) if not _may_stay(m, case)]
        if found:
            yield flaw(found, name)
            return


def _may_stay(match: "regex.Match[str]", case: Case) -> bool:
    run, text = match.group(), match.string
    if explained(match, case.before) or in_face(match) or run in _SIGNS:
        return True
    if run in _BESIDE_SIGNS and any(map(_SIGN.match, _around(match))):
        return True
    if _ALWAYS in case.desk.source.scripts or not _HAN.match(run):
        return False
    # A source of another script that has the characters itself is one that shows them.
    return run in case.before or (case.desk.target.code == "ko" and text[match.start() - 1 : match.start()] in _OPENING)


def explained(match: "regex.Match[str]", source: str) -> bool:
    """Whether a target speaks of letters of the source: in quotes or brackets, or called so ("the character 人")."""
    run, text = match.group(), match.string
    if len(run) > _SPOKEN_OF or run not in source:
        return False
    before, after = _around(match)
    of_letters = _OF_LETTERS.search(source) is not None
    if before and before in _OPENING and after and after in _CLOSING:
        return of_letters or len(run) <= _EXPLAINED
    if len(run) > _EXPLAINED or not of_letters:
        return False
    return _CALLED.search(text, 0, match.start()) is not None or _MEANING.match(text, match.end()) is not None


def in_face(match: "regex.Match[str]") -> bool:
    """Whether letters are a part of a face that is drawn with signs in brackets, or its arms: (-人-), (・ω・)ノシ."""
    text, (start, end) = match.string, match.span()
    for face in _BRACKETED.finditer(text, max(0, start - 16), end + 17):
        beside = end - start <= _ARM and (face.end() == start or end == face.start())
        if not beside and not face.start() < start < face.end():
            continue
        if len(_SIGN.findall(face[1])) > 1 and len(_LETTER.findall(face[1])) <= _LETTERS_OF_A_FACE:
            return True
    return False


def _around(match: "regex.Match[str]") -> tuple[str, str]:
    """The characters beside a match; at the text's ends none."""
    start, end = match.span()
    return match.string[max(0, start - 1) : start], match.string[end : end + 1]


CHECK = Check(
    "script",
    Severity.ERROR,
    look,
    "Cyrillic, Thai or Arabic of the source, or Chinese characters of any, left in a translation into a language "
    "without them, but for what the glossary asks for, faces (`(-人-)`) and a character that is spoken of (`(大)`)",
)
