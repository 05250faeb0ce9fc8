"""A term of the glossary that is written in another way than the glossary says."""

from collections.abc import Iterator

from translator.core.finding import Severity
from translator.core.work import GlossaryEntry
from translator.engine.checks import Case, Check, Flaw
from translator.glossary.adherence import Text, alternatives, stands_alone
from translator.glossary.matcher import folded, normalised


def look(case: Case) -> Iterator[Flaw]:
    """Flag each entry that applies to the source and none of whose alternatives is in the target in any form.

    Words may be inflected, spelled apart or together, in simplified or traditional characters. An entry that is only
    advice (the glossaries that ship, names that were translated before) gives a warning where nobody decides otherwise.
    """
    if not case.unit.glossary:
        return
    text = Text(case.after, case.desk.target.code)
    for entry in case.unit.glossary:
        if not text.follows(entry) and occurs(entry, case.before) and stands_alone(entry, case.before):
            wanted = " or ".join(alternatives(entry))
            severity = Severity.WARNING if entry.advice else None
            yield Flaw(f"the glossary writes {entry.src} as {wanted}; it is not in the translation", severity=severity)


def occurs(entry: GlossaryEntry, source: str) -> bool:
    """Whether a term stands in a text itself: some apply to the name of who says it alone."""
    return entry.regex or folded(normalised(entry.src.strip())) in folded(normalised(source))


CHECK = Check(
    "glossary",
    Severity.ERROR,
    look,
    "a term of the glossary that occurs in the source and is written in another way: none of its alternatives (`a|b`) "
    "is there in any form (plural, case, simplified or traditional); a warning for the glossaries that ship",
)
