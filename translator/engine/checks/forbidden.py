"""A word that the glossary forbids."""

from collections.abc import Iterator
from functools import lru_cache

import regex

from translator.core.finding import Severity
from translator.core.work import GlossaryEntry
from translator.engine.checks import MASK, Case, Check, Flaw
from translator.glossary.adherence import alternatives
from translator.glossary.matcher import compile_pattern, folded, normalised

_ALPHABET = regex.compile(r"[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]")


def look(case: Case) -> Iterator[Flaw]:
    """Flag what entries of the kind `forbidden` name: anywhere, or only where their `src` is in the source.

    Words of an alphabet are whole words. Not flagged: a word inside a longer one that a glossary entry of the text
    asks for (主人 in 主人公).
    """
    if not case.desk.forbidden:
        return
    for entry in case.desk.forbidden:
        for word in alternatives(entry):
            pattern = _pattern(word, entry.case)
            found = pattern.search(case.masked) and pattern.search(_without_longer(word, case))
            if found is not None and _applies(entry, case.before):
                where = f" for {entry.src}" if entry.src.strip() else ""
                yield Flaw(f"the glossary forbids {word}{where}", found.span())


def _without_longer(word: str, case: Case) -> str:
    """The target with MASK in place of its codes and of longer words that the glossary asks for."""
    text = case.masked
    for entry in case.unit.glossary:
        for term in alternatives(entry):
            if len(term) > len(word):
                text = text.replace(term, MASK * len(term))
    return text


@lru_cache(maxsize=1024)
def _pattern(word: str, exact: bool) -> "regex.Pattern[str]":  # noqa: FBT001 - a key of the cache
    before = r"(?<!\p{L})" if _ALPHABET.match(word) else ""
    after = r"(?!\p{L})" if _ALPHABET.match(word[-1:]) else ""
    return regex.compile(before + regex.escape(word) + after, 0 if exact else regex.IGNORECASE)


def _applies(entry: GlossaryEntry, source: str) -> bool:
    if not entry.src.strip():
        return True
    text = normalised(source)
    if entry.regex:
        return compile_pattern(entry).search(text) is not None
    src = normalised(entry.src.strip())
    return src in text if entry.case else folded(src) in folded(text)


CHECK = Check(
    "forbidden",
    Severity.ERROR,
    look,
    "a word that an entry of the glossary with the kind `forbidden` names (`dst`): anywhere, or where its `src` occurs",
)
