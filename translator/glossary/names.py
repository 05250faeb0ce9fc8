"""Names that a job has translated, as glossary entries of the lowest layer."""

import math
from collections.abc import Sequence

import regex

from translator.core.scripts import width
from translator.core.work import GlossaryEntry
from translator.glossary.everyday import EVERYDAY
from translator.glossary.matcher import NAME_KIND, folded, is_tiny, normalised

LONGEST = 32
"""Half-width cells of a name: what is longer is a phrase, which no text repeats word by word."""

_LETTER = regex.compile(r"\p{L}")
# What no name has: it ends a sentence, holds speech, or means something in a glossary's files and lines.
_NEVER = regex.compile(r"[\n\r。．、，,;；:：「」『』“”\"<>|｜=→*#{}/／\\]|\.\s*$")
# What some names have (サンダー！, 聖水（大）): those are looked for as they are.
_SIGN = regex.compile(r"[!?…‥♪♡♥☆★()\[\]【】〈〉《》]")
_NARROW = str.maketrans("！？（）［］", "!?()[]")
_ENDS = regex.compile(r"[!?…‥♪♡♥☆★]")
_HIRAGANA = regex.compile(r"[\p{Script=Hiragana}ー]+")
# A verb in the form of dictionaries (逃げる, 飛ぶ): in a sentence it is spelled in other ways, and means what it says.
_VERB = regex.compile(r"(?:.*を)?\p{Han}+(?:\p{Hiragana}\p{Han}+)?\p{Hiragana}{0,2}[うくぐすつぬぶむる]")
# With the sign of a cry or a question, these are what somebody says (待て！, Who are you?).
_SAID = regex.compile(r"(?!の)\p{Script=Hiragana}|\s")
# A term that goes on after a name, as messages in battle do (は力尽きた), is the rest of a sentence.
_REST = regex.compile(r"[はがをにもへ](?=[\p{Han}\p{Script=Katakana}])")
_UNSPACED = regex.compile(r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
_KATAKANA = regex.compile(r"[\p{Script=Katakana}ー]+")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}'’.-]+")
_SMALL = frozenset(
    (
        "a", "an", "and", "at", "de", "del", "der", "des", "di", "du", "for", "in", "la", "le", "les", "of", "on",
        "the", "to", "und", "von", "with", "y",
    )
)  # fmt: skip
_BEGIN_SENTENCES = frozenset(
    (
        "i", "i'm", "i'll", "i've", "you", "you're", "he", "he's", "she", "she's", "it", "it's", "we", "we're", "they",
        "they're", "this", "there", "that's", "here",
    )
)  # fmt: skip
_HIRAGANA_LEAST = 3
_FEW = 2


def entry(source: str, target: str, *, person: bool = False) -> GlossaryEntry | None:
    """The entry that a name and its translation (both without markup) make, None where they should make none."""
    return None if refusal(source, target, person=person) else _entry(source, target)


def wanted(source: str) -> GlossaryEntry:
    """What a name is looked for by in other texts while it has no translation."""
    return _entry(source, source)


def _entry(source: str, target: str) -> GlossaryEntry:
    source, target = source.strip(), " ".join(target.split())
    return GlossaryEntry(source, target, kind=NAME_KIND, case=_CASED.search(source) is not None, advice=True)


def refusal(source: str, target: str | None, *, person: bool = False) -> str:
    """Why a name and its translation (None: it has none) make no entry, for people; "" where they make one.

    Texts that a sentence does not repeat as they are make none, nor do translations that no longer look like a name:
    a wrong one would spoil every text that mentions it. person: somebody is called so, as which also what is too short
    for others is looked for.
    """
    return unfit(source, person=person) or _unlike(source.strip(), target)


def unfit(source: str, *, person: bool = False) -> str:
    """Why texts cannot be searched for a name (without markup); "" where they can."""
    source = source.strip()
    letters = _LETTER.findall(source)
    short = len(letters) < _FEW or (_HIRAGANA.fullmatch(source) and len(source) < _HIRAGANA_LEAST)
    said = _ENDS.search(source.translate(_NARROW)) and _SAID.search(source)
    word = normalised(_SIGN.sub("", source.translate(_NARROW))).strip().casefold()
    reasons = (
        ("too short to be found in a text", short and not (person and is_tiny(source))),
        ("too long for a name", width(source) > LONGEST),
        ("has signs that no name has", _NEVER.search(source) or said),
        ("an everyday word", word in EVERYDAY),
        ("a verb", _VERB.fullmatch(source)),
    )
    return next((reason for reason, holds in reasons if holds), "")


def is_called(source: str) -> bool:
    """Whether a term (a text of a game's lists and menus, without markup) is what sentences call something."""
    return not unfit(source) and _REST.match(source.strip()) is None


def _unlike(source: str, target: str | None) -> str:
    """Why a translation is not taken for that of a name."""
    target = (target or "").strip()
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(target)]
    signs = not _LETTER.search(target) or _NEVER.search(target) or _signs(target) - _signs(source)
    reasons = (
        ("not translated", not target),
        ("stays as it is", folded(normalised(target)) == folded(normalised(source))),
        ("its translation has signs that no name has", signs),
        ("its translation is too long for a name", _is_long(source, target, words)),
        ("its translation is a sentence", len(words) > 1 and words[0] in _BEGIN_SENTENCES),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _signs(text: str) -> set[str]:
    """The signs of a text, one kind of bracket like another."""
    return {
        "()"[sign in ")]】〉》"] if sign in "()[]【】〈〉《》" else sign for sign in _SIGN.findall(normalised(text))
    }


def _is_long(source: str, target: str, words: Sequence[str]) -> bool:
    if _UNSPACED.search(target):
        return len(target) > len(source) + _FEW
    telling = sum(word not in _SMALL for word in words)
    return telling > _words(source) or width(target) > 4 * width(source) + 8


def _words(source: str) -> int:
    """How many words the translation of a name may have in a language with spaces between words."""
    if not _UNSPACED.search(source):
        return len(source.split()) + _FEW
    kana = sum(map(len, (*_KATAKANA.findall(source), *_HIRAGANA.findall(source))))
    return 1 + (len(source) - kana) + math.ceil(kana / 3)
