"""A translation without any text."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.core.work import Unit
from translator.engine.checks import Check, Flaw
from translator.engine.desk import Desk


def look(source: Unit, target: str, desk: Desk) -> Iterator[Flaw]:
    """Flag a target with nothing in it but white space and codes, where the source has more."""
    if not target.strip():
        if source.source.strip():
            yield Flaw("the translation is empty")
        return
    markup = desk.markup(source.format)
    if markup.rules and not markup.plain(target).strip() and markup.plain(source.source).strip():
        yield Flaw("the translation holds nothing but markup")


CHECK = Check("empty", Severity.ERROR, look)
