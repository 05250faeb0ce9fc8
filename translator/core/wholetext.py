"""A text file that is cut into lines only where it must be: `spantext.SpanText` for files that are large and plain.

Where encoding what was decoded gives the file again, parts of it can be encoded on their own, and nothing needs to be
remembered of the bytes. That holds for UTF-8 always; of the charsets in which a character has several codes (CP932) a
file that uses the odd ones is written by way of `SpanText`.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from translator.core.charset import Decoded, decode
from translator.core.lines import read_lines
from translator.core.spantext import SpanText
from translator.core.splice import Edit, splice
from translator.core.textfile import Output

_BREAK = re.compile(r"\r\n|\n|\r")
_SHIFTING = ("iso2022", "iso-2022", "utf-7", "hz")
"""Charsets in which what a byte means depends on those far before it."""


@dataclass(frozen=True)
class WholeText:
    """A decoded file; offsets are those of characters in `text`, which has the file's own line ends and no byte order
    mark. For `textfile.choose_output`, `bom` and `charset` are those of `lines.Lines`.
    """

    blob: bytes
    text: str
    charset: str
    bom: bytes

    @classmethod
    def of(cls, blob: bytes, *, charset: str | None = None) -> "WholeText":
        """Decode a file; raises FormatError as `charset.decode` does."""
        return cls.from_decoded(blob, decode(blob, charset=charset))

    @classmethod
    def from_decoded(cls, blob: bytes, decoded: Decoded) -> "WholeText":
        """A file that was decoded already."""
        return cls(blob, decoded.text, decoded.charset, decoded.bom)

    @cached_property
    def _plain(self) -> bool:
        if self.charset.startswith(_SHIFTING):
            return False
        try:
            return self.text.encode(self.charset) == self.blob[len(self.bom) :]
        except UnicodeEncodeError:
            return False

    @cached_property
    def _spans(self) -> SpanText:
        return SpanText(read_lines(self.blob, charset=self.charset), self.blob)

    @cached_property
    def _ends(self) -> list[int]:
        return [found.end() for found in _BREAK.finditer(self.text)]

    def line(self, offset: int) -> int:
        """The line (counted from 1) of a character."""
        return bisect_right(self._ends, offset) + 1

    def byte_at(self, offset: int) -> int | None:
        """The offset in bytes of a character; None where its charset has none (`SpanText.byte_at`)."""
        if self._plain:
            return len(self.bom) + len(self.text[:offset].encode(self.charset))
        return self._spans.byte_at(offset)

    def render(self, spans: Mapping[str, tuple[int, int]], new: Mapping[str, str], output: Output) -> bytes:
        """As `SpanText.render`."""
        if output.charset != self.charset or not self._plain:
            return self._spans.render(spans, new, output)
        if not new:
            return output.bom + self.blob[len(self.bom) :]
        body = self.replaced(spans, new)
        try:
            return output.bom + body.encode(self.charset)
        except UnicodeEncodeError:
            return self._spans.render(spans, new, output)  # which says what is to blame

    def replaced(self, spans: Mapping[str, tuple[int, int]], new: Mapping[str, str]) -> str:
        """The text of the file that `render` gives."""
        return splice(self.text, (Edit(*spans[key], text) for key, text in new.items()))
