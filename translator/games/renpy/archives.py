"""Archives of Ren'Py (`.rpa`): which files are in one, and their bytes.

`renpy/loader.py`: a line tells the version, where the index is, and (3.0) the number that all places and sizes are
combined with; the index is a compressed pickle, from a name to the pieces of its file. Version 1 (`.rpi`) is an index
of its own beside a `.rpa` of data. Nothing of an archive is unpacked into the game.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from translator.core.document import FormatError
from translator.games.renpy.pickles import Named, PickleError, old_bytes, read_pickle

LARGEST = 64 * 1024 * 1024
"""Bytes of a script, compiled or not, and of an archive's index: far more than any has."""
_HEADERS = (
    re.compile(rb"RPA-3\.0 (?P<place>[0-9a-fA-F]{16}) (?P<key>[0-9a-fA-F]{8})\s"),
    re.compile(rb"RPA-2\.0 (?P<place>[0-9a-fA-F]{16})\s"),
)
_Piece = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a game: the file on the disk, and its pieces there if that is an archive (place, size, first bytes).

    name: as messages name it.
    """

    name: str
    path: Path
    pieces: tuple[_Piece, ...] | None = None

    def read(self) -> bytes:
        """Its bytes; raises OSError, and FormatError for one that is larger than any script or cut off."""
        if self.pieces is None:
            with self.path.open("rb") as stream:
                blob = stream.read(LARGEST + 1)
        else:
            blob = b"".join(self._pieces(self.pieces))
        if len(blob) > LARGEST:
            raise FormatError("it is larger than a script can be")
        return blob

    def _pieces(self, pieces: Iterable[_Piece]) -> Iterator[bytes]:
        left = LARGEST
        with self.path.open("rb") as stream:
            for place, size, start in pieces:
                left -= size
                if left < 0:
                    raise FormatError("it is larger than a script can be")
                stream.seek(place)
                piece = stream.read(size - len(start))
                if len(piece) != size - len(start):
                    raise FormatError("the archive ends before the file does", offset=place)
                yield start + piece


def unpacked(blob: bytes, what: str) -> bytes:
    """Data as it was before it was compressed; raises FormatError for damaged data, and for too much."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(blob, LARGEST)
    except zlib.error as error:
        raise FormatError(f"{what} cannot be unpacked ({error})") from error
    if unpacking.unconsumed_tail:
        raise FormatError(f"{what} is larger than any script has")
    if not unpacking.eof:
        raise FormatError(f"{what} ends before its time")
    return found


class _Plain:
    """Makes bytes and nothing else: an index has texts, numbers and lists."""

    def make(self, named: Named, arguments: tuple[object, ...]) -> object:
        found = old_bytes(named, arguments)
        if found is not None:
            return found
        raise TypeError(f"an object of {named.module}.{named.name}")

    def fill(self, made: object, state: object) -> None:
        raise TypeError(f"{type(made).__name__} with a state of {type(state).__name__}")

    def value(self, named: Named) -> object:
        raise TypeError(f"the name {named.module}.{named.name}")


def files_in(archive: Path, shown: str) -> Iterator[tuple[str, Stored]]:
    """The files of an archive by their names; raises OSError, and FormatError where its index cannot be read.

    shown: the archive's path as messages name it.
    """
    place, key, blob = _index(archive)
    data = archive.with_suffix(".rpa") if archive.suffix.lower() == ".rpi" else archive
    try:
        index = read_pickle(blob, _Plain(), text=False)
        for name, pieces in _entries(index):
            yield name, Stored(f"{shown}: {name}", data, tuple(_decoded(pieces, key)))
    except (PickleError, TypeError, ValueError) as error:
        raise FormatError(f"its index cannot be read ({error})", offset=place) from error


def _entries(index: object) -> Iterator[tuple[str, object]]:
    if not isinstance(index, dict):
        raise TypeError("an index that is none")
    for name, pieces in cast("Mapping[object, object]", index).items():
        text = name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
        if not isinstance(text, str):
            raise TypeError("a file without a name")
        yield text.replace("\\", "/"), pieces


def _index(archive: Path) -> tuple[int, int, bytes]:
    """Where the index is, the number that its places are combined with, and the index itself."""
    if archive.suffix.lower() == ".rpi":
        return 0, 0, unpacked(Stored("", archive).read(), "its index")
    size = archive.stat().st_size
    with archive.open("rb") as stream:
        head = stream.read(64)
        match = next((match for header in _HEADERS if (match := header.match(head))), None)
        if match is None:
            raise FormatError("it is no archive of Ren'Py's own kind (RPA-3.0, RPA-2.0)", offset=0)
        place = int(match["place"], 16)
        if place >= size:
            raise FormatError("its index stands past its end", offset=8)
        stream.seek(place)
        packed = stream.read(LARGEST)
    return place, int(match.groupdict().get("key") or b"0", 16), unpacked(packed, "its index")


def _decoded(pieces: object, key: int) -> Iterator[_Piece]:
    if not isinstance(pieces, list):
        raise TypeError("a file without its place")
    for piece in cast("list[object]", pieces):
        if not isinstance(piece, tuple):
            raise TypeError("a file without its place")
        place, size, *rest = cast("tuple[object, ...]", piece)
        start = rest[0] if rest else b""
        if isinstance(start, str):
            start = start.encode("latin-1")
        if not isinstance(place, int) or not isinstance(size, int) or not isinstance(start or b"", bytes):
            raise TypeError("a file without its place")
        first = start if isinstance(start, bytes) else b""
        if place ^ key < 0 or (size ^ key) < len(first):
            raise ValueError("a file of no size")
        yield place ^ key, size ^ key, first
