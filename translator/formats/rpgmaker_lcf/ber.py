"""The numbers of LCF files: seven bits a byte, the highest first, the eighth bit on all but the last (BER).

Seen in liblcf's `LcfReader::ReadInt`: 32 bits, so five bytes at most; negative numbers are those above 2**31.
"""

import re

from translator.core.document import FormatError

_LONGEST = 5
_MORE = 0x80


def read_number(blob: bytes, at: int, end: int) -> tuple[int, int]:
    """The number that starts at `at`, and where the next thing starts. Raises FormatError past `end`."""
    if at < end:
        first = blob[at]
        if first < _MORE:
            return first, at + 1
    value = 0
    for position in range(at, at + _LONGEST):
        if position >= end:
            raise FormatError("a number runs past the end of what holds it", offset=at)
        byte = blob[position]
        value = value << 7 | byte & 0x7F
        if byte < _MORE:
            return value & 0xFFFFFFFF, position + 1
    raise FormatError(f"a number has more than {_LONGEST} bytes", offset=at)


def skip_numbers(blob: bytes, at: int, end: int, count: int) -> int:
    """Where the next thing starts after `count` numbers. Raises FormatError past `end`."""
    start = at
    while count:
        stop = at + count
        if stop > end:
            raise FormatError(f"{count} more numbers run past the end of what holds them", offset=start)
        run = blob[at:stop]
        at = stop
        if run.isascii():
            break
        count -= len(run.translate(None, _HIGH))
    too_long = _TOO_LONG.search(blob, start, at)
    if too_long:
        raise FormatError(f"a number has more than {_LONGEST} bytes", offset=too_long.start())
    return at


_HIGH = bytes(range(0x80, 0x100))
_TOO_LONG = re.compile(rb"[\x80-\xff]{5}")


def write_number(value: int, like: bytes = b"") -> bytes:
    """A number in as few bytes as it needs; in as many as `like` has where that has more than it needs itself."""
    digits = [value & 0x7F]
    value >>= 7
    while value:
        digits.append(value & 0x7F | _MORE)
        value >>= 7
    if len(like) > 1 and like[0] == _MORE:
        digits += [_MORE] * (len(like) - len(digits))
    return bytes(reversed(digits))
