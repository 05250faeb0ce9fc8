"""Whether a file comes back byte for byte."""

import re
from collections.abc import Sequence

from translator.core.document import Document, UnencodableError
from translator.core.marks import MARKS, held, marked, restored, same
from translator.core.segment import Segment
from translator.formats import all_formats
from translator.workflow.errors import InputError
from translator.workflow.inputs import InputFile, open_document
from translator.workflow.reports import RoundtripFile

_AROUND = b"\"'`"
"""A text may come back in other quotes."""


def check_file(file: InputFile, blob: bytes, document: Document) -> RoundtripFile:
    """Write the document back unchanged, and marked and restored; compare the bytes.

    Restored bytes may spell a character inside a text in another way than the original did (an escape, a doubly coded
    character): then the rest must be the same, and they must be read as the same texts. A file that packs others is
    compared by what it holds: what was changed may have been compressed in another way.
    """
    segments, known = document.segments, all_formats()[file.format]
    note = " ".join(document.notices) or None
    unchanged = document.render({})
    identical = unchanged == blob
    same_again, offset = False, None if identical else _first_difference(blob, unchanged)
    # A format that takes a file for its own and then finds nothing has missed something, or knows why.
    error = None if segments or note else "no text was found in it, and its format does not say why"
    try:
        back = _there_and_back(file, document, segments)
        same_again = same(known, back, blob) or _only_spelling(file, document, back, blob)
        if not same_again and offset is None:
            offset = _first_difference(blob, back)
    except (InputError, UnencodableError, ValueError, KeyError) as problem:
        error = f"marked text cannot be written and read again: {problem}"
    return RoundtripFile(
        path=file.name,
        format=file.format,
        segments=len(segments),
        identical=identical,
        restored=same_again,
        error=error,
        note=note,
        first_difference=offset,
    )


def _there_and_back(file: InputFile, document: Document, segments: Sequence[Segment]) -> bytes:
    """A text with a binding may be read only because another file has it too: then it is left unmarked."""
    keys = [s.key for s in segments]
    for chosen in (segments, [s for s in segments if s.binding is None]):
        marks, blob = marked(document, chosen)
        again = open_document(file, blob)
        if [s.key for s in again.segments] == keys:
            for read in again.segments:
                if held(read) != marks.get(read.key, held(read)):
                    raise ValueError(f"{read.key} was written as {marks[read.key]!r} and is read as {held(read)!r}")
            pairs = zip(segments, again.segments, strict=True)
            return again.render({before.key: restored(before, after) for before, after in pairs})
    raise ValueError("the marked file has other texts than the original")


def _only_spelling(file: InputFile, document: Document, back: bytes, blob: bytes) -> bool:
    """Whether two files differ in nothing but how characters of their texts are spelled: they have the same texts, and
    are the same to the byte once all of these are written anew.
    """
    again = open_document(file, back)
    before, after = ([(s.key, s.source, s.target or None) for s in d.segments] for d in (document, again))
    if before != after:
        return False
    _, one = marked(document, document.segments)
    if one != marked(again, again.segments)[1]:
        return False
    # What is said of a translation beside it (that it is a guess) may go with the old one, and the guess itself.
    return any(s.target is not None for s in open_document(file, one).segments) or _frame_stands(one, blob)


def _frame_stands(one: bytes, blob: bytes) -> bool:
    """Whether what is between the marked texts stands in the file, in its order and from end to end.

    True where nothing can be told by looking at bytes: sizes stand before texts, or the marks are spelled otherwise.
    """
    left, right = (re.escape(mark.encode()) for mark in MARKS[0])
    pieces = re.split(left + b".*?" + right, one, flags=re.DOTALL)
    if b"\0" in blob or len(pieces) == 1:
        return True
    first, *inner, last = pieces
    first, last = first.rstrip(_AROUND), last.lstrip(_AROUND)
    at = len(first)
    for piece in (part.strip(_AROUND) for part in inner):
        found = blob.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return blob.startswith(first) and blob.endswith(last) and at <= len(blob) - len(last)


def _first_difference(before: bytes, after: bytes) -> int:
    for offset, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return offset
    return min(len(before), len(after))
