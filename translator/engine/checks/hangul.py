"""Korean letters left in a translation into a language that is not written with them."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.engine.checks.script import explained
from translator.engine.leftovers import flaw, leftovers

_HANGUL = regex.compile(r"\p{Script=Hangul}+")
# Letters that faces are drawn with: ㅠㅠ, ㅜ_ㅜ, ㅡㅡ, ㅇㅅㅇ, OㅁO; but ㅇㅇ is a word, and so are ㅋㅋ and ㅎㅎ.
_FACE = regex.compile(r"(?<!\p{Hangul})(?:([ㅇㅍㅎㅌㅠㅜㅡOo0@T^])[ㅅㅁㅂㅇㅗㅛㅡㅅω._-]\1|[ㅠㅜㅡㅗ]+)(?!\p{Hangul})")
_ROOM = 3
_OF_LETTERS = regex.compile("글자|한글|자음|모음|받침|발음|철자")


def look(case: Case) -> Iterator[Flaw]:
    """Flag hangul in a target whose language has none.

    Not flagged: what a glossary entry of the text asks for, faces drawn with single letters, a letter that is spoken of
    (“가”这个字), hangul inside of markup.
    """
    if case.target.isascii() or "hangul" in case.desk.target.scripts:
        return
    found = [m for m in leftovers(case, _HANGUL) if not tolerated(m) and not _spoken_of(m, case.before)]
    if found:
        yield flaw(found, "Korean")


def tolerated(match: "regex.Match[str]") -> bool:
    """Whether Korean letters may stand in any text: what faces are drawn with."""
    start, end = match.span()
    return any(
        face.start() <= start and end <= face.end()
        for face in _FACE.finditer(match.string, max(0, start - _ROOM), end + _ROOM)
    )


def _spoken_of(match: "regex.Match[str]", source: str) -> bool:
    """Whether letters of the source are meant as such; what somebody says in quotation marks is not."""
    return _OF_LETTERS.search(source) is not None and explained(match, source)


CHECK = Check(
    "hangul",
    Severity.ERROR,
    look,
    "Korean letters left in a translation into a language without them, but for what the glossary asks for, faces "
    "(ㅠㅠ, ㅇㅅㅇ) and a letter that is spoken of (“가”)",
)
