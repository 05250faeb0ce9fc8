"""Writing a text file anew with some of its lines translated, in its own charset or another.

In its own charset only the translated texts are encoded: all other bytes, line ends and odd spellings included, are
copied. In another charset the whole file is.
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from translator.core.charset import can_encode, canonical, encode
from translator.core.document import FormatError, FormatOptions
from translator.core.languages import LANGUAGES
from translator.core.lines import Line, Lines, Texts, byte_offset, first_end

_BOMS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


class Place(NamedTuple):
    """Where a text stands: lines `first` to `last`, less `before` characters of the first and `after` of the last."""

    first: int
    last: int
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Output:
    """How a file is written: charset, byte order mark, and what the user should be told about that."""

    charset: str
    bom: bytes
    notices: tuple[str, ...] = ()


def choose_output(read: Lines | Texts, options: FormatOptions) -> Output:
    """The charset that a file is written in: the one asked for, else its own, else UTF-8 if its own lacks the language.

    A byte order mark stays while the charset stays. A file that changes to UTF-8 gets one only where `utf-8-sig` is
    asked for, one that changes to UTF-16 always. Raises FormatError for an unknown output charset.
    """
    if options.output_charset is not None:
        return _asked(read, options.output_charset)
    language = LANGUAGES.get(options.target_language or "")
    if language is None or can_encode(read.charset, language.code):
        return Output(read.charset, read.bom)
    name = f"{options.name.as_posix()}: " if options.name.name else ""
    notice = (
        f"{name}{read.charset} cannot hold {language.english} text, so it is written as utf-8; "
        "choose another charset with --output-charset"
    )
    return Output("utf-8", b"", (notice,))


def require_utf8(options: FormatOptions, what: str) -> None:
    """Raise FormatError, with `what` as its beginning, where another charset is asked for to read or to write in."""
    for charset in (options.charset, options.output_charset):
        if charset is not None and not _is_utf8(charset):
            raise FormatError(f"{what}, not {charset}")


def _is_utf8(charset: str) -> bool:
    try:
        return canonical(charset) == "utf-8"
    except LookupError:
        return False


def _asked(read: Lines | Texts, wanted: str) -> Output:
    try:
        charset = canonical(wanted)
    except LookupError as error:
        raise FormatError(f"there is no charset named {wanted!r} to write the file in") from error
    if charset == "utf-16":
        charset = read.charset if read.charset.startswith("utf-16") else "utf-16-le"
    marked = "sig" in wanted.lower() or (charset.startswith("utf-16") and charset != read.charset)
    if marked:
        return Output(charset, _BOMS[charset])
    return Output(charset, read.bom if charset == read.charset else b"")


def text_at(lines: Sequence[Line], place: Place) -> str:
    """The text at a place, its lines separated by line feeds."""
    texts = [line.text for line in lines[place.first : place.last + 1]]
    texts[-1] = texts[-1][: len(texts[-1]) - place.after]
    texts[0] = texts[0][place.before :]
    return "\n".join(texts)


def replaced(lines: Sequence[Line], place: Place, new: str) -> list[tuple[str, str]]:
    """The lines at a place with `new` in it, each with its line end.

    Line ends stay with their lines; lines that are added take the line end of the line above them.
    """
    old = lines[place.first : place.last + 1]
    texts = new.split("\n")
    texts[0] = old[0].text[: place.before] + texts[0]
    texts[-1] += old[-1].text[len(old[-1].text) - place.after :]
    inner = [line.end for line in old[:-1]]
    spare = inner[-1] if inner else old[0].end or first_end(lines)
    ends = [*inner[: len(texts) - 1], *[spare] * (len(texts) - 1 - len(inner)), old[-1].end]
    return list(zip(texts, ends, strict=True))


def write(read: Lines, places: Mapping[str, Place], new: Mapping[str, str], output: Output) -> bytes:
    """The file with the texts of `new` (by key) at their places.

    Raises UnencodableError; where no translation is to blame its key is `line N`.
    """
    parts = [output.bom]
    ordered = sorted((places[key].first, key) for key in new)
    position = 0
    for first, key in ordered:
        parts += (_kept(line, number, read, output) for number, line in _between(read, position, first))
        parts += _changed(read, places[key], new[key], output, key)
        position = places[key].last + 1
    parts += (_kept(line, number, read, output) for number, line in _between(read, position, len(read.lines)))
    return b"".join(parts)


def _between(read: Lines, start: int, stop: int) -> Iterator[tuple[int, Line]]:
    return enumerate(read.lines[start:stop], start)


def _kept(line: Line, number: int, read: Lines, output: Output) -> bytes:
    if output.charset == read.charset:
        return line.raw + line.end.encode(read.charset)
    return encode(line.text + line.end, output.charset, key=f"line {number + 1}")


def _changed(read: Lines, place: Place, new: str, output: Output, key: str) -> Iterator[bytes]:
    old = read.lines[place.first : place.last + 1]
    lines = replaced(read.lines, place, new)
    if output.charset == read.charset and new == text_at(read.lines, place):
        yield from (line.raw + line.end.encode(read.charset) for line in old)
        return
    first, last = old[0], old[-1]
    head = byte_offset(first.raw, first.text, place.before, read.charset)
    tail = byte_offset(last.raw, last.text, len(last.text) - place.after, read.charset)
    if output.charset != read.charset or head is None or tail is None:
        yield from (encode(text + end, output.charset, key=key) for text, end in lines)
        return
    yield first.raw[:head]
    texts = new.split("\n")
    for text, (_, end) in zip(texts[:-1], lines[:-1], strict=True):
        yield encode(text + end, read.charset, key=key)
    yield encode(texts[-1], read.charset, key=key)
    yield last.raw[tail:] + last.end.encode(read.charset)
