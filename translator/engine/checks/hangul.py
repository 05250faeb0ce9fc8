"""Korean letters left in a translation into a language that is not written with them."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.engine.leftovers import flaw, leftovers

_HANGUL = regex.compile(r"\p{Script=Hangul}+")
# Vowels that faces are drawn with: ㅠㅠ, ㅜ_ㅜ, ㅡㅡ.
_DRAWN = regex.compile("[ㅠㅜㅡㅗㅇ]+")


def look(case: Case) -> Iterator[Flaw]:
    """Flag hangul in a target whose language has none.

    Not flagged: what a glossary entry of the text asks for, faces drawn with single letters, hangul inside of markup.
    """
    if case.target.isascii() or "hangul" in case.desk.target.scripts:
        return
    found = [m for m in leftovers(case, _HANGUL) if not _DRAWN.fullmatch(m.group())]
    if found:
        yield flaw(found, "Korean")


CHECK = Check(
    "hangul",
    Severity.ERROR,
    look,
    "Korean letters left in a translation into a language without them, but for what the glossary asks for and faces "
    "(ㅠㅠ)",
)
