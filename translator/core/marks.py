"""Marking every text of a document, to see that each is written where it stands and read back as it was written."""

from collections.abc import Sequence

from translator.core.document import Document, Format, Packed, UnencodableError
from translator.core.segment import Segment

MARKS = (("⟦", "⟧"), ("＋", "＋"), ("+", "+"))
"""What is put around a text: the first pair that the file's charset can hold."""


def held(segment: Segment) -> str:
    """What the file holds where a translation is written: the target of a bilingual file, else the source."""
    return segment.source if segment.target is None else segment.target


def restored(before: Segment, marked: Segment) -> str:
    """What puts back what stood where a text was marked: nothing where the file had no translation yet."""
    return "" if before.target is None and marked.target is not None else held(before)


def same(known: Format, one: bytes, other: bytes) -> bool:
    """Whether two files of a format are equal: to the byte, or where it packs others, in all that they hold."""
    return one == other or (isinstance(known, Packed) and known.parts(one) == known.parts(other))


def marked(document: Document, segments: Sequence[Segment]) -> tuple[dict[str, str], bytes]:
    """Targets by key that mark these texts of a document, and the file with them. Raises as `Document.render` does."""
    for number, (left, right) in enumerate(MARKS, 1):
        targets = {s.key: f"{left}{held(s) or s.source}{right}" for s in segments}
        try:
            return targets, document.render(targets)
        except UnencodableError:
            if number == len(MARKS):
                raise
    raise AssertionError("MARKS is empty")
