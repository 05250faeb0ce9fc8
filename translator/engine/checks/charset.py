"""A character that the file's charset cannot hold."""

from collections.abc import Iterator

from translator.core.charset import charsets_for
from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw


def look(case: Case) -> Iterator[Flaw]:
    """Flag the first character of a target that the charset of its file has no place for."""
    charset = case.unit.limits.charset
    if charset is None or case.target.isascii():
        return
    try:
        case.target.encode(charset)
    except UnicodeEncodeError as error:
        character = case.target[error.start]
        if character in case.unit.source:
            return  # the file has it, so it can be written there: as an escape, or by a code that decodes the same
        instead = ", ".join(charsets_for(character)) or "utf-8"
        message = f"{charset} has no {character!r} (U+{ord(character):04X}); --output-charset could be {instead}"
        yield Flaw(message, (error.start, error.start + 1))


CHECK = Check(
    "charset",
    Severity.ERROR,
    look,
    "a character that the charset of the written file does not have; the message names both and charsets that would do",
)
