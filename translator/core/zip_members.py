"""A zip archive (EPUB, DOCX, XLSX) whose members are replaced while every other byte stays.

What does not change is copied: order, local headers, compressed bytes, times, extra fields, comments, flags, data
descriptors, what stands before, between and behind the members. A changed member is deflated (stored where it was),
and its sizes, its checksum and the offsets of the central directory are mended (APPNOTE.TXT 6.3.10, sections 4.3 and
4.5.3). Names are labels here: nothing is ever written to a path, so `..`, absolute paths and drive letters do no harm.

The central directory is the truth; an archive in which local headers tell something else, members overlap or lie
outside of the file is refused when it is opened. What is wrong inside of one member (encryption, another method than
deflate, a checksum) is refused when that member is read or replaced, and so is a name that several members have.

Memory is bounded by `ZipLimits` whatever the headers say: no member is unpacked further than it is said to be long.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from struct import Struct, pack_into

from translator.core.document import FormatError
from translator.core.zip_records import (
    CENTRAL,
    DEFLATED,
    ENCRYPTED,
    FULL32,
    LOCAL,
    LOCAL_MARK,
    STORED,
    STREAMED,
    Directory,
    Member,
    Wide,
    find_directory,
    read_members,
)

_LEVEL = 4
"""Of deflate: texts are a tenth longer than with the usual one (6), and packed in a quarter of its time."""

_DESCRIPTORS = (b"PK\x07\x08", b"")


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """How much may come out of an archive: bytes of a member, of all members (the archive's own size is added), and
    bytes for each packed one, which counts for members (and archives) that unpack to more than `spared`.

    Deflate makes at most 1,032 bytes of one; texts get to 5 to 20, the emptiest sheets to some 100.
    """

    member: int = 512 << 20
    total: int = 1 << 30
    ratio: int = 250
    spared: int = 4 << 20


LIMITS = ZipLimits()


@dataclass(frozen=True)
class Members:
    """An opened archive. Members are in the order of the central directory."""

    blob: bytes
    members: tuple[Member, ...]
    directory: Directory

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all members, folders (which end with a slash) and repeated names included."""
        return tuple(m.name for m in self.members)

    @cached_property
    def _by_name(self) -> Mapping[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for member in self.members:
            found.setdefault(member.name, []).append(member)
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def member(self, name: str) -> Member:
        """The member of this name; KeyError where there is none, FormatError where several have it."""
        found = self._by_name[name]
        if len(found) > 1:
            raise FormatError(
                f"{name}: the archive has {len(found)} members of this name, so nobody knows which one counts",
                offset=found[1].header,
            )
        return found[0]

    def read(self, name: str) -> bytes:
        """The unpacked bytes of a member. KeyError where there is none; FormatError where it cannot be unpacked."""
        return self.unpacked(self.member(name))

    def unpacked(self, member: Member) -> bytes:
        """The unpacked bytes of one of `members`; raises FormatError."""
        _require_readable(member)
        packed = memoryview(self.blob)[member.data : member.end]
        data = bytes(packed) if member.method == STORED else _inflated(member, packed)
        if zlib.crc32(data) != member.crc:
            raise FormatError(f"{member.name}: its checksum is wrong, the archive is damaged", offset=member.data)
        return data

    def parts(self) -> Sequence[tuple[str, bytes]]:
        """Name and unpacked bytes of every member, for `core.document.Packed`.

        Packed bytes of those that do not unpack (encrypted, damaged, in another method): they are never changed here.
        """
        return tuple((m.name, self._unpacked_if_possible(m)) for m in self.members)

    def _unpacked_if_possible(self, member: Member) -> bytes:
        try:
            return self.unpacked(member)
        except FormatError:
            return self.blob[member.data : member.end]

    def replaced(
        self, new: Mapping[str, bytes], *, added: Mapping[str, bytes] | None = None, removed: Sequence[str] = ()
    ) -> bytes:
        """The archive with other contents for the members of `new`, members `added` behind the others, and without
        those `removed`. With nothing changed it is the archive itself.

        KeyError for a name to replace or remove that is not there; ValueError for one to add that is; FormatError for
        a member that cannot be replaced.
        """
        changed = {self.member(name): data for name, data in new.items() if not self._holds(name, data)}
        gone = {self.member(name) for name in removed}
        added = added or {}
        for name in added:
            if name in self:
                raise ValueError(f"{name}: there is a member of this name")
        if not changed and not gone and not added:
            return self.blob
        return _written(self, changed, gone, added)

    def _holds(self, name: str, data: bytes) -> bool:
        member = self.member(name)
        _require_readable(member)
        return member.size == len(data) and member.crc == zlib.crc32(data) and self.unpacked(member) == data


def open_zip(blob: bytes, limits: ZipLimits = LIMITS) -> Members:
    """Read an archive's directory and compare it with what it points at; raises FormatError."""
    directory = find_directory(blob)
    members = tuple(read_members(blob, directory))
    _require_apart(members, directory)
    _require_within(members, len(blob), limits)
    return Members(blob, members, directory)


def first_names(head: bytes) -> tuple[str, ...]:
    """Names of the first members, from the first bytes of a file; none where it is no zip archive. For `sniff`."""
    return tuple(_first_names(head))


def _first_names(head: bytes) -> Iterator[str]:
    at = head.find(LOCAL_MARK) if head[:2] in (b"PK", b"MZ") else -1
    while 0 <= at <= len(head) - LOCAL.size:
        _, _, flags, _, _, _, _, packed, _, name_length, extra_length = LOCAL.unpack_from(head, at)
        start = at + LOCAL.size
        yield head[start : start + name_length].decode("utf-8", "replace")
        after = start + name_length + extra_length
        at = head.find(LOCAL_MARK, after if flags & STREAMED else after + packed)


def _require_readable(member: Member) -> None:
    if member.flags & ENCRYPTED:
        raise FormatError(f"{member.name}: it is encrypted; save the file without a password", offset=member.header)
    if member.method not in (STORED, DEFLATED):
        raise FormatError(
            f"{member.name}: it is packed by method {member.method}; only 0 (stored) and 8 (deflated) are read",
            offset=member.header,
        )


def _inflated(member: Member, packed: memoryview) -> bytes:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(packed, member.size + 1)  # never longer than that, whatever it holds
    except zlib.error as error:
        raise FormatError(f"{member.name}: it does not unpack: {error}", offset=member.data) from error
    if len(data) > member.size:
        raise FormatError(
            f"{member.name}: it unpacks to more than the {member.size} bytes it is said to have", offset=member.data
        )
    if len(data) < member.size or not unpacker.eof:
        raise FormatError(
            f"{member.name}: it ends after {len(data)} of {member.size} unpacked bytes", offset=member.data
        )
    return data


def _require_apart(members: Sequence[Member], directory: Directory) -> None:
    """Refuse members that share bytes, with each other or with the directory."""
    ordered = sorted(members, key=lambda m: m.header)
    for one, other in pairwise(ordered):
        if other.header < one.end:
            raise FormatError(f"{other.name}: it overlaps with {one.name} in the archive", offset=other.header)
    if ordered and ordered[-1].end > directory.start:
        raise FormatError(
            f"{ordered[-1].name}: its data go beyond the start of the archive's directory", offset=ordered[-1].header
        )


def _require_within(members: Sequence[Member], size: int, limits: ZipLimits) -> None:
    for member in members:
        packed = member.end - member.data
        if member.size > limits.member and member.method != STORED:
            raise FormatError(
                f"{member.name}: it would unpack to {member.size} bytes; the limit is {limits.member}",
                offset=member.header,
            )
        if member.size > limits.spared and member.size > packed * limits.ratio:
            raise FormatError(
                f"{member.name}: {packed} bytes would unpack to {member.size}; no text is packed so tightly",
                offset=member.header,
            )
    total = sum(m.size for m in members)
    if total > limits.total + size or (total > limits.spared and total > size * limits.ratio):
        raise FormatError(f"the archive of {size} bytes would unpack to {total} bytes, which is beyond the limits")


def _written(archive: Members, changed: Mapping[Member, bytes], gone: set[Member], added: Mapping[str, bytes]) -> bytes:
    """The archive, member after member as they stand in it, then the directory."""
    blob, directory = archive.blob, archive.directory
    ordered = sorted(archive.members, key=lambda m: m.header)
    starts = [*(m.header for m in ordered), directory.start]
    parts = [blob[: starts[0]]]
    at = len(parts[0])
    entries: dict[Member, bytes] = {}
    for member, end in zip(ordered, starts[1:], strict=True):
        if member in gone:
            continue
        record, entry = (
            _replaced(blob, member, changed[member], end)
            if member in changed
            else (blob[member.header : end], blob[member.entry : member.entry_end])
        )
        entries[member] = _moved(member, entry, at - directory.base)
        parts.append(record)
        at += len(record)
    listed = [entries[m] for m in archive.members if m in entries]
    for name, data in added.items():
        record, entry = _new(name, data, at - directory.base)
        parts.append(record)
        listed.append(entry)
        at += len(record)
    count = len(listed)
    last = max((m.entry_end for m in archive.members), default=directory.start)
    listed.append(blob[last : directory.end])  # a digital signature
    size = sum(map(len, listed))
    return b"".join((*parts, *listed, directory.rewritten(blob, count, size, at - directory.base)))


def _packed(data: bytes, method: int) -> bytes:
    if method == STORED:
        return data
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _replaced(blob: bytes, member: Member, data: bytes, end: int) -> tuple[bytes, bytes]:
    """A member's record (all up to where the next one begins) and its entry, both with other contents."""
    packed = _packed(data, member.method)
    crc = zlib.crc32(data)
    head = bytearray(blob[member.header : member.data])
    entry = bytearray(blob[member.entry : member.entry_end])
    after = blob[member.end : end]
    if member.flags & STREAMED:
        after = _descriptor(member, after, crc, len(packed), len(data))
    if member.told:
        _put_sizes(member, head, 14, member.local_wide, crc, len(packed), len(data))
    _put_sizes(member, entry, 16, member.entry_wide, crc, len(packed), len(data))
    return bytes(head) + packed + after, bytes(entry)


def _put_sizes(member: Member, record: bytearray, at: int, wide: Wide, crc: int, packed: int, size: int) -> None:
    """Write checksum and sizes at `at`, the sizes where `wide` says if the record has them in 64 bits."""
    pack_into("<L", record, at, crc)
    for where, place, value in ((at + 4, wide[1], packed), (at + 8, wide[0], size)):
        if place is not None:
            pack_into("<Q", record, place, value)
        elif value >= FULL32:
            raise FormatError(f"{member.name}: it is too long for this archive now", offset=member.header)
        else:
            pack_into("<L", record, where, value)


def _descriptor(member: Member, after: bytes, crc: int, packed: int, size: int) -> bytes:
    """What follows a streamed member, with other sizes in its descriptor (which may lack its mark)."""
    for mark in _DESCRIPTORS:
        for layout in (Struct("<LLL"), Struct("<LQQ")):
            if len(after) < len(mark) + layout.size or not after.startswith(mark):
                continue
            if layout.unpack_from(after, len(mark)) == (member.crc, member.end - member.data, member.size):
                return mark + layout.pack(crc, packed, size) + after[len(mark) + layout.size :]
    raise FormatError(f"{member.name}: the sizes behind it are not those of the directory", offset=member.end)


def _moved(member: Member, entry: bytes, offset: int) -> bytes:
    """An entry of the directory for a member that starts at another offset."""
    if offset == member.offset:
        return entry
    record = bytearray(entry)
    if member.offset_wide is not None:
        pack_into("<Q", record, member.offset_wide, offset)
    elif offset >= FULL32:
        raise FormatError(f"{member.name}: the archive is too long for it now", offset=member.header)
    else:
        pack_into("<L", record, 42, offset)
    return bytes(record)


def _new(name: str, data: bytes, offset: int) -> tuple[bytes, bytes]:
    """Record and entry of a member that is added: deflated, of the first day that zip knows."""
    raw = name.encode("utf-8")
    flags = 0 if name.isascii() else 0x800
    packed = _packed(data, DEFLATED)
    common = (20, flags, DEFLATED, 0, 0x21, zlib.crc32(data), len(packed), len(data), len(raw), 0)
    record = LOCAL.pack(LOCAL_MARK, *common) + raw + packed
    entry = CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, offset) + raw
    return record, entry
