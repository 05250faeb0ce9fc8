"""The directory of a zip archive: where its members lie and what is told about them (APPNOTE.TXT 6.3.10, 4.3, 4.5)."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct, pack_into

from translator.core.document import FormatError

LOCAL = Struct("<4s5H3L2H")
CENTRAL = Struct("<4s6H3L5H2L")
LOCAL_MARK = b"PK\x03\x04"
_CENTRAL_MARK = b"PK\x01\x02"
_END = Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_END64 = Struct("<4sQ2H2L4Q")
_END64_MARK = b"PK\x06\x06"
_LOCATOR = Struct("<4sLQL")
_LOCATOR_MARK = b"PK\x06\x07"
_LONG = Struct("<Q")

STORED, DEFLATED = 0, 8
ENCRYPTED, STREAMED, _UTF8 = 0x1 | 0x40 | 0x2000, 0x8, 0x800
_FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF
_ZIP64, _UNICODE_NAME = 0x0001, 0x7075

Wide = tuple[int | None, int | None]
"""Where a record has the unpacked and the packed size in 64 bits."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member: `header` to `data` is its local header, `data` to `end` its packed bytes, `entry` to `entry_end` what
    the directory says of it, in bytes from the start of the file.

    offset: of the header, as the directory counts. told: whether the header has the sizes, which streamed
    members have behind them. *_wide: where, in the header or the entry, values of 64 bits stand.
    """

    name: str
    flags: int
    method: int
    crc: int
    size: int
    header: int
    data: int
    end: int
    entry: int
    entry_end: int
    offset: int
    told: bool
    local_wide: Wide
    entry_wide: Wide
    offset_wide: int | None


@dataclass(frozen=True, slots=True)
class Directory:
    """The central directory: `start` to `end` are its bytes; offsets in it count from `base`.

    end64, locator: where the records of zip64 stand, None where there are none. tail: where the last record stands.
    """

    start: int
    end: int
    base: int
    count: int
    tail: int
    end64: int | None = None
    locator: int | None = None

    def rewritten(self, blob: bytes, count: int, size: int, offset: int) -> bytes:
        """All that follows the entries, for another number of them, another size of all, and another offset."""
        rest = bytearray(blob[self.end :])
        moved = offset + self.base + size - self.end
        if self.end64 is not None and self.locator is not None:
            pack_into("<4Q", rest, self.end64 - self.end + 24, count, count, size, offset)
            told = _LOCATOR.unpack_from(blob, self.locator)[2]
            pack_into("<Q", rest, self.locator - self.end + 8, told + moved)
        at = self.tail - self.end
        _, _, _, here, everywhere, old_size, old_offset, _ = _END.unpack_from(blob, self.tail)
        if self.end64 is None and max(size, offset) >= FULL32:
            raise FormatError("the archive is too long for its directory now", offset=self.tail)
        counts = tuple(
            old if self.end64 is not None and old == _FULL16 else count & _FULL16 for old in (here, everywhere)
        )
        wide = self.end64 is not None
        pack_into(
            "<2H2L",
            rest,
            at + 8,
            *counts,
            FULL32 if wide and old_size == FULL32 else size,
            FULL32 if wide and old_offset == FULL32 else offset,
        )
        return bytes(rest)


def find_directory(blob: bytes) -> Directory:
    """Find the central directory; raises FormatError where there is none, or one of several disks."""
    tail = _find_end(blob)
    _, disk, first_disk, _, count, size, offset, _ = _END.unpack_from(blob, tail)
    end, end64, locator = tail, None, tail - _LOCATOR.size
    if locator >= 0 and blob.startswith(_LOCATOR_MARK, locator):
        end64 = _find_end64(blob, locator)
        _, _, _, _, disk, first_disk, _, count, size, offset = _END64.unpack_from(blob, end64)
        end = end64
    if disk not in (0, _FULL16) or first_disk not in (0, _FULL16):
        raise FormatError("the archive is one of several volumes", offset=tail)
    start = end - size
    if start < 0 or (size and not blob.startswith(_CENTRAL_MARK, start)):
        start = offset  # something stands between the directory and its end
        if start + size > end or not blob.startswith(_CENTRAL_MARK, start):
            raise FormatError("the archive's directory is not where its end says it is", offset=tail)
    if offset > start:
        raise FormatError("the archive's beginning is missing, or its directory lies", offset=tail)
    return Directory(start, start + size, start - offset, count, tail, end64, locator if end64 is not None else None)


def _find_end(blob: bytes) -> int:
    """Where the last record starts: the one whose comment ends the file, else the last that fits into it."""
    lowest = max(0, len(blob) - _END.size - _FULL16)
    at = last = blob.rfind(_END_MARK, lowest)
    fitting: int | None = None
    while at >= lowest:
        if at + _END.size <= len(blob):
            stop = at + _END.size + _END.unpack_from(blob, at)[7]
            if stop == len(blob):
                return at
            if stop < len(blob) and fitting is None:
                fitting = at
        at = blob.rfind(_END_MARK, lowest, at + len(_END_MARK) - 1)
    if fitting is not None:
        return fitting
    if not blob.startswith(b"PK"):
        raise FormatError("it is no zip archive", offset=0)
    where = last if last >= 0 else len(blob)
    raise FormatError("the zip archive is cut off: the record that ends it is missing", offset=where)


def _find_end64(blob: bytes, locator: int) -> int:
    told = _LOCATOR.unpack_from(blob, locator)[2]
    for at in (locator - _END64.size, told):
        if 0 <= at <= locator - _END64.size and blob.startswith(_END64_MARK, at):
            return at
    raise FormatError("the archive's zip64 directory is not where it is said to be", offset=locator)


def read_members(blob: bytes, directory: Directory) -> Iterator[Member]:
    """The members that a directory lists, each compared with its local header; raises FormatError."""
    at, found = directory.start, 0
    while at < directory.end and blob.startswith(_CENTRAL_MARK, at):
        if at + CENTRAL.size > directory.end:
            raise FormatError("the archive's directory is cut off", offset=at)
        member = _member(blob, directory, at)
        yield member
        at, found = member.entry_end, found + 1
    if found & _FULL16 != directory.count & _FULL16:
        raise FormatError(f"the archive's directory lists {found} members, its end says {directory.count}", offset=at)


def _member(blob: bytes, directory: Directory, at: int) -> Member:
    values = CENTRAL.unpack_from(blob, at)
    flags, method, crc, packed, size = values[3], values[4], *values[7:10]
    name_length, extra_length, comment_length, _, _, _, offset = values[10:]
    extra = at + CENTRAL.size + name_length
    end = extra + extra_length + comment_length
    if end > directory.end:
        raise FormatError("an entry of the archive's directory goes beyond its end", offset=at)
    raw = blob[at + CENTRAL.size : extra]
    fields = _extra(blob, extra, extra + extra_length)
    name = _name(blob, raw, flags, fields)
    wide = fields.get(_ZIP64, (0, 0))
    needed = [value == FULL32 for value in (size, packed, offset)]
    places: list[int | None] = []
    place = wide[0]
    for missing in needed:
        fits = missing and place + 8 <= wide[1]
        places.append(place if fits else None)
        place += 8 if fits else 0
    size, packed, offset = (
        value if where is None else _LONG.unpack_from(blob, where)[0]
        for value, where in zip((size, packed, offset), places, strict=True)
    )
    header = directory.base + offset
    if header + LOCAL.size > directory.start or not blob.startswith(LOCAL_MARK, header):
        raise FormatError(f"{name}: it is not where the archive's directory says it is", offset=at)
    local = LOCAL.unpack_from(blob, header)
    local_extra = header + LOCAL.size + local[9]
    data = local_extra + local[10]
    if data + packed > directory.start:
        raise FormatError(f"{name}: its data go beyond the start of the archive's directory", offset=header)
    local_wide = _local_wide(blob, local_extra, data, local)
    told = _compare(blob, name, header, local_wide, (raw, flags, method, crc, packed, size))
    return Member(
        name,
        flags | local[2] & ENCRYPTED,
        method,
        crc,
        size,
        header,
        data,
        data + packed,
        at,
        end,
        offset,
        told,
        (_apart(local_wide[0], header), _apart(local_wide[1], header)),
        (_apart(places[0], at), _apart(places[1], at)),
        _apart(places[2], at),
    )


def _apart(where: int | None, start: int) -> int | None:
    return None if where is None else where - start


def _extra(blob: bytes, at: int, stop: int) -> dict[int, tuple[int, int]]:
    """Where the contents of extra fields stand, by their ids. What follows one that does not fit is no field."""
    found: dict[int, tuple[int, int]] = {}
    while at + 4 <= stop:
        kind, length = int.from_bytes(blob[at : at + 2], "little"), int.from_bytes(blob[at + 2 : at + 4], "little")
        if at + 4 + length > stop:
            break
        found.setdefault(kind, (at + 4, at + 4 + length))
        at += 4 + length
    return found


def _name(blob: bytes, raw: bytes, flags: int, fields: dict[int, tuple[int, int]]) -> str:
    """A member's name: UTF-8 where it says so or is (many packers forget to say it), else code page 437.

    Info-ZIP's field 7075 has the name in UTF-8 with the checksum of the one that it stands for.
    """
    if (where := fields.get(_UNICODE_NAME)) is not None:
        version, checksum, name = blob[where[0]], blob[where[0] + 1 : where[0] + 5], blob[where[0] + 5 : where[1]]
        if version == 1 and int.from_bytes(checksum, "little") == zlib.crc32(raw):
            raw, flags = name, flags | _UTF8
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace") if flags & _UTF8 else raw.decode("cp437")


def _local_wide(blob: bytes, extra: int, data: int, local: tuple[int, ...]) -> Wide:
    """Where a local header has its sizes in 64 bits: the unpacked one first (4.5.3: always both)."""
    packed, size = (value == FULL32 for value in local[7:9])
    where = _extra(blob, extra, data).get(_ZIP64)
    if where is None or where[1] - where[0] < 8 * (packed + size):
        return None, None
    return (where[0] if size else None), (where[0] + 8 * size if packed else None)


def _compare(blob: bytes, name: str, header: int, wide: Wide, entry: tuple[bytes, int, int, int, int, int]) -> bool:
    """Refuse a local header that says something else than the directory; whether it tells the sizes too."""
    local = LOCAL.unpack_from(blob, header)
    raw, flags, method, *sums = entry
    start = header + LOCAL.size
    if blob[start : start + local[9]] != raw:
        raise FormatError(f"{name}: it has another name in its own header", offset=header)
    if local[3] != method:
        raise FormatError(f"{name}: it is packed by another method in its own header", offset=header)
    if local[2] & STREAMED != flags & STREAMED:
        raise FormatError(f"{name}: its own header and the directory differ in where its sizes stand", offset=header)
    size, packed = (
        short if where is None else _LONG.unpack_from(blob, where)[0]
        for where, short in zip(wide, (local[8], local[7]), strict=True)
    )
    here = [local[6], packed, size]
    if here != sums and not (flags & STREAMED and not any(here)):
        raise FormatError(f"{name}: its own header and the directory tell other sizes or checksums", offset=header)
    return here == sums
