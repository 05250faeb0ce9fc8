"""Markup codes that are lost, added or in the wrong order."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.core.work import Unit
from translator.engine import codes
from translator.engine.checks import Check, Flaw
from translator.engine.desk import Desk


def look(source: Unit, target: str, desk: Desk) -> Iterator[Flaw]:
    """Flag a target that does not have the codes of its source, each as often, each pair in its order."""
    markup = desk.markup(source.format)
    if not markup.rules:
        return
    text = markup.normalise(source.source) if markup.rewrites else source.source
    wrong = codes.flaw(codes.kept(text, markup), codes.kept(target, markup))
    if wrong is not None:
        yield Flaw(wrong)


CHECK = Check("markup", Severity.ERROR, look)
