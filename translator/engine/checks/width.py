"""A line that is too wide for the window it is shown in, or a word that is."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.core.layout import fit
from translator.core.scripts import width
from translator.engine.checks import Case, Check, Flaw

# Words of scripts that break at spaces; others break anywhere.
_WORD = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{M}\p{Nd}'’]+")


def look(case: Case) -> Iterator[Flaw]:
    """Flag what `core.layout.fit` finds too wide in the unit's window, and where lines are wrapped a word that is wider
    than a line, and would be broken.
    """
    yield from window(case, "width")
    columns = case.unit.limits.columns
    if columns is None or not case.unit.limits.wrap or len(case.target) <= columns:
        return
    for found in _WORD.finditer(case.masked):
        word = found.group()
        if len(word) > columns and width(word) > columns and word not in case.unit.source:
            message = f"a word takes {width(word)} half-width columns where {columns} are shown: {word!r}"
            yield Flaw(message, found.span())
            return


def window(case: Case, code: str) -> Iterator[Flaw]:
    """What `core.layout.fit` finds under this code, in the window of the unit's first place."""
    limits, source = case.unit.limits, case.unit.source
    if limits.columns is None:
        return
    fitted = fit(
        case.target, limits=limits, markup=case.markup, source_lines=source.count("\n") + 1, split=case.desk.split
    )
    yield from (Flaw(finding.message) for finding in fitted.findings if finding.code == code)


CHECK = Check(
    "width",
    Severity.WARNING,
    look,
    "a line that is wider than its window shows, wrapped as it is written; as an error also a word that wrapping "
    "would break",
    at_place=True,
)
