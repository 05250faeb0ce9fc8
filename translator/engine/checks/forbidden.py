"""A word that the glossary forbids."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import regex

from translator.core.finding import Severity
from translator.core.work import GlossaryEntry
from translator.engine.checks import MASK, Case, Check, Flaw
from translator.glossary.adherence import alternatives, stands_alone
from translator.glossary.hanzi import simplified
from translator.glossary.matcher import Matcher

_HAN = regex.compile(r"\p{Han}+$")
_CERTAIN = 2
_ALPHABET = regex.compile(r"[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]")


# Letters, digits and marks of full width as those of ASCII: ＨＰ.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def look(case: Case) -> Iterator[Flaw]:
    """Flag what entries of the kind `forbidden` name: anywhere, or only where their `src` is in the source.

    Words of an alphabet are whole words, of any width; Chinese ones of two characters or more also count in the other
    script (工会, 工會). `src` occurs where a term of the glossary would. Not flagged: a word inside a longer one that
    a glossary entry of the text asks for (主人 in 主人公).
    """
    if not case.desk.forbidden:
        return
    text = case.masked if case.masked.isascii() else case.masked.translate(_HALF_WIDTH)
    for entry in case.desk.forbidden:
        for word in alternatives(entry):
            found = _found(word, entry, case, text)
            if found is not None and _applies(entry, case.before):
                where = f" for {entry.src}" if entry.src.strip() else ""
                yield Flaw(f"the glossary forbids {word}{where}", found.span())


def _found(word: str, entry: GlossaryEntry, case: Case, text: str) -> "regex.Match[str] | None":
    """Where a forbidden word stands in the target, `text`."""
    word = word.translate(_HALF_WIDTH)
    pattern = _pattern(word, entry.case)
    found = pattern.search(text) and pattern.search(_without_longer(word, case, text))
    # A single character may be another one in the other script: 后 is the queen, too.
    if found is not None or len(word) < _CERTAIN or not case.desk.target.code.startswith("zh") or not _HAN.match(word):
        return found
    plain, word = simplified(text), simplified(word)
    if len(plain) != len(text) or word not in plain:
        return None
    return _pattern(word, entry.case).search(simplified(_without_longer(word, case, text)))


def _without_longer(word: str, case: Case, text: str) -> str:
    """`text` with MASK in place of longer words that the glossary asks for."""
    for entry in case.unit.glossary:
        for term in alternatives(entry):
            if len(term) > len(word):
                text = text.replace(term.translate(_HALF_WIDTH), MASK * len(term))
    return text


@lru_cache(maxsize=1024)
def _pattern(word: str, exact: bool) -> "regex.Pattern[str]":  # noqa: FBT001 - a key of the cache
    before = f"(?<!{_ALPHABET.pattern})" if _ALPHABET.match(word) else ""
    after = f"(?!{_ALPHABET.pattern})" if _ALPHABET.match(word[-1:]) else ""
    spelled = r"\s+".join(map(regex.escape, word.split()))
    return regex.compile(before + spelled + after, 0 if exact else regex.IGNORECASE)


def _applies(entry: GlossaryEntry, source: str) -> bool:
    if not entry.src.strip():
        return True
    return any(stands_alone(term, source) for term in _matcher(entry).hits(source))


@lru_cache(maxsize=1024)
def _matcher(entry: GlossaryEntry) -> Matcher:
    return Matcher([replace(entry, kind="")])


CHECK = Check(
    "forbidden",
    Severity.ERROR,
    look,
    "a word that an entry of the glossary with the kind `forbidden` names (`dst`): anywhere, or where its `src` occurs",
)
