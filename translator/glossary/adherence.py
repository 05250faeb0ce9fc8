"""Whether a translation follows the glossary: its words may be inflected, spelled apart or in the other Chinese script.

False alarms cost more than misses here: what is flagged is asked again, and in the end not used. So a word counts as
there when any of its usual forms is.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

import regex

from translator.core.work import GlossaryEntry
from translator.glossary.matcher import Matcher, folded, normalised

_TOKEN = regex.compile(r"[\p{L}\p{N}]+")
_ALPHABET = regex.compile(r"[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]")
_HAN = regex.compile(r"\p{Script=Han}")
_MARKS = regex.compile(r"\p{M}")
# What one writes and another leaves out: between the parts of a foreign name, inside a compound.
_JOINTS = regex.compile(r"[\s·・•‧∙=＝\-‐‑–—'’ʼ`]+")
_KATAKANA = regex.compile(r"[\p{Script=Katakana}ー]")
_HIRAGANA = regex.compile(r"\p{Script=Hiragana}")

_SMALL_WORDS = frozenset(
    (
        "a", "an", "the", "of", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer",
        "eines", "le", "la", "les", "l", "un", "une", "du", "de", "d", "el", "los", "las", "lo", "il", "i", "gli",
        "uno", "una", "o", "os", "as", "um", "uma", "to",
    )
)  # fmt: skip
"""Articles and the like: they come, go and change with the sentence."""

_SUBSTRING = 4
"""Letters from which a word counts as there inside a longer one (Lichtschwert)."""
_FILLERS = 2
"""So many other words may stand between the words of a term (leveled him up, King of the Demons)."""

# English: what a word may lose at its end, and what it may gain then.
_ENGLISH = (
    ("", ("s", "es", "ed", "d", "n", "en", "ing", "er", "ers", "est", "ly", "y", "ish", "like", "less", "ful", "ness")),
    ("y", ("ies", "ied", "ier", "iest", "ily")),
    ("e", ("ing", "ed", "er", "ers", "es", "y", "able", "est")),
    ("ie", ("ying",)),
    ("f", ("ves", "ved", "ving")),
    ("fe", ("ves",)),
    ("an", ("en",)),
    ("us", ("i",)),
    ("is", ("es",)),
    ("oot", ("eet",)),
    ("ooth", ("eeth",)),
    ("ouse", ("ice",)),
)
_DOUBLED = ("ing", "ed", "er", "ers", "y", "est")

# Other languages: how many letters a word may lose at its end, and how many it may gain then.
_LOST, _GAINED = 2, 4
_GAINED_IN = {"tr": 10}
_STEM = 3
"""Letters that stay, at least."""


def alternatives(entry: GlossaryEntry) -> tuple[str, ...]:
    """The translations that an entry allows, the preferred one first (`dst` names them as `a|b`)."""
    return tuple(part for part in (part.strip() for part in entry.dst.split("|")) if part)


def missing(entries: Iterable[GlossaryEntry], source: str, target: str, language: str = "") -> list[GlossaryEntry]:
    """The entries that occur in `source` and are not followed in `target`, a text in `language` (its code)."""
    text = Text(target, language)
    return [entry for entry in Matcher(entries).hits(source) if stands_alone(entry, source) and not text.follows(entry)]


def stands_alone(entry: GlossaryEntry, source: str) -> bool:
    """Whether a term is certainly meant somewhere in `source`: a short one may be a part of another word there.

    Not certain are a katakana word inside a longer run of katakana, a single Chinese character beside another one,
    and one or two hiragana after a hiragana.
    """
    word = normalised(entry.src.strip())
    if _KATAKANA.fullmatch(word[:1]) and all(map(_KATAKANA.match, word)):
        return _occurs_beside(word, source, before=_KATAKANA, after=_KATAKANA)
    if len(word) == 1 and _HAN.match(word):
        return _occurs_beside(word, source, before=_HAN, after=_HAN)
    if len(word) <= 2 and all(map(_HIRAGANA.match, word)):  # noqa: PLR2004 - said above
        return _occurs_beside(word, source, before=_HIRAGANA, after=None)
    return True


def _occurs_beside(word: str, source: str, *, before: "regex.Pattern[str]", after: "regex.Pattern[str] | None") -> bool:
    """Whether `word` occurs where neither neighbour is such a letter; True where it does not occur as it is."""
    text = normalised(source)
    start = text.find(word)
    if start < 0:
        return True
    while start >= 0:
        end = start + len(word)
        free = not (start and before.match(text, start - 1))
        if free and not (after is not None and end < len(text) and after.match(text, end)):
            return True
        start = text.find(word, start + 1)
    return False


@dataclass(frozen=True, slots=True)
class Text:
    """A translation in which terms are looked for. language: its code, which decides how words are inflected."""

    text: str
    language: str = ""

    def follows(self, entry: GlossaryEntry) -> bool:
        """Whether any of the entry's alternatives is there in any of its forms."""
        text = normalised(self.text)
        words = list(_spellings(entry.dst))
        if not entry.case:
            text, words = folded(text), [folded(word) for word in words]
        if any(self._has(word, text) for word in words):
            return True
        if not self.language.startswith("zh"):
            return False
        text = _without_joints(_simplified(text))
        return any(_without_joints(_simplified(word)) in text for word in words)

    def _has(self, word: str, text: str) -> bool:
        if _ALPHABET.search(word) is None:
            return _without_joints(word) in _without_joints(text)
        there = _tokens(text)
        wanted = tuple(token for token in _tokens(word) if token not in _SMALL_WORDS) or _tokens(word)
        if not wanted:
            return word in text
        close = "".join(wanted)
        if len(close) >= _SUBSTRING and close in "".join(token for token in there if token not in _SMALL_WORDS):
            return True
        places = [[i for i, token in enumerate(there) if self._is_form(token, part)] for part in wanted]
        return all(places) and any(_close(places, start) for start in range(len(there)))

    def _is_form(self, there: str, word: str) -> bool:
        if there == word:
            return True
        if not word.isalpha():
            return False
        if self.language == "en":
            return _is_english_form(there, word)
        common = _common(there, word)
        least = max(min(_STEM, len(word)), (len(word) + 1) // 2)
        gained = _GAINED_IN.get(self.language, _GAINED if len(word) >= _STEM else 1)
        return common >= least and len(word) - common <= _LOST and len(there) - common <= gained


def _spellings(dst: str) -> Iterator[str]:
    """The alternatives of a `dst`, also where a slash parts them, as lists of Sakura's users have it (学长/学姐)."""
    for part in dst.split("|"):
        word = normalised(part).strip()
        if not word:
            continue
        yield word
        if "/" in word:
            yield from (piece for piece in map(str.strip, word.split("/")) if len(piece) > 1)


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    """The words of a text without accents (Schlösser is a form of Schloss)."""
    if not text.isascii():
        # Composed Japanese and Korean letters have parts too, but those are never compared here.
        text = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return tuple(_TOKEN.findall(text.replace("'", "").replace("’", "")))


def _is_english_form(there: str, word: str) -> bool:
    for lost, gains in _ENGLISH:
        stem = word.removesuffix(lost)
        if word.endswith(lost) and stem and there.startswith(stem) and there[len(stem) :] in gains:
            return True
    return there.startswith(word + word[-1]) and there[len(word) + 1 :] in _DOUBLED


def _close(places: list[list[int]], start: int) -> bool:
    """Whether all words of a term stand near each other from `start` on, in any order (King of the Demons)."""
    stop = start + len(places) + _FILLERS
    return all(any(start <= place < stop for place in found) for found in places)


def _common(one: str, other: str) -> int:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))


def _without_joints(text: str) -> str:
    return _JOINTS.sub("", text)


@lru_cache(maxsize=4096)
def _simplified(text: str) -> str:
    return _converter()(text)


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415  (loads dictionaries; only a term that seems to be missing needs it)

    found = OpenCC("t2s").convert  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  opencc has no types
    return cast("Callable[[str], str]", found)
