"""Whether a file comes back byte for byte."""

from collections.abc import Mapping, Sequence

from translator.core.document import Document, UnencodableError
from translator.core.segment import Segment
from translator.workflow.errors import InputError
from translator.workflow.inputs import InputFile, open_document
from translator.workflow.reports import RoundtripFile

MARKS = (("⟦", "⟧"), ("〔", "〕"), ("<<", ">>"))
"""What is put around every text: the first pair that the file's charset can hold."""


def check_file(file: InputFile, blob: bytes, document: Document) -> RoundtripFile:
    """Write the document back unchanged, and marked and restored; compare the bytes.

    Restored bytes may spell a character inside a text in another way than the original did (an escape, a doubly coded
    character): then they must be what writing every source back gives, and read as the same texts.
    """
    segments = document.segments
    note = " ".join(document.notices) or None
    same = document.render({})
    identical = same == blob
    restored, offset = False, None if identical else _first_difference(blob, same)
    # A format that takes a file for its own and then finds nothing has missed something, or knows why.
    error = None if segments or note else "no text was found in it, and its format does not say why"
    try:
        back = _there_and_back(file, document, segments)
        restored = back == blob or _only_spelling(file, document, back)
        if not restored and offset is None:
            offset = _first_difference(blob, back)
    except (InputError, UnencodableError, ValueError, KeyError) as problem:
        error = f"marked text cannot be written and read again: {problem}"
    return RoundtripFile(
        path=file.name,
        format=file.format,
        segments=len(segments),
        identical=identical,
        restored=restored,
        error=error,
        note=note,
        first_difference=offset,
    )


def _there_and_back(file: InputFile, document: Document, segments: Sequence[Segment]) -> bytes:
    """A text with a binding may be read only because another file has it too: then it is left unmarked."""
    keys = [s.key for s in segments]
    for chosen in (segments, [s for s in segments if s.binding is None]):
        again = open_document(file, _marked(document, chosen))
        if [s.key for s in again.segments] == keys:
            return again.render({s.key: s.source for s in segments})
    raise ValueError("the marked file has other texts than the original")


def _marked(document: Document, segments: Sequence[Segment]) -> bytes:
    for left, right in MARKS[:-1]:
        try:
            return document.render(_mark(segments, left, right))
        except UnencodableError:
            continue  # this charset has no such brackets: the next pair is plainer
    return document.render(_mark(segments, *MARKS[-1]))


def _mark(segments: Sequence[Segment], left: str, right: str) -> Mapping[str, str]:
    return {s.key: f"{left}{s.source}{right}" for s in segments}


def _only_spelling(file: InputFile, document: Document, back: bytes) -> bool:
    canonical = document.render({s.key: s.source for s in document.segments})
    if canonical != back:
        return False
    again = open_document(file, canonical)
    return [(s.key, s.source) for s in again.segments] == [(s.key, s.source) for s in document.segments]


def _first_difference(before: bytes, after: bytes) -> int:
    for offset, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return offset
    return min(len(before), len(after))
