"""Markup codes that are lost, added, in the wrong order or around nothing."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.engine import codes
from translator.engine.checks import Case, Check, Flaw


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target that does not have the codes of its source, each as often, each pair in its order and filled."""
    markup = case.markup
    if not markup.rules:
        return
    source = case.unit.source
    text = markup.normalise(source) if markup.rewrites else source
    wrong = codes.wrong(text, case.target, markup)
    if wrong is not None:
        yield Flaw(wrong)


CHECK = Check(
    "markup",
    Severity.ERROR,
    look,
    "markup codes lost or added; what opens and closes in another order, or around nothing where the source marks a "
    "word; waits, pauses and sounds in another order. Codes that stand for words may change places",
)
