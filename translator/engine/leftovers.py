"""Letters of a script that a translation should not have any more."""

from collections.abc import Iterator

import regex

from translator.engine.checks import MASK, Case, Flaw
from translator.glossary.adherence import alternatives

_SHOWN = 3


def leftovers(case: Case, letters: "regex.Pattern[str]") -> Iterator["regex.Match[str]"]:
    """The runs of `letters` in a target, outside its codes and outside what a glossary entry of the text asks for.

    The matches are of a text with the same places as the target, `match.string`.
    """
    if letters.search(case.masked) is None:
        return
    text = case.masked
    for entry in case.unit.glossary:
        for wanted in alternatives(entry):
            if letters.search(wanted):
                text = text.replace(wanted, MASK * len(wanted))
    yield from letters.finditer(text)


def flaw(found: "list[regex.Match[str]]", script: str) -> Flaw:
    """What is wrong where `found` (one at least) are left, as a sentence that names the first few of them."""
    runs = list(dict.fromkeys(m.group() for m in found))
    more = f" and {len(runs) - _SHOWN} more" if len(runs) > _SHOWN else ""
    return Flaw(f"{script} left in the translation: {', '.join(runs[:_SHOWN])}{more}", found[0].span())
