"""The same file as other editors would have saved it: with a byte order mark, other line ends, no last line end."""

import codecs
from collections.abc import Iterator
from enum import StrEnum

_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Variant(StrEnum):
    """How a fixture's bytes were changed before they are opened."""

    AS_IS = "as is"
    BOM = "bom"
    LF = "lf"
    CRLF = "crlf"
    NO_FINAL_NEWLINE = "no final newline"


def variants(blob: bytes) -> Iterator[tuple[Variant, bytes]]:
    """The variants of a file that differ from it and from each other, itself first.

    A binary file (one with zero bytes that is no UTF-16 with a byte order mark) has itself only. A byte order mark
    is put only before what is UTF-8.
    """
    yield Variant.AS_IS, blob
    ends = _line_ends(blob)
    if ends is None:
        return
    seen = {blob}
    for variant, changed in _changed(blob, *ends):
        if changed not in seen:
            seen.add(changed)
            yield variant, changed


def _changed(blob: bytes, newline: bytes, crlf: bytes) -> Iterator[tuple[Variant, bytes]]:
    if not blob.startswith(codecs.BOM_UTF8) and len(newline) == 1 and _is_utf8(blob):
        yield Variant.BOM, codecs.BOM_UTF8 + blob
    step = len(newline)
    lf = _replace(blob, crlf, newline, step)
    yield Variant.LF, lf
    yield Variant.CRLF, _replace(lf, newline, crlf, step)
    for end in (crlf, newline):
        if blob.endswith(end) and len(blob) % step == 0:
            yield Variant.NO_FINAL_NEWLINE, blob[: -len(end)]
            break


def _line_ends(blob: bytes) -> tuple[bytes, bytes] | None:
    """LF and CRLF as they are spelled in the file; None for a binary file."""
    for mark, charset in _WIDE:
        if blob.startswith(mark):
            return "\n".encode(charset), "\r\n".encode(charset)
    return None if b"\0" in blob else (b"\n", b"\r\n")


def _replace(blob: bytes, old: bytes, new: bytes, step: int) -> bytes:
    """`blob` with `old` replaced where it starts on a character (every `step` bytes)."""
    if step == 1:
        return blob.replace(old, new)
    parts: list[bytes] = []
    position = 0
    while (found := blob.find(old, position)) >= 0:
        if found % step:
            parts.append(blob[position : found + 1])
            position = found + 1
        else:
            parts += (blob[position:found], new)
            position = found + len(old)
    return b"".join([*parts, blob[position:]])


def _is_utf8(blob: bytes) -> bool:
    try:
        blob.decode()
    except UnicodeDecodeError:
        return False
    return True
