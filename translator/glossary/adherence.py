"""Whether a translation follows the glossary: its words may be inflected, spelled apart or in the other Chinese script.

False alarms cost more than misses here: what is flagged is asked again, and in the end not used. So a word counts as
there when any of its usual forms is.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from translator.core.work import GlossaryEntry
from translator.glossary import english, russian
from translator.glossary.hanzi import converter
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
"""Letters from which a word counts as there where it is joined with others (hi-potion, Lichtschwert)."""
_LAST_PART = 5
"""Letters from which one counts as there at the end of an English word (broadsword)."""
_COMPOUNDING = frozenset({"", "de", "id"})
"""Languages that put words together, or something before them; "" is any language."""
_OTHER_LETTERS = frozenset({"ja", "ko", "th"})
"""Languages whose own letters may stand beside a word of an alphabet (Aliceが); Chinese is seen to apart."""
_ELIDING = frozenset({"fr", "it", "pt", "es"})
"""Languages where an apostrophe parts two words (l'épée)."""
_FILLERS = 2
"""So many other words may stand between the words of a term (leveled him up, King of the Demons)."""

# Other languages: how many letters a word may lose at its end, and how many it may gain then.
_LOST, _GAINED = 2, 4
_GAINED_IN = {"tr": 10}
_SLAVIC = frozenset({"ru", "uk"})
_GAINED_BY_A_NAME = 2
"""So many, where a name loses a letter: Themen, but not Lisbeth for Lisa."""
_STEM = 3
"""Letters that stay, at least."""

_PERSONS = frozenset(
    {"name", "person", "character", "people", "人名", "人物", "角色", "姓名", "キャラ", "キャラクター"}
)
"""Kinds of entries that are names of somebody."""
_NAME_SOURCE = regex.compile(r"[\p{Script=Katakana}ー・･=＝\s]+|\p{Lu}\p{Ll}+")
"""What a name looks like in a source: katakana, or a capital."""


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
        cased = text if entry.case else folded(text)
        spellings = list(_spellings(entry.dst))
        words = spellings if entry.case else [folded(spelling) for spelling in spellings]
        for spelling, word in zip(spellings, words, strict=True):
            if _ALPHABET.search(word) is None:
                if _without_joints(word) in _without_joints(cased):
                    return True
            elif self._has(spelling, word, text, entry) or (self.language in _OTHER_LETTERS and word in cased):
                return True
        if not self.language.startswith("zh"):
            return False
        cased = _without_joints(_simplified(cased))
        return any(_without_joints(_simplified(word)) in cased for word in words)

    def _has(self, spelling: str, word: str, text: str, entry: GlossaryEntry) -> bool:
        apart = self.language in _ELIDING
        there = _tokens(text, apart)
        wanted = _without_small(_tokens(word, apart)) or _tokens(word, apart)
        if not wanted:
            return word in (text if entry.case else folded(text))
        form = self._forms(spelling, entry)
        if self._is_joined(_without_small(there), "".join(wanted), form):
            return True
        places = [[i for i, token in enumerate(there) if form(token, part)] for part in wanted]
        return all(places) and any(_close(places, start) for start in range(len(there)))

    def _forms(self, spelling: str, entry: GlossaryEntry) -> "_Forms":
        person = entry.kind.strip().lower() in _PERSONS
        named = person or _NAME_SOURCE.fullmatch(normalised(entry.src.strip())) is not None
        return _Forms(self.language, entry.case, person=person, name=named and spelling[:1].isupper())

    def _is_joined(self, there: tuple[str, ...], word: str, form: "_Forms") -> bool:
        """Whether a word stands there in several parts, or as a part of a compound."""
        if len(word) < _SUBSTRING:
            return False
        tokens = [form.cased(token) for token in there]
        if self.language in _COMPOUNDING:
            if any(word in token for token in tokens):
                return True
        elif not (form.name if self.language == "en" else form.person) and any(
            token.startswith(word) or (len(word) >= _LAST_PART and token.endswith(word)) for token in tokens
        ):
            return True
        starts = [start for start, token in enumerate(tokens) if token[0] == word[0]]
        return any(form("".join(there[start : _end(tokens, start, word)]), word) for start in starts)


@dataclass(frozen=True, slots=True)
class _Forms:
    """Tells whether a word of a text is a form of a term's. name: whether the term may be one, so that fewer are.

    case: whether letters' case counts. person: whether the term is certainly a name.
    """

    language: str
    case: bool
    person: bool
    name: bool

    def cased(self, token: str) -> str:
        """A word of the text as it is compared."""
        return token if self.case else folded(token)

    def __call__(self, token: str, word: str) -> bool:
        """Whether `token`, as the text has it, is a form of `word`."""
        there = self.cased(token)
        if there == word:
            return True
        if not word.isalpha():
            return False
        if self.language == "en":
            return self._is_english(token, word)
        return there[0] == word[0] and self._is_inflected(there, word)

    def _is_inflected(self, there: str, word: str) -> bool:
        common = _common(there, word)
        if self.language in _SLAVIC:
            if (russian.is_form_of_name if self.name else russian.has_fleeting_vowel)(there, word):
                return True
            if self.person or (self.name and not russian.is_ending(word[common:])):
                return False
        least = max(min(_STEM, len(word)), (len(word) + 1) // 2)
        gained = _GAINED_IN.get(self.language, _GAINED if len(word) >= _STEM else 1)
        if self.name and common < len(word):
            gained = _GAINED_BY_A_NAME
        return common >= least and len(word) - common <= _LOST and len(there) - common <= gained

    def _is_english(self, token: str, word: str) -> bool:
        there = self.cased(token)
        if self.name:
            return english.is_form_of_name(there, word, capital=token[:1].isupper(), person=self.person)
        return english.is_form(there, word)


def _end(tokens: Sequence[str], start: int, word: str) -> int:
    """Where the words from `start` on end that `word` may be written apart as."""
    size, end = len(tokens[start]), start + 1
    while size < len(word) and end < len(tokens) and word.startswith(tokens[end], size):
        size += len(tokens[end])
        end += 1
    if size < len(word) and end < len(tokens) and tokens[end].startswith(word[size:]):
        end += 1  # the last part may have an ending
    return end


def _without_small(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token.lower() not in _SMALL_WORDS)


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
def _tokens(text: str, apart: bool = False) -> tuple[str, ...]:  # noqa: FBT001, FBT002 - cached by position
    """The words of a text without accents (Schlösser is a form of Schloss); apart: an apostrophe parts two."""
    if not text.isascii():
        # Composed Japanese and Korean letters have parts too, but those are never compared here.
        text = _MARKS.sub("", unicodedata.normalize("NFD", text))
    joint = " " if apart else ""
    return tuple(_TOKEN.findall(text.replace("'", joint).replace("’", joint)))


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
    return converter("t2s")(text)
