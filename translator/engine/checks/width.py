"""A line that is too wide for the window it is shown in."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.core.layout import fit
from translator.engine.checks import Case, Check, Flaw


def look(case: Case) -> Iterator[Flaw]:
    """Flag what `core.layout.fit` finds too wide in the unit's window."""
    yield from window(case, "width")


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
    "a line that is wider than its window shows, wrapped as it is written",
    at_place=True,
)
