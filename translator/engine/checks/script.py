"""Letters of the source's script left in a translation, where it is neither kana, hangul nor Latin."""

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
_EXPLAINED = 2
"""So many characters a translation may show in quotes or brackets, to speak of how they are written."""
_OPENING = frozenset("(（[［\"'“‘「『〈《«")
_CLOSING = frozenset(")）]］\"'”’」』〉》»")


@cache
def _foreign(source: tuple[str, ...], target: tuple[str, ...]) -> "tuple[str, regex.Pattern[str]] | None":
    """The name and the letters of the source's script that the target is not written with."""
    for script in source:
        if script in _LETTERS and script not in target:
            name, letters = _LETTERS[script]
            return name, regex.compile(letters)
    return None


def look(case: Case) -> Iterator[Flaw]:
    """Flag Han characters, Cyrillic, Thai or Arabic of the source in a target that is not written with them.

    Not flagged: what a glossary entry of the text asks for, one or two characters of the source in quotes or
    brackets, single letters of a face, and what is inside of markup.
    """
    if case.target.isascii():
        return
    foreign = _foreign(case.desk.source.scripts, case.desk.target.scripts)
    if foreign is None:
        return
    name, letters = foreign
    found = [m for m in leftovers(case, letters) if not _explained(m, case.before)]
    if found:
        yield flaw(found, name)


def _explained(match: "regex.Match[str]", source: str) -> bool:
    run, text = match.group(), match.string
    around = (text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1])
    return len(run) <= _EXPLAINED and around[0] in _OPENING and around[1] in _CLOSING and run in source


CHECK = Check(
    "script",
    Severity.ERROR,
    look,
    "Chinese characters, Cyrillic, Thai or Arabic of the source left in a translation into a language without them, "
    "but for what the glossary asks for and a character that is spoken of (`(大)`)",
)
