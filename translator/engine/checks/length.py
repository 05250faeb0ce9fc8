"""A translation that is far longer or shorter than its source can become."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.core.languages import Language
from translator.engine.checks import Case, Check, Flaw

_DENSE = frozenset({"kana", "han", "hangul"})

# (source is dense, target is dense) → the fewest and most characters of a translation for one of the source, and
# how many more it may have in any case. Dense are scripts of which a character is a syllable or a word.
_BOUNDS = {
    (True, True): (0.26, 2.2, 14),
    (True, False): (0.5, 7.0, 40),
    (False, True): (0.12, 1.1, 14),
    (False, False): (0.35, 2.6, 30),
}
_SHORT_SLACK = 4
_DRAWN_OUT = regex.compile(r"(.{1,4}?)\1{2,}", regex.DOTALL)
"""What a scream or a laugh is made of: nobody counts it out in another language."""
_RUNAWAY = 2.5
"""So many times the most that is usual: the model has made something up."""


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target whose length, without markup, lies outside the usual for the pair of languages.

    Short sources have room for a few words more; far more than that is an error where nobody decides otherwise, since
    a single noun can bring back a whole invented text.
    """
    low, high, more = _BOUNDS[_is_dense(case.desk.source), _is_dense(case.desk.target)]
    before, after = len(case.before), len(case.after)
    most = high * before + more
    if after > most:
        severity = Severity.ERROR if after > _RUNAWAY * most else None
        yield Flaw(f"{after} characters for {before} of the source: much too long", severity=severity)
    elif after < low * before - _SHORT_SLACK and after < low * _counted(case.before) - _SHORT_SLACK:
        yield Flaw(f"{after} characters for {before} of the source: much too short")


def _counted(source: str) -> int:
    """The length of a source in which what is drawn out stands twice only."""
    return len(_DRAWN_OUT.sub(r"\1\1", source))


def _is_dense(language: Language) -> bool:
    return bool(language.scripts) and language.scripts[0] in _DENSE


CHECK = Check(
    "length",
    Severity.WARNING,
    look,
    "a translation much longer or shorter than is usual for the pair of languages; an error where it is more than "
    f"{_RUNAWAY:g} times the most that is usual",
)
