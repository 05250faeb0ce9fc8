"""What a file is by its first bytes, and its contents unpacked: kind, charset, version, encryption.

Beginnings (seen in WolfTL and in real files): a map has ten zero bytes and `WOLFM`, the other files 0, `W`, `OL` and
`FM` (databases, tile sets, Game.dat) or `FC` (common events); a `U` at a fixed place says UTF-8 (version 3). A first
byte that is not 0, or a `P` behind it, is an encrypted file. From version 0x65 a map, 0xC4 a database, and 0x93 the
common events are packed behind their version.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from translator.core.document import Confidence, FormatError
from translator.formats.wolf.lz4 import pack, unpack


class Kind(StrEnum):
    """What a file of the game holds."""

    MAP = "map"
    COMMON_EVENTS = "CommonEvent.dat"
    PROJECT = "project"
    DATABASE = "database"
    GAME = "Game.dat"
    TILE_SETS = "TileSetData.dat"


@dataclass(frozen=True, slots=True)
class Frame:
    """How a kind of file begins.

    magic: its first bytes, None for a byte that may be 0 or `U`. version_at: where its version stands (-1: nowhere).
    start: where what is read begins. packed_from: the first version whose rest is packed, at `packed_at`.
    """

    magic: tuple[int | None, ...]
    start: int
    version_at: int = -1
    packed_from: int = 0x100
    packed_at: int = 0

    def fits(self, head: bytes) -> bool:
        """Whether a file begins so."""
        return len(head) >= len(self.magic) and all(
            byte == wanted if wanted is not None else byte in (0, _UTF8)
            for byte, wanted in zip(head, self.magic, strict=False)
        )

    def is_utf8(self, head: bytes) -> bool:
        """Whether a file that begins so says that its strings are UTF-8."""
        return any(byte == _UTF8 for byte, wanted in zip(head, self.magic, strict=False) if wanted is None)


_UTF8 = 0x55
_PRO = 0x50
_DATA = (0, 0x57, 0, 0, 0x4F, 0x4C)

FRAMES = {
    Kind.MAP: Frame((*[0] * 10, 0x57, 0x4F, 0x4C, 0x46, 0x4D, 0, None, 0, 0, 0), 20, 20, 0x65, 25),
    Kind.COMMON_EVENTS: Frame((*_DATA, None, 0x46, 0x43, 0), 11, 10, 0x93, 11),
    Kind.DATABASE: Frame((*_DATA, None, 0x46, 0x4D, 0), 11, 10, 0xC4, 11),
    Kind.TILE_SETS: Frame((*_DATA, None, 0x46, 0x4D, 0), 11, 10),
    Kind.GAME: Frame((*_DATA, 0, 0x46, 0x4D, None), 10),
}

_KINDS = {"game.dat": Kind.GAME, "commonevent.dat": Kind.COMMON_EVENTS, "tilesetdata.dat": Kind.TILE_SETS}
_NO_TEXT = frozenset({"maptree.dat", "maptreeopenstatus.dat", "sysdatabasebasic.dat", "sysdatabasebasic.project"})
_DATABASES = frozenset({"database", "cdatabase", "sysdatabase"})


def kind_of(name: PurePath) -> Kind | None:
    """The kind that a file's name says. None for files that only the editor reads, and for others."""
    known = name.name.lower()
    if known in _NO_TEXT:
        return None
    if known.endswith(".mps"):
        return Kind.MAP
    stem, _, suffix = known.rpartition(".")
    if suffix == "project":
        return Kind.PROJECT if stem in _DATABASES else None
    if suffix == "dat" and stem in _DATABASES:
        return Kind.DATABASE
    return _KINDS.get(known)


def sniff(name: PurePath, head: bytes) -> Confidence:
    """How sure it is that a file is one of the game's: its name must fit, and its beginning too.

    Encrypted files are claimed as well, so that opening one says what it is. A `.project` has no mark of its own.
    """
    kind = kind_of(name)
    if kind is None:
        return Confidence.NONE
    if kind is Kind.PROJECT:
        few = int.from_bytes(head[:4], "little") <= 0x1000  # noqa: PLR2004  types: real databases have up to 100
        size = int.from_bytes(head[4:8], "little")
        return Confidence.LIKELY if few and 0 < size <= 0x1000 and len(head) > 8 else Confidence.NONE  # noqa: PLR2004
    if FRAMES[kind].fits(head):
        return Confidence.CERTAIN
    return Confidence.MAYBE if is_encrypted(kind, head) else Confidence.NONE


def is_encrypted(kind: Kind, head: bytes) -> bool:
    """Whether a file of this kind is one of those that the editor has encrypted for a finished game."""
    if len(head) < 12 or FRAMES[kind].fits(head):  # noqa: PLR2004
        return False
    if head[1] == _PRO:
        return True
    return kind is not Kind.MAP and head[0] != 0 and not head[:64].isascii()


@dataclass(frozen=True, slots=True)
class Contents:
    """A file's contents as they are read: unpacked, from `start` on; utf8: None where the file does not say.

    packed_at: where in the file the packed part begins, 0 where there is none.
    """

    kind: Kind
    data: bytes
    start: int
    version: int
    utf8: bool | None
    packed_at: int = 0

    def file(self, data: bytes) -> bytes:
        """The file that has these contents, `data` being those of this one with some strings changed."""
        if not self.packed_at:
            return data
        body = data[self.packed_at :]
        block = pack(body)
        sizes = len(body).to_bytes(4, "little") + len(block).to_bytes(4, "little")
        return data[: self.packed_at] + sizes + block


def contents_of(blob: bytes, kind: Kind) -> Contents:
    """Look at a file's beginning and unpack it. Raises FormatError, which names an encrypted file as such."""
    if kind is Kind.PROJECT:
        return Contents(kind, blob, 0, 0, None)
    frame = FRAMES[kind]
    if not blob:
        raise FormatError("the file is empty", offset=0)
    if not frame.fits(blob):
        if is_encrypted(kind, blob):
            raise FormatError(ENCRYPTED, offset=0)
        raise FormatError(f"this is no {kind.value} of WOLF RPG Editor: it begins otherwise", offset=0)
    if len(blob) <= max(frame.start, frame.version_at):
        raise FormatError("the file ends behind its first bytes", offset=len(blob))
    version = blob[frame.version_at] if frame.version_at >= 0 else 0
    utf8 = frame.is_utf8(blob)
    at = frame.packed_at
    if version < frame.packed_from or (kind is Kind.COMMON_EVENTS and not _announces_rest(blob, at)):
        return Contents(kind, blob, frame.start, version, utf8)
    if len(blob) < at + 8:
        raise FormatError("the file ends where its packed part begins", offset=len(blob))
    size, packed = (int.from_bytes(blob[at + n : at + n + 4], "little") for n in (0, 4))
    if packed != len(blob) - at - 8:
        raise FormatError(f"a packed part of {packed} bytes is announced, {len(blob) - at - 8} follow", offset=at + 4)
    return Contents(kind, blob[:at] + unpack(blob[at + 8 :], size, at + 8), frame.start, version, utf8, at)


def _announces_rest(blob: bytes, at: int) -> bool:
    """Whether the size of a packed part stands there: version 0xC9 of the common events is not packed, 0xCC is."""
    return int.from_bytes(blob[at + 4 : at + 8], "little") == len(blob) - at - 8


ENCRYPTED = (
    "the file is encrypted, as games made with the Pro version of WOLF RPG Editor (or with its newer versions) are; "
    "decrypt the game first: UberWolf or WolfTL write its files unencrypted, and the game runs with them"
)
"""What an encrypted file's error says."""
