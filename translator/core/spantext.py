"""A text file in which spans of characters are replaced, wherever they stand, while every other byte stays.

For scripts in which several texts stand on one line, or one over several. In the file's own charset only the replaced
spans are encoded; in another the whole file is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from translator.core.charset import encode
from translator.core.document import RefusedTargetError
from translator.core.lines import Lines, byte_offsets
from translator.core.segment import Segment
from translator.core.splice import ByteEdit, Edit, splice, splice_bytes
from translator.core.textfile import Output


@dataclass(frozen=True)
class SpanText:
    """A decoded file; offsets are those of characters in `text`, which has the file's own line ends."""

    read: Lines
    blob: bytes

    @cached_property
    def text(self) -> str:
        """All lines with their ends, without the byte order mark."""
        return "".join(line.text + line.end for line in self.read.lines)

    @cached_property
    def _starts(self) -> list[int]:
        starts: list[int] = []
        at = 0
        for line in self.read.lines:
            starts.append(at)
            at += len(line.text) + len(line.end)
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """The line (counted from 1) and the column (from 0) of a character."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] if line else offset

    def byte_at(self, offset: int) -> int | None:
        """The offset in bytes of a character (or of the end); None where a charset with shift states has none."""
        return self._bytes_at([offset])[offset]

    def _bytes_at(self, offsets: Iterable[int]) -> dict[int, int | None]:
        """`byte_at` of many, in time that is linear in the length of the lines that they are in."""
        found: dict[int, int | None] = {}
        columns: dict[int, list[int]] = {}
        for offset in sorted(set(offsets)):
            if offset >= len(self.text):
                found[offset] = len(self.blob)
                continue
            number = bisect_right(self._starts, offset) - 1
            line, column = self.read.lines[number], offset - self._starts[number]
            if column > len(line.text):  # between CR and LF
                between = line.end[: column - len(line.text)].encode(self.read.charset)
                found[offset] = line.start + len(line.raw) + len(between)
            else:
                columns.setdefault(number, []).append(column)
        for number, wanted in columns.items():
            line, start = self.read.lines[number], self._starts[number]
            for column, place in zip(wanted, byte_offsets(line.raw, line.text, wanted, self.read.charset), strict=True):
                found[start + column] = None if place is None else line.start + place
        return found

    def render(self, spans: Mapping[str, tuple[int, int]], new: Mapping[str, str], output: Output) -> bytes:
        """The file with the spans of `new` (by key) replaced by its texts, which are spelled as the file wants them.

        Spans must not overlap. Raises UnencodableError (where no new text is to blame its key is `line N`), and
        RefusedTargetError where a span cannot be parted from its neighbours in the file's charset.
        """
        changed = {key: text for key, text in new.items() if text != self.text[slice(*spans[key])]}
        if output.charset != self.read.charset:
            return self._converted(spans, changed, output)
        edits: list[ByteEdit] = []
        places = self._bytes_at(offset for key in changed for offset in spans[key])
        for key, text in changed.items():
            start, end = (places[offset] for offset in spans[key])
            if start is None or end is None:
                raise RefusedTargetError(key, f"it cannot be parted from what is around it in {self.read.charset}")
            edits.append(ByteEdit(start, end, encode(text, output.charset, key=key)))
        body = splice_bytes(self.blob, edits)
        return body if output.bom == self.read.bom else output.bom + body[len(self.read.bom) :]

    def replaced(self, spans: Mapping[str, tuple[int, int]], new: Mapping[str, str]) -> str:
        """The text of the file that `render` gives, to see how it would be read."""
        return splice(self.text, (Edit(*spans[key], text) for key, text in new.items()))

    def _converted(self, spans: Mapping[str, tuple[int, int]], new: Mapping[str, str], output: Output) -> bytes:
        for key, text in new.items():
            encode(text, output.charset, key=key)
        body = self.replaced(spans, new)
        try:
            return output.bom + body.encode(output.charset)
        except UnicodeEncodeError as error:
            line = body.count("\n", 0, error.start) + 1
            return encode(body, output.charset, key=f"line {line}", bom=output.bom)


def misread(
    before: Sequence[Segment], after: Sequence[Segment], targets: Mapping[str, str], new: Mapping[str, str]
) -> str | None:
    """The key of `new` that is to blame where a file with `targets` in it has other texts than it should; None if not.

    before: its texts without them; after: those that it is read to have. The last that was written up to the first text
    that is another is to blame, the first where none was.
    """
    wanted = [(s.key, targets.get(s.key, s.source)) for s in before]
    got = [(s.key, s.source) for s in after]
    if wanted == got:
        return None
    pairs = enumerate(zip(wanted, got, strict=False))
    first = next((number for number, (one, other) in pairs if one != other), min(len(wanted), len(got)))
    written = [number for number, (key, _) in enumerate(wanted) if key in new]
    return wanted[max((number for number in written if number <= first), default=written[0])][0]
