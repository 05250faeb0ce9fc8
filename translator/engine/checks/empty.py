"""A translation without any text."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target with nothing in it but white space and codes, where the source has more."""
    if case.after.strip():
        return
    if not case.target.strip():
        if case.unit.source.strip():
            yield Flaw("the translation is empty")
    elif case.before.strip():
        yield Flaw("the translation holds nothing but markup")


CHECK = Check("empty", Severity.ERROR, look, "a translation without any text, or with nothing but markup")
