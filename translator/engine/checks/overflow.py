"""A text with more lines than its window shows."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.engine.checks.width import window


def look(case: Case) -> Iterator[Flaw]:
    """Flag what `core.layout.fit` finds too long for the unit's window."""
    yield from window(case, "overflow")


CHECK = Check(
    "overflow",
    Severity.WARNING,
    look,
    "a text that takes more lines than its window shows, where it may not go on in another one (`--split`)",
    at_place=True,
)
