"""RPG_RT.ini: the game's title, and the code page that EasyRPG Player reads the game in.

Its section `RPG_RT` has `GameTitle`, the title of the window (liblcf says of the map tree's own: "always use RPG_RT.ini
GameTitle instead"); the section `EasyRPG` may have `Encoding`, the number of a code page.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence

import regex

from translator.core.document import FormatError, FormatOptions, HeldBack, RefusedTargetError
from translator.core.segment import Limits, Role, Segment
from translator.core.splice import ByteEdit, splice_bytes
from translator.formats.rpgmaker_lcf.codepage import codec, detect
from translator.formats.rpgmaker_lcf.collector import check
from translator.formats.rpgmaker_lcf.output import Output

_SECTION = regex.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*\[([^\]\r\n]*)\][^\r\n]*(\r\n|\n|\r|\Z)", regex.MULTILINE)
_TITLE = "GameTitle"


def _entry(name: str) -> "regex.Pattern[bytes]":
    spelled = name.encode("ascii")
    return regex.compile(
        rb"^[ \t]*" + spelled + rb"[ \t]*=[ \t]*([^\r\n]*?)[ \t]*(?=[\r\n]|\Z)", regex.MULTILINE | regex.I
    )


def _section(blob: bytes, name: bytes) -> tuple[int, int] | None:
    """Where the entries of a section stand."""
    found = list(_SECTION.finditer(blob))
    for number, match in enumerate(found):
        if match[1].strip().lower() == name.lower():
            return match.end(), found[number + 1].start() if number + 1 < len(found) else len(blob)
    return None


def _value(blob: bytes, section: bytes, entry: str) -> tuple[int, int] | None:
    """Where the value of an entry stands."""
    inside = _section(blob, section)
    if inside is None:
        return None
    found = _entry(entry).search(blob, *inside)
    return found.span(1) if found else None


def encoding_of(blob: bytes) -> str | None:
    """The code page that the file names."""
    found = _value(blob, b"EasyRPG", "Encoding")
    value = blob[slice(*found)].decode("ascii", "ignore") if found else ""
    return value or None


def title_of(blob: bytes) -> bytes:
    """The game's title as the file has it, b"" for none."""
    return blob[slice(*(_value(blob, b"RPG_RT", _TITLE) or (0, 0)))]


def is_ini(head: bytes) -> bool:
    """Whether a file has the engine's section."""
    return any(match[1].strip().lower() == b"rpg_rt" for match in _SECTION.finditer(head))


class IniDocument:
    """RPG_RT.ini."""

    def __init__(self, blob: bytes, output: Output) -> None:
        """Raises FormatError where it is no such file."""
        if not is_ini(blob):
            raise FormatError("RPG_RT.ini has no section [RPG_RT]", offset=len(blob))
        self._blob = blob
        self._output = output
        self._span = _value(blob, b"RPG_RT", _TITLE)
        self.segments: Sequence[Segment] = tuple(self._read())
        self.notices: Sequence[str] = () if self.segments else ("no text: the game has no title",)
        self.charset: str | None = output.written

    def _read(self) -> list[Segment]:
        if self._span is None:
            return []
        try:
            title = self._blob[slice(*self._span)].decode(self._output.read)
        except UnicodeDecodeError:
            return []
        if not title.strip() or "\0" in title or title != title.strip(" \t"):
            return []
        return [Segment(_TITLE, title, Role.NAME, limits=Limits(single=True))]

    def held_back(self) -> Iterator[HeldBack]:
        """A title that is no text in the code page."""
        if self._span is not None and not self.segments and (raw := self._blob[slice(*self._span)]):
            yield HeldBack(_TITLE, raw.decode(self._output.read, "replace"), "no text in the game's code page")

    def render(self, targets: Mapping[str, str]) -> bytes:
        """The file with the title, and with the code page where it changes."""
        edits: list[ByteEdit] = []
        for key, target in targets.items():
            if not self.segments or key != _TITLE or self._span is None:
                raise KeyError(key)
            if target != self.segments[0].source:
                check(self.segments[0], target, several=False)
                if target != target.strip(" \t"):
                    raise RefusedTargetError(key, "spaces around the title would not be read back")
                edits.append(ByteEdit(*self._span, self._output.encode(key, target)))
        if self._output.changes:
            if not edits and self._span is not None:
                raw = self._blob[slice(*self._span)]
                edits.append(ByteEdit(*self._span, self._output.convert(raw, _TITLE)))
            edits.append(self._encoding())
        return splice_bytes(self._blob, edits)

    def _encoding(self) -> ByteEdit:
        """The entry that names the code page."""
        page = str(self._output.page).encode("ascii")
        found = _value(self._blob, b"EasyRPG", "Encoding")
        if found:
            return ByteEdit(*found, page)
        blob = self._blob
        end = b"\r\n" if b"\r\n" in blob or b"\n" not in blob else b"\n"
        inside = _section(blob, b"EasyRPG")
        line = b"Encoding=" + page + end
        if inside:
            before = b"" if blob[: inside[0]].endswith((b"\n", b"\r")) else end
            return ByteEdit(inside[0], inside[0], before + line)
        before = b"" if not blob or blob.endswith((b"\n", b"\r")) else end
        return ByteEdit(len(blob), len(blob), before + b"[EasyRPG]" + end + line)


def read_ini(blob: bytes, read: str | None, options: FormatOptions) -> IniDocument:
    """Open the file, in the code page given, else in the one that it names, else in UTF-8 or Windows' western one."""
    if read is None:
        read = codec_of(blob)
    return IniDocument(blob, Output.choose(read, options))


def codec_of(blob: bytes) -> str:
    """The codec that the file itself lets suppose."""
    named = encoding_of(blob)
    with contextlib.suppress(FormatError):  # a page that is none is the Player's to ignore
        if named:
            return codec(named)
    return detect([blob])
