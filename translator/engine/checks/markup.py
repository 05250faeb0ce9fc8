"""Markup codes that are lost, added or in the wrong order."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.engine import codes
from translator.engine.checks import Case, Check, Flaw


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target that does not have the codes of its source, each as often, each pair in its order."""
    markup = case.markup
    if not markup.rules:
        return
    source = case.unit.source
    text = markup.normalise(source) if markup.rewrites else source
    wrong = codes.flaw(codes.kept(text, markup), codes.kept(case.target, markup))
    if wrong is not None:
        yield Flaw(wrong)


CHECK = Check("markup", Severity.ERROR, look, "markup codes lost, added, or opened and closed in another order")
