"""Readings above characters as sites for web novels and Aozora Bunko write them: `｜雪国《ゆきぐに》`, `夜《よる》`.

Which signs start a base, and what a base and a reading may hold, is the format's own: a `|` starts one in a novel and
parts the cells of a table in Markdown.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

import regex

from translator.core.markup import Fate, MarkupRule, Rewrite

READING = r"《[^《》\n]{1,50}》"
IDEOGRAPHS = r"\p{Han}々仝〆〇ヶヵ"
"""Characters, for a class, that a reading stands behind without a sign where its base begins."""


def barred(bar: str, base: str, reading: str = READING) -> tuple[MarkupRule, MarkupRule]:
    """The rules for a sign that starts a base, and for the reading behind such a base."""
    return (
        MarkupRule(rf"{bar}(?={base}{reading})", Fate.DROP),
        MarkupRule(rf"(?<={bar}{base}){reading}", Fate.DROP),
    )


def behind(characters: str, reading: str = READING) -> MarkupRule:
    """The rule for a reading that stands right behind one of these characters (the inside of a class)."""
    return MarkupRule(rf"(?<=[{characters}]){reading}", Fate.DROP)


def read(base: str, reading: str = READING, *, bar: str = "") -> str:
    """The pattern of a base with its reading, in groups of these names."""
    return rf"{bar}(?P<base>{base})(?P<reading>{reading})"


def kept(rules: Iterable[MarkupRule], readings: Collection[MarkupRule]) -> tuple[MarkupRule, ...]:
    """The rules, those among them that are `readings` so that a translation has them too."""
    return tuple(replace(rule, fate=Fate.KEEP) if rule in readings else rule for rule in rules)


def in_brackets(patterns: Iterable[str]) -> tuple[Rewrite, ...]:
    """What brings readings to `漢字（かんじ）`; patterns: as `read` gives them."""
    return tuple(Rewrite(pattern, _bracketed) for pattern in patterns)


def _bracketed(match: "regex.Match[str]") -> str:
    return f"{match['base']}（{match['reading'][1:-1]}）"
