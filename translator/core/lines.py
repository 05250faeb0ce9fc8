"""A text file as lines that remember their bytes.

Decoding a file and encoding it again does not always give the same bytes (398 characters of CP932 have two codes), so
lines are cut out of the raw bytes, and what is not translated is copied from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from translator.core.charset import CHARSETS, decode
from translator.core.document import FormatError

_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_RETURN = regex.compile(r"\r\n?")
_BREAK = regex.compile(r"\r\n|\n|\r")
_LINE = regex.compile(r"([^\r\n]*+)(\r\n|\n|\r|\Z)")
_BREAK_BYTES = regex.compile(rb"\r\n|\n|\r")


class Line(NamedTuple):
    """A line: its text, the line end that follows it ("" at the end of the file), and where its bytes start.

    `raw` are the bytes of `text`, without the line end.
    """

    text: str
    end: str
    start: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Lines:
    """A text file: its byte order mark, its charset, and its lines, which joined are the file.

    An empty file has no lines; a file that ends with a line end has no empty line after it.
    """

    bom: bytes
    charset: str
    lines: tuple[Line, ...]


def read_lines(blob: bytes, *, charset: str | None = None) -> Lines:
    """Cut a file into lines that end with CR LF, LF or CR; raises FormatError as `charset.decode` does."""
    decoded = decode(blob, charset=charset)
    body = blob[len(decoded.bom) :]
    cut = _cut_wide if decoded.charset in _WIDE else _cut
    try:
        lines = tuple(cut(body, decoded.text, decoded.charset, len(decoded.bom)))
    except UnicodeError:
        lines = ()
    whole = "".join([line.text + line.end for line in lines]) == decoded.text
    inner = "".join([line.text for line in lines])
    if not whole or "\n" in inner or "\r" in inner:
        raise FormatError(f"a file in {decoded.charset} cannot be changed line by line here; save it as UTF-8 first")
    return Lines(decoded.bom, decoded.charset, lines)


@dataclass(frozen=True, slots=True)
class Texts:
    """A text file of which only the texts of its lines are wanted, for as long as nothing is written.

    texts: those of `cut().lines`, in a tenth of the time.
    """

    blob: bytes
    bom: bytes
    charset: str
    texts: list[str]

    def cut(self) -> Lines:
        """The file with the bytes of its lines."""
        return read_lines(self.blob, charset=self.charset)

    def first_text(self) -> int:
        """Where the first line starts that is not blank, in bytes; 0 where there is none."""
        return next((line.start for line in self.cut().lines if line.text.strip()), 0)


def read_texts(blob: bytes, *, charset: str | None = None) -> Texts:
    """The lines' texts, cut as `read_lines` cuts them; raises FormatError as it does."""
    decoded = decode(blob, charset=charset)
    if decoded.charset not in CHARSETS:  # those can all be cut
        read_lines(blob, charset=charset)
    text = decoded.text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    texts = text.split("\n")
    if not texts[-1]:
        del texts[-1]  # what is behind the last line's end
    return Texts(blob, decoded.bom, decoded.charset, texts)


def cut_text(text: str) -> list[tuple[str, str]]:
    """The lines of a text with their ends, cut as `read_lines` cuts a file: at CR LF, LF and CR only."""
    return _LINE.findall(text)[:-1]  # the last one is the empty line behind the end


def unified_breaks(text: str) -> str:
    """A text with single line feeds for its line breaks."""
    return _RETURN.sub("\n", text) if "\r" in text else text


def first_end(lines: Sequence[Line]) -> str:
    """How the first line that ends does so; a line feed where none does."""
    return next((line.end for line in lines if line.end), "\n")


def _cut(body: bytes, _text: str, charset: str, start: int) -> Iterator[Line]:
    """Lines of a charset in which the bytes 10 and 13 are line ends and nothing else (all but the wide ones)."""
    position = 0
    for match in _BREAK_BYTES.finditer(body):
        raw = body[position : match.start()]
        yield Line(raw.decode(charset), match.group().decode("ascii"), start + position, raw)
        position = match.end()
    if position < len(body):
        yield Line(body[position:].decode(charset), "", start + position, body[position:])


def _cut_wide(body: bytes, text: str, charset: str, start: int) -> Iterator[Line]:
    """Lines of a charset in which each text has one spelling only, so that lengths can be taken from encoding it."""
    position = at = 0
    for match in (*_BREAK.finditer(text), None):
        stop, end = (match.start(), match.group()) if match else (len(text), "")
        if match is None and position == len(text):
            return
        size = len(text[position:stop].encode(charset))
        yield Line(text[position:stop], end, start + at, body[at : at + size])
        at += size + len(end.encode(charset))
        position = stop + len(end)


def byte_offset(raw: bytes, text: str, index: int, charset: str) -> int | None:
    """The offset in `raw` (the bytes of `text`) at which the character `text[index]` starts.

    Holds for charsets with characters of several lengths and for characters with several codes of one length. None
    where no offset parts the bytes so: inside a run of characters of a charset with shift states, or behind a character
    that is spelled otherwise than Python spells it (UTF-7).
    """
    if not 0 <= index <= len(text):
        raise ValueError(f"{index} is outside of a text of {len(text)} characters")
    at = len(text[:index].encode(charset))
    try:
        parted = raw[:at].decode(charset) == text[:index] and raw[at:].decode(charset) == text[index:]
    except UnicodeError:
        return None
    return at if parted and at <= len(raw) else None


def byte_offsets(raw: bytes, text: str, indices: Sequence[int], charset: str) -> list[int | None]:
    """`byte_offset` of several characters, in ascending order.

    The time is linear in the line's length, but for lines in which one has no offset.
    """
    try:
        offsets = _parted(raw, text, indices, charset)
    except UnicodeError:
        offsets = None
    return [byte_offset(raw, text, index, charset) for index in indices] if offsets is None else [*offsets]


def _parted(raw: bytes, text: str, indices: Sequence[int], charset: str) -> list[int] | None:
    """Where each part of the text ends by the lengths of all before it; None where the bytes say something else."""
    offsets: list[int] = []
    at = before = 0
    for index in indices:
        piece = text[before:index]
        start, at = at, at + len(piece.encode(charset))
        if at > len(raw) or raw[start:at].decode(charset) != piece:
            return None
        before = index
        offsets.append(at)
    return offsets if raw[at:].decode(charset) == text[before:] else None
