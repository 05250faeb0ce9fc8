"""LZ4 blocks, in which version 3 packs maps, and version 3.5 databases and common events too.

The block format is public (lz4_Block_format.md of the LZ4 project): sequences of a token, literal bytes and a copy of
what was written before. A packed part of a file is its size, the block's size, and the block (seen in WolfTL's
`FileCoder::Unpack`).
"""

from translator.core.document import FormatError

_RATIO = 255
"""No block becomes more than this many times its size: each further byte of a length stands for 255 bytes."""

_LEAST = 4
_FULL = 15
_FAR = 0xFFFF
_TAIL = 12
"""A copy must not begin in the last 12 bytes, and the last 5 are literal, says the format."""

_MORE = 255
_MOST = 1 << 28
"""No map or database comes near 256 MiB, and memory stays bounded."""


def unpack(block: bytes, size: int, offset: int) -> bytes:
    """The `size` bytes that a block holds. offset: where it stands in the file, for errors. Raises FormatError."""
    if size > len(block) * _RATIO or size > _MOST:
        raise FormatError(f"{size} bytes cannot come from a block of {len(block)}", offset=offset)
    out = bytearray()
    at = 0
    try:
        while True:
            token = block[at]
            length, at = _length(block, at + 1, token >> 4)
            out += block[at : at + length]
            at += length
            if at >= len(block):
                break
            back = block[at] | block[at + 1] << 8
            length, at = _length(block, at + 2, token & 15)
            if not back or back > len(out) or len(out) + length > size:
                raise FormatError("the packed part of the file is damaged", offset=offset + at)
            _copy(out, back, length + _LEAST)
    except IndexError:
        raise FormatError("the packed part of the file ends inside of a sequence", offset=offset + at) from None
    if at > len(block) or len(out) != size:
        raise FormatError(f"the packed part of the file does not hold the {size} bytes that it says", offset=offset)
    return bytes(out)


def _length(block: bytes, at: int, length: int) -> tuple[int, int]:
    """A length, whose first four bits are given, and the offset behind it."""
    if length == _FULL:
        more = _MORE
        while more == _MORE:
            more = block[at]
            at += 1
            length += more
    return length, at


def _copy(out: bytearray, back: int, length: int) -> None:
    """Copy what stands `back` bytes before the end; it may overlap what it makes."""
    start = len(out) - back
    if back >= length:
        out += out[start : start + length]
    else:
        out += (out[start:] * (length // back + 1))[:length]


def pack(data: bytes) -> bytes:
    """A block that holds `data`; other packers find other copies, so its bytes differ from theirs."""
    out = bytearray()
    seen: dict[bytes, int] = {}
    anchor = at = 0
    last = len(data) - _TAIL
    misses = 0
    while at < last:
        four = data[at : at + _LEAST]
        start = seen.get(four, -1)
        seen[four] = at
        if start < 0 or at - start > _FAR:
            misses += 1
            at += 1 + (misses >> 6)  # what does not repeat is passed over faster and faster
            continue
        misses = 0
        length = _same(data, start, at, len(data) - 5)
        _put(out, data[anchor:at], at - start, length)
        at += length
        anchor = at
    _put(out, data[anchor:], 0, _LEAST)
    return bytes(out)


def _same(data: bytes, start: int, at: int, stop: int) -> int:
    """How many bytes from `start` and `at` on are the same, up to `stop`."""
    length, step = _LEAST, 16
    while at + length < stop:
        if (
            at + length + step <= stop
            and data[start + length : start + length + step] == data[at + length : at + length + step]
        ):
            length += step
            step = min(step * 2, 4096)
        elif step > 1:
            step //= 2
        else:
            break
    return length


def _put(out: bytearray, literal: bytes, back: int, length: int) -> None:
    copied = length - _LEAST
    out.append(min(len(literal), _FULL) << 4 | min(copied, _FULL))
    if len(literal) >= _FULL:
        _put_length(out, len(literal) - _FULL)
    out += literal
    if back:
        out += back.to_bytes(2, "little")
        if copied >= _FULL:
            _put_length(out, copied - _FULL)


def _put_length(out: bytearray, left: int) -> None:
    out += b"\xff" * (left // _MORE)
    out.append(left % _MORE)
