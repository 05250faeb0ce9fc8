"""Putting other bytes into an LCF file, with the sizes around them made to fit and every other byte as it was."""

import heapq
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from translator.core.document import FormatError
from translator.core.splice import ByteEdit, splice_bytes
from translator.formats.rpgmaker_lcf.ber import read_number, write_number
from translator.formats.rpgmaker_lcf.tree import Size


class Change(NamedTuple):
    """Bytes that are replaced, and the size that holds them (an index; -1: none)."""

    edit: ByteEdit
    parent: int


def string_change(blob: bytes, at: int, start: int, end: int, new: bytes, parent: int) -> Change:
    """A string's bytes replaced, together with its length before them."""
    return Change(ByteEdit(at, end, write_number(len(new), blob[at:start]) + new), parent)


def write(blob: bytes, sizes: Sequence[Size], changes: Iterable[Change]) -> bytes:
    """The file with the changes made. Sizes change only where what they hold does."""
    edits: list[ByteEdit] = []
    grown: dict[int, int] = {}
    waiting: list[int] = []

    def grow(index: int, by: int) -> None:
        if index >= 0 and by:
            if index not in grown:
                heapq.heappush(waiting, -index)
            grown[index] = grown.get(index, 0) + by

    for edit, parent in changes:
        edits.append(edit)
        grow(parent, len(edit.new) - (edit.end - edit.start))
    while waiting:  # what lies inside has the greater index, so it is done before what holds it
        index = -heapq.heappop(waiting)
        by, size = grown[index], sizes[index]
        if not by:
            continue
        old = size.end - size.start
        spelled = write_number(old + by, blob[size.at : size.start])
        edits.append(ByteEdit(size.at, size.start, spelled))
        outer = by + len(spelled) - (size.start - size.at)
        for told in _told(blob, size, old, old + by):
            edits.append(told)
            outer += len(told.new) - (told.end - told.start)
        grow(size.parent, outer)
    return splice_bytes(blob, edits)


def _told(blob: bytes, size: Size, old: int, new: int) -> Iterable[ByteEdit]:
    """The edits of the chunk that tells the size again, where it told the right one."""
    told = size.told
    if told is None or told.start == told.end:
        return
    try:
        value, after = read_number(blob, told.start, told.end)
    except FormatError:
        return  # what is no number is nobody's size
    if value != old or after != told.end:
        return
    spelled = write_number(new, blob[told.start : told.end])
    if len(spelled) != told.end - told.start:
        yield ByteEdit(told.at, told.start, write_number(len(spelled), blob[told.at : told.start]))
    yield ByteEdit(told.start, told.end, spelled)
